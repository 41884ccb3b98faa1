"""What a step from one state of an offer to the next amounts to: its kinds, its largest move, and all that differs.

A change that none of the kinds is for, such as another description, is no step.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from catalog.models import LARGEST_MOVE, ChangeKind
from catalog.pricing.rates import STANDARD, meant
from catalog.sources.base import Lifecycle, OfferState
from catalog.sync.differences import Difference, moved_prices, other_price_differences, price_name

LIMITS = ("context_tokens", "max_input_tokens", "max_output_tokens")
SHOWN_APART = ((STANDARD, 0, "input"), (STANDARD, 0, "output"))
"""The prices that a change holds in columns of their own."""
TENTHS_OF_A_PERCENT = 1_000


class Step(NamedTuple):
    """``kinds`` is empty where nothing is to be told. ``moved`` is in tenths of a percent, None if no price moved."""

    kinds: ChangeKind
    moved: int | None
    differences: tuple[Difference, ...]


def step(before: OfferState, after: OfferState) -> Step:
    """What the step from ``before`` to ``after`` amounts to.

    An offer that left its catalog keeps its last values, so nothing else is told of it; one that came back is compared
    with those.
    """
    if after.lifecycle is Lifecycle.RETIRED:
        return Step(ChangeKind.RETIRED, None, ())
    kinds, told = ChangeKind(0), list[Difference]()
    if before.lifecycle is Lifecycle.RETIRED:
        kinds |= ChangeKind.RETURNED
    elif before.lifecycle is not after.lifecycle:
        kinds |= ChangeKind.LIFECYCLE
        told.append(Difference("lifecycle", before.lifecycle.value, after.lifecycle.value))
    if limits := [name for name in LIMITS if getattr(before, name) != getattr(after, name)]:
        kinds |= ChangeKind.LIMITS
        told += [Difference(name, getattr(before, name), getattr(after, name)) for name in limits]
    moves = list[int]()
    for difference, apart, old, new in _prices(before, after):
        kinds |= _kind(old, new)
        if old is not None and new is not None:
            moves.append(_move(old, new))
        if not apart:
            told.append(difference)
    if not kinds & (ChangeKind.UP | ChangeKind.DOWN | ChangeKind.PRICING):
        others = list(_beside_prices(before, after))
        told += others
        kinds |= ChangeKind.PRICING if others else ChangeKind(0)
    return Step(kinds, max(moves, default=None), tuple(told))


def _prices(
    before: OfferState, after: OfferState
) -> Iterator[tuple[Difference, bool, int | Decimal | None, int | Decimal | None]]:
    """Each price that differs, whether it has columns of its own, and what is known of it before and after.

    A price that a tier or mode takes from another one moves with that one and is not told twice.
    """
    taken = {(row.mode, row.above, name) for state in (before, after) for row in state.rates for name in row.inherited}
    for key, old, new in moved_prices(before, after):
        if key not in taken:
            difference = Difference(price_name(*key), old, new, is_price=True)
            yield difference, key in SHOWN_APART, meant(old, before.price_state), meant(new, after.price_state)
    for difference in other_price_differences(before, after):
        yield difference, False, _amount(difference.before), _amount(difference.after)


def _beside_prices(before: OfferState, after: OfferState) -> Iterator[Difference]:
    """What else changed about prices that are the same: what is said of them, and where tiers begin and end."""
    if before.price_state is not after.price_state:
        yield Difference("price_state", before.price_state.value, after.price_state.value)
    tiers = [sorted((row.mode, row.above, row.up_to or 0) for row in state.rates) for state in (before, after)]
    if tiers[0] != tiers[1]:
        yield Difference("tiers", None, None)


def _amount(text: str | None) -> Decimal | None:
    """The dollars of another price, as far as it is a number."""
    try:
        return Decimal(text) if text is not None else None
    except ArithmeticError:
        return None


def _kind(old: int | Decimal | None, new: int | Decimal | None) -> ChangeKind:
    if old is None or new is None or old == new:
        return ChangeKind.PRICING
    return ChangeKind.UP if new > old else ChangeKind.DOWN


def _move(old: int | Decimal, new: int | Decimal) -> int:
    """How far a price moved, up or down, in tenths of a percent of what it was."""
    if not old:
        return LARGEST_MOVE if new else 0
    share = abs(Decimal(new) - old) * TENTHS_OF_A_PERCENT / old
    return min(int(share.to_integral_value(ROUND_HALF_UP)), LARGEST_MOVE)
