"""The Changes page: one page of changes, how many there are on each of its days, and behind each filter."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Sum

from catalog.change_filters import CHANGE_FACETS, KINDS, ChangeFilter, mask_of
from catalog.models import Catalog, Change, ChangeDay, ChangeKind
from catalog.services.catalogs import known_at
from catalog.services.whole import CHUNK, little_memory

FAR = 1_000
"""From this row on a page first finds its rows in the index alone."""
ORDER = ("-day", "-recorded_at", "sort_name", "-pk")
LATEST = ("-recorded_at", "-at", "pk")


class ChangeLine(NamedTuple):
    """One change. Prices are pico-dollars per token, None is unknown; see `models.Change` for the rest."""

    pk: int
    catalog_id: int
    offer_id: int | None
    revision_id: int | None
    at: datetime
    day: date
    recorded_at: datetime
    kinds: int
    offers: int | None
    name: str
    ref: str
    provider_name: str
    lifecycle: str
    price_state_before: str
    price_state: str
    input_before: int | None
    input: int | None
    output_before: int | None
    output: int | None
    differences: Sequence[tuple[str, Any, Any, bool]]

    def has(self, kind: ChangeKind) -> bool:
        """Whether it is of this kind, among others."""
        return bool(self.kinds & kind)

    @property
    def kind_names(self) -> list[str]:
        """The names of its kinds in addresses."""
        return names_of(self.kinds)


class ChangeGroup(NamedTuple):
    """Changes that share all facet values."""

    catalog: str
    kinds: int
    provider: str
    provider_name: str
    changes: int


class ChangeFacets(NamedTuple):
    """``counts[facet][value]`` changes; ``total`` pass all filters."""

    counts: Mapping[str, Counter[str]]
    total: int


class DayCount(NamedTuple):
    """How many changes a day has, and how many of each kind; one may be of several."""

    total: int
    kinds: Mapping[str, int]


def names_of(kinds: int) -> list[str]:
    """The names in addresses of the kinds in this sum."""
    return [name for name, kind in KINDS.items() if kinds & kind]


def changes_of(catalogs: Sequence[Catalog]) -> QuerySet[Change]:
    """The changes of these catalogs, as far as they are known at their moment."""
    changes = Change.objects.filter(catalog__in=[catalog.pk for catalog in catalogs])
    moment = known_at(catalogs)
    return changes.filter(recorded_at__lte=moment) if moment else changes


def change_lines(changes: ChangeFilter, days: Mapping[date, DayCount], start: int, stop: int) -> list[ChangeLine]:
    """Rows ``start`` to ``stop``, the latest day first, within a day what was learned last, then by name; in one query.

    ``days`` are the counts of all days, which say on which of them these rows are.
    """
    passed, before, shown = 0, 0, list[date]()
    for day, count in days.items():
        if passed >= stop:
            break
        if passed + count.total > start:
            before = before if shown else passed
            shown.append(day)
        passed += count.total
    if not shown:
        return []
    found = changes.changes().filter(day__range=(shown[-1], shown[0])).order_by(*ORDER)
    page = slice(start - before, stop - before)
    if page.start < FAR:
        return [ChangeLine(*row) for row in found.values_list(*ChangeLine._fields)[page]]
    rows = Change.objects.filter(pk__in=found.values("pk")[page]).order_by(*ORDER)
    return [ChangeLine(*row) for row in rows.values_list(*ChangeLine._fields)]


def every_change_line(changes: ChangeFilter) -> Iterator[ChangeLine]:
    """All rows in the order of `change_lines`, one after the other: one statement reads them, chunk by chunk."""
    with little_memory():
        for row in changes.changes().order_by(*ORDER).values_list(*ChangeLine._fields).iterator(CHUNK):
            yield ChangeLine(*row)


def latest_changes(changes: ChangeFilter, most: int) -> list[ChangeLine]:
    """The ``most`` changes that Ratecard learned of last, the latest first; in one query."""
    found = changes.changes().order_by(*LATEST)[:most]
    return [ChangeLine(*row) for row in found.values_list(*ChangeLine._fields)]


def last_changes(offers: Collection[int], moment: datetime | None, most: int) -> list[ChangeLine]:
    """The ``most`` changes of these offers up to ``moment`` that hold since last, the latest first; in one query.

    It does not ask who may see the offers.
    """
    found = Change.objects.filter(offer__in=offers)
    found = found.filter(at__lte=moment) if moment else found
    return [
        ChangeLine(*row) for row in found.order_by("-at", "sort_name", "-pk").values_list(*ChangeLine._fields)[:most]
    ]


def day_counts(changes: ChangeFilter) -> dict[date, DayCount]:
    """How many changes pass on each day that has any, the latest first; in one query."""
    rows = changes.changes() if changes.searches else changes.chosen(_days_of(changes))
    found: dict[date, Counter[int]] = defaultdict(Counter)
    for day, kinds, number in rows.order_by("-day").values_list("day", "kinds").annotate(_number(changes)):
        found[day][kinds] += number
    return {day: _day_count(by_kind) for day, by_kind in found.items()}


def _days_of(changes: ChangeFilter) -> QuerySet[ChangeDay]:
    return ChangeDay.objects.filter(catalog__in=changes.catalog_ids.values())


def _number(changes: ChangeFilter) -> Count | Sum:
    """How many changes the rows of a group are."""
    return Count("pk") if changes.searches else Sum("changes")


def _day_count(found: Counter[int]) -> DayCount:
    by_kind: Counter[str] = Counter()
    for kinds, number in found.items():
        by_kind.update(dict.fromkeys(names_of(kinds), number))
    return DayCount(found.total(), {name: by_kind[name] for name in KINDS if by_kind[name]})


def stored_change_groups(catalogs: Sequence[Catalog]) -> list[ChangeGroup]:
    """The groups of all changes of these catalogs, as the last syncs counted them."""
    return [ChangeGroup(catalog.slug, *row) for catalog in catalogs for row in json.loads(catalog.change_counts)]


def counted_change_groups(changes: ChangeFilter) -> list[ChangeGroup]:
    """The groups of the changes that pass all filters but the facets, counted now in one query."""
    slugs = {pk: slug for slug, pk in changes.catalog_ids.items()}
    columns = ("catalog_id", "kinds", "provider", "provider_name")
    rows = changes.among(changes.queryset) if changes.searches else changes.among(_days_of(changes))
    found = rows.order_by().values_list(*columns).annotate(_number(changes))
    return [ChangeGroup(slugs[catalog], *row) for catalog, *row in found]


def change_values(groups: Sequence[ChangeGroup]) -> dict[str, frozenset[str]]:
    """For each facet the values that occur; all kinds, since each will."""
    return {
        "catalog": frozenset(group.catalog for group in groups),
        "provider": frozenset(group.provider for group in groups if group.provider),
        "kind": frozenset(KINDS),
    }


def count_change_facets(groups: Sequence[ChangeGroup], values: Mapping[str, Sequence[str]]) -> ChangeFacets:
    """Count each facet's values under the choices made in the other facets; none chosen means any."""
    catalogs, providers = frozenset(values["catalog"]), frozenset(values["provider"])
    mask = mask_of(list(values["kind"])) or mask_of(list(KINDS))
    counts: dict[str, Counter[str]] = {name: Counter() for name in CHANGE_FACETS}
    total = 0
    for group in groups:
        in_catalog = not catalogs or group.catalog in catalogs
        by_provider = not providers or group.provider in providers
        of_kind = bool(group.kinds & mask)
        if by_provider and of_kind:
            counts["catalog"][group.catalog] += group.changes
        if in_catalog and of_kind:
            counts["provider"][group.provider] += group.changes
        if in_catalog and by_provider:
            for name in names_of(group.kinds):
                counts["kind"][name] += group.changes
            total += group.changes if of_kind else 0
    return ChangeFacets(counts, total)
