"""A scatter chart over two log axes. Numbers only; templates/charts/scatter.html draws it.

Places are percentages of the plot, from the left and from the top, so that text and marks never scale. A log axis has
no 0: what is free stands on a rail of its own at the edge.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import NamedTuple

from dashboard.charts.lines import Tick

EDGE = 3.0
"""The room, in percent, between the outermost marks and the ends of the plot."""
RAIL = 8.0
"""How far from the edge the axis begins where something is free."""
BESIDE = 7
"""Pixels between marks of different catalogs at one place."""
LEAST_TICKS, MOST_TICKS = 3, 7


class Point(NamedTuple):
    """A mark to draw: two values (0 is free), the catalog's mark, what it is in words, where a click leads or ""."""

    x: int
    y: int
    mark: int
    title: str
    href: str


class Dot(NamedTuple):
    """A mark as drawn: its place in percent, moved by ``beside`` pixels where others have the same place."""

    x: float
    y: float
    beside: float
    mark: int
    title: str
    href: str


class ScatterChart(NamedTuple):
    """All marks from left to right, what the axes name, and where the rails are (None: nothing is free)."""

    dots: Sequence[Dot]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    x_rail: float | None
    y_rail: float | None


class Axis(NamedTuple):
    """A log axis from the lowest to the highest value above 0, or for 0 a rail before it."""

    low: int
    high: int
    has_rail: bool

    def place(self, value: int) -> float:
        """Percent from where the axis begins: between EDGE and 100 - EDGE; a single value is in the middle."""
        if value == 0:
            return EDGE
        start = RAIL if self.has_rail else EDGE
        room = 100 - EDGE - start
        if self.low == self.high:
            return round(start + room / 2, 2)
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(start + room * min(max(share, 0.0), 1.0), 2)


def scatter_chart(
    points: Sequence[Point], x_text: Callable[[int], str], y_text: Callable[[int], str]
) -> ScatterChart | None:
    """The chart of these points, None without any; the texts write a value at its axis."""
    if not points:
        return None
    across, up = _axis(point.x for point in points), _axis(point.y for point in points)
    several = Counter((point.x, point.y) for point in points)
    turns = {place: count() for place, many in several.items() if many > 1}
    dots = []
    for point in sorted(points, key=lambda point: (point.x, point.y, point.mark)):
        place = (point.x, point.y)
        beside = BESIDE * (next(turns[place]) - (several[place] - 1) / 2) if place in turns else 0
        dots.append(Dot(across.place(point.x), _down(up.place(point.y)), beside, *point[2:]))
    return ScatterChart(
        dots=dots,
        x_ticks=[Tick(across.place(value), x_text(value)) for value in _named(across)],
        y_ticks=[Tick(_down(up.place(value)), y_text(value)) for value in _named(up)],
        x_rail=EDGE if across.has_rail else None,
        y_rail=_down(EDGE) if up.has_rail else None,
    )


def _down(place: float) -> float:
    return round(100 - place, 2)


def _axis(values: Iterable[int]) -> Axis:
    found = set(values)
    above = found - {0}
    return Axis(min(above, default=1), max(above, default=1), 0 in found)


def _named(axis: Axis) -> list[int]:
    """Round values on the axis: powers of ten, or between them 2 and 5 times these where there are few."""
    powers = [10**n for n in range(len(str(axis.low)) - 1, len(str(axis.high)))]
    within = [power for power in powers if axis.low <= power <= axis.high]
    if len(within) < LEAST_TICKS:
        within = [n * power for power in powers for n in (1, 2, 5) if axis.low <= n * power <= axis.high]
    if len(within) < 2:
        within = sorted({axis.low, axis.high})
    return within[:: -(-len(within) // MOST_TICKS)]
