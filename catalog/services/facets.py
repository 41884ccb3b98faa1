"""How many offers each value of a facet would leave, with the other filters as they are."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import eq
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet

from catalog.filters import FACETS, OfferFilter
from catalog.models import LISTED, Catalog
from catalog.models.among import Bound, Ids
from catalog.pricing.rates import STANDARD
from catalog.services.statements import read_rows

COLUMNS = ("catalog_id", "provider", "price_state", "lifecycle", "mode", "provider_name")
FEW = 1_000
"""Up to so many offers are read by their ids."""
COLUMNS_UNDER_TERMS = tuple("found_state" if name == "price_state" else name for name in COLUMNS)


class Group(NamedTuple):
    """Offers that share all facet values. The first members are the values of FACETS, in their order."""

    catalog: str
    provider: str
    state: str
    lifecycle: str
    mode: str
    provider_name: str
    offers: int


class Facets(NamedTuple):
    """``counts[facet][value]`` offers; ``total`` offers pass all filters; ``hidden`` would but for their lifecycle."""

    counts: Mapping[str, Counter[str]]
    total: int
    hidden: Counter[str]


@dataclass(frozen=True, eq=False)
class Stored:
    """All current offers of some catalogs, as the last syncs counted them.

    ``values`` holds, for each of FACETS, the values that occur, ``provider_names`` what to call each provider.
    """

    groups: Sequence[Group]
    values: Mapping[str, frozenset[str]]
    provider_names: Mapping[str, str]

    def count(self, values: Mapping[str, Sequence[str]]) -> Facets:
        """See `count_facets`."""
        return _counted(self, tuple(frozenset(values[name]) for name in FACETS))


def stored_counts(catalogs: Sequence[Catalog]) -> Stored:
    """What the last syncs counted in these catalogs."""
    return _stored(tuple((catalog.slug, catalog.facets) for catalog in catalogs))


# The text of the counts changes with each count, so what is remembered of it never goes stale: 1 ms of each page.
@lru_cache(maxsize=100)
def _stored(facets: Sequence[tuple[str, str]]) -> Stored:
    groups = [Group(slug, *row) for slug, text in facets for row in json.loads(text)]
    names = {group.provider: group.provider_name or group.provider for group in groups}
    return Stored(groups, values_of(groups), names)


# Whoever sorts and turns pages does so under the same choices.
@lru_cache(maxsize=200)
def _counted(counts: Stored, chosen: Sequence[frozenset[str]]) -> Facets:
    return count_facets(counts.groups, dict(zip(FACETS, chosen, strict=True)))


def offers_listed(catalog: Catalog) -> int:
    """How many offers of the catalog tables list unless asked for others."""
    groups = stored_counts([catalog]).groups
    return sum(group.offers for group in groups if group.mode == STANDARD and group.lifecycle in LISTED)


class Counted(NamedTuple):
    """Offers in groups, and in the same order the ids of each group's rates, with commas, if they were asked for."""

    groups: list[Group]
    rates: list[str] | None

    def few(self, values: Mapping[str, Collection[str]]) -> Bound | None:
        """The rates that pass the facets too, where so few are left that to read them by their ids is quicker."""
        if self.rates is None:
            return None
        passing = [not any(missed) for missed in zip(*_missed(_columns(self.groups), values), strict=True)]
        if sum(group.offers for group in compress(self.groups, passing)) > FEW:
            return None
        return Bound(",".join(compress(self.rates, passing)))


def count_groups(offers: OfferFilter, *, with_rates: bool = False) -> Counted:
    """What passes all filters but the facets, counted now in one query; ``with_rates`` brings the ids along."""
    slugs = {pk: slug for slug, pk in offers.catalog_ids.items()}  # spares a join
    rows = read_rows(offers, ("groups", with_rates), lambda: _groups(offers, with_rates=with_rates))
    width = len(Group._fields)
    return Counted(
        [Group(slugs[catalog], *row[: width - 1]) for catalog, *row in rows],
        [row[-1] for row in rows] if with_rates else None,
    )


def _groups(offers: OfferFilter, *, with_rates: bool) -> QuerySet[Any, Any]:
    rates = offers.universe().order_by()
    if offers.terms:
        rates = rates.annotate(found_state=F(offers.column("price_state")))
    ids = [Ids("pk")] if with_rates else []
    return rates.values_list(*(COLUMNS_UNDER_TERMS if offers.terms else COLUMNS)).annotate(Count("pk"), *ids)


def values_of(groups: Sequence[Group]) -> dict[str, frozenset[str]]:
    """For each of FACETS the values that occur."""
    return {name: frozenset(column) for name, column in zip(FACETS, _columns(groups), strict=False)}


def count_facets(groups: Sequence[Group], values: Mapping[str, Collection[str]]) -> Facets:
    """Count each facet's values under the choices made in the other facets.

    ``values`` holds the chosen values by facet; none chosen means any, but for the lifecycle: active and preview.
    """
    columns = _columns(groups)
    missed = _missed(columns, values)
    misses = list(map(sum, zip(*missed, strict=True)))
    counts: dict[str, Counter[str]] = {}
    for name, column, own in zip(FACETS, columns, missed, strict=False):
        counted: defaultdict[str, int] = defaultdict(int)  # a Counter takes twice as long to add to
        refused_by_no_other = map(eq, misses, own)
        for value, offers in compress(zip(column, columns[-1], strict=True), refused_by_no_other):
            counted[value] += offers
        counts[name] = Counter(counted)
    by_lifecycle = counts["lifecycle"]
    shown = values["lifecycle"] or LISTED
    hidden = Counter({value: offers for value, offers in by_lifecycle.items() if value not in shown})
    return Facets(counts, by_lifecycle.total() - hidden.total(), hidden)


def _columns(groups: Sequence[Group]) -> Sequence[Sequence[Any]]:
    """The groups column by column: they number hundreds, and to go through them so takes half the time."""
    return list(zip(*groups, strict=True)) or [()] * len(Group._fields)


def _missed(columns: Sequence[Sequence[Any]], values: Mapping[str, Collection[str]]) -> list[list[bool]]:
    """For each of FACETS, which groups its choice refuses."""
    wanted = {**values, "lifecycle": values["lifecycle"] or LISTED}
    return [_refused(column, frozenset(wanted[name])) for name, column in zip(FACETS, columns, strict=False)]


def _refused(column: Sequence[str], allowed: frozenset[str]) -> list[bool]:
    """Which of these values are not among those allowed; for an empty set all are."""
    return [value not in allowed for value in column] if allowed else [False] * len(column)
