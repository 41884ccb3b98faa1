"""When a catalog is read next."""

import random
from datetime import datetime, timedelta

from catalog.sources.errors import SourceUnavailable

JITTER = 0.1
"""The share of the wait that chance may add, so that catalogs set up together drift apart."""
FIRST_RETRY = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)


def after_success(now: datetime, refresh: timedelta) -> datetime:
    """The end of the refresh interval or a little later, never earlier: vendors ask for a least interval."""
    return now + _with_jitter(refresh)


def after_failure(
    now: datetime, refresh: timedelta, failures: int, error: Exception, planned: datetime | None = None
) -> datetime:
    """A wait that doubles with each failure in a row, up to a day or the refresh interval if that is longer.

    A catalog that did not answer is tried again after a few minutes; anything else needs a person, so the first wait is
    the refresh interval. What was ``planned`` before a person tried it out is not put off by that. A time that the
    catalog named itself is respected, within the same bound.
    """
    longest = max(LONGEST_WAIT, refresh)
    first = min(FIRST_RETRY, refresh) if isinstance(error, SourceUnavailable) else refresh
    # 1 minute doubled 11 times is more than a day.
    wait = min(first * 2 ** min(failures - 1, 11), longest)
    retry_at = error.retry_at if isinstance(error, SourceUnavailable) else None
    again = now + _with_jitter(wait)
    again = min(again, planned) if planned and planned > now else again
    return max(again, min(retry_at or now, now + longest))


def _with_jitter(wait: timedelta) -> timedelta:
    return wait * (1 + random.uniform(0, JITTER))  # noqa: S311 (no secret)
