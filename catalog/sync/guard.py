"""What a sync must not do unseen: empty a catalog, or move a price tenfold."""

from collections.abc import Iterable

from django.conf import settings

from catalog.models import Rate
from catalog.pricing.rates import STANDARD, TOKEN_COMPONENTS
from catalog.pricing.units import price_text
from catalog.sources.base import OfferRecord
from catalog.sync.diff import Plan

TENFOLD = 10


def whole_is_suspect(plan: Plan) -> str:
    """Why nothing of this plan may be stored before a person has looked, or "" if it may."""
    gone = len(plan.retired)
    if gone and gone == plan.live and not (plan.added or plan.returned):
        return f"The answer holds none of the {plan.live:,} offers."
    if gone > plan.live * settings.SYNC_MAX_LOSS:
        return f"{gone:,} of {plan.live:,} offers are gone, more than {settings.SYNC_MAX_LOSS:.0%}."
    return ""


def suspect_offers(plan: Plan) -> dict[str, str]:
    """The changed and returned offers whose price moved tenfold or more, each with the sentence that says so."""
    records = [*plan.changed, *plan.returned]
    revisions = {plan.current[record.ref].revision_id: record.ref for record in records}
    before = {
        revisions[rate.revision_id]: rate
        for rate in Rate.objects.filter(revision__in=list(revisions), mode=STANDARD, above=0)
    }
    found = ((record.ref, _moved(before[record.ref], record)) for record in records if record.ref in before)
    return {ref: reason for ref, reason in found if reason}


def _moved(before: Rate, record: OfferRecord) -> str:
    base = next(row for row in record.state.rates if row.mode == STANDARD and row.above == 0)
    moves = ((name, getattr(before, name), getattr(base, name)) for name in TOKEN_COMPONENTS)
    return " ".join(_sentences(moves))


def _sentences(moves: Iterable[tuple[str, int | None, int | None]]) -> Iterable[str]:
    for name, old, new in moves:
        if old and new and max(old, new) >= TENFOLD * min(old, new):
            label = name.replace("_", " ")
            yield f"The {label} price went from {price_text(old)} to {price_text(new)} per 1M tokens."
