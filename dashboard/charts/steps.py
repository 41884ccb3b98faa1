"""A step chart of prices over time: each holds until the next one. Numbers only; templates/charts/steps.html draws it.

Places from the left are percentages, so that text never scales; places from the top are pixels.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
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
LABEL_LENGTH = 28
MOST_ENDS = (BASE - 10) // LABEL_ROOM
"""Names of lines that have room beside the chart; of more none is written there."""
BEFORE = 0.04
"""The room, as a part of the whole, for what held before the first known day."""

SHORTEST = timedelta(days=1)


class Series(NamedTuple):
    """What one line shows: its name, the mark of its catalog, and from when on which price held.

    Prices are pico-dollars per token, None where none is known or nothing is sold; moments are aware and in order. The
    first may be None: nobody tells since when that price held.
    """

    label: str
    mark: int
    steps: Sequence[tuple[datetime | None, int | None]]


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
    """A price on the axis, or the names and price at the end of lines."""

    y: float
    text: str


class StepChart(NamedTuple):
    """The whole chart; ``log`` tells how far apart equal ratios are drawn: equally."""

    lines: Sequence[Line]
    prices: Sequence[Mark]
    days: Sequence[Tick]
    ends: Sequence[Mark]
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


def step_chart(series: Sequence[Series], until: datetime, unit: Unit = Unit.MILLION) -> StepChart | None:
    """The chart of these series up to ``until``; None where no price is known at all."""
    series = [Series(one.label, one.mark, [step for step in one.steps if _begun(step[0], until)]) for one in series]
    known = [price for one in series for _, price in one.steps if price is not None]
    if not known:
        return None
    axis = _axis(known)
    starts = [moment for one in series for moment, _ in one.steps if moment is not None]
    first = min([*starts, until - SHORTEST])
    span = (until - first).total_seconds()

    def x(moment: datetime) -> float:
        return 100 * (BEFORE + (1 - BEFORE) * (moment - first).total_seconds() / span)

    seen: Counter[int] = Counter()
    lines = []
    for one in series:
        levels = list(_levels(one, until, axis, unit, x))
        lines.append(Line(one.label, one.mark, seen[one.mark], levels))
        seen[one.mark] += 1
    return StepChart(
        lines=lines,
        prices=[Mark(axis.y(pico), price_text(pico, unit)) for pico in axis.named],
        days=days(first, until, x),
        ends=_ends(series, axis, unit),
        log=axis.log,
    )


def _begun(moment: datetime | None, until: datetime) -> bool:
    return moment is None or moment <= until


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


def _ends(series: Sequence[Series], axis: Axis, unit: Unit) -> list[Mark]:
    """What the lines that reach the end are called, each price once, with room between them."""
    names: dict[int, list[str]] = {}
    for one in series:
        if one.steps and (price := one.steps[-1][1]) is not None:
            names.setdefault(price, []).append(one.label)
    if len(names) > MOST_ENDS:
        return []
    placed: list[Mark] = []
    for price in sorted(names, reverse=True):
        y = axis.y(price) - 7
        if placed:
            y = max(y, placed[-1].y + LABEL_ROOM)
        first, *others = names[price]
        short = first if len(first) <= LABEL_LENGTH else f"{first[: LABEL_LENGTH - 1]}…"
        more = f" and {len(others)} more" if others else ""
        placed.append(Mark(round(y, 1), f"{short}{more} {price_text(price, unit) if price else 'free'}"))
    excess = max(placed[-1].y - (BASE - 2), 0) if placed else 0
    room = [Mark(mark.y - min(excess, LABEL_ROOM * len(placed)), mark.text) for mark in placed]
    return [Mark(max(round(mark.y, 1), 10.0), mark.text) for mark in room]
