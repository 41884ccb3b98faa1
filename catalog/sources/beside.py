"""Prices that stand beside the rates of an offer, and the state they all add up to."""

from collections.abc import Iterable
from decimal import Decimal

from catalog.pricing.rates import STANDARD, PriceState, RateRow, price_state
from catalog.pricing.units import Unit, exact_text, parse_price
from catalog.sources.base import OtherPrice
from catalog.sources.values import usd_text

MILLION = "1M tokens"
ZERO = (PriceState.FREE, PriceState.ZERO_UNCONFIRMED)


def per_million(
    name: str, pico: int | None, *, mode: str = STANDARD, above: int = 0, when: str = ""
) -> list[OtherPrice]:
    """A price in pico-dollars per token, listed in US dollars per 1M tokens; none if it is unknown."""
    return [] if pico is None else [OtherPrice(name, exact_text(pico, Unit.MILLION), MILLION, mode, above, when)]


def token_price(name: str, value: object, *, mode: str = STANDARD, above: int = 0, when: str = "") -> list[OtherPrice]:
    """A price in US dollars per token, listed per 1M tokens; none if it is unknown or varies. Raises PriceError."""
    return per_million(name, parse_price(value, Unit.TOKEN).pico, mode=mode, above=above, when=when)


def unit_price(
    name: str, value: object, per: str, *, mode: str = STANDARD, above: int = 0, when: str = ""
) -> list[OtherPrice]:
    """A price in US dollars per ``per``; none if it is unknown or varies. Raises PriceError."""
    usd = "" if str(value).strip() == "-1" else usd_text(value)
    return [OtherPrice(name, usd, per, mode, above, when)] if usd else []


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
