"""Which of two offers is cheaper along one axis of a workload, and the exact places where that changes.

Costs are straight lines in tokens and requests, broken at cliffs: where a tier begins, and where a request no longer
fits. Between two cliffs the prices of both ends tell all, so every place is found exactly, in whole numbers, without
trying each. Where one of the two has no cost there is a gap, never a zero.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from catalog.pricing.cost import NO_LIMITS, Cost, Limits, Reason, cost
from catalog.pricing.rates import PriceState, RateRow
from catalog.pricing.terms import Term
from catalog.pricing.workload import MOST_REQUESTS, MOST_TOKENS, Workload


class Axis(StrEnum):
    """What is varied while the rest of the workload stays: each is one of its fields."""

    CACHED = "cached_read"
    OUTPUT = "output"
    PROMPT = "prompt"
    VOLUME = "requests"


class Verdict(StrEnum):
    """Which of two offers costs less; unknown where one of them has no cost."""

    FIRST = "first"
    SECOND = "second"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tariff:
    """All rates of one offer, what is known of its prices, its sizes, and the contract terms for it, whatever the mode.

    Rates and state are the catalog's own; the terms are in the order of `pricing.terms.in_force`.
    """

    rates: Sequence[RateRow]
    state: PriceState
    limits: Limits = NO_LIMITS
    terms: Sequence[Term] = ()

    def term_in(self, mode: str) -> Term | None:
        """The term that applies in this mode."""
        return next((term for term in self.terms if term.mode in ("", mode)), None)


class Reach(NamedTuple):
    """The places on an axis, both ends included: tokens, or requests per month."""

    low: int
    high: int


class Point(NamedTuple):
    """What a month costs at one place: pico-dollars of either offer, or why there is no cost."""

    place: int
    first: int | Reason
    second: int | Reason

    @property
    def verdict(self) -> Verdict:
        """Which of the two costs less here."""
        if isinstance(self.first, Reason) or isinstance(self.second, Reason):
            return Verdict.UNKNOWN
        return _verdict(self.first - self.second)

    @property
    def reasons(self) -> tuple[Reason | None, Reason | None]:
        """Why the one and the other have no cost here; None where they have one."""
        first, second = (value if isinstance(value, Reason) else None for value in self[1:])
        return first, second


class Stretch(NamedTuple):
    """From ``start`` to ``end``, both included, one verdict and the same ``reasons`` of either hold."""

    start: int
    end: int
    verdict: Verdict
    reasons: tuple[Reason | None, Reason | None] = (None, None)


class Crossing(NamedTuple):
    """Where the cheaper one changes: ``before`` is the last place of ``was``, ``after`` the first of ``becomes``.

    Between the two both cost the same. ``at`` is where the lines meet; of a ``jump`` over a cliff it is ``before``.
    """

    before: int
    after: int
    was: Verdict
    becomes: Verdict
    at: Fraction
    jump: bool

    @property
    def shown(self) -> int:
        """The one place that stands for it: where both cost the same, else the last before the change."""
        return self.before if self.after == self.before + 1 else self.before + 1


class Comparison(NamedTuple):
    """Two offers along an axis: the stretches from end to end, the crossings, and each one's cliffs.

    A cliff is the first place after it.
    """

    reach: Reach
    stretches: tuple[Stretch, ...]
    crossings: tuple[Crossing, ...]
    cliffs: tuple[frozenset[int], frozenset[int]]


def reach_of(axis: Axis, workload: Workload) -> Reach:
    """All places that a workload can have on the axis while its other numbers stay as they are."""
    if axis is Axis.CACHED:
        return Reach(0, workload.prompt - workload.cache_written)
    if axis is Axis.PROMPT:
        return Reach(max(1, workload.cached_read + workload.cache_written), MOST_TOKENS)
    return Reach(0, MOST_TOKENS) if axis is Axis.OUTPUT else Reach(1, MOST_REQUESTS)


def compare(first: Tariff, second: Tariff, workload: Workload, axis: Axis, reach: Reach | None = None) -> Comparison:
    """Who is cheaper where, for the workload with each place of ``reach``, all of them for None."""
    reach = reach or reach_of(axis, workload)
    at = partial(point, first, second, workload, axis)
    cliffs = (_cliffs(first, axis, reach), _cliffs(second, axis, reach))
    stretches: list[Stretch] = []
    for start, end in _pieces(reach, cliffs[0] | cliffs[1]):
        for found in _parted(at(start), at(end)):
            if stretches and stretches[-1][2:] == found[2:]:
                found = found._replace(start=stretches.pop().start)
            stretches.append(found)
    crossings = tuple(_crossing(*sides, cliffs[0] | cliffs[1], at) for sides in _changes(stretches))
    return Comparison(reach, tuple(stretches), crossings, cliffs)


def point(first: Tariff, second: Tariff, workload: Workload, axis: Axis, place: int) -> Point:
    """What a month of the workload costs on both with ``place`` as its number on the axis."""
    moved = replace(workload, **{axis.value: place})  # type: ignore[arg-type]  # each names a field of numbers
    return Point(place, _per_month(first, moved), _per_month(second, moved))


def _per_month(tariff: Tariff, workload: Workload) -> int | Reason:
    term = tariff.term_in(workload.mode)
    found = cost(tariff.rates, workload, state=tariff.state, limits=tariff.limits, term=term)
    return found.per_month if isinstance(found, Cost) else found


def _cliffs(tariff: Tariff, axis: Axis, reach: Reach) -> frozenset[int]:
    """The first place of each tier, and the first that no longer fits."""
    last: set[int | None] = set()
    if axis is Axis.PROMPT:
        last |= {tariff.limits.context, tariff.limits.max_input}
        last |= {end for row in tariff.rates for end in (row.above, row.up_to)}
    elif axis is Axis.OUTPUT:
        last.add(tariff.limits.max_output)
    return frozenset(end + 1 for end in last if end is not None and reach.low < end + 1 <= reach.high)


def _pieces(reach: Reach, cliffs: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Straight pieces. Both ends stand alone: with no token of a kind its price is not needed, and 0 is no price."""
    low, high = reach
    starts = sorted({low, min(low + 1, high), high} | cliffs)
    return zip(starts, [*(start - 1 for start in starts[1:]), high], strict=True)


