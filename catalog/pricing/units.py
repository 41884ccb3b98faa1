"""Prices in, prices out: any unit to pico-dollars per token, and back to text.

Inside Ratecard a price is an integer of pico-dollars (10⁻¹² USD) per token, so ``$1 per 1M tokens`` is
1,000,000. Unknown is None and free is 0; nothing here turns one into the other.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

PICO_PER_USD = 10**12
# No seller asks $100,000 for a million tokens: above it a catalog has mixed up its units.
HIGHEST_PICO = 100_000 * 1_000_000
# Nor $10,000 for a single request.
HIGHEST_PICO_PER_REQUEST = 10_000 * PICO_PER_USD
# Digits enough for any price sent as text; more is noise or an attack on the parser.
LONGEST_TEXT = 64
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
TWELVE_DIGITS = Context(prec=12, rounding=ROUND_HALF_EVEN)


class Unit(StrEnum):
    """What one price is for, as catalogs send it and as pages show it."""

    TOKEN = "1"
    THOUSAND = "1k"
    MILLION = "1m"

    @property
    def tokens(self) -> int:
        """How many tokens the unit holds."""
        return {Unit.TOKEN: 1, Unit.THOUSAND: 1_000, Unit.MILLION: 1_000_000}[self]


class PriceError(ValueError):
    """A price that cannot be right. The message is a sentence for the person who reads the sync."""


class Price(NamedTuple):
    """One parsed price: ``pico`` per token, or None when unknown; ``variable`` when the catalog says it varies."""

    pico: int | None
    variable: bool = False


UNKNOWN = Price(None)
VARIABLE = Price(None, variable=True)


def parse_price(value: object, unit: Unit) -> Price:
    """Read one price in US dollars per ``unit`` into pico-dollars per token.

    None and "" are unknown; -1 is "varies" (https://openrouter.ai/docs/api-reference/list-available-models lists
    such rows for its routers). Floats are read through their shortest text, so 4.2e-08 is 42,000 pico-dollars.

    Raises PriceError for anything else that is negative, not a finite number, above $100,000 per 1M tokens, or
    positive yet below what a pico-dollar can hold.
    """
    number = _number(value)
    if number is None:
        return UNKNOWN
    if number == -1:
        return VARIABLE
    if number < 0:
        raise PriceError(f"The price {value} is negative.")
    pico = _to_pico(number, unit.tokens, value)
    if pico > HIGHEST_PICO:
        raise PriceError(f"The price {value} is above $100,000 per 1M tokens: the unit looks wrong.")
    return Price(pico)


def pico_per_token(value: object, unit: Unit) -> int | None:
    """Read one price of a catalog that has no sign for "varies": -1 is as wrong there as any negative price.

    Pico-dollars per token, None for unknown. Raises PriceError.
    """
    price = parse_price(value, unit)
    if price.variable:
        raise PriceError(f"The price {value} is negative.")
    return price.pico


def pico_per_request(value: object, requests: int = 1) -> int | None:
    """Read a price in US dollars per ``requests`` requests into pico-dollars per request; raises PriceError."""
    number = dollars(value)
    if number is None:
        return None
    pico = _to_pico(number, requests, value)
    if pico > HIGHEST_PICO_PER_REQUEST:
        raise PriceError(f"The price {value} is above $10,000 per request: the unit looks wrong.")
    return pico


def dollars(value: object) -> Decimal | None:
    """Read a price in US dollars of a unit that is no token; None when unknown. Raises PriceError as parse_price does.

    Twelve significant digits are kept: what comes after is the noise of floats.
    """
    number = _number(value)
    if number is None:
        return None
    if number < 0:
        raise PriceError(f"The price {value} is negative.")
    _check_size(number, value)
    return TWELVE_DIGITS.plus(number)


def _number(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PriceError(f"The price is not a number but a {type(value).__name__}.")
    text = str(value).strip()
    if len(text) > LONGEST_TEXT:
        raise PriceError(f"The price {text[:20]}… has {len(text)} characters.")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise PriceError(f"The price {text!r} is not a number.") from None
    if not number.is_finite():
        raise PriceError(f"The price {text} is not a finite number.")
    return number


def _check_size(number: Decimal, sent: object) -> None:
    """Compare magnitudes before scaling, so that 1e999999 never becomes a million digits. Raises PriceError."""
    if number and not -40 <= number.adjusted() <= 20:
        size = "large" if number.adjusted() > 0 else "small"
        raise PriceError(f"The price {sent} is too {size} to be one.")


def _to_pico(number: Decimal, per: int, sent: object) -> int:
    _check_size(number, sent)
    exact = EXACT.divide(EXACT.multiply(number, PICO_PER_USD), per)
    pico = int(exact.to_integral_value(ROUND_HALF_EVEN))
    if number and not pico:
        raise PriceError(f"The price {sent} is below a pico-dollar per token.")
    return pico


def usd(pico: int, unit: Unit) -> Decimal:
    """``pico`` per token as exact US dollars per ``unit``."""
    return Decimal(pico) * unit.tokens / PICO_PER_USD


def price_text(pico: int | None, unit: Unit = Unit.MILLION) -> str:
    """``pico`` per token as figures in US dollars per ``unit``, without a sign: ``2.00``, ``0.0375``, ``0.00``, ``—``.

    Rounded once, at US dollars per 1M tokens: from $1 up to four decimals, below it four significant digits, so that no
    positive price reads as zero and every unit shows the same digits. At least two decimals. Whether a 0 is
    free is not for the number to say but for the offer's price state.
    """
    if pico is None:
        return "—"
    per_million = usd(pico, Unit.MILLION)
    places = 4 if per_million >= 1 else 3 - per_million.adjusted()
    rounded = per_million.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    whole, _, fraction = f"{rounded * unit.tokens / Unit.MILLION.tokens:,f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def exact_text(pico: int, unit: Unit = Unit.TOKEN) -> str:
    """``pico`` per token as every digit of its US dollars per ``unit``: ``0.000000025``, never an exponent."""
    text = f"{usd(pico, unit):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
