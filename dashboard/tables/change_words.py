"""Changes in words, as the page and the feed tell them."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from catalog.pricing.rates import meant
from catalog.pricing.units import exact_text, price_text
from catalog.services.changes import ChangeLine
from dashboard.formats import move_text, size_text
from dashboard.tables.cells import PRICE_STATE_WORDS, zero_text

KIND_LABELS = {
    "new": "New",
    "retired": "Retired",
    "returned": "Returned",
    "up": "Price up",
    "down": "Price down",
    "pricing": "Price known or gone",
    "limits": "Context and limits",
    "lifecycle": "Lifecycle",
    "reading": "First reading",
}
LIMIT_WORDS = {"context_tokens": "Context", "max_input_tokens": "Max input", "max_output_tokens": "Max output"}
DASH = "—"


class Move(NamedTuple):
    """How a price moved, in words: ``direction`` is up, down or flat, for what cannot be said in percent too."""

    text: str
    direction: str


class Detail(NamedTuple):
    """Something else that changed, in words."""

    label: str
    was: str
    now: str
    move: Move | None = None


def move(was: int | Decimal | None, now: int | Decimal | None) -> Move | None:
    """How far a price moved; None where that cannot be said, as from unknown."""
    if was is None or now is None or was == now:
        return None
    direction = "up" if now > was else "down"
    return Move(move_text(was, now) if was else "was 0", direction)


def details(line: ChangeLine) -> Iterator[Detail]:
    """All that changed besides the prices that have columns of their own."""
    for what, before, after, is_price in line.differences:
        if what in LIMIT_WORDS:
            yield Detail(LIMIT_WORDS[what], size_text(before), size_text(after))
        elif what == "price_state":
            yield Detail("Price", PRICE_STATE_WORDS[before], PRICE_STATE_WORDS[after])
        elif what == "lifecycle":
            yield Detail("Lifecycle", before, after)
        elif not is_price:
            yield Detail(f"{what.capitalize()} changed", "", "")
        else:
            yield price_detail(line, what, before, after)


def price_detail(line: ChangeLine, what: str, before: Any, after: Any) -> Detail:
    """A price that changed, in words."""
    label = what[:1].upper() + what[1:]
    if isinstance(before, str) or isinstance(after, str):  # another price: dollars per a unit of its own
        was, now = (f"${text}" if text else DASH for text in (before, after))
        return Detail(label, was, now, move(_amount(before), _amount(after)))
    if "request" in what:
        was, now = (DASH if price is None else f"${exact_text(price)}" for price in (before, after))
    else:
        was, now = _price_text(before, line.price_state_before), _price_text(after, line.price_state)
    return Detail(label, was, now, move(meant(before, line.price_state_before), meant(after, line.price_state)))


def _amount(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _price_text(pico: int | None, state: str) -> str:
    if pico is None:
        return DASH
    return price_text(pico) if pico else zero_text(state)
