"""Background syncs: the worker looks every minute which catalogs are due, and every night what may be tidied up.

A catalog that is due is claimed before it is queued: its next sync moves a lease's time ahead, so that neither the next
minute nor another worker queues it again. Where the queue is lost or the worker killed, the claim runs out and it is
due once more. Each catalog is a task of its own, so one that is slow or fails takes one of WORKER_THREADS and no more.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from catalog.models import Catalog, Outcome, Revision, Share, Sync
from catalog.models.search import tidy_search
from catalog.sync.lease import LEASE, Leased
from catalog.sync.run import sync_catalog

UNCHANGED_KEPT = timedelta(days=30)
LISTS_KEPT = timedelta(days=1)


@db_task()
def sync_one(catalog_id: int, queued_at: datetime | None = None, planned: datetime | None = None) -> None:
    """Sync one catalog unless it is disabled, or was read since ``queued_at``; None syncs it in any case.

    ``planned`` is when it would have been read by itself, had a person not asked for it now.
    Another sync of it that is under way makes this one needless.
    """
    catalog = Catalog.objects.filter(pk=catalog_id, enabled=True).first()
    if catalog is None or (queued_at and catalog.syncs.filter(started_at__gte=queued_at).exists()):
        return
    try:
        sync_catalog(catalog, planned=planned)
    except Leased:
        return


@db_task()
def count_open(share_id: int, moment: datetime) -> None:
    """Count that a shared link was opened. Here, since a page must not wait while a sync writes."""
    Share.objects.filter(pk=share_id).update(opens=F("opens") + 1, last_opened_at=moment)


@db_periodic_task(crontab())
def sync_due() -> None:
    """Queue every enabled catalog whose next sync is due and that is not being synced."""
    now = timezone.now()
    due = Q(next_sync_at=None) | Q(next_sync_at__lte=now)
    idle = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = Catalog.objects.filter(due, idle, enabled=True)
    for catalog_id in waiting.order_by("next_sync_at").values_list("pk", flat=True):
        if Catalog.objects.filter(due, idle, pk=catalog_id).update(next_sync_at=now + LEASE):
            sync_one(catalog_id, now)


@db_periodic_task(crontab(hour="3", minute="7"))
def tidy() -> None:
    """Keep the search quick, whatever was stored since."""
    tidy_search()


@db_periodic_task(crontab(hour="3", minute="17"))
def forget_syncs() -> None:
    """Forget syncs that changed nothing after UNCHANGED_KEPT, and what they list after LISTS_KEPT.

    The newest of each catalog stays, and so do all that stored something, were held or failed.
    """
    now = timezone.now()
    newer = Sync.objects.filter(catalog=OuterRef("catalog"), started_at__gt=OuterRef("started_at"))
    unchanged = Sync.objects.filter(Exists(newer), outcome=Outcome.UNCHANGED)
    unchanged.filter(started_at__lt=now - LISTS_KEPT).update(skipped_rows=[], held_offers=[])
    # An offer's held price that a person accepted is a revision of the sync that brought it.
    referred = Revision.objects.filter(sync=OuterRef("pk"))
    unchanged.filter(~Exists(referred), started_at__lt=now - UNCHANGED_KEPT).delete()
