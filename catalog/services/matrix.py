"""The catalog matrix: the same model in several catalogs, with each catalog's price for it, the gap, and who is alone.

A family's cell in a catalog is one offer of it, so no cell mixes prices of two: the plainest (neither a moving name nor
a variant, a region or a snapshot), of those equally plain that of the model's own vendor if it has a price, and of what
is left the cheapest. `matrix_rows` tells which offer that is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from math import isinf
from statistics import median
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, Count, Expression, F, Min, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from catalog.filters import OfferFilter
from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import MEANT
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import cost_of
from catalog.services.sellers import OWN, own_stands, with_sellers

UNIT = 2**59
"""How far apart and what price are one number, ``apart * UNIT + price``, so that one MIN finds plainest and cheapest.

An unknown price is UNIT - 1 here, and so is one from there on: over $576,000 for one request. Of the 64 bits that a
database counts with, four are left for how far an offer is apart.
"""
UNKNOWN = UNIT - 1
LINK = "offer__links"

Measure = Workload | str
"""What is compared: ``input`` or ``output``, a rate's price per token, or what one request of a workload costs."""
Price = int | None
"""Pico-dollars per token or per request; None is unknown."""


class Gap(NamedTuple):
    """How much more than ``base`` the price ``other`` is; less, where it is below."""

    base: int
    other: int

    @property
    def amount(self) -> int:
        """In pico-dollars."""
        return self.other - self.base

    @property
    def ratio(self) -> float:
        """As a part of the base: 0.25 for a quarter more, infinite if the base alone is free."""
        return self.amount / self.base if self.base else float("inf") if self.other else 0.0


class Line(NamedTuple):
    """A family by catalog, in the order of these; ``packed`` is None where it is not offered."""

    family: int
    packed: tuple[int | None, ...]

    @property
    def prices(self) -> list[Price]:
        """Each catalog's price; None also where the family is not offered."""
        return [None if one is None or one % UNIT == UNKNOWN else one % UNIT for one in self.packed]


class Totals(NamedTuple):
    """What the matrix says as a whole, of the families whose price two catalogs know.

    ``rated`` of them have a percentage, as all do but what is free here and paid elsewhere; ``median_ratio`` is theirs.
    By catalog: ``cheapest`` counts the families that it alone or with others sells for less than another one,
    ``savings`` sums what its offers ask above the lowest price, in pico-dollars, over ``counted`` families.
    """

    rated: int
    median_ratio: float | None
    cheapest: Sequence[int]
    savings: Sequence[int]
    counted: Sequence[int]


class Matrix(NamedTuple):
    """All families of the chosen catalogs, and how many offers have none, by state of their link.

    ``matched`` are offered by two catalogs or more, ``alone`` are lists of those that one catalog alone offers.
    """

    matched: Sequence[Line]
    alone: Sequence[Sequence[Line]]
    without_family: Mapping[str, int]

    def in_all(self) -> list[Line]:
        """Families that every one of the catalogs offers."""
        return [line for line in self.matched if None not in line.packed]

    def in_some(self) -> list[Line]:
        """Families that several of the catalogs offer, but not all."""
        return [line for line in self.matched if None in line.packed]

    def offered_by(self, catalog: int) -> int:
        """How many of the matched families this catalog (by its place) offers."""
        return sum(line.packed[catalog] is not None for line in self.matched)

    def totals(self) -> Totals:
        """The summary over all families."""
        ratios = []
        cheapest, savings, counted = ([0] * len(self.alone) for _ in range(3))
        for line in self.matched:
            prices = line.prices
            gap = gap_of(prices)
            if gap is None:
                continue
            if not isinf(gap.ratio):
                ratios.append(gap.ratio)
            for place, price in enumerate(prices):
                if price is not None:
                    cheapest[place] += gap.other > gap.base == price
                    savings[place] += price - gap.base
                    counted[place] += 1
        return Totals(len(ratios), median(ratios) if ratios else None, cheapest, savings, counted)


