"""Syncs as pages list them: outcome, counts, what they say and how long they took."""

from datetime import datetime
from typing import NamedTuple

from catalog.services.syncs import Sync, did_text
from dashboard.formats import span_text

BADGES = {"stored": "ok", "unchanged": "", "held": "warn", "failed": "bad", "running": "line", "overtaken": "line"}


class SyncRow(NamedTuple):
    """One sync. ``text`` is what it says of itself, or for strangers "" (it may name the organization).

    A held one that no longer waits and was not decided is ``overtaken``: a newer sync has looked again.
    """

    pk: int
    started_at: datetime
    outcome: str
    kind: str
    decision: str
    seen: int
    counts: str
    took: str
    text: str


def sync_row(sync: Sync, *, waits: bool, known: bool) -> SyncRow:
    """One sync, ready for a template. ``known``: the viewer is signed in, so ``text`` tells what is held."""
    outcome = "overtaken" if sync.outcome == "held" and not (waits or sync.decision) else sync.outcome
    counts = did_text(sync, waits=waits, others=not known)
    return SyncRow(
        pk=sync.pk,
        started_at=sync.started_at,
        outcome=outcome,
        kind=BADGES[outcome] if not sync.decision or sync.outcome != "held" else "",
        decision="" if sync.decision == "stopped" else sync.decision,  # its text says so, and by whom
        seen=sync.seen,
        counts=counts[:1].upper() + counts[1:],
        took=span_text(sync.finished_at - sync.started_at) if sync.finished_at else "",
        text=sync.message if known else "",
    )
