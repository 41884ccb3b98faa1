"""A sync that the guard holds as a whole: it keeps what it fetched until a person or the next sync has looked again.

Only the newest held sync of a catalog keeps it, and a later sync that reads the catalog whole, whatever it finds, ends
the wait. A failed one does not: it knows nothing newer.
"""

import zlib

import msgspec
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from catalog.models import Catalog, Decision, Offer, Outcome, Sync
from catalog.sources.base import Fetched
from catalog.sync.diff import Plan, compare
from catalog.sync.lease import lease
from catalog.sync.moment import writing
from catalog.sync.store import copy_held_reasons, store


class Outdated(Exception):
    """What a person decided about is no longer so; the sentence says what to do."""


class Kept(msgspec.Struct):
    """What a held sync fetched, why it is held, and the signature of what it would have changed."""

    fetched: Fetched
    reason: str
    signature: str


def keep(plan: Plan, reason: str) -> bytes:
    """``Sync.kept`` of a sync that is held for ``reason``."""
    return zlib.compress(msgspec.msgpack.encode(Kept(plan.fetched, reason, plan.signature)))


def kept(sync: Sync) -> Kept:
    """What the sync keeps. Raises Outdated if it waits no more."""
    blob = Sync.objects.filter(pk=sync.pk, outcome=Outcome.HELD).values_list("kept", flat=True).first()
    if blob is None:
        raise Outdated(
            f"This sync of {sync.catalog} is no longer held: it was decided or a newer one has looked again."
        )
    try:
        return msgspec.msgpack.decode(zlib.decompress(blob), type=Kept)
    except msgspec.DecodeError:
        raise Outdated(f"An older release held this sync. Sync {sync.catalog} again and look at the new one.") from None


def approve(sync: Sync, user: AbstractBaseUser) -> Sync:
    """Store exactly what was shown, as of now. Raises Outdated if it would change something else, and Leased."""
    with lease(sync.catalog) as held:
        catalog = Catalog.objects.get(pk=sync.catalog_id)
        sync = Sync.objects.defer("kept").get(pk=sync.pk)
        waiting = kept(sync)
        plan = compare(catalog, waiting.fetched)
        if plan.signature != waiting.signature:
            raise Outdated(f"{catalog} has changed since this sync. Sync it again and look at the new difference.")
        with transaction.atomic():
            now = writing()
            held.renew()
            Offer.objects.filter(catalog=catalog, held__isnull=False).exclude(ref__in=plan.unread).update(held=None)
            copy_held_reasons(catalog)
            store(catalog, sync, plan, now)
            catalog.read_at, catalog.last_error, catalog.held = sync.finished_at, "", count_held(catalog)
            catalog.save(update_fields=["read_at", "last_error", "version", "changed_at", "held"])
            sync.outcome = Outcome.STORED
            _decide(sync, Decision.APPROVED, user, f"{waiting.reason} Approved by {user.get_username()}.")
    return sync


def discard(sync: Sync, user: AbstractBaseUser) -> Sync:
    """Keep the stored offers and forget what was fetched; the next sync looks again. Raises Outdated and Leased."""
    with lease(sync.catalog):
        sync = Sync.objects.defer("kept").get(pk=sync.pk)
        message = f"{kept(sync).reason} Discarded by {user.get_username()}; nothing was stored."
        with transaction.atomic():
            _decide(sync, Decision.DISCARDED, user, message)
            # Nothing is wrong any more: the old list goes on, as old as it is. A failure since then stays told.
            Catalog.objects.filter(pk=sync.catalog_id, failures=0).update(last_error="")
    return sync


def count_held(catalog: Catalog) -> int:
    """How many single offers of the catalog await a person."""
    return Offer.objects.filter(catalog=catalog, held__isnull=False, held__dismissed_at=None).count()


def supersede(sync: Sync) -> None:
    """End the wait of every earlier held sync of the catalog."""
    Sync.objects.filter(catalog=sync.catalog_id, kept__isnull=False).exclude(pk=sync.pk).update(kept=None)


def _decide(sync: Sync, decision: Decision, user: AbstractBaseUser, message: str) -> None:
    sync.decision, sync.decided_by_id, sync.decided_at = decision, user.pk, timezone.now()
    sync.message, sync.kept = message, None
    sync.save()
