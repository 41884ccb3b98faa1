"""Values in the spellings that catalogs use."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.units import PriceError
from catalog.sources.values import capabilities, day, has_come, says_free, token_count, usd_text


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (128_000, 128_000),
        ("32768", 32_768),
        (Decimal("131072.0"), 131_072),
        (" 8192 ", 8_192),
        (10**12, 10**12),
        (0, None),
        (-1, None),
        ("", None),
        ("unlimited", None),
        ("128k", None),
        (Decimal("0.5"), None),
        (10**12 + 1, None),
        (10**30, None),
        (True, None),
        (None, None),
        ([4096], None),
        ("４０９６", None),
    ],
)
def test_token_counts(value, count):
    assert token_count(value) == count


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_744_316_542, "2025-04-10"),
        (1_767_225_600_000, "2026-01-01"),
        (Decimal("1744316542.5"), "2025-04-10"),
        ("2027-08-31T12:00:00Z", "2027-08-31"),
        ("2025-04", "2025-04"),
        ("2025", "2025"),
        ("soon", ""),
        ("2025-04-14 or so", ""),
        ("2025-02-30", ""),
        ("2025-13", ""),
        (0, ""),
        (-5, ""),
        (10**20, ""),
        (True, ""),
        (None, ""),
    ],
)
def test_days(value, expected):
    assert day(value) == expected


@given(st.integers(10**8, 4 * 10**9))
def test_seconds_milliseconds_and_text_name_the_same_day(seconds):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert day(seconds) == day(seconds * 1000) == day(moment.isoformat()) == f"{moment:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("sent", "come"),
    [
        ("2026-11-21", True),
        ("2026-11-22", True),
        ("2026-11-23", False),
        ("2026-10", True),
        ("2026-11", False),
        ("2025", True),
        ("2026", False),
        ("", False),
    ],
)
def test_a_day_has_come_when_it_begins_and_a_month_when_it_is_over(sent, come):
    assert has_come(sent, datetime(2026, 11, 22, 20, tzinfo=UTC)) is come


def test_capabilities_share_their_words():
    assert capabilities(["tool-use", "Function Calling", "supports_tools", "tools", "tool_call"]) == ("tool_call",)
    assert capabilities(["Vision", "structured_outputs", "response-schema"]) == ("vision", "structured_output")


@pytest.mark.parametrize(
    ("ref", "free"),
    [("a/b:free", True), ("a-free", True), ("openrouter/free", True), ("a/freedom", False), ("free-a", False)],
)
def test_an_id_says_free_only_at_its_end(ref, free):
    assert says_free(ref) is free


@pytest.mark.parametrize(
    ("value", "times", "text"),
    [
        ("0.0001", 1, "0.0001"),
        (Decimal("1.5E-5"), 10**6, "15"),
        (100, 1, "100"),
        (0, 1, "0"),
        (None, 1, ""),
        ("", 1, ""),
    ],
)
def test_dollars_are_plain_text(value, times, text):
    assert usd_text(value, times) == text


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "1e999999", "1e-999999", "cheap", True, [1], "9" * 100])
def test_what_is_no_amount_of_dollars_is_an_error(value):
    with pytest.raises(PriceError):
        usd_text(value)
