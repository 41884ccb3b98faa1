"""The prices of one offer at one time: one `RateRow` per mode and tier, and the state they add up to.

Tiers are cliffs: a prompt above the threshold reprices all tokens of the request
(https://ai.google.dev/gemini-api/docs/pricing). A row holds both ends, so the rate for a prompt of P tokens is the one
row with ``above < P`` and ``P <= up_to``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalog.pricing.units import HIGHEST_PICO, HIGHEST_PICO_PER_REQUEST

STANDARD = "standard"
TOKEN_COMPONENTS = ("input", "output", "cache_read", "cache_write", "blended")
COMPONENTS = (*TOKEN_COMPONENTS, "request")


def highest_price(component: str) -> int:
    """The most that a price of this component can be: no sum of one request's amounts leaves 64 bits."""
    return HIGHEST_PICO_PER_REQUEST if component == "request" else HIGHEST_PICO


class PriceState(StrEnum):
    """What is known of an offer's prices; never a number."""

    PRICED = "priced"
    FREE = "free"
    VARIABLE = "variable"
    UNKNOWN = "unknown"
    NOT_TOKEN_PRICED = "not_token_priced"
    ZERO_UNCONFIRMED = "zero_unconfirmed"


MEANT = (PriceState.PRICED, PriceState.FREE)
"""States in which a 0 is a price. In any other one it says nothing: it need not be meant."""


def meant(price: int | None, state: PriceState | str) -> int | None:
    """The price as far as it is known, in pico-dollars: of a 0 in a state other than MEANT, nothing is."""
    return None if price == 0 and state not in MEANT else price


@dataclass(frozen=True, slots=True)
class RateRow:
    """Prices in one mode for prompts of ``above < tokens <= up_to``; pico-dollars per token, None is unknown.

    ``request`` is pico-dollars per request, ``blended`` one price for all tokens: neither an input nor an output price,
    since the catalog does not say what mix it stands for. ``inherited`` names the components that this tier or mode
    does not state itself: their value was taken from the base tier or the standard mode.
    """

    mode: str = STANDARD
    above: int = 0
    up_to: int | None = None
    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    blended: int | None = None
    request: int | None = None
    inherited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tiered:
    """One component's price: ``base``, and from each floor (exclusive, in prompt tokens) the price above it."""

    base: int | None
    above: Mapping[int, int | None]

    def at(self, floor: int) -> int | None:
        """The price just above ``floor`` prompt tokens: that of the highest own floor not beyond it."""
        reached = [own for own in self.above if own <= floor]
        return self.above[max(reached)] if reached else self.base


def tier_rows(mode: str, components: Mapping[str, Tiered], inherited: Iterable[str] = ()) -> tuple[RateRow, ...]:
    """One row per tier of ``mode``, from 0 to no end without a gap.

    ``components`` maps names of COMPONENTS to their prices. A component without an own price at a floor keeps the one
    below it and is named in ``inherited``, as are those that the whole mode takes over from the standard one.
    """
    taken = set(inherited)
    floors = sorted({0, *(floor for price in components.values() for floor in price.above)})
    rows = []
    for floor, following in zip(floors, [*floors[1:], None], strict=True):
        kept = taken | {name for name, price in components.items() if floor and floor not in price.above}
        prices = {name: price.at(floor) for name, price in components.items()}
        names = tuple(name for name in COMPONENTS if name in kept and prices.get(name) is not None)
        rows.append(RateRow(mode=mode, above=floor, up_to=following, inherited=names, **prices))
    return tuple(rows)


def price_state(
    rows: Iterable[RateRow], *, other_prices: bool, variable: bool = False, zeros_confirmed: bool = True
) -> PriceState:
    """The state of an offer with these rows.

    Any token price above 0 makes it priced. It is free only if input and output (or the one price for both) are known
    to be 0: half known is unknown. Without ``zeros_confirmed`` such zeros may as well mean "not configured" or "covered
    by a subscription", and are called unconfirmed. ``other_prices`` tells that something else (images, seconds) has a
    price.
    """
    rows = tuple(rows)
    if any(getattr(row, name) for row in rows for name in TOKEN_COMPONENTS):
        return PriceState.PRICED
    if variable:
        return PriceState.VARIABLE
    if any(row.blended == 0 or (row.input == 0 and row.output == 0) for row in rows):
        return PriceState.FREE if zeros_confirmed else PriceState.ZERO_UNCONFIRMED
    if other_prices or any(row.request is not None for row in rows):
        return PriceState.NOT_TOKEN_PRICED
    return PriceState.UNKNOWN
