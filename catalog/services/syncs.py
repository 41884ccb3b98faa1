"""Syncs for pages: what they did, what a held one would change, and offers whose new price is held back.

What a person decides is done by `approve`, `discard`, `accept_offer`, `dismiss_offer` and `stop`. Each raises
`Outdated`, `Leased` or `NotRunning`, whose text is for that person.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from catalog.models import Catalog, Offer, Outcome, Revision
from catalog.models import Sync as Sync  # pages name the type
from catalog.services.catalogs import Catalogs
from catalog.sync.diff import compare
from catalog.sync.differences import Difference, differences, price_differences
from catalog.sync.held import Outdated, approve, discard, kept
from catalog.sync.held_offers import accept_offer, dismiss_offer, held_state
from catalog.sync.lease import Leased
from catalog.sync.states import stored_states
from catalog.sync.stop import NotRunning, stop

__all__ = ["Leased", "NotRunning", "Outdated", "accept_offer", "approve", "discard", "dismiss_offer", "stop"]

MOST_ROWS = 100
PER_PAGE = 50
TICKS = 28
WAITS = Q(outcome=Outcome.HELD, kept__isnull=False)


class Row(NamedTuple):
    """One offer in a difference. ``offer_id`` is None for a new one; ``state`` is as the source translated it."""

    offer_id: int | None
    ref: str
    state: Any
    changes: Sequence[Difference] = ()


class Part(NamedTuple):
    """The first rows of one part of a difference, and how many there are."""

    rows: Sequence[Row]
    total: int


class HeldDiff(NamedTuple):
    """What a held sync would change. ``is_outdated``: the catalog has changed since, so it can only be discarded."""

    reason: str
    added: Part
    changed: Part
    returned: Part
    retired: Part
    same: int
    is_outdated: bool


def held_diff(sync: Sync, most: int = MOST_ROWS) -> HeldDiff:
    """The difference between what a held sync fetched and what is stored. Raises Outdated if it waits no more."""
    waiting = kept(sync)
    plan = compare(sync.catalog, waiting.fetched)
    gone = {plan.current[ref].revision_id: ref for ref in plan.retired[:most]}
    last = {gone[pk]: state for pk, state in stored_states(list(gone)).items()}

    def known(records: Sequence[Any]) -> Part:
        rows = [
            Row(plan.current[one.ref].offer_id, one.ref, one.state, differences(plan.before[one.ref], one.state))
            for one in records[:most]
        ]
        return Part(rows, len(records))

    return HeldDiff(
        reason=waiting.reason,
        added=Part([Row(None, one.ref, one.state) for one in plan.added[:most]], len(plan.added)),
        changed=known(plan.changed),
        returned=known(plan.returned),
        retired=Part(
            [Row(plan.current[ref].offer_id, ref, last[ref]) for ref in plan.retired[:most]], len(plan.retired)
        ),
        same=len(waiting.fetched.offers) - len(plan.added) - len(plan.known),
        is_outdated=plan.signature != waiting.signature,
    )


class HeldOffer(NamedTuple):
    """An offer whose new state is held back: why, since when, its old and new prices, and who dismissed it when.

    ``digest`` names the new state: `accept_offer` and `dismiss_offer` take it as ``shown``.
    """

    offer: Offer
    name: str
    reason: str
    since: datetime
    prices: Sequence[Difference]
    digest: str
    dismissed_by: str
    dismissed_at: datetime | None


def held_offers(catalog: Catalog) -> list[HeldOffer]:
    """The offers of the catalog that are held back, those that await a decision first. At most four queries."""
    if not catalog.held_reasons:
        return []
    offers = Offer.objects.filter(catalog=catalog, held__isnull=False).order_by("ref")
    current = dict(Revision.objects.filter(offer__in=offers, valid_to=None).values_list("offer_id", "pk"))
    states = stored_states(list(current.values()))
    found = []
    for offer in offers:
        held, before = held_state(offer), states[current[offer.pk]]
        if held is not None:
            prices = list(price_differences(before, held.state))
            dismissed = (held.dismissed_by, held.dismissed_at)
            found.append(HeldOffer(offer, held.state.name, held.reason, held.since, prices, held.digest, *dismissed))
    return sorted(found, key=lambda one: one.dismissed_at is not None)


class SyncPage(NamedTuple):
    """One page of a catalog's syncs, the newest first. Each ``waits`` or not; what a held one keeps is not read."""

    rows: Sequence[Sync]
    page: int
    pages: int
    total: int


