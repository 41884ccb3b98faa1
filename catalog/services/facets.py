"""How many offers each value of a facet would leave, with the other filters as they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count

from catalog.filters import FACETS, OfferFilter
from catalog.models import LISTED, Catalog
from catalog.pricing.rates import STANDARD

COLUMNS = ("catalog__slug", "provider", "price_state", "lifecycle", "mode", "provider_name")


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


def stored_groups(catalogs: Sequence[Catalog]) -> list[Group]:
    """The groups of all current offers of these catalogs, as the last syncs counted them."""
    return [Group(catalog.slug, *row) for catalog in catalogs for row in catalog.facets]


def offers_listed(catalog: Catalog) -> int:
    """How many offers of the catalog tables list unless asked for others."""
    groups = stored_groups([catalog])
    return sum(group.offers for group in groups if group.mode == STANDARD and group.lifecycle in LISTED)


def counted_groups(offers: OfferFilter) -> list[Group]:
    """The groups of the offers that pass all filters but the facets, counted now in one query."""
    return list(map(Group._make, offers.universe().order_by().values_list(*COLUMNS).annotate(Count("pk"))))


def values_of(groups: Sequence[Group]) -> dict[str, frozenset[str]]:
    """For each of FACETS the values that occur."""
    columns = list(zip(*groups, strict=True)) or [()] * len(FACETS)
    return {name: frozenset(column) for name, column in zip(FACETS, columns, strict=False)}


def count_facets(groups: Iterable[Group], values: Mapping[str, Sequence[str]]) -> Facets:
    """Count each facet's values under the choices made in the other facets.

    ``values`` holds the chosen values by facet; none chosen means any, but for the lifecycle: active and preview.
    """
    wanted = {**values, "lifecycle": values["lifecycle"] or LISTED}
    chosen = [(i, frozenset(wanted[name])) for i, name in enumerate(FACETS) if wanted[name]]
    passed: list[Group] = []
    refused: list[list[Group]] = [[] for _ in FACETS]
    for group in groups:
        misses = [i for i, allowed in chosen if group[i] not in allowed]
        if not misses:
            passed.append(group)
        elif len(misses) == 1:
            refused[misses[0]].append(group)
    counts: dict[str, Counter[str]] = {}
    for i, name in enumerate(FACETS):
        reached = [*passed, *refused[i]]
        counted: Counter[str] = Counter()
        counts[name] = counted
        for value, offers in zip(map(itemgetter(i), reached), map(itemgetter(-1), reached), strict=True):
            counted[value] += offers
    hidden: Counter[str] = Counter()
    for group in refused[FACETS.index("lifecycle")]:
        hidden[group.lifecycle] += group.offers
    return Facets(counts, sum(group.offers for group in passed), hidden)