def _parted(start: Point, end: Point) -> Iterator[Stretch]:
    """The stretches of one straight piece."""
    if start.verdict is Verdict.UNKNOWN or start.verdict is end.verdict:
        yield Stretch(start.place, end.place, start.verdict, start.reasons)
        return
    zero = _zero(start, end)
    last = -(-zero.numerator // zero.denominator) - 1
    if last >= start.place:
        yield Stretch(start.place, last, start.verdict)
    if zero.denominator == 1:
        yield Stretch(zero.numerator, zero.numerator, Verdict.SAME)
        last = zero.numerator
    if last < end.place:
        yield Stretch(last + 1, end.place, end.verdict)


def _zero(start: Point, end: Point) -> Fraction:
    """Where two straight lines meet that change sides between these points."""
    (gap_before, gap_after) = (int(each.first) - int(each.second) for each in (start, end))
    return start.place + Fraction(gap_before * (end.place - start.place), gap_before - gap_after)


def _verdict(difference: int) -> Verdict:
    if not difference:
        return Verdict.SAME
    return Verdict.FIRST if difference < 0 else Verdict.SECOND


def _changes(stretches: Sequence[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Each two stretches between which the cheaper one changes, with nothing but equal costs between them."""
    was: Stretch | None = None
    for stretch in stretches:
        if stretch.verdict is Verdict.SAME:
            continue
        known = stretch.verdict is not Verdict.UNKNOWN
        if was and known and stretch.verdict is not was.verdict:
            yield was, stretch
        was = stretch if known else None


def _crossing(was: Stretch, becomes: Stretch, cliffs: frozenset[int], at: Callable[[int], Point]) -> Crossing:
    before, after = was.end, becomes.start
    jump = after == before + 1 and after in cliffs
    if jump:
        return Crossing(before, after, was.verdict, becomes.verdict, Fraction(before), jump)
    place = Fraction(before + 1) if after > before + 1 else _zero(at(before), at(after))
    return Crossing(before, after, was.verdict, becomes.verdict, place, jump)
