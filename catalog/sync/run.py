"""One sync from fetch to store. Whatever goes wrong, the last good data stays and the Sync says what happened."""

import logging
from contextlib import closing
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from catalog.models import Catalog, Offer, Outcome, Sync
from catalog.sources.base import Door, Fetched, OfferRecord, Progress
from catalog.sources.errors import SourceError
from catalog.sync.connect import connect
from catalog.sync.diff import Plan, compare
from catalog.sync.guard import suspect_offers, whole_is_suspect
from catalog.sync.lease import lease
from catalog.sync.store import store

log = logging.getLogger(__name__)
MOST_LISTED = 1_000


def sync_catalog(
    catalog: Catalog,
    *,
    approve: bool = False,
    door: Door | None = None,
    on_progress: Progress = lambda done, total: None,
) -> Sync:
    """Bring one catalog up to date and return its Sync, whose outcome tells how it went.

    ``approve`` stores what the guard would hold back; ``door`` is read instead of the catalog's server. Raises Leased
    if a sync of this catalog is under way; a source's error ends in a failed Sync, any other one does too and is raised
    again.
    """
    with lease(catalog):
        catalog.refresh_from_db()
        sync = Sync.objects.create(catalog=catalog, started_at=timezone.now())
        try:
            source, opened = connect(catalog, door)
            with closing(opened):
                fetched = source.fetch(opened, sync.started_at)
            _bring_in(catalog, sync, fetched, approve, on_progress)
        except SourceError as error:
            _end(catalog, sync, Outcome.FAILED, str(error))
        except Exception:
            _end(catalog, sync, Outcome.FAILED, "Ratecard itself failed; its log has the details.")
            raise
        return sync


def _bring_in(catalog: Catalog, sync: Sync, fetched: Fetched, approve: bool, on_progress: Progress) -> None:
    sync.read_from = fetched.read_from
    sync.seen, sync.skipped = len(fetched.offers), len(fetched.skipped)
    sync.skipped_rows = [[skip.ref, skip.reason] for skip in fetched.skipped[:MOST_LISTED]]
    plan = compare(catalog, fetched.offers)
    if not approve and (reason := whole_is_suspect(plan)):
        sync.retired, sync.added, sync.changed = len(plan.retired), len(plan.added), len(plan.changed)
        _end(catalog, sync, Outcome.HELD, f"{reason} Nothing was stored.")
        return
    suspects = {} if approve else suspect_offers(plan)
    with transaction.atomic():
        if _hold(catalog, plan, suspects):
            catalog.version += 1
        sync.held, sync.held_offers = len(suspects), [[ref, why] for ref, why in suspects.items()][:MOST_LISTED]
        if plan.is_empty:
            _end(catalog, sync, Outcome.UNCHANGED, _held_sentence(suspects))
            return
        sync.added, sync.changed = len(plan.added), len(plan.changed)
        sync.retired, sync.returned = len(plan.retired), len(plan.returned)
        store(catalog, sync, plan, on_progress)
        catalog.version += 1
        catalog.changed_at = sync.started_at
        _end(catalog, sync, Outcome.STORED, _held_sentence(suspects))


def _hold(catalog: Catalog, plan: Plan, suspects: dict[str, str]) -> int:
    """Take the suspect offers out of the plan and keep their new prices beside the old; how many offers that touched.

    An offer held by an earlier sync that is no longer suspect is held no more.
    """
    touched = Offer.objects.filter(catalog=catalog, held__isnull=False).exclude(ref__in=suspects).update(held=None)
    for record in [record for record in (*plan.changed, *plan.returned) if record.ref in suspects]:
        offer = Offer.objects.filter(pk=plan.current[record.ref].offer_id)
        touched += offer.update(held=_held_state(record, suspects[record.ref]))
    plan.changed = [record for record in plan.changed if record.ref not in suspects]
    plan.returned = [record for record in plan.returned if record.ref not in suspects]
    return touched


def _held_state(record: OfferRecord, reason: str) -> dict[str, object]:
    base = record.state.rates[0]
    return {"reason": reason, "input": base.input, "output": base.output, "cache_read": base.cache_read}


def _held_sentence(suspects: dict[str, str]) -> str:
    if not suspects:
        return ""
    offers = "1 offer is" if len(suspects) == 1 else f"{len(suspects):,} offers are"
    return f"{offers} held back: a price moved tenfold or more."


def _end(catalog: Catalog, sync: Sync, outcome: Outcome, message: str) -> None:
    now = timezone.now()
    sync.outcome, sync.finished_at, sync.message = outcome, now, message
    failed = outcome in (Outcome.FAILED, Outcome.HELD)
    catalog.last_error = message if failed else ""
    catalog.next_sync_at = now + timedelta(minutes=catalog.refresh_minutes)
    if not failed:
        catalog.read_at = now
    with transaction.atomic():
        sync.save()
        catalog.save(update_fields=["last_error", "next_sync_at", "read_at", "changed_at", "version"])
    log.info("Sync of %s: %s %s", catalog.slug, outcome, message)
