"""The break-even panel: where the cheaper of two offers changes, in sentences, as a chart and as a table."""

from collections.abc import Iterator
from typing import NamedTuple

from catalog.pricing.breakeven import Axis, Comparison, Point, Stretch, Tariff, Verdict, compare
from catalog.pricing.breakeven_points import series, window
from catalog.pricing.cost import Reason
from catalog.pricing.term_text import term_text
from catalog.pricing.workload import Workload
from dashboard.charts.lines import LineChart, line_chart
from dashboard.formats import money_text
from dashboard.forms.baseline import AXES
from dashboard.tables.places import EVERY, LABELS, SCALES, UNITS, axis_ticks, exact_text, place_text


class Row(NamedTuple):
    """One place of the chart in figures: dollars a month of either, and which is cheaper."""

    place: str
    first: str
    second: str
    cheaper: str


class BreakEven(NamedTuple):
    """What the panel shows. ``now`` is where the workload itself stands on the axis.

    ``contracts`` are sentences on the terms by which either offer is ours.
    """

    first: str
    second: str
    axes: tuple[tuple[str, str], ...]
    axis: str
    scale: str
    now: str
    sentences: tuple[str, ...]
    contracts: tuple[str, ...]
    chart: LineChart
    rows: tuple[Row, ...]


def break_even(first: tuple[str, Tariff], second: tuple[str, Tariff], workload: Workload, axis: str) -> BreakEven:
    """The panel for two offers, each a name and a tariff, along one of AXES."""
    along = AXES[axis]
    names = {Verdict.FIRST: first[0], Verdict.SECOND: second[0]}
    tariffs = (first[1], second[1])
    whole = compare(*tariffs, workload, along)
    shown = compare(*tariffs, workload, along, window(whole, workload, along))
    points = series(*tariffs, workload, along, shown)
    now = getattr(workload, along.value)
    words = _Words(axis, workload, names)
    return BreakEven(
        first=first[0],
        second=second[0],
        axes=tuple((key, LABELS[each]) for key, each in AXES.items()),
        axis=axis,
        scale=SCALES[along],
        now=words.place(now),
        sentences=tuple(words.sentences(whole)),
        contracts=tuple(
            f"{name} is by contract: {term_text(term)}."
            for name, tariff in (first, second)
            if (term := tariff.term_in(workload.mode))
        ),
        chart=line_chart(
            points,
            shown,
            ticks=axis_ticks(along, shown.reach, workload),
            marks=[words.place(crossing.shown) for crossing in shown.crossings],
            now=now,
        ),
        rows=tuple(words.row(each) for each in points),
    )


class _Words:
    """Places and verdicts of one comparison in words."""

    def __init__(self, axis: str, workload: Workload, names: dict[Verdict, str]) -> None:
        self.axis, self.workload, self.names = AXES[axis], workload, names

    def place(self, place: int) -> str:
        return f"{place_text(self.axis, place, self.workload)} {UNITS[self.axis]}"

    def sentences(self, found: Comparison) -> Iterator[str]:
        """One per stretch; a single one for what holds everywhere."""
        if len(found.stretches) == 1:
            yield self._everywhere(found.stretches[0])
            return
        for number, stretch in enumerate(found.stretches):
            before = found.stretches[number - 1] if number else None
            after = found.stretches[number + 1] if number + 1 < len(found.stretches) else None
            yield f"{self._where(stretch, before, after)}, {self._verdict(stretch)}"

    def row(self, point: Point) -> Row:
        costs = (_dollars(point.first), _dollars(point.second))
        cheaper = self.names.get(point.verdict, "the same" if point.verdict is Verdict.SAME else "—")
        share = f" ({place_text(self.axis, point.place, self.workload)})" if self.axis is Axis.CACHED else ""
        return Row(f"{point.place:,}{share}", *costs, cheaper)

    def _everywhere(self, stretch: Stretch) -> str:
        verdict = self._verdict(stretch)
        if stretch.verdict is Verdict.UNKNOWN:
            return _sentence(verdict)
        always = f"{verdict.removesuffix('.')} {EVERY[self.axis]}."
        return _sentence(always) if stretch.verdict is Verdict.SAME else f"Never. {always}"

    def _where(self, stretch: Stretch, before: Stretch | None, after: Stretch | None) -> str:
        if stretch.start == stretch.end:
            return f"At {self._exact(stretch.start)}"
        low = "" if before is None else f"Above {place_text(self.axis, before.end, self.workload)}"
        if after is None:
            return f"Above {self._exact(stretch.start - 1)}"
        one = after.start == after.end
        word, end = ("Below", after.start) if one else ("Up to", stretch.end)
        if not low:
            return f"{word} {self._exact(end)}"
        return f"{low} and {word.lower()} {self.place(end)}"

    def _exact(self, place: int) -> str:
        return exact_text(self.axis, place, self.workload)

    def _verdict(self, stretch: Stretch) -> str:
        if stretch.verdict is Verdict.SAME:
            return "both cost the same."
        if stretch.verdict is not Verdict.UNKNOWN:
            return f"{self.names[stretch.verdict]} is cheaper."
        first, second = stretch.reasons
        told = {f"{first}": "Both"} if first is second else {}
        said = dict.fromkeys(
            f"{told.get(f'{reason}', name)}: {reason.sentence}"
            for name, reason in zip(self.names.values(), stretch.reasons, strict=True)
            if reason is not None
        )
        return f"they cannot be compared. {' '.join(said)}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _dollars(cost: int | Reason) -> str:
    return "—" if isinstance(cost, Reason) else money_text(cost, 2)
