"""The rate glyph: input, output and cache read of one offer on one log scale from $0.01 to $1,000 per 1M tokens."""

import math
from typing import NamedTuple

PICO_PER_CENT_PER_MILLION = 10_000
DECADE = 24


class Glyph(NamedTuple):
    """Places from the left in pixels; None where the price is unknown or free."""

    input: float | None
    output: float | None
    cache_read: float | None


def glyph(input: int | None, output: int | None, cache_read: int | None) -> Glyph | None:  # noqa: A002
    """The glyph of these prices (pico-dollars per token), or None if there is nothing to draw."""
    places = Glyph(_place(input), _place(output), _place(cache_read))
    return places if any(place is not None for place in places) else None


def _place(pico: int | None) -> float | None:
    if not pico:
        return None
    decades = math.log10(pico / PICO_PER_CENT_PER_MILLION)
    return round(0.5 + DECADE * min(max(decades, 0), 5), 1)
