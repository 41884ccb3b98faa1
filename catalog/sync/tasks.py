"""Background syncs: the worker looks every minute which catalogs are due."""

from django.db.models import Q
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from catalog.models import Catalog
from catalog.sync.lease import Leased
from catalog.sync.run import sync_catalog


@db_task()
def sync_one(catalog_id: int) -> None:
    """Sync one catalog; another sync of it that is under way makes this one needless."""
    try:
        sync_catalog(Catalog.objects.get(pk=catalog_id))
    except Leased:
        return


@db_periodic_task(crontab())
def sync_due() -> None:
    """Queue every enabled catalog whose next sync is due."""
    now = timezone.now()
    due = Catalog.objects.filter(Q(next_sync_at=None) | Q(next_sync_at__lte=now), enabled=True)
    for catalog_id in due.values_list("pk", flat=True):
        sync_one(catalog_id)
