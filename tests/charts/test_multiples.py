"""The range of the catalog matrix: where marks stand, and the words for gaps beside it."""

import pytest

from dashboard.charts.multiples import Dot, dots, scale
from dashboard.tables.matrix import gap_text


@pytest.mark.parametrize(
    ("multiples", "top", "between"),
    [([], 2, ""), ([1, 2], 2, ""), ([1, 2.01], 3, "2"), ([1, 99.9, float("inf")], 100, "10"), ([5_000], 1_000, "30")],
)
def test_the_smallest_scale_that_holds_all(multiples, top, between):
    assert scale(multiples)[:2] == (top, between)


def test_places_are_logarithmic_and_what_is_beyond_stands_at_the_end():
    on = scale([100])
    assert [on.place(one) for one in (1, 10, 100, 1_000)] == [8, 74, 140, 140]


def test_marks_of_one_place_stand_above_each_other():
    assert dots([(1, 1.0), (2, 1.0), (3, 10.0)], scale([10])) == [Dot(1, 8, 8.5), Dot(2, 8, 15.5), Dot(3, 140, 12)]


def test_six_of_one_place_stay_within_the_row():
    heights = [dot.y for dot in dots([(mark, 1.0) for mark in range(1, 7)], scale([1]))]
    assert (min(heights), max(heights)) == (5, 19)


@pytest.mark.parametrize(
    ("base", "price", "text"),
    [
        (100, 100, "="),
        (100, 110, "+10%"),
        (1000, 1025, "+2.5%"),
        (100_000, 100_010, "+<0.1%"),
        (100, 75, "−25%"),
        (100, 399, "+299%"),
        (100, 400, "×4"),
        (100, 450, "×4.5"),
        (100, 1_849, "×18"),
        (0, 5, "paid"),
        (5, 0, "−100%"),
        (0, 0, "="),
    ],
)
def test_gaps_in_letters(base, price, text):
    assert gap_text(base, price) == text
