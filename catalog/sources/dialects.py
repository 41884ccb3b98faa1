"""The prices of OpenAI-compatible servers: in which unit they are, and when that is certain.

OpenAI's own list has no prices. Servers that add some rarely say what they are for, and a wrong price is worse than
none. So a person names the unit (the option ``prices``), or the form of the list proves it:

* xAI's members (``prompt_text_token_price`` and so on) are US cents per 100M tokens by its documentation, and long
  prompts begin at a threshold inclusive (https://docs.x.ai/developers/rest-api-reference/inference/models);
* OpenRouter's form is per token: ``pricing`` with ``prompt`` and ``completion`` as text, all of them below $0.001,
  which is $1,000 per 1M tokens (https://openrouter.ai/docs/api-reference/list-available-models);
* Together's form is per 1M tokens: ``pricing`` with the numbers ``input``, ``output``, ``base``, ``hourly`` and
  ``finetune`` (https://docs.together.ai/reference/models-1).
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from catalog.pricing.units import PriceError, Unit, parse_price
from catalog.sources.base import OtherPrice
from catalog.sources.prices import Found, Sent
from catalog.sources.values import token_count, usd_text

Row = Mapping[str, Any]

PRICING = {
    "input": ("input", "prompt"),
    "output": ("output", "completion"),
    "cache_read": ("cached_input", "cachedInput", "input_cache_read", "cache_read"),
    "cache_write": ("input_cache_write", "cache_write"),
}
XAI = {
    "prompt_text_token_price": "input",
    "completion_text_token_price": "output",
    "cached_prompt_text_token_price": "cache_read",
}
TOGETHER = {"input", "output", "base", "hourly", "finetune"}
ZERO_CACHE = "The server lists 0 for cached input beside a price for input; that is taken as not stated."
PER_TOKEN_BELOW = Decimal("0.001")
CENTS_PER_USD = 100
CENTS_PER_100M = 10_000  # US cents per 100M tokens that make $1 per 1M


class Dialect(StrEnum):
    """What a server's prices are for; values of the option ``prices``."""

    NONE = "none"
    ONE = "per_token"
    THOUSAND = "per_1k"
    MILLION = "per_1m"
    CENTS = "cents_per_100m"

    @property
    def unit(self) -> Unit:
        """The unit of what `told` returns."""
        return {Dialect.ONE: Unit.TOKEN, Dialect.THOUSAND: Unit.THOUSAND}.get(self, Unit.MILLION)


class Told(NamedTuple):
    """What one row says of its prices."""

    found: Found
    other: tuple[OtherPrice, ...] = ()
    variable: bool = False
    notes: tuple[str, ...] = ()


def proven(rows: Iterable[Row]) -> Dialect:
    """The dialect that the form of all rows proves; NONE if it proves nothing."""
    rows = list(rows)
    if any(name in row for row in rows for name in XAI):
        return Dialect.CENTS
    pricings = [pricing for row in rows if (pricing := _pricing(row))]
    if pricings and all(_is_per_token(pricing) for pricing in pricings):
        return Dialect.ONE
    if pricings and all(_is_per_million(pricing) for pricing in pricings):
        return Dialect.MILLION
    return Dialect.NONE


def has_prices(rows: Iterable[Row]) -> bool:
    """Whether any row has what looks like a price."""
    return any(_pricing(row) for row in rows)


def _pricing(row: Row) -> dict[str, Any]:
    pricing = row.get("pricing")
    return pricing if isinstance(pricing, dict) else {}


def _is_per_token(pricing: dict[str, Any]) -> bool:
    return all(_is_small_text(pricing.get(name)) for name in ("prompt", "completion"))


def _is_small_text(value: object) -> bool:
    """Decimal text below the limit; "-1" is, too: OpenRouter's sign for a price that varies."""
    if not isinstance(value, str):
        return False
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and number < PER_TOKEN_BELOW


def _is_per_million(pricing: dict[str, Any]) -> bool:
    return all(isinstance(pricing.get(name), int | Decimal) for name in TOGETHER)


def told(row: Row, dialect: Dialect) -> Told:
    """The prices of one row. Raises PriceError."""
    if dialect is Dialect.NONE:
        return Told({})
    prices = _xai(row) if dialect is Dialect.CENTS else _pricing_object(_pricing(row), dialect)
    base, cached = (prices.found.get((name, 0)) for name in ("input", "cache_read"))
    if base and cached and Decimal(str(cached.value)) == 0 != Decimal(str(base.value)):
        found = {key: sent for key, sent in prices.found.items() if key != ("cache_read", 0)}
        return prices._replace(found=found, notes=(ZERO_CACHE,))
    return prices


def _pricing_object(pricing: dict[str, Any], dialect: Dialect) -> Told:
    found: dict[tuple[str, int], Sent] = {}
    variable = False
    for component, names in PRICING.items():
        sent_as = next((name for name in names if pricing.get(name) not in (None, "")), "")
        price = parse_price(pricing.get(sent_as), dialect.unit)
        variable = variable or price.variable
        if price.pico is not None:
            found[component, 0] = Sent(pricing[sent_as], f"pricing.{sent_as}")
    if dialect is Dialect.ONE and pricing.get("request") not in (None, ""):
        found["request", 0] = Sent(pricing["request"], "pricing.request")
    return Told(found, tuple(_together_extras(pricing)), variable)


def _together_extras(pricing: dict[str, Any]) -> Iterator[OtherPrice]:
    if _is_per_million(pricing):
        for sent_as, name, per in (("hourly", "dedicated hosting", "hour"), ("finetune", "fine-tuning", "1M tokens")):
            if pricing[sent_as] > 0:
                yield OtherPrice(name, usd_text(pricing[sent_as]), per)


def _xai(row: Row) -> Told:
    """A 0 for long prompts means that the standard price holds for them."""
    found = {(name, 0): _cents(row[sent_as], sent_as) for sent_as, name in XAI.items() if row.get(sent_as) is not None}
    if threshold := token_count(row.get("long_context_threshold")):
        long = {f"{sent_as}_long_context": name for sent_as, name in XAI.items()}
        found |= {
            (name, threshold - 1): _cents(row[sent_as], sent_as) for sent_as, name in long.items() if row.get(sent_as)
        }
    other = []
    if image := row.get("prompt_image_token_price"):
        other.append(OtherPrice("input image", f"{_cents(image, 'prompt_image_token_price').value}", "1M tokens"))
    if image := row.get("image_price"):
        other.append(OtherPrice("image", f"{_divided(image, CENTS_PER_USD, 'image_price')}", "image"))
    return Told(found, tuple(other))


def _cents(value: object, sent_as: str) -> Sent:
    return Sent(_divided(value, CENTS_PER_100M, sent_as), sent_as, str(value))


def _divided(value: object, by: int, sent_as: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise PriceError(f"The price {value!r} in {sent_as} is no number of US cents.")
    return Decimal(f"{(Decimal(value) / by).normalize():f}")
