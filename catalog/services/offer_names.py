"""Which offer it is: what the rows of rankings say of it beside costs."""

from datetime import datetime
from typing import NamedTuple

from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import STANDARD

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