def syncs_of(catalog: Catalog, page: int = 1) -> SyncPage:
    """Page ``page`` of the catalog's syncs, or the nearest page that there is. Two queries."""
    syncs = Sync.objects.filter(catalog=catalog).select_related("decided_by").annotate(waits=WAITS).defer("kept")
    found = Paginator(syncs, PER_PAGE).get_page(page)
    return SyncPage(list(found), found.number, found.paginator.num_pages, found.paginator.count)


def sync_of(catalog: Catalog, pk: int) -> Sync | None:
    """One sync of the catalog, or None if it has no such sync."""
    syncs = Sync.objects.filter(catalog=catalog, pk=pk).select_related("decided_by")
    sync = syncs.annotate(waits=WAITS).defer("kept").first()
    if sync:
        sync.catalog = catalog
    return sync


def waits(sync: Sync) -> bool:
    """Whether a sync from `syncs_of` or `sync_of` awaits a decision."""
    return bool(getattr(sync, "waits", False))


def waiting_syncs(catalogs: Catalogs) -> dict[int, Sync]:
    """By catalog id, the held sync that awaits a decision. One query."""
    waiting = Sync.objects.filter(WAITS, catalog__in=catalogs)
    return {sync.catalog_id: sync for sync in waiting.defer("kept")}


def last_outcomes(catalogs: Catalogs, most: int = TICKS) -> dict[int, list[str]]:
    """By catalog id, the outcomes of its last syncs, the oldest first; one under way counts too. One query."""
    number = Window(RowNumber(), partition_by=F("catalog"), order_by=F("started_at").desc())
    rows = Sync.objects.filter(catalog__in=catalogs).annotate(number=number).filter(number__lte=most)
    found: dict[int, list[str]] = {catalog.pk: [] for catalog in catalogs}
    for catalog_id, outcome in rows.order_by("started_at").values_list("catalog_id", "outcome"):
        found[catalog_id].append(outcome)
    return found


COUNTS = {"added": "add", "changed": "change", "retired": "retire", "returned": "bring back"}
OTHERS = ("held", "skipped")


def did_text(sync: Sync, *, waits: bool = False, others: bool = False) -> str:
    """What a sync did, its counts that are not 0: ``3 added, 1 changed``; with ``others`` the held and skipped too.

    One that was held has done nothing: ``would add 3 and retire 1`` while it ``waits``, else ``would have added 3``.
    """
    told = {name: getattr(sync, name) for name in (*COUNTS, *(OTHERS if others else ())) if getattr(sync, name)}
    if sync.outcome != Outcome.HELD:
        return ", ".join(f"{count:,} {name}" for name, count in told.items())
    would = "would" if waits else "would have"
    verbs = COUNTS if waits else {**{name: name for name in COUNTS}, "returned": "brought back"}
    done = [f"{verb} {told[name]:,}" for name, verb in verbs.items() if name in told]
    left = [f"{told[name]:,} {name}" for name in OTHERS if name in told]
    return "; ".join(filter(None, [f"{would} {_and(done)}" if done else "", ", ".join(left)]))


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


class Tally(NamedTuple):
    """How many reads went fine, were held back and failed."""

    fine: int
    held: int
    failed: int


def tally(outcomes: Iterable[str]) -> Tally:
    """Count outcomes as pages tell them."""
    listed = list(outcomes)
    fine = listed.count(Outcome.STORED) + listed.count(Outcome.UNCHANGED)
    return Tally(fine, listed.count(Outcome.HELD), listed.count(Outcome.FAILED))
