"""Amounts of money as pages write them: no cents lost, no precision pretended, nothing that costs reads as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.formats import money_text, size_text

DOLLAR = 10**12
CENT = DOLLAR // 100


@pytest.mark.parametrize(
    ("pico", "places", "text"),
    [
        (None, 2, "—"),
        (0, 2, "free"),
        (16_960 * CENT, 2, "169.60"),
        (16_960 * CENT, 0, "170"),
        (2_782_499_999_999_999, 2, "2,782.50"),
        (10**28, 2, "10,000,000,000,000,000.00"),
        (4_240_000_000, 4, "0.0042"),
        (4_250_000_000, 4, "0.0043"),
        (123_456_789_000, 4, "0.1235"),
        (DOLLAR // 2, 0, "0.50"),
        (CENT // 2, 2, "0.0050"),
        (99_960_000_000, 2, "0.10"),
        (999_900_000_000, 2, "1.00"),
        (1, 4, "0.0000000000010"),
    ],
)
def test_money(pico, places, text):
    assert money_text(pico, places) == text


@given(st.integers(1, 10**35), st.sampled_from([0, 2, 4]))
def test_what_costs_something_never_reads_as_nothing_and_is_off_by_less_than_one_in_ten(pico, places):
    shown = float(money_text(pico, places).replace(",", "")) * DOLLAR
    assert shown > 0
    assert abs(shown - pico) <= max(0.06 * pico, 0.5 * DOLLAR if places == 0 and pico >= DOLLAR else 0)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [(None, "—"), (999, "999"), (16_384, "16.4K"), (999_999, "1M"), (4_800_000_000, "4.8B"), (10**16, "10,000T")],
)
def test_sizes(tokens, text):
    assert size_text(tokens) == text