def gap_of(prices: Sequence[Price], against: int | None = None) -> Gap | None:
    """From the lowest price to the highest; or from the catalog at ``against`` to the price farthest from its own.

    None unless two prices are known, or that catalog's is not.
    """
    known = [price for price in prices if price is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    if against is None:
        return Gap(low, high)
    base = prices[against]
    if base is None:
        return None
    return Gap(base, high if low * high >= base * base else low)


def matrix(offers: OfferFilter, catalogs: Sequence[int], measure: Measure) -> Matrix:
    """The families of all that passes the filters, by these catalogs (ids). Two queries, one if all have a family."""
    every, price = priced(offers, measure)
    rates, family, apart = linked(every, offers.moment)
    worth = Least(Coalesce(price, Value(UNKNOWN)), Value(UNKNOWN), output_field=BigIntegerField())
    packed = apart * Value(UNIT, BigIntegerField()) + worth
    rates = with_sellers(rates, family_of(offers.moment)).order_by()
    groups = rates.annotate(of=family).values("of", "catalog")
    groups = groups.annotate(least=Min(packed), own=Min(packed, filter=OWN))
    places = {pk: place for place, pk in enumerate(catalogs)}
    empty: list[int | None] = [None] * len(catalogs)
    cells: dict[int | None, list[int | None]] = {}
    for of, catalog, least, own in plain(groups.values_list("of", "catalog", "least", "own")):
        if of not in cells:
            cells[of] = empty.copy()
        cells[of][places[catalog]] = own if own is not None and _stands(own, least) else least
    nameless = cells.pop(None, None)
    families = ((of, tuple(packs)) for of, packs in cells.items() if of is not None)
    matched: list[Line] = []
    alone: list[list[Line]] = [[] for _ in catalogs]
    for line in map(Line._make, families):
        if line.packed.count(None) < len(catalogs) - 1:
            matched.append(line)
        else:
            alone[next(place for place, one in enumerate(line.packed) if one is not None)].append(line)
    return Matrix(matched, alone, _states(every, offers.moment) if nameless else {})


def _stands(own: int, least: int) -> bool:
    """Whether the vendor's own offer stands before the least of all: see `own_stands`."""
    return own_stands((own // UNIT, own % UNIT == UNKNOWN), (least // UNIT, least % UNIT == UNKNOWN))


def _states(rates: RateQuerySet, moment: datetime | None) -> dict[str, int]:
    found = without_family(rates, moment).order_by().values(f"{LINK}__state")
    return dict(plain(found.annotate(offers=Count("pk")).values_list(f"{LINK}__state", "offers")))


def priced(offers: OfferFilter, measure: Measure) -> tuple[RateQuerySet, Expression]:
    """One rate per offer, by all filters, and its price. A 0 that need not be meant is no price."""
    if isinstance(measure, Workload):
        return offers.charged(measure.mode, measure.prompt), cost_of(measure, offers.column)
    price, state = offers.column(measure), offers.column("price_state")
    meant = Q((f"{state}__in", MEANT))
    return offers.rates(), Case(
        When(Q((price, 0)) & ~meant, then=None), default=F(price), output_field=BigIntegerField()
    )


def linked(
    rates: RateQuerySet, moment: datetime | None, families: Collection[int] | None = None
) -> tuple[RateQuerySet, Combinable, Combinable]:
    """The rates with the family that they were linked to at ``moment``, and how far they were apart in it.

    With ``families`` only those that were linked to one of these.
    """
    if moment is None:  # rates hold both
        return rates if families is None else rates.filter(family__in=families), F(family_of(None)), F("apart")
    such = {} if families is None else {"family__in": families}
    steps = [
        Case(When(condition, then=Value(weight)), default=Value(0))
        for weight, condition in (
            (8, Q((f"{LINK}__moving", True))),
            (4, ~Q((f"{LINK}__variant", ""))),
            (2, ~Q((f"{LINK}__region", ""))),
            (1, ~Q((f"{LINK}__snapshot", ""))),
        )
    ]
    return with_links(rates, moment, **such), F(family_of(moment)), steps[0] + steps[1] + steps[2] + steps[3]


def family_of(moment: datetime | None) -> str:
    """What leads from rates that are `linked` at ``moment`` to their family."""
    return "family" if moment is None else f"{LINK}__family"


def with_links(rates: RateQuerySet, moment: datetime | None, **conditions: object) -> RateQuerySet:
    """The rates joined with the links that their offers had at ``moment``, under LINK, and that are such."""
    such = {f"{LINK}__{name}": value for name, value in conditions.items()}
    if moment is None:
        return rates.filter(**{f"{LINK}__valid_to": None}, **such)
    ends = Q((f"{LINK}__valid_to", None)) | Q((f"{LINK}__valid_to__gt", moment))
    return rates.filter(ends, **{f"{LINK}__valid_from__lte": moment}, **such)


def without_family(rates: RateQuerySet, moment: datetime | None) -> RateQuerySet:
    """Those of the rates whose offers were of no family at ``moment``, joined with their links."""
    return with_links(rates if moment else rates.filter(family=None), moment, family=None)


def plain(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """What the query finds, as the database says it: Django looks at each number again, which takes twice as long."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
