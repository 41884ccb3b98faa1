"""End a sync that is under way, because a person asked for it."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from catalog.models import Catalog, Decision, Outcome, Sync
from catalog.sync import schedule


class NotRunning(Exception):
    """There is nothing to stop any more; the sentence says so."""


def stop(sync: Sync, user: AbstractBaseUser) -> None:
    """End ``sync`` as failed and let the next one in. Raises NotRunning where it has ended by itself.

    Its lease is taken away, and whoever stores renews that in the same transaction: so either nothing of it is stored,
    or it had ended before. The process that reads notices with its next request, or while an answer arrives.
    """
    now = timezone.now()
    with transaction.atomic():
        # Locked before the sync is looked at: one that is storing right now holds this row until it is done.
        catalog = Catalog.objects.select_for_update().get(pk=sync.catalog_id)
        stopped = Sync.objects.filter(pk=sync.pk, outcome=Outcome.RUNNING).update(
            outcome=Outcome.FAILED,
            finished_at=now,
            message=f"Stopped by {user.get_username()}.",
            decision=Decision.STOPPED,
            decided_by=user.pk,
            decided_at=now,
        )
        if not stopped:
            raise NotRunning(f"The sync of {catalog} had ended before it could be stopped.")
        catalog.lease_holder, catalog.lease_until = "", None
        catalog.next_sync_at = schedule.after_success(now, timedelta(minutes=catalog.refresh_minutes))
        catalog.save(update_fields=["lease_holder", "lease_until", "next_sync_at"])
