"""A line chart of two costs against one axis: places in percent of the plot, since SVG text must not scale with it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from catalog.pricing.breakeven import Comparison, Point
from catalog.pricing.units import PICO_PER_USD
from dashboard.formats import size_text

MOST_TICKS = 6


class Stroke(NamedTuple):
    """A straight line from one place to another, in percent from the left and from the top; a dot if they are one."""

    x1: float
    y1: float
    x2: float
    y2: float


class Tick(NamedTuple):
    """A place on an axis in percent, from the left or from the top, and what is written there."""

    place: float
    text: str


class Mark(NamedTuple):
    """Where the cheaper one changes, in percent, and what is written there. ``side`` is where there is room for it."""

    x: float
    y: float
    text: str
    side: str


class LineChart(NamedTuple):
    """Two lines, their axes, the marks, and where on the axis the workload stands (None: outside)."""

    first: tuple[Stroke, ...]
    second: tuple[Stroke, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    now: float | None


def line_chart(
    points: Sequence[Point],
    found: Comparison,
    *,
    ticks: Iterable[tuple[int, str]],
    marks: Sequence[str],
    now: int,
) -> LineChart:
    """The chart of these points, of which ``found`` is the comparison.

    ``ticks`` are places of the axis with their texts, ``marks`` the texts of the crossings, ``now`` the place of the
    workload.
    """
    low, high = found.reach
    highest = max((cost for each in points for cost in each[1:] if isinstance(cost, int)), default=0)
    steps = nice_steps(0, max(highest, 1))
    top = steps[-1]
    known = {each.place: each for each in points}

    def x(place: float) -> float:
        return round(100 * (place - low) / max(high - low, 1), 3)

    def y(pico: float) -> float:
        return round(100 - 100 * pico / top, 3)

    def strokes(line: int, cliffs: frozenset[int]) -> tuple[Stroke, ...]:
        runs = _runs([(each.place, each[line]) for each in points], cliffs)
        return tuple(Stroke(x(start), y(first), x(end), y(last)) for (start, first), (end, last) in runs)

    made = []
    for crossing, text in zip(found.crossings, marks, strict=True):
        ends = [cost for cost in known[crossing.before][1:] if isinstance(cost, int)]
        place = x(float(crossing.at))
        made.append(Mark(place, y(sum(ends) / len(ends)), text, "end" if place > 60 else "start"))
    return LineChart(
        first=strokes(1, found.cliffs[0]),
        second=strokes(2, found.cliffs[1]),
        x_ticks=tuple(Tick(x(place), text) for place, text in ticks if low <= place <= high),
        y_ticks=tuple(Tick(y(step), text) for step, text in zip(steps, dollar_texts(steps), strict=True)),
        marks=tuple(made),
        now=x(now) if low <= now <= high else None,
    )


def _runs(line: Iterable[tuple[int, object]], cliffs: frozenset[int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The first and last point of each straight part: between two cliffs costs are straight, at gaps there are none."""
    runs: list[tuple[tuple[int, int], tuple[int, int]]] = []
    going = False
    for place, cost in line:
        known = isinstance(cost, int)
        if isinstance(cost, int):
            here = (place, cost)
            if going and place not in cliffs:
                runs[-1] = (runs[-1][0], here)
            else:
                runs.append((here, here))
        going = known
    return runs


def nice_steps(low: int, high: int, most: int = MOST_TICKS) -> list[int]:
    """Round numbers, 1, 2 or 5 times a power of ten apart: from the last not above ``low`` to the first that holds
    ``high``.
    """
    step = 1
    while -(-high // step) - low // step + 1 > most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(low // step * step, -(-high // step) * step + 1, step))


def dollar_texts(steps: Sequence[int]) -> list[str]:
    """Pico-dollars of an axis in dollars: all with as many decimals as their step needs, thousands short."""
    step = Decimal(steps[1] - steps[0]) / PICO_PER_USD
    if step >= 1:
        whole = [step // PICO_PER_USD for step in steps]
        return [size_text(dollars) if whole[-1] >= 10_000 else f"{dollars:,}" for dollars in whole]
    places = -step.adjusted()
    return [f"{Decimal(pico) / PICO_PER_USD:,.{places}f}" for pico in steps]
