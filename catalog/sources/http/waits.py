"""When a server wants to be asked again, from whichever header it says so in."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=366)
EPOCH_FROM = 10**9
"""A reset above this is seconds since 1970, a smaller one seconds from now."""
MILLISECONDS_FROM = 10**11


def retry_at(headers: Mapping[str, str], now: datetime, *, limited: bool) -> datetime | None:
    """The moment that the headers name, between ``now`` (aware) and a year later; None if they name none.

    ``retry-after-ms`` is OpenAI's and Azure's, ``Retry-After`` is RFC 9110's (seconds or a date), and
    ``X-RateLimit-Reset`` holds seconds from now, or since 1970, or milliseconds since 1970 (OpenRouter's:
    https://openrouter.ai/docs/api/reference/limits). Many servers send that one always: it is read only where the rate
    was ``limited``. ``headers`` are looked up by name in any case.
    """
    moments = (
        _after(headers.get("retry-after-ms"), now, 1_000),
        _after(headers.get("retry-after"), now, 1) or _date(headers.get("retry-after")),
        _reset(headers.get("x-ratelimit-reset"), now) if limited else None,
    )
    moment = next((moment for moment in moments if moment is not None), None)
    return None if moment is None else min(max(moment, now), now + LONGEST)


def _after(text: str | None, now: datetime, per_second: int) -> datetime | None:
    number = _number(text)
    return None if number is None else now + timedelta(seconds=min(number / per_second, LONGEST.total_seconds()))


def _reset(text: str | None, now: datetime) -> datetime | None:
    number = _number(text)
    if number is None or number < EPOCH_FROM:
        return _after(text, now, 1)
    seconds = number / 1_000 if number >= MILLISECONDS_FROM else number
    return now + timedelta(seconds=min(seconds - now.timestamp(), LONGEST.total_seconds()))


def _date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    """A number that is not negative."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
