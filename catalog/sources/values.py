"""Values that many catalogs send, each in its own spelling: token counts, days, prices, names of capabilities."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from catalog.pricing.units import dollars
from catalog.sources.base import MOST_TOKENS

COUNT = re.compile(r"[0-9]{1,13}(\.0+)?")
DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}){0,2})(?=$|T)")
# Unix seconds reach 10**11 in the year 5138, so a larger number counts milliseconds.
MOST_SECONDS = 10**11
FREE_ID = re.compile(r"[:/-]free$", re.IGNORECASE)
CAPABILITIES = {
    "file_input": "attachment",
    "function_calling": "tool_call",
    "response_schema": "structured_output",
    "structured_outputs": "structured_output",
    "tool_calls": "tool_call",
    "tool_use": "tool_call",
    "tools": "tool_call",
}


def token_count(value: object) -> int | None:
    """A number of tokens, sent as a number or as text; 0, -1 and what is no whole number are unknown."""
    if isinstance(value, str):
        value = Decimal(value.strip()) if COUNT.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 < value <= MOST_TOKENS:
        return None
    return int(value) if value == int(value) else None


def day(value: object) -> str:
    """A day as ``2025-04-14``, from Unix seconds or milliseconds or from an ISO date; "" if it is neither.

    A date may end at its year or its month.
    """
    if isinstance(value, str):
        found = DATE.match(value.strip())
        return found[1] if found and _is_day(found[1]) else ""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 < value < MOST_SECONDS * 1000:
        return ""
    seconds = int(value) // 1000 if value >= MOST_SECONDS else int(value)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text + "2000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def has_come(sent: str, now: datetime) -> bool:
    """Whether a date as `day` reads it is today or past; a month or a year has come once it is over."""
    today = f"{now.astimezone(UTC):%Y-%m-%d}"
    return bool(sent) and (sent == today or sent < today[: len(sent)])


def capabilities(words: Iterable[str]) -> tuple[str, ...]:
    """One catalog's words for capabilities as the words that all share, each once: ``tool-use`` is ``tool_call``."""
    plain = (re.sub("[- ]", "_", word.strip().casefold()).removeprefix("supports_") for word in words)
    return tuple(dict.fromkeys(CAPABILITIES.get(word, word) for word in plain))


def says_free(model_id: str) -> bool:
    """Whether the id itself says that the model is free: ``…:free``, ``…-free``, ``…/free``."""
    return FREE_ID.search(model_id) is not None


def usd_text(value: object, times: int = 1) -> str:
    """A price in US dollars that is not one of tokens, ``times`` over, as plain decimal text; "" if there is none.

    Every digit that `dollars` keeps, no exponent and no zeros at the end: ``0.000000025``. Raises PriceError.
    """
    usd = dollars(value)
    return "" if usd is None else f"{(usd * times).normalize():f}"
