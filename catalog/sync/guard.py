"""What a sync must not do unseen: empty a catalog, or move a price tenfold.

A price that becomes 0 is held too: catalogs send 0 for "not configured", and a missing price must never look free. One
that was free and now costs something is stored, since the old one would look too cheap until somebody decides; so is
one that is no longer told, since unknown misleads nobody.
"""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings

from catalog.pricing.rates import COMPONENTS, STANDARD, RateRow
from catalog.pricing.units import exact_text, price_text
from catalog.sources.base import OfferState
from catalog.sync.diff import GONE, Plan

TENFOLD = 10
MOST_MOVES = 3


def nothing_usable(plan: Plan) -> str:
    """Why the answer tells nothing of the catalog, or "". An empty one does, where offers are known: they are gone."""
    fetched = plan.fetched
    if fetched.offers or (plan.current and not fetched.skipped):
        return ""
    if not fetched.skipped:
        return "The answer holds no models. Check that the address, the organization and the key are the right ones."
    first = fetched.skipped[0]
    return (
        f"None of the {len(fetched.skipped):,} rows of the answer can be used. The first, {first.ref}: {first.reason}"
    )


def whole_is_suspect(plan: Plan) -> str:
    """Why nothing of this plan may be stored before a person has looked, or "" if it may."""
    if plan.gone and plan.gone == plan.live and not (plan.added or plan.returned):
        return f"The answer holds none of the {plan.live:,} offers."
    if plan.gone > plan.live * settings.SYNC_MAX_LOSS:
        return f"{plan.gone:,} of {plan.live:,} offers are gone, more than {settings.SYNC_MAX_LOSS:.0%}."
    unread = sum(plan.current[ref].lifecycle not in GONE for ref in plan.unread)
    if unread > plan.live * settings.SYNC_MAX_LOSS:
        return f"The rows of {unread:,} of {plan.live:,} offers cannot be used, more than {settings.SYNC_MAX_LOSS:.0%}."
    return ""


def suspect_offers(plan: Plan) -> dict[str, str]:
    """The changed and returned offers whose price moved tenfold or more or to 0, and which did.

    One that its catalog marks as gone leaves the list whatever its price has become: nobody buys it at that price.
    """
    staying = (record for record in plan.known if record.state.lifecycle not in GONE)
    found = ((record.ref, _moves(plan.before[record.ref], record.state)) for record in staying)
    return {ref: reason for ref, reason in found if reason}


def _moves(before: OfferState, after: OfferState) -> str:
    old = {(row.mode, row.above): row for row in before.rates}
    moves = (
        _sentence(row, name, price, getattr(row, name))
        for row in after.rates
        if (row.mode, row.above) in old
        for name in COMPONENTS
        if name not in row.inherited and _is_far(price := getattr(old[row.mode, row.above], name), getattr(row, name))
    )
    return _shortened(moves)


def _shortened(sentences: Iterator[str]) -> str:
    shown = list(islice(sentences, MOST_MOVES))
    more = sum(1 for _ in sentences)
    return " ".join([*shown, *([f"{more:,} more of its prices moved as far."] if more else [])])


def _is_far(old: int | None, new: int | None) -> bool:
    if not old or new is None:
        return False
    return max(old, new) >= TENFOLD * min(old, new)


def _sentence(row: RateRow, name: str, old: int, new: int) -> str:
    where = "".join(
        [
            f" above {row.above:,} tokens" if row.above else "",
            f" in mode {row.mode}" if row.mode != STANDARD else "",
        ]
    )
    text, per = (exact_text, "per request") if name == "request" else (price_text, "per 1M tokens")
    move = f"from {text(old)} to {text(new)} {per}" if new else f"from {text(old)} {per} to 0"
    return f"The {name.replace('_', ' ')} price{where} went {move}."
