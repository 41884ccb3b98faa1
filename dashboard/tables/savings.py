"""Costs beside those of the baseline, as a table writes it: with a sign and an arrow, not colour alone."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from dashboard.formats import money_text

MULTIPLE = 400
"""From so many percent of the baseline on, a multiple says more."""


class Saving(NamedTuple):
    """``kind`` is down (cheaper), up (dearer) or flat. ``share`` is "" where the baseline costs nothing."""

    kind: str
    arrow: str
    amount: str
    share: str
    words: str


def saving(own: int | None, baseline: int | None) -> Saving | None:
    """``own`` beside the ``baseline``, both pico-dollars a month; None if either is not known."""
    if own is None or baseline is None:
        return None
    if own == baseline:
        return Saving("flat", "", "same", "", "costs the same")
    less = own < baseline
    amount = money_text(abs(own - baseline), 2)
    sign = "−" if less else "+"
    return Saving(
        kind="down" if less else "up",
        arrow="▼" if less else "▲",
        amount=f"{sign}{amount}",
        share=_share(own, baseline) if baseline else "",
        words=f"{'saves' if less else 'costs'} ${amount} a month{'' if less else ' more'}",
    )


def _share(own: int, baseline: int) -> str:
    if own * 100 >= MULTIPLE * baseline:
        times = Decimal(own) / baseline
        return f"×{times.quantize(Decimal(1), ROUND_HALF_UP):,}"
    change = Decimal(100 * (own - baseline)) / baseline
    places = Decimal("0.1") if abs(change) < 10 else Decimal(1)
    rounded = abs(change).quantize(places, ROUND_HALF_UP)
    if not rounded:
        return "−<0.1%" if change < 0 else "+<0.1%"
    if change < 0 and rounded == 100 and own:
        return "−>99%"
    return f"{'−' if change < 0 else '+'}{rounded}%"
