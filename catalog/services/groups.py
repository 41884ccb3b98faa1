"""The Offers table grouped by model: the offers of a family together, where the first of them stands in its order."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

from catalog.filters import OfferFilter
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs
from catalog.services.matrix import Price, plain, priced
from catalog.services.memory import Memory, rates_key
from catalog.services.offers import sorted_rates, with_family
from catalog.services.sorting import SortKey

REMEMBERED = 20
"""Orders that a process keeps: 0.2 MB each at 10,000 offers."""

COLUMNS = ("of", "pk", "catalog_id", "ask", "give")
"""What is read of each row: its family, itself, its catalog, and the input and output prices that are known."""

Span = tuple[int, int]
"""The lowest and the highest price, in pico-dollars per token."""


class Group(NamedTuple):
    """What the offers of one family have in common: how many there are, in how many catalogs, and their known prices.

    A span is None where no price is known; a 0 that need not be meant is not.
    """

    offers: int
    catalogs: int
    input: Span | None
    output: Span | None


class Grouped(NamedTuple):
    """All rows of the table by the ids of their rates, each with its family's id or 0, one after the other.

    ``groups`` holds the families of two rows or more; ``models`` counts all families.
    """

    rates: Sequence[int]
    families: Sequence[int]
    groups: Mapping[int, Group]
    models: int

    @property
    def with_family(self) -> int:
        """How many rows are of a family."""
        return len(self.families) - self.families.count(0)

    def starts_within(self, row: int) -> bool:
        """Whether this row, and the one before it, are of the same family."""
        return 0 < row < len(self.families) and 0 != self.families[row] == self.families[row - 1]


_grouped: Memory[Grouped] = Memory(REMEMBERED)


def grouped(
    offers: OfferFilter, catalogs: Catalogs, sort: Sequence[SortKey], workload: Workload | None = None
) -> Grouped:
    """The order of all rows that pass the filters, in one query or from memory; see `offers.offer_lines`.

    `sorting.order_in_groups` says the same in SQL, for those who read all rows: four times slower.
    """
    by_cost = workload if any(key.name == "cost" for key in sort) else None
    key = (*rates_key(offers, catalogs, sorted(offers.values)), tuple(sort), by_cost)
    return _grouped.get(key, lambda: _read(offers, sort, by_cost))


def _read(offers: OfferFilter, sort: Sequence[SortKey], workload: Workload | None) -> Grouped:
    rates = with_family(sorted_rates(offers, sort, workload), offers.moment)
    rates = rates.annotate(ask=priced(offers, "input")[1], give=priced(offers, "output")[1])
    together: dict[int, list[tuple[Any, ...]]] = {}
    for row in plain(rates.values_list(*COLUMNS)):
        together.setdefault(row[0] or -row[1], []).append(row)
    families = chain.from_iterable(repeat(max(family, 0), len(rows)) for family, rows in together.items())
    return Grouped(
        array("q", (row[1] for rows in together.values() for row in rows)),
        array("q", families),
        {family: _group(rows) for family, rows in together.items() if len(rows) > 1},
        sum(family > 0 for family in together),
    )


def _group(rows: Sequence[tuple[Any, ...]]) -> Group:
    _, _, catalogs, asked, given = zip(*rows, strict=True)
    return Group(len(rows), len({*catalogs}), _span(asked), _span(given))


def _span(prices: Iterable[Price]) -> Span | None:
    known = [price for price in prices if price is not None]
    return (min(known), max(known)) if known else None
