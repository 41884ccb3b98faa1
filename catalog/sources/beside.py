"""Prices that stand beside the rates of an offer, and the state they all add up to."""

from collections.abc import Iterable
from decimal import Decimal

from catalog.pricing.rates import PriceState, RateRow, price_state
from catalog.pricing.units import Unit, dollars, exact_text, parse_price
from catalog.sources.base import OtherPrice

MILLION = "1M tokens"
ZERO = (PriceState.FREE, PriceState.ZERO_UNCONFIRMED)


def token_price(
    name: str, value: object, *, mode: str = "standard", above: int = 0, when: str = ""
) -> list[OtherPrice]:
    """A price in US dollars per token, listed per 1M tokens; none if it is unknown or varies. Raises PriceError."""
    pico = parse_price(value, Unit.TOKEN).pico
    return [] if pico is None else [OtherPrice(name, exact_text(pico, Unit.MILLION), MILLION, mode, above, when)]


def unit_price(
    name: str, value: object, per: str, *, mode: str = "standard", above: int = 0, when: str = ""
) -> list[OtherPrice]:
    """A price in US dollars per ``per``; none if it is unknown or varies. Raises PriceError."""
    usd = None if str(value).strip() == "-1" else dollars(value)
    return [] if usd is None else [OtherPrice(name, plain_text(usd), per, mode, above, when)]


def plain_text(number: Decimal) -> str:
    """Every digit, no exponent and no zeros at the end: ``0.000000025``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def whole_state(
    rates: Iterable[RateRow],
    charged: Iterable[OtherPrice],
    *,
    variable: bool = False,
    zeros_confirmed: bool = True,
) -> PriceState:
    """The state of an offer with these rates, and with ``charged`` for what no rate holds.

    An offer whose tokens cost 0 while its images or seconds do not is not free: it is not priced per token. So leave
    out of ``charged`` what a request need not use, such as web searches.
    """
    paid = any(Decimal(price.usd) for price in charged)
    state = price_state(rates, other_prices=paid, variable=variable, zeros_confirmed=zeros_confirmed)
    return PriceState.NOT_TOKEN_PRICED if paid and state in ZERO else state
