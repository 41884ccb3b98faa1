"""The rows of the catalog matrix: which offer stands for each cell, how it was matched, what the family is called."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db.models import Case, F, IntegerField, Q, Value, When

from catalog.filters import OfferFilter
from catalog.matching import Rule, State
from catalog.models import Rate
from catalog.models.rate import RateQuerySet
from catalog.pricing.cost import Reason
from catalog.pricing.rates import meant
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import PRICED, cost_of, reason_of
from catalog.services.family import Called, title_of
from catalog.services.matrix import (
    LINK,
    Line,
    Measure,
    Price,
    family_of,
    linked,
    plain,
    priced,
    with_links,
)
from catalog.services.sellers import OWN, own_stands, sells_own, with_sellers

FIELDS = ("catalog_id", "offer_id", "ref", "name", "provider", "provider_name")
OF_LINK = ("rule", "state", "variant", "region", "snapshot", "moving")


class Named(NamedTuple):
    """A family's slug, and its two halves."""

    slug: str
    vendor: str
    name: str


class CellOffer(NamedTuple):
    """An offer as a cell tells of it. ``price`` is what the matrix compares, in pico-dollars, or None.

    ``stated`` is the price as it is on record, 0 also where it need not be meant (``price_state``); ``listed`` is the
    catalog's own, from which a contract may differ. ``blended`` is one price for all tokens. ``reason`` says why a
    workload has no cost here. ``resold``: by somebody else than the model's vendor.
    """

    catalog_id: int
    offer_id: int
    ref: str
    name: str
    provider: str
    provider_name: str
    price: Price
    stated: Price
    listed: Price
    price_state: str
    blended: Price
    rule: Rule
    state: State
    variant: str
    region: str
    snapshot: str
    moving: bool
    reason: Reason | None
    resold: bool


class Cell(NamedTuple):
    """The offer that stands for a family in a catalog, and the refs of its others there, the plainest first."""

    offer: CellOffer
    others: tuple[str, ...]


class Row(NamedTuple):
    """A line of the matrix with its cells, None where the family is not offered; ``title`` is what offers call it."""

    line: Line
    slug: str
    vendor: str
    title: str
    cells: tuple[Cell | None, ...]


class Candidate(NamedTuple):
    """An offer of a family in a catalog, by what decides which one stands for it there.

    ``flatless`` is 0 for one with one price for all tokens, which goes before none, ``resold`` for the vendor's own.
    """

    apart: int
    unknown: bool
    price: int
    flatless: int
    ref: str
    rate: int
    resold: int


def matrix_rows(offers: OfferFilter, catalogs: Sequence[int], measure: Measure, lines: Sequence[Line]) -> list[Row]:
    """The rows of these lines, in two queries; ``offers``, ``catalogs`` and ``measure`` are those of the matrix."""
    if not lines:
        return []
    candidates = _candidates(offers, measure, [line.family for line in lines])
    best = {cell: _best(several) for cell, several in candidates.items()}
    found = _offers(offers, measure, {one.rate for one in best.values()})
    made = []
    for line in lines:
        cells: list[Cell | None] = []
        names: dict[int, Named] = {}
        for catalog in catalogs:
            one = best.get((line.family, catalog))
            if one is None or one.rate not in found:
                cells.append(None)
                continue
            others = sorted(other for other in candidates[line.family, catalog] if other is not one)
            names[line.family], offer = found[one.rate]
            cells.append(Cell(offer, tuple(other.ref for other in others)))
        if family := names.get(line.family):  # a sync may have taken the last offer away meanwhile
            title = title_of(family.vendor, family.name, [_called(cell.offer) for cell in cells if cell])
            made.append(Row(line, family.slug, family.vendor, title, tuple(cells)))
    return made


def _best(several: Collection[Candidate]) -> Candidate:
    """The one that stands for the family, as `matrix` has packed it."""
    least, own = min(several), min((one for one in several if not one.resold), default=None)
    return own if own and own_stands(own[:2], least[:2]) else least


def _candidates(
    offers: OfferFilter, measure: Measure, families: Collection[int]
) -> dict[tuple[int, int], list[Candidate]]:
    every, price = priced(offers, measure)
    rates, family, apart = linked(every, offers.moment, families)
    rates = with_sellers(rates, family_of(offers.moment)).order_by()
    resold = Case(When(OWN, then=0), default=1, output_field=IntegerField())
    flatless = Case(When(Q((offers.column("blended"), None)), then=1), default=0)
    rows = rates.annotate(of=family, far=apart, worth=price, resold=resold, flatless=flatless)
    found: defaultdict[tuple[int, int], list[Candidate]] = defaultdict(list)
    fields = ("of", "catalog", "far", "worth", "flatless", "ref", "pk", "resold")
    for of, catalog, far, worth, *own in plain(rows.values_list(*fields)):
        found[of, catalog].append(Candidate(far, worth is None, worth or 0, *own))
    return found


def _offers(offers: OfferFilter, measure: Measure, ids: Collection[int]) -> dict[int, tuple[Named, CellOffer]]:
    """All that cells tell of the offers of these rates, by the rate's id."""
    if by_cost := isinstance(measure, Workload):
        worth = {
            "worth": cost_of(measure, offers.column),
            "why": reason_of(measure, offers.column),
            "own": F("blended"),
        }
    else:
        worth = {"worth": F(offers.column(measure)), "why": Value(PRICED), "own": F(measure)}
    fields = {
        **worth,
        "found_state": F(offers.column("price_state")),
        "flat": F(offers.column("blended")),
        **{f"link_{name}": F(f"{LINK}__{name}") for name in OF_LINK},
        **{f"family_{name}": F(f"{LINK}__family__{name}") for name in Named._fields},
    }
    rates: RateQuerySet = Rate.objects.filter(pk__in=ids).under(offers.terms)
    rates = with_links(rates, offers.moment).order_by().annotate(**fields)
    found = {}
    for rate, *row in plain(rates.values_list("pk", *FIELDS, *fields)):
        about, (stated, why, own, state, flat, rule, link, *more) = row[: len(FIELDS)], row[len(FIELDS) :]
        reason = None if why == PRICED else Reason(why)
        prices = (stated if by_cost else meant(stated, state), stated, stated if by_cost else own, state, flat)
        named = Named._make(more[-len(Named._fields) :])
        provider = about[FIELDS.index("provider")]
        resold = bool(provider) and not sells_own(named.vendor, provider)
        ours = (Rule(rule), State(link), *more[: -len(Named._fields)], reason, resold)
        found[rate] = named, CellOffer._make((*about, *prices, *ours))
    return found


def _called(one: CellOffer) -> Called:
    apart = bool(one.variant or one.region or one.snapshot or one.moving)
    return Called(one.name, one.provider, one.provider_name, apart)
