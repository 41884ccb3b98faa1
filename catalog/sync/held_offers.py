"""Single offers whose new price the guard keeps back, until a person accepts or dismisses it or it is gone.

`Offer.held` holds the whole new state, so that what is accepted is what was shown. A dismissed one stays there too:
the offer goes on at its old price, flagged, and the same value asks nobody again; another one does. Who changes their
mind may still accept it.
"""

import logging
from datetime import datetime

import msgspec
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.models import Catalog, Offer, Revision, Sync
from catalog.sources.base import Fetched, Lifecycle, OfferRecord, OfferState
from catalog.sync.diff import Current, Plan, digest
from catalog.sync.held import Outdated, count_held
from catalog.sync.lease import lease
from catalog.sync.moment import writing
from catalog.sync.states import stored_states
from catalog.sync.store import copy_held_reasons, store

log = logging.getLogger(__name__)


class Held(msgspec.Struct):
    """A new state that is kept back: why, since when, by which sync, and who has dismissed it when."""

    reason: str
    digest: str
    state: OfferState
    sync: int
    since: datetime
    dismissed_by: str = ""
    dismissed_at: datetime | None = None


def held_state(offer: Offer) -> Held | None:
    """What the guard keeps back of this offer."""
    return msgspec.convert(offer.held, Held) if offer.held else None


def hold(catalog: Catalog, sync: Sync, plan: Plan, suspects: dict[str, str]) -> int:
    """Take the suspect offers out of the plan and keep their new states; how many offers that touched.

    An offer held by an earlier sync that is no longer suspect is held no more; one whose value is the same, or whose
    row could not be used this time, stays as it is, dismissed or not. ``sync`` is told what is held and how many of
    them await a person.
    """
    offers = Offer.objects.filter(catalog=catalog, held__isnull=False)
    before = {offer.ref: held for offer in offers if (held := held_state(offer))}
    unread = {ref: before[ref] for ref in sorted(before.keys() & plan.unread)}
    touched = offers.filter(ref__in=before.keys() - suspects.keys() - unread.keys()).update(held=None)
    waiting = sum(held.dismissed_at is None for held in unread.values())
    for record in [record for record in plan.known if record.ref in suspects]:
        seen, known = digest(record.state), before.get(record.ref)
        if known and known.digest == seen:
            waiting += known.dismissed_at is None
            continue
        new = Held(suspects[record.ref], seen, record.state, sync.pk, sync.started_at)
        touched += _write(plan.current[record.ref].offer_id, new)
        waiting += 1
    if touched:
        copy_held_reasons(catalog)
    plan.leave_out(set(suspects))
    sync.held = catalog.held = waiting
    reasons = suspects | {ref: held.reason for ref, held in unread.items()}
    sync.held_offers = [[ref, reason] for ref, reason in reasons.items()]
    return touched


def accept_offer(offer: Offer, user: AbstractBaseUser, *, shown: str | None = None) -> None:
    """Store the held state as a new revision, as of now. ``shown`` is the digest of the state that the person saw.

    Raises Outdated if that one is no longer held, and Leased while the catalog is being synced.
    """
    with lease(offer.catalog) as held:
        catalog, state = Catalog.objects.get(pk=offer.catalog_id), _waiting(offer, shown)
        current = Revision.objects.filter(offer=offer, valid_to=None)
        known = Current(*current.values_list("offer_id", "pk", "digest", "lifecycle").get())
        record = OfferRecord(offer.ref, state.state)
        before = stored_states([known.revision_id])[known.revision_id]
        plan = Plan(Fetched((record,)), {offer.ref: known}, before={offer.ref: before})
        (plan.returned if known.lifecycle == Lifecycle.RETIRED else plan.changed).append(record)
        with transaction.atomic():
            now = writing()
            held.renew()
            store(catalog, Sync.objects.filter(pk=state.sync).first(), plan, now)
            Offer.objects.filter(pk=offer.pk).update(held=None)
            copy_held_reasons(catalog)
            catalog.held = count_held(catalog)
            catalog.save(update_fields=["version", "changed_at", "held"])
    log.info("%s of %s: %s Accepted by %s.", offer.ref, catalog.slug, state.reason, user.get_username())


def dismiss_offer(offer: Offer, user: AbstractBaseUser, *, shown: str | None = None) -> None:
    """Stay with the old price for as long as the catalog sends this new one. Raises Outdated and Leased."""
    with lease(offer.catalog), transaction.atomic():
        state = _waiting(offer, shown)
        state.dismissed_by, state.dismissed_at = user.get_username(), timezone.now()
        _write(offer.pk, state)
        held = count_held(offer.catalog)
        Catalog.objects.filter(pk=offer.catalog_id).update(version=F("version") + 1, held=held)


def _waiting(offer: Offer, shown: str | None) -> Held:
    state = held_state(Offer.objects.get(pk=offer.pk))
    if state is None or shown not in (None, state.digest):
        raise Outdated(f"What was held back of {offer.ref} is no longer so. Look at it again.")
    return state


def _write(offer: int, held: Held) -> int:
    return Offer.objects.filter(pk=offer).update(held=msgspec.to_builtins(held))
