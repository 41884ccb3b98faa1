"""Single offers by their id: what a ranking is compared with, and whose break-even point is asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.models.rate import RateQuerySet
from catalog.pricing.breakeven import Tariff
from catalog.pricing.rates import STANDARD
from catalog.pricing.terms import Term
from catalog.services.catalogs import Catalogs
from catalog.services.costs import tariffs
from catalog.services.offers import rates_of

IDENTITY = (
    *("offer_id", "catalog_id", "ref", "name", "provider_name", "provider_inferred", "lifecycle"),
    *("price_state", "by_hour", "context_tokens", "max_output_tokens"),
)


class OfferName(NamedTuple):
    """Which offer it is, and what rows of a ranking say of it beside costs. Sizes are tokens, None is unknown."""

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider_name: str
    provider_inferred: bool
    lifecycle: str
    price_state: str
    by_hour: bool
    context_tokens: int | None
    max_output_tokens: int | None


def names_of(rates: RateQuerySet, moment: datetime | None) -> list[OfferName]:
    """Whose rates these are, at ``moment``, now for None: by name, in one query."""
    base = rates.at(moment).filter(mode=STANDARD, above=0).order_by("sort_name", "offer_id")
    return [OfferName._make(row) for row in base.values_list(*IDENTITY)]


class PricedOffer(NamedTuple):
    """An offer and all that its costs follow from."""

    offer: OfferName
    tariff: Tariff


def priced_offers(
    offers: Collection[int], catalogs: Catalogs, moment: datetime | None, terms: Sequence[Term] = ()
) -> Mapping[int, PricedOffer]:
    """Those of ``offers`` (ids) that are in ``catalogs`` and were on record at ``moment``, now for None. Two queries.

    Whatever the filters of a page: what is used today may be hidden or retired.
    """
    if not offers:
        return {}
    names = names_of(rates_of(catalogs).filter(offer__in=offers), moment)
    known = tariffs([name.offer_id for name in names], moment, terms)
    return {name.offer_id: PricedOffer(name, known[name.offer_id]) for name in names}
