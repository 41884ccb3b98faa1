"""Syncs as pages list them: outcome, counts, what they say and how long they took."""

from datetime import datetime
from typing import NamedTuple, Protocol

from dashboard.formats import span_text
from dashboard.tables.catalogs import COUNTS, counts_text

BADGES = {"stored": "ok", "unchanged": "", "held": "warn", "failed": "bad", "running": "line"}


class Ran(Protocol):
    """What is read of a sync."""

    pk: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    message: str
    decision: str
    seen: int


class SyncRow(NamedTuple):
    """One sync. ``text`` is what it says of itself, or for strangers "" (it may name the organization)."""

    pk: int
    started_at: datetime
    outcome: str
    kind: str
    decision: str
    seen: int
    counts: str
    took: str
    text: str


def sync_row(sync: Ran, *, known: bool) -> SyncRow:
    """One sync, ready for a template. ``known``: the viewer is signed in, so ``text`` tells what is held."""
    return SyncRow(
        pk=sync.pk,
        started_at=sync.started_at,
        outcome=sync.outcome,
        kind=BADGES[sync.outcome],
        decision=sync.decision,
        seen=sync.seen,
        counts=counts_text(sync, COUNTS[:4] if known else COUNTS),
        took=span_text(sync.finished_at - sync.started_at) if sync.finished_at else "",
        text=sync.message if known else "",
    )
