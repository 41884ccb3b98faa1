"""The conditional prices of an OpenRouter model: what holds above a prompt size, and in which hours of the week.

Format: https://openrouter.ai/docs/client-sdks/python/components/pricingoverride. An override applies to a request that
meets all of its conditions. Of several the later one wins, price by price; a price that none names stays as it was.
"""

from collections.abc import Set
from decimal import Decimal
from typing import Any, NamedTuple

from catalog.sources.hours import DAYS, Window, clock, day_number, joined, moments

CONDITIONS = {"min_prompt_tokens", "utc_start", "utc_end", "utc_days"}
CLOCK = {"utc_start", "utc_end", "utc_days"}
NEVER = Window(0, 0, frozenset())

Prices = dict[str, Any]
Table = dict[int, Prices]
"""The prices above each floor of prompt tokens."""


class Override(NamedTuple):
    """Prices for prompts above ``floor`` tokens, within ``window`` if there is one; ``place`` is its index."""

    place: int
    floor: int
    window: Window | None
    prices: Prices


class Period(NamedTuple):
    """The prices that hold within ``windows``."""

    windows: tuple[Window, ...]
    table: Table


def read_overrides(sent: Any, known: Set[str]) -> tuple[list[Override], bool]:
    """The overrides of the prices named in ``known``, and whether one has a condition that was not understood.

    Such a one is never applied. If it has hours, it still tells that its prices depend on them.
    """
    entries = sent if isinstance(sent, list) else []
    found, understood = [], isinstance(sent, list | None)
    for place, entry in enumerate(entries):
        members = entry if isinstance(entry, dict) else {}
        prices = {key: value for key, value in members.items() if key in known and value is not None}
        floor, window = _floor(members.get("min_prompt_tokens")), _window(members)
        clear = floor is not None and window is not NEVER and bool(members)
        if clear and all(key in known | CONDITIONS or _is_price(value) for key, value in members.items()):
            found.append(Override(place, floor or 0, window, prices))
        else:
            understood = False
            if members.keys() & CLOCK:
                found.append(Override(place, 0, NEVER, prices))
    return found, understood


def _floor(sent: Any) -> int | None:
    if sent is None:
        return 0
    number = isinstance(sent, int | Decimal) and not isinstance(sent, bool)
    return int(sent) if number and sent >= 0 and sent == int(sent) else None


def _window(members: dict[str, Any]) -> Window | None:
    """When the override holds; None for at any hour, NEVER for hours that cannot be read."""
    if not members.keys() & CLOCK:
        return None
    start, end = clock(members.get("utc_start", 0)), clock(members.get("utc_end", 2400))
    named = members.get("utc_days", list(DAYS))
    days = [day_number(day) for day in named] if isinstance(named, list) else []
    if start is None or end is None or not days or None in days:
        return NEVER
    return Window(start, end, frozenset(day for day in days if day is not None))


def _is_price(value: Any) -> bool:
    """Whether a member that nobody documented looks like one more price: those are strings of digits."""
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def periods(base: Prices, overrides: list[Override]) -> list[Period]:
    """The different prices of the week, each with its hours; one period if no price depends on the hour."""
    windows = [override.window for override in overrides if override.window]
    spans: list[tuple[Table, list[tuple[int, int, int]]]] = []
    for day, start, end in moments(windows):
        table = _table(base, [entry for entry in overrides if not entry.window or entry.window.holds(day, start)])
        for known, mine in spans:
            if known == table:
                mine.append((day, start, end))
                break
        else:
            spans.append((table, [(day, start, end)]))
    return [Period(joined(mine), table) for table, mine in spans]


def _table(base: Prices, overrides: list[Override]) -> Table:
    floors = sorted({0, *(override.floor for override in overrides)})
    table = {}
    for floor in floors:
        prices = dict(base)
        for override in overrides:
            if override.floor <= floor:
                prices |= override.prices
        table[floor] = prices
    return table
