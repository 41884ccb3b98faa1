"""The tables that a LiteLLM entry may hold besides its price keys: prices by prompt size, and prices of certain hours.

``tiered_pricing``: the range that the prompt falls into prices the whole request; its start is exclusive, and a prompt
beyond the last range pays that one's. The table goes before the flat prices; a range without a cache price bills cached
tokens as input. https://docs.litellm.ai/docs/proxy/off_peak_pricing tells of ``off_peak_pricing``: while one of its
windows is open, its prices replace the others.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from catalog.pricing.rates import STANDARD
from catalog.pricing.units import Unit, parse_price
from catalog.sources.base import Origin, OtherPrice
from catalog.sources.beside import token_price, unit_price
from catalog.sources.errors import RowError
from catalog.sources.hours import EVERY_DAY, Window, clock, day_number, in_words
from catalog.sources.litellm_keys import Key, read_key

CACHE = ("cache_read", "cache_write")
UNREAD = "LiteLLM lists off-peak prices whose hours cannot be read; they are left out."


class Tiers(NamedTuple):
    """The prices of a ``tiered_pricing`` table by component and floor, and the components it goes before."""

    prices: dict[str, dict[int, int]]
    other: tuple[OtherPrice, ...] = ()
    origins: tuple[Origin, ...] = ()
    replaced: frozenset[str] = frozenset()


class Hours(NamedTuple):
    """The prices of certain hours, each saying which."""

    prices: tuple[OtherPrice, ...] = ()
    notes: tuple[str, ...] = ()


def tiered(entry: dict[str, Any]) -> Tiers:
    """The ``tiered_pricing`` of ``entry``. Raises PriceError, and RowError for a table that cannot be read."""
    table = entry.get("tiered_pricing") or []
    if not isinstance(table, list) or not all(isinstance(tier, dict) for tier in table):
        raise RowError("“tiered_pricing” is not a list of tiers.")
    prices: dict[str, dict[int, int]] = {}
    other, origins = [], []
    for place, tier in enumerate(table):
        floor, when = _range(tier)
        for name, value in tier.items():
            key = read_key(name)
            if key is None or value is None:
                continue
            if key.component in ("", "request") or when:
                other += _listed(name, key, value, above=floor, when=when)
            elif (pico := parse_price(value, Unit.TOKEN).pico) is not None:
                prices.setdefault(key.component, {})[floor] = pico
                path = f"tiered_pricing[{place}].{name}"
                origins.append(Origin(path, str(value), key.component, STANDARD, floor))
    lowest = min(prices.get("input", {0: 0}))
    based = {
        name: {floor if floor != lowest else 0: pico for floor, pico in own.items()} for name, own in prices.items()
    }
    replaced = {*based, *(CACHE if "input" in based else ())}
    for name in CACHE:
        if name in based:
            based[name] = based.get("input", {}) | based[name]
    return Tiers(based, tuple(other), tuple(origins), frozenset(replaced))


def _range(tier: dict[str, Any]) -> tuple[int, str]:
    """The floor of a tier in prompt tokens, or in words what else it goes by."""
    results = tier.get("max_results_range")
    if isinstance(results, list) and len(results) == 2:
        return 0, f"for {results[0]} to {results[1]} results"
    bounds = tier.get("range")
    start = bounds[0] if isinstance(bounds, list) and len(bounds) == 2 else None
    if not isinstance(start, int | Decimal) or isinstance(start, bool) or start < 0 or start != int(start):
        raise RowError("A tier of “tiered_pricing” does not say for which prompts it holds.")
    return int(start), ""


def off_peak(entry: dict[str, Any]) -> Hours:
    """The ``off_peak_pricing`` of ``entry``. Raises PriceError."""
    block = entry.get("off_peak_pricing")
    if not block:
        return Hours()
    windows = list(_windows(block)) if isinstance(block, dict) else []
    if not windows:
        return Hours(notes=(UNREAD,))
    zone = block.get("weekday_timezone")
    when = in_words(windows) + (f" (days as in {zone})" if zone and any(w.days != EVERY_DAY for w in windows) else "")
    keys = ((name, read_key(name), value) for name, value in sorted(block.items()))
    return Hours(tuple(price for name, key, value in keys if key for price in _listed(name, key, value, when=when)))


def _windows(block: dict[str, Any]) -> Iterator[Window]:
    rules = block.get("windows")
    for rule in [{"hours_utc": block.get("hours_utc")}, *(rules if isinstance(rules, list) else [])]:
        if isinstance(rule, dict):
            days = _days(rule.get("weekdays"))
            hours = rule.get("hours_utc")
            for span in [hours] if isinstance(hours, str) else hours if isinstance(hours, list) else []:
                ends = [clock(end.replace(":", "")) for end in str(span).split("-")]
                if days and len(ends) == 2 and None not in ends:
                    yield Window(ends[0] or 0, ends[1] or 0, days)


def _days(sent: Any) -> frozenset[int]:
    """The days of a rule: every one if it names none; a name that is no day matches none, as in LiteLLM."""
    if sent is None:
        return EVERY_DAY
    found = map(day_number, sent) if isinstance(sent, list) else ()
    return frozenset(day for day in found if day is not None)


def _listed(name: str, key: Key, value: Any, *, above: int = 0, when: str = "") -> list[OtherPrice]:
    """A price of a table that no rate can hold."""
    if key.component == "request":
        return unit_price("request", value, "request", above=above, when=when)
    if key.per not in ("", "token"):
        return unit_price(key.name, value, key.per, above=above, when=when)
    return token_price(key.name or key.component.replace("_", " "), value, above=above, when=when)
