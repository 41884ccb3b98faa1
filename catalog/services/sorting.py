"""Sort keys of the Offers table: a closed list, unknown last both ways, ties broken the same way every time."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db.models import F, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, FirstValue

from catalog.models import Catalog
from catalog.sources.kinds import KINDS

COLUMNS: dict[str, str | tuple[str, ...]] = {
    "model": "sort_name",
    "catalog": "catalog__name",
    "provider": "sort_provider",
    "family": "slug",
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "context": "context_tokens",
    "max_output": "max_output_tokens",
    "state": ("lifecycle", "price_state", "by_hour"),
    "updated": "valid_from",
    "order": "position",
    "cost": "cost",
}
"""Each sort key's column, or columns. ``order`` is the catalog's own order, which no column shows; ``cost`` takes a
workload, and ``slug`` is what `services.offers.with_family` reads."""
NULLABLE = {"provider", "family", "input", "output", "cache_read", "cache_write", "context", "max_output"} | {
    "order",
    "cost",
}
MOST_KEYS = 4


class SortKey(NamedTuple):
    """One key: a name of COLUMNS and its direction."""

    name: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name


DEFAULT = (SortKey("model"),)
OWN_ORDER = (SortKey("order"),)


def default_sort(catalogs: Sequence[Catalog]) -> tuple[SortKey, ...]:
    """By model; a single catalog that asks for an order of its own is shown in it."""
    kind = KINDS.get(catalogs[0].kind) if len(catalogs) == 1 else None
    return OWN_ORDER if kind and kind.own_order else DEFAULT


def parse_sort(
    text: str, default: tuple[SortKey, ...] = DEFAULT, *, with_cost: bool = False
) -> tuple[tuple[SortKey, ...], list[str]]:
    """Read ``model,-output`` into keys, and sentences on the parts that do not count. Without any key: ``default``.

    ``with_cost`` tells that there is a workload to have a cost.
    """
    keys: dict[str, SortKey] = {}
    problems = []
    for part in filter(None, text.split(",")):
        key = SortKey(part.removeprefix("-"), part.startswith("-"))
        if key.name == "cost" and not with_cost:
            problems.append("A table is sorted by cost only beside a workload.")
        elif key.name in COLUMNS:
            keys.setdefault(key.name, key)
        else:
            problems.append(f"“{part[:40]}” is no column to sort by.")
    if left_out := ", ".join(list(keys)[MOST_KEYS:]):
        problems.append(f"A table is sorted by {MOST_KEYS} columns at most; left out: {left_out}.")
    return tuple(keys.values())[:MOST_KEYS] or default, problems


def order_by(keys: Sequence[SortKey], column: Callable[[str], str] = str) -> list[OrderBy]:
    """What the database orders by: the keys, then the name, then the row, so that pages never overlap.

    ``column`` tells what a column of the rates is called (`OfferFilter.column`).
    """
    order = [_order(key, column(name)) for key in keys for name in _columns(key)]
    if "model" not in {key.name for key in keys}:
        order.append(F("sort_name").asc())
    return [*order, F("pk").asc()]


def order_in_groups(keys: Sequence[SortKey], column: Callable[[str], str] = str) -> list[OrderBy]:
    """Like `order_by`, but the rows of one family (``of``) together, where the first of them stands in that order."""
    order = order_by(keys, column)
    family = Coalesce(F("of"), -F("pk"))  # a row of no family stands by itself
    first = [Window(FirstValue(one.expression), partition_by=[family], order_by=order) for one in order]
    leading = [
        OrderBy(value, descending=one.descending, nulls_last=one.nulls_last)
        for value, one in zip(first, order, strict=True)
    ]
    return [*leading, *order]


def _columns(key: SortKey) -> tuple[str, ...]:
    found = COLUMNS[key.name]
    return found if isinstance(found, tuple) else (found,)


def _order(key: SortKey, column: str) -> OrderBy:
    last = True if key.name in NULLABLE else None
    return F(column).desc(nulls_last=last) if key.descending else F(column).asc(nulls_last=last)


def next_sort(keys: Sequence[SortKey], name: str, *, add: bool = False) -> str:
    """The sort that a click on column ``name`` leads to: up, then down, then off; ``add`` keeps the other keys."""
    current = next((key for key in keys if key.name == name), None)
    if current is None:
        following: list[SortKey] = [SortKey(name)]
    else:
        following = [] if current.descending else [SortKey(name, descending=True)]
    if not add:
        return ",".join(map(str, following))
    others = [key for key in keys if key.name != name]
    place = next((i for i, key in enumerate(keys) if key.name == name), len(others))
    return ",".join(map(str, [*others[:place], *following, *others[place:]][:MOST_KEYS]))
