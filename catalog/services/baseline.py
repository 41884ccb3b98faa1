"""Single offers by their id: what a ranking is compared with, and whose break-even point is asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.pricing.breakeven import Tariff
from catalog.pricing.terms import Term
from catalog.services.asked import rates_of
from catalog.services.catalogs import Catalogs
from catalog.services.costs import tariffs
from catalog.services.offer_names import OfferName, names_of


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
