"""When a server wants to be asked again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPHeaderDict

from catalog.sources.http.waits import LONGEST, retry_at

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def wait(limited=True, **headers):
    """Seconds from noon; headers with underscores for dashes."""
    named = HTTPHeaderDict({name.replace("_", "-"): value for name, value in headers.items()})
    moment = retry_at(named, NOON, limited=limited)
    return None if moment is None else (moment - NOON).total_seconds()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry_After": "120"}, 120),
        ({"Retry_After": " 1.5 "}, 1.5),
        ({"Retry_After": "Sun, 22 Nov 2026 12:10:00 GMT"}, 600),
        ({"Retry_After": "Sun, 22 Nov 2026 13:10:00 +0100"}, 600),
        ({"Retry_After": "Sun, 22 Nov 2026 12:10:00"}, 600),
        ({"Retry_After": "Sat, 21 Nov 2026 12:00:00 GMT"}, 0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "nan"}, None),
        ({"Retry_After": "9" * 400}, None),
        ({"Retry_After": "9" * 30}, LONGEST.total_seconds()),
        ({"Retry_After_Ms": "2500", "Retry_After": "3"}, 2.5),
        ({"X_RateLimit_Reset": "30"}, 30),
        ({"X_RateLimit_Reset": str(int(NOON.timestamp()) + 30)}, 30),
        ({"X_RateLimit_Reset": str((int(NOON.timestamp()) + 30) * 1_000)}, 30),
        ({"X_RateLimit_Reset": "30", "Retry_After": "7"}, 7),
        ({"X_RateLimit_Reset": "30", "limited": False}, None),
    ],
)
def test_each_way_to_say_it(headers, seconds):
    assert wait(**headers) == seconds


@given(st.integers(0, LONGEST.days * 24 * 3_600))
def test_seconds_and_dates_say_the_same(seconds):
    date = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    assert wait(Retry_After=str(seconds)) == wait(Retry_After=date) == seconds


@given(
    st.sampled_from(["Retry-After", "retry-after-ms", "X-RateLimit-Reset"]),
    st.text() | st.floats().map(str) | st.integers().map(str) | st.datetimes().map(format_datetime),
)
def test_whatever_is_sent_the_moment_lies_between_now_and_a_year_later(name, text):
    moment = retry_at(HTTPHeaderDict({name: text}), NOON, limited=True)
    assert moment is None or NOON <= moment <= NOON + LONGEST
