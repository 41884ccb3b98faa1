"""The step chart: where prices and days are drawn, on which axis, and what stands at the ends of the lines."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from dashboard.charts.steps import BASE, HEIGHT, TOP, Series, drawn_lines, step_chart
from tests.make import DOLLAR

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=100)


def day(number):
    return START + timedelta(days=number)


def chart(*series):
    return step_chart([Series(f"s{i}", 1, steps) for i, steps in enumerate(series)], NOW)


def test_each_price_holds_until_the_next():
    levels = chart([(day(0), 10 * DOLLAR), (day(50), 5 * DOLLAR)]).lines[0].levels
    assert [(level.x1, level.x2) for level in levels] == [("4.00%", "52.00%"), ("52.00%", "100.00%")]
    assert [level.y for level in levels] == [TOP, TOP + (BASE - TOP) / 2]
    assert [level.before for level in levels] == [None, TOP]
    assert levels[0].title == "s0: 10.00 from 1 Jan to 20 Feb"
    assert levels[1].title == "s0: 5.00 from 20 Feb"


def test_an_unknown_price_is_a_gap_and_free_is_the_base_line():
    levels = chart([(day(0), DOLLAR), (day(20), None), (day(40), 0)]).lines[0].levels
    assert [(level.x1, level.y, level.before) for level in levels] == [("4.00%", TOP, None), ("42.40%", BASE, None)]
    assert levels[1].title == "s0: free from 10 Feb"


def test_what_nobody_dates_starts_at_the_left_edge():
    levels = chart([(None, DOLLAR)], [(day(0), DOLLAR)]).lines[0].levels
    assert (levels[0].x1, levels[0].x2, levels[0].title) == ("0%", "100.00%", "s0: 1.00")


def test_what_comes_after_the_end_is_left_out():
    made = step_chart([Series("a", 1, [(day(0), DOLLAR), (day(101), 9 * DOLLAR)])], NOW)
    assert [level.title for level in made.lines[0].levels] == ["a: 1.00 from 1 Jan"]


def test_since_a_day_it_starts_there_with_what_held_then():
    series = [Series("a", 1, [(day(0), DOLLAR), (day(20), 3 * DOLLAR), (day(80), 2 * DOLLAR)])]
    made = step_chart(series, NOW, since=day(60))
    levels = made.lines[0].levels
    assert [(level.x1, level.x2) for level in levels] == [("0.00%", "50.00%"), ("50.00%", "100.00%")]
    assert levels[0].title == "a: 3.00 from 21 Jan to 22 Mar"
    assert levels[0].before is None
    assert step_chart([Series("a", 1, [(day(0), DOLLAR), (day(20), None)])], NOW, since=day(60)) is None


def test_a_line_that_any_chart_draws_is_in_the_legend():
    priced, unknown = [(day(0), DOLLAR)], [(day(0), None)]
    charts = [chart(priced, unknown, unknown), chart(unknown, unknown, priced)]
    assert [line.label for line in drawn_lines(charts)] == ["s0", "s2"]


@pytest.mark.parametrize("series", [[], [Series("a", 1, [])], [Series("a", 1, [(None, None)])]])
def test_without_a_price_there_is_no_chart(series):
    assert step_chart(series, NOW) is None


class TestAxis:
    @pytest.mark.parametrize(("highest", "log"), [(19, False), (20, True)])
    def test_it_is_a_log_one_where_prices_are_far_apart(self, highest, log):
        assert chart([(day(0), DOLLAR)], [(day(0), highest * DOLLAR)]).log == log

    def test_equal_ratios_are_equally_far_apart(self):
        made = chart([(day(0), DOLLAR)], [(day(0), 10 * DOLLAR)], [(day(0), 100 * DOLLAR)])
        low, middle, high = (line.levels[0].y for line in made.lines)
        assert (low, middle, high) == (BASE, (TOP + BASE) / 2, TOP)
        assert [mark.text for mark in made.prices] == ["1.00", "10.00", "100.00"]

    def test_free_lies_under_the_lowest_price(self):
        made = chart([(day(0), 0)], [(day(0), DOLLAR)], [(day(0), 100 * DOLLAR)])
        assert made.lines[0].levels[0].y == BASE
        assert TOP < made.lines[1].levels[0].y < BASE

    @pytest.mark.parametrize("most", [1, 3, 7, 99, DOLLAR, 15 * DOLLAR, 999_999_999])
    def test_a_linear_one_names_up_to_five_prices_above_0(self, most):
        prices = chart([(day(0), most)]).prices
        assert 1 <= len(prices) <= 5
        assert all(TOP <= mark.y < BASE for mark in prices)

    def test_all_free(self):
        made = chart([(day(0), 0)])
        assert (made.lines[0].levels[0].y, made.prices, made.ends[0].text) == (BASE, [], "s0 free")


class TestDays:
    @pytest.mark.parametrize(
        ("span", "names"),
        [
            (3, ["23 Oct", "24 Oct", "25 Oct"]),
            (100, ["Aug", "Sep", "Oct"]),
            (400, ["Oct 2025", "Jan 2026", "Apr", "Jul", "Oct"]),
            (1200, ["2024", "2025", "2026"]),
        ],
    )
    def test_they_are_days_months_or_years(self, span, names):
        end = datetime(2026, 10, 25, 12, tzinfo=UTC)
        made = step_chart([Series("a", 1, [(end - timedelta(days=span), DOLLAR)])], end)
        assert [tick.text for tick in made.days] == names

    def test_read_just_now(self):
        made = step_chart([Series("a", 1, [(NOW, DOLLAR)])], NOW)
        assert made.days == []
        assert made.lines[0].levels[0].x1 == "100.00%"


class TestNames:
    def test_lines_of_the_same_mark_are_told_apart(self):
        marks = [3, 3, 1, 3]
        made = step_chart([Series("a", mark, [(day(0), DOLLAR)]) for mark in marks], NOW)
        assert [line.variant for line in made.lines] == [0, 1, 0, 2]

    def test_those_at_one_price_share_a_name_and_none_lie_upon_each_other(self):
        made = chart(*([(day(0), price)] for price in (DOLLAR, DOLLAR, DOLLAR + 1, DOLLAR + 2, 0, 1)))
        assert "s0 and 1 more 1.00" in [end.text for end in made.ends]
        alike = Series("google/gemini-2.5-pro of one", 1, [(day(0), DOLLAR)], more=5)
        (end,) = step_chart([alike, alike], NOW).ends
        assert (end.text, end.short) == (
            "google/gemini-2.5-pro of one and 11 more 1.00",
            "google/gemini-2.5-p… and 11 more 1.00",
        )
        places = [end.y for end in made.ends]
        assert all(below - above >= 13 for above, below in pairwise(places))
        assert all(0 < y < HEIGHT for y in places)
