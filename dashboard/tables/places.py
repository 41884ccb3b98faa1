"""Places on an axis in words: a share of the prompt, tokens, or requests a month."""

from collections.abc import Iterator
from fractions import Fraction

from catalog.pricing.breakeven import Axis, Reach
from catalog.pricing.workload import Workload
from dashboard.charts.lines import nice_steps
from dashboard.formats import size_text

LABELS = {
    Axis.CACHED: "Cached share",
    Axis.OUTPUT: "Output length",
    Axis.PROMPT: "Prompt length",
    Axis.VOLUME: "Volume",
}
SCALES = {
    Axis.CACHED: "Part of the prompt that is read from the cache",
    Axis.OUTPUT: "Output tokens per request",
    Axis.PROMPT: "Prompt tokens per request",
    Axis.VOLUME: "Requests per month",
}
EVERY = {
    Axis.CACHED: "whatever the cached share",
    Axis.OUTPUT: "whatever the length of the output",
    Axis.PROMPT: "whatever the length of the prompt",
    Axis.VOLUME: "at every volume: nothing is fixed, so costs grow with the requests alone",
}
UNITS = {Axis.CACHED: "cached", Axis.OUTPUT: "output tokens", Axis.PROMPT: "prompt tokens", Axis.VOLUME: "requests"}


def place_text(axis: Axis, place: int, workload: Workload) -> str:
    """One place alone: ``62%``, ``1,200``."""
    return _percent(Fraction(100 * place, workload.prompt)) if axis is Axis.CACHED else f"{place:,}"


def exact_text(axis: Axis, place: int, workload: Workload) -> str:
    """One place to the token: ``1,200``, and a share with its tokens: ``62% cached (620 of 1,000 tokens)``."""
    text = f"{place_text(axis, place, workload)} {UNITS[axis]}"
    return f"{text} ({place:,} of {workload.prompt:,} tokens)" if axis is Axis.CACHED else text


def axis_ticks(axis: Axis, reach: Reach, workload: Workload) -> Iterator[tuple[int, str]]:
    """Round places of the axis, with their texts."""
    if axis is Axis.CACHED:
        yield from ((workload.prompt * percent // 100, f"{percent}%") for percent in range(0, 101, 20))
    else:
        yield from ((place, size_text(place)) for place in nice_steps(reach.low, reach.high))


def _percent(share: Fraction) -> str:
    """Whole if it is, else with one decimal; only what is none or all of it reads so."""
    if share.denominator == 1:
        return f"{share}%"
    tenths = int(share * 10 + Fraction(1, 2))
    if tenths in (0, 1_000):
        return "<0.1%" if not tenths else ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"
