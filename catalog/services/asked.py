"""The offers of some catalogs, and those of them that an address asks for."""

from collections.abc import Mapping

from django.http import QueryDict

from catalog.filters import OfferFilter
from catalog.models import Rate
from catalog.models.rate import RateQuerySet
from catalog.services.catalogs import Catalogs, known_at
from catalog.services.facets import stored_counts
from catalog.services.terms import terms_of


def rates_of(catalogs: Catalogs) -> RateQuerySet:
    """The rates of these catalogs."""
    return Rate.objects.of((catalog.pk for catalog in catalogs), known_at(catalogs))


def offers_asked(
    data: QueryDict, catalogs: Catalogs, allowed: Mapping[str, frozenset[str]] | None = None
) -> OfferFilter:
    """The offers of these catalogs that ``data`` asks for, at the prices of their contract terms.

    ``allowed`` are the values of facets that it may name: those that the catalogs have unless others are given.
    """
    return OfferFilter(
        data,
        allowed=allowed or stored_counts(catalogs).values,
        catalog_ids={catalog.slug: catalog.pk for catalog in catalogs},
        terms=terms_of(catalogs),
        known_at=known_at(catalogs),
    )
