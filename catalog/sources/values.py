"""Values that many catalogs send, each in its own spelling: token counts, days, prices, names of capabilities."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from catalog.pricing.units import LONGEST_TEXT, PriceError

# No model reads a billion tokens: above it a catalog has sent something else.
MOST_TOKENS = 10**9
# Unix seconds reach 10**11 in the year 5138, so a larger number counts milliseconds.
MOST_SECONDS = 10**11
# More digits before or after the point than this are no price in US dollars.
MOST_DIGITS = 20
FREE_ID = re.compile(r"[:/-]free$", re.IGNORECASE)
CAPABILITIES = {
    "function_calling": "tool_call",
    "supports_tools": "tool_call",
    "tool_use": "tool_call",
    "tools": "tool_call",
    "supports_structured_output": "structured_output",
    "structured_outputs": "structured_output",
    "file_input": "attachment",
}


def token_count(value: object) -> int | None:
    """A number of tokens, sent as a number or as text; 0, -1 and what is no whole number are unknown."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,10}(\.0+)?", text):
        return None
    count = int(Decimal(text))
    return count if 0 < count <= MOST_TOKENS else None


def day(value: object) -> str:
    """A day as ``2025-04-14``, from Unix seconds or milliseconds or from an ISO date; "" if it is neither."""
    if isinstance(value, str):
        found = re.match(r"\d{4}(-\d\d){0,2}(?=$|T)", value.strip())
        return found.group() if found else ""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 < value < MOST_SECONDS * 1000:
        return ""
    seconds = int(value) // 1000 if value >= MOST_SECONDS else int(value)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def capability(word: str) -> str:
    """One catalog's word for a capability as the word that all of them share: ``tool-use`` is ``tool_call``."""
    plain = word.strip().casefold().replace("-", "_").replace(" ", "_")
    return CAPABILITIES.get(plain, plain)


def says_free(model_id: str) -> bool:
    """Whether the id itself says that the model is free: ``…:free``, ``…-free``, ``…/free``."""
    return FREE_ID.search(model_id) is not None


def usd_text(value: object, times: int = 1) -> str:
    """A price in US dollars that is not one of tokens, ``times`` over, as plain decimal text; "" if there is none.

    Raises PriceError for what is negative or no finite number.
    """
    if value in (None, ""):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str) or len(str(value)) > LONGEST_TEXT:
        raise PriceError(f"The price {str(value)[:20]!r} is not a number.")
    try:
        usd = Decimal(value)
    except InvalidOperation:
        raise PriceError(f"The price {value!r} is not a number.") from None
    if not usd.is_finite() or usd < 0 or abs(usd.adjusted()) > MOST_DIGITS:
        raise PriceError(f"The price {value} cannot be one.")
    return f"{(usd * times).normalize():f}"
