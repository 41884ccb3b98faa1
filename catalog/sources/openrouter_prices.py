"""The prices of one OpenRouter model: rates by prompt size, and what holds at certain hours.

Format: https://openrouter.ai/docs/api-reference/list-available-models, ``pricing``.

The top-level prices of a model whose price depends on the hour follow the clock: they are those of the hour of the
answer. So that the same catalog read at any hour gives the same prices, a price that any window names is taken from
windows alone. Windows that cover the whole week tell every price; the standard one is that of the dearest hours, so
that no cost is shown too low, and the others are listed with their hours. Windows that leave hours out do not tell what
holds in those, so the price varies.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.pricing.rates import STANDARD, RateRow, Tiered, tier_rows
from catalog.pricing.units import Price, Unit, parse_price, pico_per_request
from catalog.sources.base import Origin, OtherPrice
from catalog.sources.beside import token_price, unit_price
from catalog.sources.hours import in_words
from catalog.sources.openrouter_overrides import Override, Period, Prices, Table, periods, read_overrides

RATE_KEYS = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "request": "request",
}
PER_TOKEN = {
    "input_cache_write_1h": "cache write 1h",
    "internal_reasoning": "reasoning",
    "audio": "input audio",
    "audio_output": "output audio",
    "input_audio_cache": "cached input audio",
    "image_token": "image tokens",
}
PER_UNIT = {
    "image": ("input image", "image"),
    "image_output": ("output image", "image"),
    "web_search": ("web search", "search"),
}
PRICES = {*RATE_KEYS, *PER_TOKEN, *PER_UNIT}
ADD_ONS = {"web search"}

LEFT_OUT = "OpenRouter lists a price under a condition that Ratecard does not know; it is left out."
UNTOLD = "The price changes with the hour, and OpenRouter does not say what holds at every hour."


@dataclass(frozen=True, slots=True)
class Found:
    """What the prices of one model were read as."""

    rates: tuple[RateRow, ...]
    other: tuple[OtherPrice, ...] = ()
    variable: bool = False
    by_hour: bool = False
    notes: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


def read_pricing(pricing: Mapping[str, Any]) -> Found:
    """All prices of a model's ``pricing``. Raises PriceError for one that cannot be right."""
    overrides, understood = read_overrides(pricing.get("overrides"), PRICES)
    base = {key: value for key, value in pricing.items() if key in PRICES}
    timed = {key for override in overrides if override.window for key in override.prices}
    times = periods({key: value for key, value in base.items() if key not in timed}, overrides)
    standard, untold = _standard(times, timed)
    others = [period for period in times if period.table != standard.table]
    by_hour = [price for period in others for price in _listed(period.table, timed, in_words(period.windows))]
    notes = [] if understood else [LEFT_OUT]
    if untold:
        notes.append(UNTOLD)
    elif others:
        notes.append(f"The price changes with the hour. Shown is the dearest: {in_words(standard.windows)}.")
    return Found(
        rates=tier_rows(STANDARD, {RATE_KEYS[key]: price for key, price in _tiered(standard.table)}),
        other=(*_listed(standard.table, PRICES - RATE_KEYS.keys()), *by_hour),
        variable=untold or any(_price(key, base.get(key)).variable for key in ("prompt", "completion")),
        by_hour=bool(others),
        notes=tuple(notes),
        origins=tuple(_origins(base, overrides, standard.table, timed)),
    )


def _standard(times: list[Period], timed: set[str]) -> tuple[Period, bool]:
    """The period whose prices are shown, and whether there is none because some hours are not told."""
    needed = timed & {"prompt", "completion"}
    if any(period.table[0].keys() & needed != needed for period in times):
        table = {
            floor: {key: value for key, value in prices.items() if key not in timed}
            for floor, prices in times[0].table.items()
        }
        return Period((), table), True
    return max(times, key=_dearness), False


def _dearness(period: Period) -> tuple[int, ...]:
    picos = [_price(key, period.table[0].get(key)).pico or 0 for key in RATE_KEYS]
    return (picos[0] + picos[1], *picos)


def _price(key: str, value: Any) -> Price:
    if key == "request":
        return Price(None) if str(value).strip() == "-1" else Price(pico_per_request(value))
    return parse_price(value, Unit.TOKEN)


def _tiered(table: Table) -> Iterator[tuple[str, Tiered]]:
    for key in RATE_KEYS:
        picos = {floor: _price(key, prices.get(key)).pico for floor, prices in table.items()}
        base = picos.pop(0)
        above: dict[int, int] = {}
        below = base
        for floor, pico in picos.items():
            if pico is not None and pico != below:
                above[floor] = below = pico
        if base is not None or above:
            yield key, Tiered(base, above)


def _listed(table: Table, keys: set[str], when: str = "") -> Iterator[OtherPrice]:
    """The prices of these keys, above each floor where they differ from those below it."""
    below: Prices = {}
    for floor, prices in table.items():
        for key in sorted(keys & prices.keys()):
            if below.get(key) != prices[key]:
                yield from _other(key, prices[key], floor, when)
        below = prices


def _other(key: str, value: Any, above: int, when: str) -> list[OtherPrice]:
    if key in PER_UNIT or key == "request":
        name, per = PER_UNIT.get(key, ("request", "request"))
        return unit_price(name, value, per, above=above, when=when)
    name = PER_TOKEN.get(key) or RATE_KEYS[key].replace("_", " ")
    return token_price(name, value, above=above, when=when)


def _origins(base: Prices, overrides: list[Override], table: Table, timed: set[str]) -> Iterator[Origin]:
    for key, component in RATE_KEYS.items():
        if base.get(key) is not None and key not in timed:
            yield Origin(f"pricing.{key}", str(base[key]), component, STANDARD)
        for override in overrides:
            held = table.get(override.floor, {}).get(key)
            if key in override.prices and override.prices[key] == held:
                path = f"pricing.overrides[{override.place}].{key}"
                yield Origin(path, str(held), component, STANDARD, override.floor)
