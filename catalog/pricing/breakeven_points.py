"""Which part of an axis is worth drawing for two offers, and the points to draw their costs through."""

from catalog.pricing.breakeven import Axis, Comparison, Point, Reach, Tariff, point
from catalog.pricing.workload import Workload

FAR = 10
"""Crossings beyond so many times the workload's own number are not worth a chart that far, but for the nearest."""
SHORTEST = 1_000
"""Tokens or requests that a chart shows at the least."""


def window(found: Comparison, workload: Workload, axis: Axis) -> Reach:
    """The places worth drawing: twice as far as the workload goes, and further where the cheaper one changes there.

    ``found`` is the comparison over all places.
    """
    low, high = found.reach
    if axis is Axis.CACHED:
        return found.reach
    now: int = getattr(workload, axis.value)
    nearest = sorted(abs(crossing.before - now) for crossing in found.crossings)[:1]
    near = [
        crossing.after
        for crossing in found.crossings
        if crossing.after <= FAR * now or abs(crossing.before - now) in nearest
    ]
    furthest = max([2 * now, SHORTEST, *(after * 5 // 4 + 1 for after in near)])
    return Reach(low, min(high, max(low, furthest)))


def series(
    first: Tariff, second: Tariff, workload: Workload, axis: Axis, found: Comparison, steps: int = 20
) -> list[Point]:
    """Points to draw both lines through: evenly spread ones, both sides of each cliff and of each crossing.

    ``found`` is the comparison over the places to be drawn.
    """
    low, high = found.reach
    places = {low + (high - low) * step // steps for step in range(steps + 1)}
    places |= {side for cliff in found.cliffs[0] | found.cliffs[1] for side in (cliff - 1, cliff)}
    places |= {side for crossing in found.crossings for side in (crossing.before, crossing.after)}
    places |= {side for stretch in found.stretches for side in (stretch.start, stretch.end)}
    return [point(first, second, workload, axis, place) for place in sorted(places)]
