"""A step chart of prices over time: each holds until the next one. Numbers only; templates/charts/steps.html draws it.

Places from the left are percentages, so that text never scales; places from the top are pixels.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from catalog.pricing.units import Unit, price_text
from dashboard.charts.days import Place, Tick, days
from dashboard.formats import day_text

TOP, BASE, HEIGHT = 34, 154, 176
FREE_STRIP = 18
"""On a log axis, which has no 0, the room for free under the lowest price."""
FAR_APART = 20
"""From this ratio of the highest price to the lowest on the axis is a log one: the lower steps would be flat."""
LABEL_ROOM = 14
LABEL_LENGTH, SHORT_LENGTH = 40, 20
"""Of the names beside the chart, and of those on a phone."""
MOST_ENDS = (BASE - 10) // LABEL_ROOM
"""Names of lines that have room beside the chart; of more none is written there."""
BEFORE = 0.04
"""The room, as a part of the whole, for what held before the first known day."""

SHORTEST = timedelta(days=1)


class Series(NamedTuple):
    """What one line shows: its name, the mark of its catalog, from when on which price held, and how many more it is.

    Prices are pico-dollars per token, None where none is known or nothing is sold; moments are aware and in order. The
    first may be None: nobody tells since when that price held.
    """

    label: str
    mark: int
    steps: Sequence[tuple[datetime | None, int | None]]
    more: int = 0

    @property
    def called(self) -> str:
        """Its name, and how many others have the same line."""
        return f"{self.label} and {self.more} more" if self.more else self.label


class Level(NamedTuple):
    """A price that held for a while: where it is drawn, where the line comes from (None: it starts), and in words."""

    x1: str
    x2: str
    y: float
    before: float | None
    title: str


class Line(NamedTuple):
    """One series. ``variant`` counts, from 0, those of the same mark, so that each can have a dash of its own."""

    label: str
    mark: int
    variant: int
    levels: Sequence[Level]


class Mark(NamedTuple):
    """A price on the axis."""

    y: float
    text: str


class End(NamedTuple):
    """The names and price at the end of lines; ``short`` where there is little room."""

    y: float
    text: str
    short: str


class StepChart(NamedTuple):
    """The whole chart; ``log`` tells how far apart equal ratios are drawn: equally."""

    lines: Sequence[Line]
    prices: Sequence[Mark]
    days: Sequence[Tick]
    ends: Sequence[End]
    log: bool
    base: int = BASE
    height: int = HEIGHT


class Axis(NamedTuple):
    """Where prices are drawn, between ``lowest`` and ``highest``, and which are named."""

    log: bool
    lowest: float
    highest: float
    floor: float
    named: Sequence[int]

    def y(self, pico: int) -> float:
        """The place from the top; free is on the base line."""
        if not pico:
            return BASE
        place = math.log10(pico) if self.log else pico
        return round(self.floor - (self.floor - TOP) * (place - self.lowest) / (self.highest - self.lowest), 1)


def step_chart(
    series: Sequence[Series], until: datetime, unit: Unit = Unit.MILLION, since: datetime | None = None
) -> StepChart | None:
    """The chart of these series up to ``until``; None where no price is known at all.

    It starts at ``since``, or else where the first price is known.
    """
    series = [one._replace(steps=_within(one.steps, since, until)) for one in series]
    known = [price for one in series for _, price in one.steps if price is not None]
    if not known:
        return None
    axis = _axis(known)
    starts = [moment for one in series for moment, _ in one.steps if moment is not None]
    first = since or min([*starts, until - SHORTEST])
    left = 0 if since else BEFORE

    def x(moment: datetime) -> float:
        return 100 * (left + (1 - left) * max((moment - first) / (until - first), 0))

    seen: Counter[int] = Counter()
    lines = []
    for one in series:
        levels = list(_levels(one, until, axis, unit, x))
        lines.append(Line(one.called, one.mark, seen[one.mark], levels))
        seen[one.mark] += 1
    return StepChart(
        lines=lines,
        prices=[Mark(axis.y(pico), price_text(pico, unit)) for pico in axis.named],
        days=days(first, until, x),
        ends=_ends(series, axis, unit),
        log=axis.log,
    )


def drawn_lines(charts: Iterable[StepChart]) -> list[Line]:
    """Those of charts of the same series that any of them draws."""
    return [same[0] for same in zip(*(chart.lines for chart in charts), strict=True) if any(one.levels for one in same)]


def _within(
    steps: Sequence[tuple[datetime | None, int | None]], since: datetime | None, until: datetime
) -> Sequence[tuple[datetime | None, int | None]]:
    """Those that hold at ``since`` or begin after it, and not after ``until``."""
    begun = [step for step in steps if step[0] is None or step[0] <= until]
    before = [step for step in begun if since and (step[0] is None or step[0] <= since)]
    return begun[max(len(before) - 1, 0) :]


def _levels(one: Series, until: datetime, axis: Axis, unit: Unit, x: Place) -> Iterator[Level]:
    before = None
    for (moment, price), (following, _) in pairwise([*one.steps, (until, None)]):
        if price is None or following is None:
            before = None
            continue
        text = "free" if price == 0 else price_text(price, unit)
        since = f" from {day_text(moment, until.date())}" if moment else ""
        to = f" to {day_text(following, until.date())}" if following != until else ""
        y = axis.y(price)
        start = f"{x(moment):.2f}%" if moment else "0%"
        yield Level(
            start, f"{x(following):.2f}%", y, before if before != y else None, f"{one.label}: {text}{since}{to}"
        )
        before = y


def _axis(known: Sequence[int]) -> Axis:
    paid = [price for price in known if price]
    if paid and max(paid) >= FAR_APART * min(paid):
        low, high = math.floor(math.log10(min(paid))), math.ceil(math.log10(max(paid)))
        each = math.ceil((high - low + 1) / 5)
        return Axis(True, low, high, BASE - FREE_STRIP * (0 in known), [10**n for n in range(low, high + 1, each)])
    most = max(known) or 1
    step = _round_step(most)
    return Axis(False, 0, most, BASE, [*range(step, most + 1, step)] if paid else [])


def _round_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that two to five of it reach up to ``most``."""
    power: int = 10 ** (len(str(most)) - 1)
    sizes = (power // 5, power // 2, power, 2 * power)
    return next((size for size in sizes if size and most // size <= 5), power)


def _ends(series: Sequence[Series], axis: Axis, unit: Unit) -> list[End]:
    """What the lines that reach the end are called, each price once, with room between them."""
    ending: dict[int, list[Series]] = {}
    for one in series:
        if one.steps and (price := one.steps[-1][1]) is not None:
            ending.setdefault(price, []).append(one)
    if len(ending) > MOST_ENDS:
        return []
    placed: list[End] = []
    for price in sorted(ending, reverse=True):
        y = axis.y(price) - 7
        if placed:
            y = max(y, placed[-1].y + LABEL_ROOM)
        first, *others = ending[price]
        count = first.more + sum(1 + one.more for one in others)
        rest = f"{f' and {count} more' if count else ''} {price_text(price, unit) if price else 'free'}"
        placed.append(End(round(y, 1), _cut(first.label, LABEL_LENGTH) + rest, _cut(first.label, SHORT_LENGTH) + rest))
    excess = max(placed[-1].y - (BASE - 2), 0) if placed else 0
    up = min(excess, LABEL_ROOM * len(placed))
    return [one._replace(y=max(round(one.y - up, 1), 10.0)) for one in placed]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
