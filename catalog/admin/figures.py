"""Figures as the admin shows them: context in tokens, list prices in US dollars per 1M tokens."""

from collections.abc import Callable
from typing import NamedTuple

from catalog.models import Rate
from catalog.pricing.rates import PriceState, meant
from catalog.pricing.units import price_text
from catalog.services.review import Figures, Range

UNKNOWN = "—"
WORDS = {
    PriceState.VARIABLE: "varies",
    PriceState.NOT_TOKEN_PRICED: "not per token",
    PriceState.ZERO_UNCONFIRMED: "0, unconfirmed",
}


class Shown(NamedTuple):
    """An offer's figures, or the spans of a family's, as texts."""

    context: str
    input: str
    output: str


def shown_rate(rate: Rate | None) -> Shown:
    """The figures of an offer, by its base rate."""
    if rate is None:
        return Shown(UNKNOWN, UNKNOWN, UNKNOWN)
    context = UNKNOWN if rate.context_tokens is None else f"{rate.context_tokens:,}"
    if rate.blended is not None and rate.input is None and rate.output is None:
        return Shown(context, f"{price_text(rate.blended)} for all", UNKNOWN)
    return Shown(context, _price(rate.input, rate.price_state), _price(rate.output, rate.price_state))


def shown_figures(figures: Figures) -> Shown:
    """The spans of a family's offers."""
    prices = (_span(span, _known_price) for span in (figures.input, figures.output))
    return Shown(_span(figures.context, "{:,}".format), *prices)


def _price(pico: int | None, state: str) -> str:
    if pico:
        return price_text(pico)
    known = PriceState(state)
    return WORDS.get(known) or (UNKNOWN if meant(pico, known) is None else "free")


def _known_price(pico: int) -> str:
    return price_text(pico) if pico else "free"


def _span(span: Range, text: Callable[[int], str]) -> str:
    if span is None:
        return UNKNOWN
    low, high = text(span[0]), text(span[1])
    return low if low == high else f"{low} – {high}"
