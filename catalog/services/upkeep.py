"""What staff do to catalogs from the pages: have them synced, and remove the examples."""

from collections.abc import Iterable

from django.utils import timezone

from catalog.models import Catalog
from catalog.sync.lease import lease
from catalog.sync.tasks import sync_one


def request_sync(catalogs: Iterable[Catalog]) -> None:
    """Make the enabled ones of these catalogs due now and queue their syncs; one that is under way goes on."""
    now = timezone.now()
    for catalog in catalogs:
        idle = Catalog.objects.filter(pk=catalog.pk, enabled=True).exclude(lease_until__gt=now)
        planned = idle.values_list("next_sync_at", flat=True).first()
        if idle.update(next_sync_at=now):
            sync_one(catalog.pk, now, planned)


def remove_example(catalog: Catalog) -> None:
    """Delete an example with its offers and their history. Raises Leased while it is synced."""
    if not catalog.is_example:
        raise ValueError(f"{catalog.name} is no example.")
    with lease(catalog):
        catalog.delete()
