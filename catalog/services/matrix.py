"""The catalog matrix: the same model in several catalogs, with each catalog's price for it, the gap, and who is alone.

A family's cell in a catalog is one offer of it, so no cell mixes prices of two: the plainest (neither a moving name nor
a variant, a region or a snapshot), and of those equally plain the cheapest. The others are counted beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from django.db.models import BigIntegerField, Count, Expression, F, Min, Value
from django.db.models.functions import Coalesce, Least

from catalog.models.rate import RateQuerySet

UNIT = 2**57
"""How far apart and what price are one number, ``apart * UNIT + price``, so that one MIN finds plainest and cheapest.

A price from UNIT on (over $144,000 for one request) counts as UNIT - 2 here, an unknown one as UNIT - 1.
"""


class Best(NamedTuple):
    """A family in one catalog: the price of the offer that stands for it (pico-dollars, None unknown), of how many."""

    price: int | None
    offers: int


class Line(NamedTuple):
    """A family across the catalogs, by catalog id. ``lowest`` and ``highest`` are of the known prices, or None."""

    family: int
    cells: Mapping[int, Best]
    lowest: int | None
    highest: int | None

    @property
    def gap(self) -> int | None:
        """How much more the dearest asks than the cheapest, in pico-dollars; None unless two prices are known."""
        known = sum(cell.price is not None for cell in self.cells.values())
        return None if known < 2 or self.highest is None or self.lowest is None else self.highest - self.lowest

    @property
    def ratio(self) -> float | None:
        """The gap as a part of the lowest price: 0.25 for a quarter more; infinite where the lowest is free."""
        if self.gap is None or self.lowest is None:
            return None
        return self.gap / self.lowest if self.lowest else float("inf") if self.gap else 0.0


class Totals(NamedTuple):
    """What the matrix says as a whole, of the families whose price two catalogs know.

    ``lowest_in`` counts, by catalog, where it is the cheapest (or one of them). ``savings`` is the sum, by catalog, of
    what its offers ask above the cheapest ones.
    """

    shared: int
    lowest_in: Mapping[int, int]
    median_ratio: float | None
    savings: Mapping[int, int]


class Matrix(NamedTuple):
    """All families of the chosen catalogs, and how many offers have none, by state of their link."""

    lines: Sequence[Line]
    without_family: Mapping[str, int]

    def in_all(self, catalogs: Sequence[int]) -> list[Line]:
        """Families that every one of these catalogs offers."""
        return [line for line in self.lines if len(line.cells) == len(catalogs)]

    def in_some(self, catalogs: Sequence[int]) -> list[Line]:
        """Families that several of these catalogs offer, but not all."""
        return [line for line in self.lines if 1 < len(line.cells) < len(catalogs)]

    def only_in(self, catalog: int) -> list[Line]:
        """Families that this catalog alone offers."""
        return [line for line in self.lines if len(line.cells) == 1 and catalog in line.cells]

    def totals(self) -> Totals:
        """The summary over all families."""
        lowest_in: Counter[int] = Counter()
        savings: Counter[int] = Counter()
        ratios = []
        for line in self.lines:
            if (ratio := line.ratio) is None or line.lowest is None:
                continue
            ratios.append(ratio)
            for catalog, cell in line.cells.items():
                if cell.price is not None:
                    lowest_in[catalog] += cell.price == line.lowest
                    savings[catalog] += cell.price - line.lowest
        return Totals(len(ratios), lowest_in, median(ratios) if ratios else None, savings)


def matrix(rates: RateQuerySet, price: str | Expression) -> Matrix:
    """The families of all these rates (one per offer), with their ``price`` in pico-dollars. Two queries."""
    worth = Coalesce(Least(price, Value(UNIT - 2)), Value(UNIT - 1), output_field=BigIntegerField())
    packed = F("apart") * Value(UNIT, BigIntegerField()) + worth
    groups = rates.order_by().values("family", "catalog").annotate(least=Min(packed), offers=Count("pk"))
    cells: defaultdict[int, dict[int, Best]] = defaultdict(dict)
    for family, catalog, least, offers in groups.values_list("family", "catalog", "least", "offers"):
        if family is not None:
            cost = least % UNIT
            cells[family][catalog] = Best(None if cost == UNIT - 1 else cost, offers)
    alone = rates.filter(family=None, offer__links__valid_to=None).order_by().values_list("offer__links__state")
    return Matrix([_line(*one) for one in cells.items()], dict(alone.annotate(Count("pk"))))


def _line(family: int, cells: Mapping[int, Best]) -> Line:
    prices = [cell.price for cell in cells.values() if cell.price is not None]
    return Line(family, cells, min(prices, default=None), max(prices, default=None))
