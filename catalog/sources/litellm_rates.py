"""All prices of one LiteLLM entry, which the cost map and a proxy send alike.

Thresholds are cliffs and exclusive, but for xAI's. Above one that a service tier does not state itself, its requests
pay the standard price of that threshold, and batches keep their own. So LiteLLM bills them:
https://github.com/BerriAI/litellm/blob/main/litellm/litellm_core_utils/llm_cost_calc/utils.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from catalog.pricing.rates import STANDARD, TOKEN_COMPONENTS, RateRow, Tiered, tier_rows
from catalog.pricing.units import Unit, parse_price, pico_per_request
from catalog.sources.base import Origin, OtherPrice
from catalog.sources.beside import token_price, unit_price
from catalog.sources.litellm_keys import Key, read_key
from catalog.sources.litellm_tables import off_peak, tiered

INCLUSIVE = {"xai"}
"""Providers that bill the higher tier once the prompt reaches the threshold."""

LEGACY = "input_cost_per_token_cache_hit"
ADD_ONS = (
    "search context",
    "web search",
    "google maps",
    "code interpreter",
    "file search",
    "vector store",
    "computer use",
)
UNLIKELY = 1_000 * 1_000_000
"""Pico-dollars per token above which a unit error is more likely than a price: $1,000 per 1M tokens."""


class Found(NamedTuple):
    """What the prices of an entry were read as; ``charged`` are those of ``other`` that a request cannot do without."""

    rates: tuple[RateRow, ...]
    other: tuple[OtherPrice, ...]
    charged: tuple[OtherPrice, ...]
    by_hour: bool
    notes: tuple[str, ...]
    origins: tuple[Origin, ...]


def read_prices(entry: dict[str, Any], provider: str) -> Found:
    """The prices of ``entry``. Raises PriceError and RowError for what cannot be right."""
    ranges = tiered(entry)
    flat = {name: value for name, value in entry.items() if value is not None}
    rated: dict[str, dict[str, dict[int, int]]] = {STANDARD: dict(ranges.prices)}
    other, origins = [*ranges.other], [*ranges.origins]
    for name, value in sorted(flat.items()):
        key = read_key(name)
        if key is None or (name == LEGACY and "cache_read_input_token_cost" in flat):
            continue
        if key.mode == STANDARD and key.component in ranges.replaced:
            continue
        if key.component:
            floor = key.above - 1 if key.above and provider in INCLUSIVE else key.above
            pico = pico_per_request(value) if key.component == "request" else parse_price(value, Unit.TOKEN).pico
            if pico is not None:
                rated.setdefault(key.mode, {}).setdefault(key.component, {})[floor] = pico
                origins.append(Origin(name, str(value), key.component, key.mode, floor))
        else:
            other += _beside(key, value)
    hours = off_peak(entry)
    rates = tuple(row for mode in _modes(rated) for row in _rows(mode, rated))
    charged = tuple(price for price in other if not price.name.startswith(ADD_ONS))
    notes = (*hours.notes, *_suspicions(rates))
    return Found(rates, (*other, *hours.prices), charged, bool(hours.prices), notes, tuple(origins))


def _beside(key: Key, value: Any) -> Iterator[OtherPrice]:
    """The prices of a key that is no rate; one with several, by search size or unit, is an object."""
    for part, price in sorted(value.items()) if isinstance(value, dict) else [("", value)]:
        name = f"{key.name} {part.removeprefix('search_context_size_').replace('_', ' ')}".strip()
        if key.per == "token":
            yield from token_price(name, price, mode=key.mode, above=key.above, when=key.when)
        else:
            yield from unit_price(name, price, key.per, mode=key.mode, above=key.above, when=key.when)


def _modes(rated: dict[str, dict[str, dict[int, int]]]) -> list[str]:
    return [STANDARD, *sorted(rated.keys() - {STANDARD})]


def _rows(mode: str, rated: dict[str, dict[str, dict[int, int]]]) -> tuple[RateRow, ...]:
    """The rows of a mode; what it does not state itself is the standard price, and named as inherited."""
    own, standard = rated[mode], rated[STANDARD]
    whole: dict[str, dict[int, int]] = {}
    for component in sorted(own.keys() | standard.keys()):
        stated = own.get(component, {})
        keeps = mode == "batch" and 0 in stated
        whole[component] = stated if keeps else standard.get(component, {}) | stated
    components = {name: _tiered(prices) for name, prices in whole.items()}
    rows = tier_rows(mode, components, inherited=whole.keys() - own.keys())
    if mode == STANDARD:
        return rows
    return tuple(
        replace(row, inherited=tuple(dict.fromkeys([*row.inherited, *_lent(row, own, whole)]))) for row in rows
    )


def _tiered(prices: dict[int, int]) -> Tiered:
    return Tiered(prices.get(0), {floor: pico for floor, pico in prices.items() if floor})


def _lent(row: RateRow, own: dict[str, dict[int, int]], whole: dict[str, dict[int, int]]) -> Iterator[str]:
    """Components of ``row`` whose price at its floor is the standard one's."""
    for name, prices in own.items():
        if row.above in whole[name] and row.above not in prices:
            yield name


def _suspicions(rates: tuple[RateRow, ...]) -> Iterator[str]:
    highest = max((getattr(row, name) or 0 for row in rates for name in TOKEN_COMPONENTS), default=0)
    if highest > UNLIKELY:
        asked = f"${highest / 1_000_000:,.0f}"
        yield f"LiteLLM lists {asked} per 1M tokens, far above what models cost: it has probably mixed up the unit."
