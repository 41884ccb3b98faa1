"""The catalog matrix in words: how an offer was matched, and why it has no price."""

from collections.abc import Iterable

from catalog.pricing.rates import PriceState
from catalog.pricing.units import price_text
from catalog.services.matrix_rows import CellOffer
from dashboard.tables.cells import ONE_PRICE, UNMEANT

RULE_WORDS = {
    "reviewed": "a person",
    "name": "name",
    "other vendor": "name, other vendor",
    "prefix": "name less prefix",
    "suffix": "name less suffix",
    "digits": "digits of version",
    "active size": "name and size",
    "nearly the same": "nearly the same ids",
}
STATE_SENTENCES = {
    PriceState.VARIABLE: "The price varies from request to request",
    PriceState.NOT_TOKEN_PRICED: "Not priced per token: see the offer's page",
    PriceState.ZERO_UNCONFIRMED: UNMEANT,
}


def no_price_sentence(one: CellOffer) -> str:
    """Why it has no price here; "" where it has one."""
    if one.reason is not None:
        return one.reason.sentence.rstrip(".")
    return unpriced_sentence(one.blended, one.price_state) if one.price is None else ""


def unpriced_sentence(blended: int | None, price_state: str) -> str:
    """Why an offer has no price of the kind that is shown."""
    if blended is not None:
        return f"{ONE_PRICE}: {price_text(blended)} US dollars per 1M"
    return STATE_SENTENCES.get(PriceState(price_state), "This catalog publishes no price")


def matched_words(offers: Iterable[CellOffer]) -> str:
    """How these offers were matched, each rule once."""
    return ", ".join(dict.fromkeys(word for one in offers for word in _words(one)))


def _words(one: CellOffer) -> list[str]:
    words = [RULE_WORDS.get(one.rule.value, one.rule.value)]
    words += ["variant"] if one.variant else []
    words += ["region"] if one.region else []
    words += ["dated id"] if one.snapshot else []
    words += ["floating tag"] if one.moving else []
    return words + (["probable"] if one.state.value == "probable" else [])
