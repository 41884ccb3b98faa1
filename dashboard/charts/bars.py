"""Bars of the cheapest offers, stacked by the parts of their cost, as percentages of the longest."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from catalog.pricing.cost import Cost
from dashboard.formats import money_text

PARTS = {
    "cache_read": ("read", "Cache read"),
    "cache_write": ("write", "Cache write"),
    "input": ("in", "Input"),
    "output": ("out", "Output"),
    "blended": ("all", "All tokens"),
    "request": ("each", "Each request"),
}
"""Of each component the class of its colour and its name, in the order in which they are stacked."""


class Piece(NamedTuple):
    """One part of a bar: the class of its colour, where it starts and how wide it is, in percent."""

    colour: str
    x: str
    width: str


class Bar(NamedTuple):
    """A bar: its pieces from left to right, and its parts in words."""

    pieces: Sequence[Piece]
    words: str


def bars(costs: Sequence[Cost]) -> list[Bar]:
    """A bar for each cost, as long as it is beside the highest of them."""
    longest = max((own.per_request for own in costs), default=0) or 1
    return [_bar(own, longest) for own in costs]


def legend(costs: Sequence[Cost]) -> list[tuple[str, str]]:
    """Colour and name of each part that these costs have."""
    found = {line.component for own in costs for line in own.lines if line.amount}
    return [label for component, label in PARTS.items() if component in found]


def _bar(own: Cost, longest: int) -> Bar:
    amounts = {line.component: line.amount for line in own.lines if line.amount}
    months = own.per_month // own.per_request if own.per_request else 0
    pieces, words, before = [], [], 0
    for component, (colour, name) in PARTS.items():
        if amount := amounts.get(component):
            pieces.append(Piece(colour, _percent(before, longest), _percent(amount, longest)))
            words.append(f"{name.lower()} {money_text(amount * months, 2)}")
            before += amount
    return Bar(pieces, ", ".join(words))


def _percent(part: int, whole: int) -> str:
    return f"{(Decimal(100 * part) / whole).quantize(Decimal('0.01'))}%"
