"""What a scatter chart draws of the offers found: places of two values, by catalog."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F
from django.db.models.expressions import Combinable

from catalog.filters import OfferFilter
from catalog.services.matrix import plain, priced
from catalog.services.offers import with_family

MOST = 2_000
"""Places that are drawn at most; of more, those of the most offers."""
NAMED = 3


class Place(NamedTuple):
    """Offers of one catalog that have the same two values: how many, the first of them, and the first few names.

    ``one_model``: it is one offer, or all are known to be of one family.
    """

    catalog: int
    x: int
    y: int
    offers: int
    offer_id: int
    names: tuple[str, ...]
    one_model: bool


class Scatter(NamedTuple):
    """The places, and how many offers are at none: a value of ``unknown`` ones is not known, ``beyond`` are
    at places that too few share."""

    places: Sequence[Place]
    unknown: int
    beyond: int

    @property
    def drawn(self) -> int:
        """How many offers are at the places."""
        return sum(place.offers for place in self.places)


def scatter(offers: OfferFilter, x: str, y: str, most: int = MOST) -> Scatter:
    """The places of all offers that pass the filters, in one query.

    ``x`` and ``y`` are ``input`` or ``output`` (pico-dollars per token, effective; a 0 that need not be meant is
    unknown) or ``context`` (tokens).
    """
    rates = with_family(offers.rates(), offers.moment).order_by("sort_name", "pk")
    rates = rates.annotate(across=_value(offers, x), up=_value(offers, y))
    columns = ("catalog_id", "across", "up", "offer_id", "name", "of")
    found: dict[tuple[int, int, int], list[tuple[int, str, int | None]]] = {}
    unknown = 0
    for catalog, across, up, offer, name, family in plain(rates.values_list(*columns)):
        if across is None or up is None or 0 in _sizes(x, across, y, up):
            unknown += 1
        else:
            found.setdefault((catalog, across, up), []).append((offer, name, family))
    places = [
        Place(*at, len(own), own[0][0], tuple(dict.fromkeys(name for _, name, _ in own))[:NAMED], _of_one(own))
        for at, own in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    return Scatter(places[:most], unknown, sum(place.offers for place in places[most:]))


def _of_one(offers: Sequence[tuple[int, str, int | None]]) -> bool:
    families = {family for _, _, family in offers}
    return len(offers) == 1 or (len(families) == 1 and None not in families)


def _value(offers: OfferFilter, name: str) -> Combinable:
    return F("context_tokens") if name == "context" else priced(offers, name)[1]


def _sizes(x: str, across: int, y: str, up: int) -> list[int]:
    """Those of the two that are numbers of tokens, of which 0 says nothing."""
    return [value for name, value in ((x, across), (y, up)) if name == "context"]
