"""How each catalog is: what it holds, how fresh that is, and what its syncs do. A fixed number of queries for any."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from catalog.models import LISTED, Catalog, Outcome, Sync
from catalog.pricing.rates import MEANT, STANDARD
from catalog.services.facets import stored_counts
from catalog.services.syncs import last_outcomes, waiting_syncs
from catalog.sources.kinds import KINDS

PATIENCE = timedelta(minutes=2)
"""A worker takes up what is due within a minute; after this time something is wrong with it."""


class State(StrEnum):
    """What a person should know of a catalog first."""

    FRESH = "fresh"
    STALE = "stale"
    FAILING = "failing"
    HELD = "held"
    NEVER = "never"
    DISABLED = "disabled"


class Activity(StrEnum):
    """What goes on with a catalog right now."""

    NONE = ""
    WAITING = "waiting"
    READING = "reading"
    STORING = "storing"


class Status(NamedTuple):
    """One catalog. ``latest`` is its last sync that has ended, ``running`` the one under way, ``waiting`` the held one.

    ``offers`` are those that tables list, ``priced`` those of them that have a price or are free. ``outcomes`` are the
    last ones, the oldest first. ``is_overdue``: its sync was due for longer than a worker takes to notice.
    """

    catalog: Catalog
    kind: str
    state: State
    activity: Activity
    offers: int
    priced: int
    latest: Sync | None
    running: Sync | None
    waiting: Sync | None
    outcomes: Sequence[str]
    is_overdue: bool


def statuses(catalogs: Sequence[Catalog], now: datetime) -> list[Status]:
    """The status of each of these catalogs, in their order."""
    offers: dict[str, int] = {}
    priced: dict[str, int] = {}
    for group in stored_counts(catalogs).groups:
        if group.mode == STANDARD and group.lifecycle in LISTED:
            offers[group.catalog] = offers.get(group.catalog, 0) + group.offers
            if group.state in MEANT:
                priced[group.catalog] = priced.get(group.catalog, 0) + group.offers
    ended = _latest(catalogs, ended=True)
    newest = _latest([one for one in catalogs if one.lease_until and one.lease_until > now])
    waiting, outcomes = waiting_syncs(catalogs), last_outcomes(catalogs)
    made = []
    for catalog in catalogs:
        for sync in (waiting.get(catalog.pk), ended.get(catalog.pk)):
            if sync:
                sync.catalog = catalog  # else each would ask for it again
        latest, held, own = ended.get(catalog.pk), waiting.get(catalog.pk), outcomes[catalog.pk]
        under_way = newest.get(catalog.pk) if catalog.lease_until and catalog.lease_until > now else None
        if under_way and under_way.outcome != Outcome.RUNNING:
            under_way = None
        due = catalog.next_sync_at or catalog.created_at
        made.append(
            Status(
                catalog=catalog,
                kind=KINDS[catalog.kind].label if catalog.kind in KINDS else catalog.kind,
                state=_state(catalog, held),
                activity=_activity(catalog, under_way, now - due),
                offers=offers.get(catalog.slug, 0),
                priced=priced.get(catalog.slug, 0),
                latest=latest,
                running=under_way,
                waiting=held,
                outcomes=[outcome for outcome in own if outcome != Outcome.RUNNING],
                is_overdue=catalog.enabled and under_way is None and now - due >= PATIENCE,
            )
        )
    return made


def _latest(catalogs: Sequence[Catalog], *, ended: bool = False) -> dict[int, Sync]:
    """By catalog id, its newest sync; with ``ended`` the newest that is not under way. One query."""
    syncs = Sync.objects.filter(catalog=OuterRef("pk")).order_by("-started_at")
    syncs = syncs.exclude(outcome=Outcome.RUNNING) if ended else syncs
    newest = Catalog.objects.filter(pk__in=[catalog.pk for catalog in catalogs])
    found = Sync.objects.filter(pk__in=newest.values_list(Subquery(syncs.values("pk")[:1])))
    return {sync.catalog_id: sync for sync in found.defer("kept", "skipped_rows", "held_offers")}


def _state(catalog: Catalog, waiting: Sync | None) -> State:
    if not catalog.enabled:
        return State.DISABLED
    if waiting:
        return State.HELD
    if catalog.failures:  # a sync that was stopped, or of a wrong file, says nothing of the catalog
        return State.FAILING
    if catalog.read_at is None:
        return State.NEVER
    return State.STALE if catalog.is_stale else State.FRESH


def _activity(catalog: Catalog, running: Sync | None, overdue: timedelta) -> Activity:
    if running:
        return Activity.STORING if running.seen else Activity.READING
    waits = catalog.enabled and timedelta() <= overdue < PATIENCE
    return Activity.WAITING if waits else Activity.NONE
