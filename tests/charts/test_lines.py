"""The numbers of a line chart: round steps, places in percent, broken at cliffs and gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.breakeven import Axis, Reach, Tariff, compare
from catalog.pricing.breakeven_points import series
from catalog.pricing.cost import Limits
from catalog.pricing.rates import PriceState, Tiered, tier_rows
from catalog.pricing.units import PICO_PER_USD
from catalog.pricing.workload import Workload
from dashboard.charts.lines import dollar_texts, line_chart, nice_steps
from tests.make import DOLLAR, row

CHAT = Workload(requests=1_000, prompt=500, output=100)


def chart(first, second, axis, high):
    reach = Reach(1, high)
    found = compare(first, second, CHAT, axis, reach)
    texts = [f"mark {number}" for number in range(len(found.crossings))]
    points = series(first, second, CHAT, axis, found)
    return line_chart(points, found, ticks=[(1, "1"), (high, "end"), (high + 1, "out")], marks=texts, now=CHAT.prompt)


def test_a_tier_breaks_a_line_and_the_crossing_is_marked_at_it():
    tiers = tier_rows("standard", {"input": Tiered(DOLLAR, {700: 4 * DOLLAR}), "output": Tiered(8 * DOLLAR, {})})
    made = chart(Tariff(tiers, PriceState.PRICED), Tariff([row()], PriceState.PRICED), Axis.PROMPT, 1_001)
    assert [stroke.x1 for stroke in made.first] == [0, 70]
    assert made.first[0].x2 == 69.9
    assert len(made.second) == 1
    # $4.80 a month at 1,001 tokens above the floor: the scale ends at $5.
    assert [tick.text for tick in made.y_ticks] == ["0", "1", "2", "3", "4", "5"]
    assert made.first[1].y2 == pytest.approx(100 - 100 * 4.804 / 5, abs=0.001)
    assert [(mark.x, mark.text, mark.side) for mark in made.marks] == [(69.9, "mark 0", "end")]
    assert [tick.text for tick in made.x_ticks] == ["1", "end"]
    assert made.now == 49.9


def test_where_there_is_no_cost_there_is_no_line():
    small = Tariff([row()], PriceState.PRICED, Limits(context=400))
    made = chart(small, Tariff([], PriceState.UNKNOWN), Axis.PROMPT, 1_001)
    assert [(stroke.x1, stroke.x2) for stroke in made.first] == [(0, 39.9)]
    assert made.second == ()


def test_two_offers_without_any_cost_leave_an_empty_chart():
    nothing = Tariff([], PriceState.UNKNOWN)
    made = chart(nothing, nothing, Axis.VOLUME, 1_000)
    assert (made.first, made.second, made.marks) == ((), (), ())


@given(st.integers(0, 10**30), st.integers(1, 10**30))
def test_steps_are_round_few_and_hold_both_ends(low, more):
    steps = nice_steps(low, low + more)
    assert steps[0] <= low < low + more <= steps[-1]
    assert 2 <= len(steps) <= 6
    width = steps[1] - steps[0]
    assert str(width).rstrip("0") in {"1", "2", "5"}
    assert all(step % width == 0 for step in steps)


@pytest.mark.parametrize(
    ("step", "texts"),
    [
        (PICO_PER_USD // 100, ["0.00", "0.01", "0.02"]),
        (PICO_PER_USD // 2, ["0.0", "0.5", "1.0"]),
        (500 * PICO_PER_USD, ["0", "500", "1,000"]),
        (10**4 * PICO_PER_USD, ["0", "10K", "20K"]),
        (2, ["0.000000000000", "0.000000000002", "0.000000000004"]),
    ],
)
def test_dollars_of_an_axis_have_the_decimals_of_its_step(step, texts):
    assert dollar_texts([0, step, 2 * step]) == texts
