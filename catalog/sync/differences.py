"""What sets two states of an offer apart, by content.

Not a difference: the order of things that have none, and a number that is the same but for noise.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from catalog.pricing.rates import COMPONENTS, STANDARD
from catalog.sources.base import OfferState
from catalog.sync.states import CONTENT

UNORDERED = ("capabilities", "modalities_in", "modalities_out")
NOISE = 100_000
"""Prices that differ by less than one part in this are the same.

LiteLLM's Databricks prices are computed from compute units and arrive as 2.99999e-06 for 3e-06; nobody changes a price
by a thousandth of a percent, and pages show no more digits than that. The stored price is what the next one is compared
with, so that small steps add up and show.
"""

Tier = tuple[str, int, str]


class Difference(NamedTuple):
    """One thing that differs. Values are pico-dollars for prices, else as the state has them."""

    what: str
    before: Any
    after: Any
    is_price: bool = False


def differences(before: OfferState, after: OfferState) -> list[Difference]:
    """Everything that differs, prices after the other fields; empty when both say the same."""
    return [*_fields(before, after), *price_differences(before, after), *_other_prices(before, after)]


def price_differences(before: OfferState, after: OfferState) -> Iterator[Difference]:
    """The prices that differ, tier by tier and mode by mode, and tiers or modes that came or went."""
    old, new = _prices(before), _prices(after)
    moved = [key for key in dict.fromkeys([*old, *new]) if not near(old.get(key), new.get(key))]
    for key in moved:
        yield Difference(price_name(*key), old.get(key), new.get(key), is_price=True)
    if not moved and _tiers(before) != _tiers(after):
        yield Difference("tiers", _tiers_text(before), _tiers_text(after))


def price_name(mode: str, above: int, component: str) -> str:
    """The name of one price: ``batch cache read above 128,000 tokens``."""
    parts = ["" if mode == STANDARD else mode, component.replace("_", " "), f"above {above:,} tokens" if above else ""]
    return " ".join(filter(None, parts))


def near(before: int | Decimal | None, after: int | Decimal | None) -> bool:
    """Whether both are the same price but for noise. Unknown and free are near to nothing but themselves."""
    if before is None or after is None or not before or not after:
        return before == after
    old, new = Decimal(before), Decimal(after)
    return abs(old - new) * NOISE < max(old, new)


def _fields(before: OfferState, after: OfferState) -> Iterator[Difference]:
    for name in CONTENT:
        if name in ("rates", "other_prices"):
            continue
        old, new = getattr(before, name), getattr(after, name)
        same = sorted(old) == sorted(new) if name in UNORDERED else old == new
        if not same:
            yield Difference(name, old, new)


def _prices(state: OfferState) -> dict[Tier, int]:
    return {
        (row.mode, row.above, name): price
        for row in state.rates
        for name in COMPONENTS
        if (price := getattr(row, name)) is not None
    }


def _tiers(state: OfferState) -> list[tuple[str, int, int | None, tuple[str, ...]]]:
    return sorted((row.mode, row.above, row.up_to, row.inherited) for row in state.rates)


def _tiers_text(state: OfferState) -> str:
    """The tiers of each mode in words: ``up to 200,000 tokens, above 200,000 tokens (output as below)``."""
    parts = []
    for mode, above, up_to, inherited in _tiers(state):
        start = f"above {above:,}" if above else ""
        end = f"up to {up_to:,}" if up_to is not None else ""
        size = f"{' '.join(filter(None, [start, end]))} tokens" if start or end else "all prompts"
        same = f" ({', '.join(inherited).replace('_', ' ')} as below)" if inherited else ""
        parts.append(f"{'' if mode == STANDARD else f'{mode} '}{size}{same}")
    return ", ".join(parts)


def _other_prices(before: OfferState, after: OfferState) -> Iterator[Difference]:
    old, new = _by_kind(before), _by_kind(after)
    for kind in dict.fromkeys([*old, *new]):
        was, now = old.get(kind), new.get(kind)
        if was != now and not (was and now and near(_number(was), _number(now))):
            name, per, mode, above, when = kind
            details = ", ".join(filter(None, ["" if mode == STANDARD else mode, when]))
            yield Difference(
                f"{price_name(STANDARD, above, name)} per {per}{f' ({details})' if details else ''}", was, now
            )


def _by_kind(state: OfferState) -> dict[tuple[str, str, str, int, str], str]:
    return {(other.name, other.per, other.mode, other.above, other.when): other.usd for other in state.other_prices}


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
