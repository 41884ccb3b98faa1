"""How many offers each value of a facet would leave, with the other filters as they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count

from catalog.filters import FACETS, OfferFilter
from catalog.models import LISTED, Catalog, FacetCount


class Group(NamedTuple):
    """Offers that share all facet values."""

    catalog: str
    provider: str
    state: str
    lifecycle: str
    mode: str
    provider_name: str
    offers: int

    @property
    def facets(self) -> tuple[str, ...]:
        """The values of FACETS, in their order."""
        return self.catalog, self.provider, self.state, self.lifecycle, self.mode


class Facets(NamedTuple):
    """``counts[facet][value]`` offers; ``total`` offers pass all filters; ``hidden`` would but for their lifecycle."""

    counts: Mapping[str, Counter[str]]
    total: int
    hidden: Counter[str]


def stored_groups(catalogs: Sequence[Catalog]) -> list[Group]:
    """The groups of all current offers of these catalogs, as the last syncs counted them."""
    slugs = {catalog.pk: catalog.slug for catalog in catalogs}
    rows = FacetCount.objects.filter(catalog__in=list(slugs)).values_list(
        "catalog_id", "provider", "price_state", "lifecycle", "mode", "provider_name", "offers"
    )
    return [Group(slugs[row[0]], *row[1:]) for row in rows]


def counted_groups(offers: OfferFilter, catalogs: Sequence[Catalog]) -> list[Group]:
    """The groups of the offers that pass all filters but the facets, counted now in one query."""
    slugs = {catalog.pk: catalog.slug for catalog in catalogs}
    columns = ("catalog_id", "provider", "price_state", "lifecycle", "mode", "provider_name")
    rows = offers.universe().order_by().values_list(*columns).annotate(Count("pk"))
    return [Group(slugs[row[0]], *row[1:]) for row in rows]


def values_of(groups: Sequence[Group]) -> dict[str, frozenset[str]]:
    """For each of FACETS the values that occur."""
    return {name: frozenset(group.facets[i] for group in groups) for i, name in enumerate(FACETS)}


def count_facets(groups: Iterable[Group], values: Mapping[str, Sequence[str]]) -> Facets:
    """Count each facet's values under the choices made in the other facets.

    ``values`` holds the chosen values by facet; none chosen means any, but for the lifecycle: active and preview.
    """
    wanted = [values["lifecycle"] or LISTED if name == "lifecycle" else values[name] for name in FACETS]
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    total = 0
    hidden: Counter[str] = Counter()
    for group in groups:
        own = group.facets
        refused = [i for i, chosen in enumerate(wanted) if chosen and own[i] not in chosen]
        if not refused:
            total += group.offers
            for name, value in zip(FACETS, own, strict=True):
                counts[name][value] += group.offers
        elif len(refused) == 1:
            (i,) = refused
            counts[FACETS[i]][own[i]] += group.offers
            if FACETS[i] == "lifecycle":
                hidden[group.lifecycle] += group.offers
    return Facets(counts, total, hidden)
