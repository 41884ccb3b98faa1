"""One sync from fetch to store. Whatever goes wrong, the last good data stays and the Sync says what happened."""

import logging
from contextlib import closing
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog.models import Catalog, Decision, Outcome, Sync
from catalog.sources.base import Door, Fetched, Progress
from catalog.sources.errors import SourceError, SourceUnreadable
from catalog.sync import schedule
from catalog.sync.collecting import seldom_collecting
from catalog.sync.connect import connect
from catalog.sync.diff import Plan, compare
from catalog.sync.fits import storable
from catalog.sync.guard import nothing_usable, suspect_offers, whole_is_suspect
from catalog.sync.held import keep, supersede
from catalog.sync.held_offers import hold
from catalog.sync.lease import Lease, LeaseLost, lease
from catalog.sync.leased_door import LeasedDoor
from catalog.sync.moment import writing
from catalog.sync.store import nobody, store

log = logging.getLogger(__name__)
MOST_LISTED = 1_000
MOST_WARNINGS = 5
BY_SYNCS = ("changed_at", "version", "held")
"""What storing changes of a catalog."""


def sync_catalog(
    catalog: Catalog,
    *,
    approve: bool = False,
    door: Door | None = None,
    planned: datetime | None = None,
    on_progress: Progress = nobody,
) -> Sync:
    """Bring one catalog up to date and return its Sync, whose outcome tells how it went.

    ``approve`` stores what the guard would hold back; ``door`` is read instead of the catalog's server; ``planned`` is
    when the catalog would have been read by itself, for a sync that a person asked for. Raises Leased if a sync of this
    catalog is under way; a source's error ends in a failed Sync, any other one does too and is raised again.
    """
    with lease(catalog) as held, seldom_collecting():
        catalog.refresh_from_db()
        sync = Sync.objects.create(catalog=catalog, started_at=timezone.now(), message="Reading the catalog.")
        try:
            try:
                source, opened = connect(catalog, door)
                with closing(LeasedDoor(opened, held, sync)) as leased:
                    fetched = source.fetch(leased, sync.started_at)
                _bring_in(catalog, sync, fetched, held, approve, on_progress)
            except LeaseLost:
                raise
            except SourceError as error:
                if door is None:
                    _fail(catalog, sync, error, storable(str(error)), planned)
                else:  # a wrong file says nothing of the catalog
                    _end(sync, Outcome.FAILED, storable(str(error)), timezone.now())
            except Exception as error:
                _fail(catalog, sync, error, "Ratecard itself failed; its log has the details.", planned)
                raise
        except LeaseLost as error:
            _lose(sync, str(error))
        fine = sync.outcome in (Outcome.STORED, Outcome.UNCHANGED)
        log.log(
            logging.INFO if fine else logging.WARNING, "Sync of %s: %s %s", catalog.slug, sync.outcome, sync.message
        )
        return sync


def _bring_in(
    catalog: Catalog, sync: Sync, fetched: Fetched, held: Lease, approve: bool, on_progress: Progress
) -> None:
    sync.message = f"Comparing {len(fetched.offers):,} offers with those on record."
    _save(sync)
    plan = compare(catalog, fetched)
    fetched = plan.fetched
    sync.read_from = fetched.read_from
    sync.seen, sync.skipped = len(fetched.offers), len(fetched.skipped)
    sync.skipped_rows = [[skip.ref, skip.reason] for skip in fetched.skipped[:MOST_LISTED]]
    if nothing := nothing_usable(plan):
        raise SourceUnreadable(nothing)
    if not approve and (reason := whole_is_suspect(plan)):
        sync.kept = keep(plan, reason)
        _count(sync, plan)
        _succeed(catalog, sync, Outcome.HELD, _sentences(fetched, f"{reason} Nothing was stored."))
        return
    suspects = {} if approve else suspect_offers(plan)
    with transaction.atomic():
        now = writing()
        held.renew()
        touched = hold(catalog, sync, plan, suspects)
        sync.held_offers = sync.held_offers[:MOST_LISTED]
        message = _sentences(fetched, _held_sentence(sync.held))
        if plan.is_empty:
            catalog.version += bool(touched)
            _succeed(catalog, sync, Outcome.UNCHANGED, message)
        else:
            _count(sync, plan)
            store(catalog, sync, plan, now, on_progress)
            _succeed(catalog, sync, Outcome.STORED, message)


def _count(sync: Sync, plan: Plan) -> None:
    sync.added, sync.changed = len(plan.added), len(plan.changed)
    sync.retired, sync.returned = len(plan.retired), len(plan.returned)


def _sentences(fetched: Fetched, first: str) -> str:
    """What pages say of a sync that read the catalog."""
    skipped = len(fetched.skipped)
    left_out = "" if not skipped else "1 row was left out." if skipped == 1 else f"{skipped:,} rows were left out."
    return " ".join(filter(None, [first, *fetched.warnings[:MOST_WARNINGS], left_out]))


def _held_sentence(held: int) -> str:
    if not held:
        return ""
    return f"{'1 offer is' if held == 1 else f'{held:,} offers are'} held back: a price moved tenfold or more, or to 0."


def _succeed(catalog: Catalog, sync: Sync, outcome: Outcome, message: str) -> None:
    """The catalog was read whole, which ends the wait of an earlier held sync."""
    now = timezone.now()
    catalog.failures = 0
    catalog.last_error = message if outcome is Outcome.HELD else ""
    catalog.next_sync_at = schedule.after_success(now, timedelta(minutes=catalog.refresh_minutes))
    if outcome is not Outcome.HELD:
        catalog.read_at = now
    with transaction.atomic():  # the catalog first, as `stop` does, so that the two never wait for each other
        catalog.save(
            update_fields=["failures", "last_error", "next_sync_at", "read_at", "changed_at", "version", "held"]
        )
        supersede(sync)
        _end(sync, outcome, message, now)


def _fail(catalog: Catalog, sync: Sync, error: Exception, message: str, planned: datetime | None) -> None:
    """Nothing was stored, so nothing is counted, and of the catalog only its failure is told.

    Each failure lengthens the wait for the next try, but not those of a person who tries a catalog that fails.
    """
    sync.added = sync.changed = sync.retired = sync.returned = sync.held = 0
    sync.held_offers = []
    now, refresh = timezone.now(), timedelta(minutes=catalog.refresh_minutes)
    catalog.failures = max(catalog.failures, 1) if planned and planned > now else catalog.failures + 1
    catalog.last_error = message
    catalog.next_sync_at = schedule.after_failure(now, refresh, catalog.failures, error, planned)
    with transaction.atomic():
        catalog.save(update_fields=["failures", "last_error", "next_sync_at"])
        _end(sync, Outcome.FAILED, message, now)


def _end(sync: Sync, outcome: Outcome, message: str, now: datetime) -> None:
    sync.outcome, sync.finished_at, sync.message = outcome, now, message
    _save(sync)


def _save(sync: Sync) -> None:
    """Save a sync that is under way. Raises LeaseLost if it was ended meanwhile."""
    columns = {field.attname: getattr(sync, field.attname) for field in Sync._meta.fields if not field.primary_key}
    if not Sync.objects.filter(pk=sync.pk, outcome=Outcome.RUNNING).update(**columns):
        raise LeaseLost


def _lose(sync: Sync, message: str) -> None:
    """The catalog is another sync's now; or a person has stopped this one, which says so already."""
    lost = Sync.objects.filter(pk=sync.pk).exclude(decision=Decision.STOPPED)
    lost.update(outcome=Outcome.FAILED, finished_at=timezone.now(), message=message)
    sync.refresh_from_db()
