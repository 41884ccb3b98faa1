"""The cells that many rows share, each drawn by its macro once and remembered: prices and badges repeat in a table.

What is remembered depends on the arguments alone, so it never goes stale.
"""

from datetime import date, datetime
from functools import lru_cache, partial
from typing import NamedTuple

from markupsafe import Markup

from catalog.pricing.rates import PriceState
from catalog.pricing.units import Unit, price_text
from dashboard.charts.glyph import glyph
from dashboard.formats import day_text, floor_text, moment_text, size_text, times_text
from dashboard.macros import drawn

REMEMBERED = 20_000
_drawn = partial(drawn, "offers/cells.html")
BEGINNING_YEAR = 1970
NO_PRICE_OF_ITS_OWN = "This catalog publishes one price for all tokens: see State"
UNMEANT = "The catalog says 0, which here may also mean that no price is set"
"""What an asterisk behind a 0 says."""
INFERRED = "The catalog does not name the provider; it was concluded from the model's name or tokenizer"
LIFECYCLE_BADGES = {"preview": "line", "deprecated": "warn", "hidden": "", "deleted": "bad", "retired": "bad"}
PRICE_STATE_WORDS = {
    "priced": "priced",
    "free": "free",
    "variable": "price varies",
    "unknown": "price unknown",
    "not_token_priced": "not priced per token",
    "zero_unconfirmed": "zero, unconfirmed",
}
PRICE_BADGES = {
    "free": ("free", "The catalog says that this costs nothing"),
    "variable": ("varies", "The price depends on what answers the request: the catalog names none"),
    "unknown": ("no price", "This catalog publishes no price"),
    "not_token_priced": ("other unit", "Not priced per token: see the offer's page"),
    "zero_unconfirmed": ("zero?", UNMEANT),
}
"""The same in the few letters that a column has room for, and in a sentence."""


class Badge(NamedTuple):
    """A label with its class and the sentence behind it."""

    text: str
    kind: str
    title: str


def zero_text(price_state: str) -> str:
    """A price of 0, as templates/parts/prices.html writes it too."""
    return "free" if price_state == PriceState.FREE else "0.00" if price_state == PriceState.PRICED else "0*"


@lru_cache(maxsize=REMEMBERED)
def decimals(pico: int | None, unit: Unit, price_state: str) -> int:
    """How many decimals the price has in a cell: -1 for a dash, and for a zero that stands there as a word."""
    if pico is None or (pico == 0 and price_state != PriceState.PRICED):
        return -1
    return len(price_text(pico, unit).partition(".")[2])


@lru_cache(maxsize=REMEMBERED)
def price(
    pico: int | None,
    unit: Unit,
    price_state: str,
    widest: int,
    note: str,
    listed: int | None = None,
    contract: str = "",
) -> Markup:
    """The cell of a price in a column whose figures have up to ``widest`` decimals; ``note`` says where it is from.

    ``contract`` says how it came from the price ``listed`` by the catalog, which then stands under it.
    """
    own = decimals(pico, unit, price_state)
    padding = "0" * (widest - own if own >= 0 else widest)
    return _drawn("price", pico, unit, price_state, note, padding, price_text(listed, unit), contract)


@lru_cache(maxsize=REMEMBERED)
def amount(text: str, padding: str, note: str) -> Markup:
    """The cell of an amount of money; ``note``: what its asterisk stands for."""
    return _drawn("month", text, padding, note)


@lru_cache(maxsize=REMEMBERED)
def no_cost(why: str) -> Markup:
    """The cell of an offer that has no cost."""
    return _drawn("no_cost", why)


@lru_cache(maxsize=REMEMBERED)
def label(mark: int, name: str, provider_name: str) -> Markup:
    """A catalog's name with its colour and shape, and whose model it is."""
    return _drawn("label", mark, name, provider_name)


@lru_cache(maxsize=REMEMBERED)
def catalog(mark: int, name: str) -> Markup:
    """The cell of a catalog."""
    return _drawn("catalog", mark, name)


@lru_cache(maxsize=REMEMBERED)
def provider(name: str, inferred: bool) -> Markup:
    """The cell of a provider; ``inferred``: the catalog does not name it."""
    return _drawn("provider", name, INFERRED if inferred else "")


@lru_cache(maxsize=REMEMBERED)
def family(slug: str | None, href: str) -> Markup:
    """The cell of the family that an offer is of; ``href`` is its page, "" where it has none."""
    return _drawn("family", slug, href)


@lru_cache(maxsize=REMEMBERED)
def size(tokens: int | None) -> Markup:
    """The cell of a number of tokens."""
    return _drawn("size", tokens, size_text(tokens))


@lru_cache(maxsize=REMEMBERED)
def long_prompt(up_to: int | None, below: int | None, beyond: int | None) -> Markup:
    """The cell that tells above which prompt another price holds, and how many times that of below it is."""
    times = f" {times_text(beyond, below)}" if beyond and below else ""
    return _drawn("long_prompt", "" if up_to is None else f"{floor_text(up_to)}{times}")


@lru_cache(maxsize=REMEMBERED)
def updated(since: datetime, today: date) -> Markup:
    """The cell that tells since when the values of a row hold."""
    if since.year == BEGINNING_YEAR:
        return _drawn("updated", "", "The catalog does not say since when these values hold")
    return _drawn("updated", day_text(since, today), f"On record with these values since {moment_text(since)}")


# "input" is what a rate calls that price, so it is what this is called with.
@lru_cache(maxsize=REMEMBERED)
def spread(input: int | None, output: int | None, cache_read: int | None) -> Markup:  # noqa: A002
    """The cell that shows three prices on one scale."""
    return _drawn("spread", glyph(input, output, cache_read))


@lru_cache(maxsize=REMEMBERED)
def state(
    lifecycle: str,
    price_state: str,
    by_hour: bool,
    blended: int | None,
    unit: Unit,
    held: str = "",
    listed: int | None = None,
    contract: str = "",
) -> Markup:
    """The cell with a badge for all that is not as usual: see `badges`.

    ``contract`` says how ``blended`` came from the price ``listed`` by the catalog, which then stands under it.
    """
    made = badges(lifecycle, price_state, by_hour, blended, unit, held)
    return _drawn("state", made, price_text(listed, unit), contract)


def badges(
    lifecycle: str, price_state: str, by_hour: bool, blended: int | None, unit: Unit, held: str = ""
) -> list[Badge]:
    """A badge for all that is not as usual; ``held``: why a new price is held back."""
    made = []
    if held:
        made.append(Badge("held", "warn", f"{held} The old price stays until a person has looked."))
    if lifecycle != "active":
        made.append(Badge(lifecycle, LIFECYCLE_BADGES.get(lifecycle, ""), f"Its catalog says: {lifecycle}"))
    if price_state != PriceState.PRICED:
        text, title = PRICE_BADGES[price_state]
        made.append(Badge(text, "ok" if price_state == PriceState.FREE else "line", title))
    if blended is not None:
        title = "One price for all tokens; the catalog does not say what input and output cost by themselves"
        text = price_text(blended, unit) if blended else zero_text(price_state)
        made.append(Badge(f"flat {text}", "line", title))
    if by_hour:
        made.append(Badge("by hour", "warn", "Other prices hold at certain hours: see the offer's page"))
    return made
