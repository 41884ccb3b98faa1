"""When a catalog is read next: never together, never too often, and not for ever less."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.errors import SourceRefused, SourceUnavailable, SourceUnreadable
from catalog.sync.schedule import after_failure, after_success
from tests.make import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DOWN = SourceUnavailable("The server did not answer.")
LATER = timedelta(seconds=1)


def about(wait):
    """The bounds of ``wait`` with its jitter."""
    return wait, wait * 1.1


def test_many_catalogs_read_at_once_drift_apart():
    moments = {after_success(NOON, HOUR) for _ in range(50)}
    assert len(moments) == 50
    assert all(HOUR <= moment - NOON <= HOUR * 1.1 for moment in moments)


@pytest.mark.parametrize(
    ("refresh", "failures", "error", "wait"),
    [
        (HOUR, 1, DOWN, 5 * MINUTE),
        (HOUR, 2, DOWN, 10 * MINUTE),
        (HOUR, 5, DOWN, 80 * MINUTE),
        (HOUR, 9, DOWN, 1_280 * MINUTE),
        (HOUR, 10, DOWN, DAY),
        (HOUR, 4_000_000_000, DOWN, DAY),
        (MINUTE, 1, DOWN, MINUTE),
        (MINUTE, 4_000_000_000, DOWN, DAY),
        (7 * DAY, 1, DOWN, 5 * MINUTE),
        (7 * DAY, 40, DOWN, 7 * DAY),
        (HOUR, 1, SourceRefused("The key was refused."), HOUR),
        (HOUR, 3, SourceUnreadable("The answer is not JSON."), 4 * HOUR),
        (7 * DAY, 9, ZeroDivisionError(), 7 * DAY),
    ],
)
def test_the_wait_after_failures_grows_and_ends(refresh, failures, error, wait):
    least, most = about(wait)
    assert least <= after_failure(NOON, refresh, failures, error) - NOON <= most


@pytest.mark.parametrize(
    ("retry_in", "wait"), [(-HOUR, 5 * MINUTE), (MINUTE, 5 * MINUTE), (2 * HOUR, 2 * HOUR), (90 * DAY, DAY)]
)
def test_a_catalog_that_names_a_time_is_left_alone_until_then(retry_in, wait):
    error = SourceUnavailable("Too many requests.", NOON + retry_in)
    least, most = about(wait)
    assert least <= after_failure(NOON, HOUR, 1, error) - NOON <= most


@pytest.mark.parametrize(
    ("planned_in", "error", "wait"),
    [
        (10 * MINUTE, DOWN, 10 * MINUTE),
        (3 * HOUR, DOWN, 80 * MINUTE),
        (-MINUTE, DOWN, 80 * MINUTE),
        (10 * MINUTE, SourceUnavailable("Too many requests.", NOON + 2 * HOUR), 2 * HOUR),
    ],
)
def test_what_was_planned_is_not_put_off_by_a_person_who_tried(planned_in, error, wait):
    least, most = about(wait)
    assert least <= after_failure(NOON, HOUR, 5, error, NOON + planned_in) - NOON <= most


@given(st.integers(1, 10**6), st.integers(1, 2**31 - 1), st.booleans())
def test_no_catalog_is_given_up(minutes, failures, refused):
    error = SourceRefused("No.") if refused else DOWN
    refresh = timedelta(minutes=minutes)
    wait = after_failure(NOON, refresh, failures, error) - NOON
    assert MINUTE <= wait <= max(DAY, refresh) * 1.1 + LATER
