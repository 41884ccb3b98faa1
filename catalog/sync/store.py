"""Write a plan: close and open revisions, with their rates and the facet counts, in one transaction.

An offer seen for the first time brings its past along. Later on, a change is true from the sync that saw it: what a
page has once shown for a moment stays true of that moment.
"""

import json
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Count

from catalog.models import BEGINNING, Catalog, Offer, Rate, Revision, Sync
from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import RateRow
from catalog.sources.base import Lifecycle, OfferRecord, OfferState, PastState, Progress
from catalog.sync.changes import write_changes
from catalog.sync.diff import Plan, digest
from catalog.sync.links import NOT_LINKED, Linked, link_offers, links_of
from catalog.sync.states import BATCH, COLUMNS, PRICES, batches

OBJECTS = ("other_prices", "origins")
NAMES = ("key", "upstream_ids", "name", "provider")
"""What tells which model an offer is."""
SENT_OR_SAID = (*COLUMNS, "origins", "raw")
LONGEST_NAME = 300
Span = tuple[datetime, datetime | None, OfferState]


def nobody(done: int, total: int) -> None:
    """Progress that nobody watches."""


@transaction.atomic
def store(catalog: Catalog, sync: Sync | None, plan: Plan, now: datetime, on_progress: Progress = nobody) -> None:
    """Store everything in ``plan`` as of ``now``, learned by ``sync``.

    What it changes of ``catalog`` besides the tiers is left for the caller to save.
    """
    offers = Offer.objects.bulk_create(
        (Offer(catalog=catalog, ref=record.ref, first_seen_at=now) for record in plan.added), batch_size=BATCH
    )
    spans = [(offer, span) for offer, record in zip(offers, plan.added, strict=True) for span in _history(record, now)]

    known = Offer.objects.in_bulk([plan.current[ref].offer_id for ref in _touched(plan)])
    spans += [(known[plan.current[record.ref].offer_id], (now, None, record.state)) for record in plan.known]
    _close(plan, now)
    revisions = _open(sync, spans, now)
    if plan.added or _renames(plan):
        link_offers(now)
    _price(catalog, list(zip(revisions, spans, strict=True)), on_progress)
    _retire(plan, sync, now)
    count_facets(catalog)
    told = [offer.pk for offer, record in zip(offers, plan.added, strict=True) if record.past or plan.current]
    write_changes(catalog, [*known, *told], now)
    catalog.version += 1
    catalog.changed_at = now


def _touched(plan: Plan) -> list[str]:
    return [*(record.ref for record in plan.known), *plan.retired]


def _renames(plan: Plan) -> bool:
    """Tell whether a known offer would be called otherwise."""
    return any(
        getattr(plan.before[record.ref], name) != getattr(record.state, name) for record in plan.known for name in NAMES
    )


def _history(record: OfferRecord, now: datetime) -> list[Span]:
    """The spans of a new offer, one after the other, the last one open."""
    states = [*record.past, PastState(record.since or (BEGINNING if record.past else now), record.state)]
    starts = [state.start or BEGINNING for state in states]
    return [(start, end, state.state) for start, end, state in zip(starts, [*starts[1:], None], states, strict=True)]


def _close(plan: Plan, now: datetime) -> None:
    ids = [plan.current[ref].revision_id for ref in _touched(plan)]
    for part in batches(ids):
        Revision.objects.filter(pk__in=part).update(valid_to=now)
        Rate.objects.filter(revision__in=part).update(valid_to=now)


def _open(sync: Sync | None, spans: list[tuple[Offer, Span]], now: datetime) -> list[Revision]:
    opened: list[Revision] = []
    for part in batches(spans):
        opened += Revision.objects.bulk_create(_revision(offer, sync, span, now) for offer, span in part)
    return opened


def _price(catalog: Catalog, opened: list[tuple[Revision, tuple[Offer, Span]]], on_progress: Progress) -> None:
    """Write the rates of these revisions. They say of what family their offers are, and so come after the links."""
    links = links_of({offer.pk for _, (offer, _) in opened})
    for start in range(0, len(opened), BATCH):
        rates = [
            _rate(catalog, offer, revision, links.get(offer.pk, NOT_LINKED), row)
            for revision, (offer, (_, _, state)) in opened[start : start + BATCH]
            for row in state.rates
        ]
        Rate.objects.bulk_create(rates, batch_size=BATCH)
        on_progress(min(start + BATCH, len(opened)), len(opened))


def _revision(offer: Offer, sync: Sync | None, span: Span, now: datetime) -> Revision:
    start, end, state = span
    content = {name: getattr(state, name) for name in SENT_OR_SAID}
    for name in OBJECTS:
        content[name] = msgspec.to_builtins(content[name])
    words = (state.name, offer.ref, state.key, state.provider, state.provider_name)
    return Revision(
        offer_id=offer.pk,
        sync_id=sync.pk if sync else None,
        valid_from=start,
        valid_to=end,
        recorded_at=now,
        digest=digest(state),
        search="\n".join(dict.fromkeys(word.casefold() for word in words)),
        **content,
    )


def _rate(catalog: Catalog, offer: Offer, revision: Revision, link: Linked, row: RateRow) -> Rate:
    prices = {name: getattr(row, name) for name in PRICES} | {"inherited": " ".join(row.inherited)}
    linked = {"family_id": link.family, "apart": link.apart}
    return Rate(revision_id=revision.pk, **prices, **linked, **copies(catalog, offer, revision))


def copies(catalog: Catalog, offer: Offer, revision: Revision) -> dict[str, object]:
    """What a rate repeats of its revision, so that tables read one table alone."""
    return {
        "catalog_id": catalog.pk,
        "offer_id": offer.pk,
        "ref": offer.ref,
        "name": revision.name,
        "sort_name": revision.name.casefold()[:LONGEST_NAME],  # in lower case a name may be longer: "ß" is "ss"
        "provider": revision.provider,
        "provider_name": revision.provider_name,
        "provider_inferred": revision.provider_inferred,
        "position": revision.position,
        "lifecycle": revision.lifecycle,
        "price_state": revision.price_state,
        "context_tokens": revision.context_tokens,
        "max_input_tokens": revision.max_input_tokens,
        "max_output_tokens": revision.max_output_tokens,
        "by_hour": revision.by_hour,
        "valid_from": revision.valid_from,
        "valid_to": revision.valid_to,
    }


def _retire(plan: Plan, sync: Sync | None, now: datetime) -> None:
    """Open, for each offer that is gone, a revision with its last values and the lifecycle ``retired``."""
    for part in batches([plan.current[ref].revision_id for ref in plan.retired]):
        last = list(Revision.objects.filter(pk__in=part).prefetch_related("rates"))
        rates = [(revision, list(revision.rates.all())) for revision in last]
        for revision in last:
            revision.pk, revision.sync, revision.recorded_at = None, sync, now
            revision.valid_from, revision.valid_to, revision.lifecycle = now, None, Lifecycle.RETIRED
            revision._state.adding = True
        Revision.objects.bulk_create(last)
        for revision, own in rates:
            for rate in own:
                rate.pk, rate.revision, rate.lifecycle = None, revision, revision.lifecycle
                rate.valid_from, rate.valid_to = now, None
        Rate.objects.bulk_create([rate for _, own in rates for rate in own], batch_size=BATCH)


def count_facets(catalog: Catalog) -> None:
    """Count the catalog's current offers anew, by everything that tables filter by."""
    catalog.facets, catalog.tier_floors = facets_of(Rate.objects.at(None).filter(catalog=catalog))
    catalog.save(update_fields=["facets", "tier_floors"])


def facets_of(rates: RateQuerySet) -> tuple[str, list[int]]:
    """What `Catalog.facets` and `Catalog.tier_floors` hold of these rates."""
    keys = ("provider", "price_state", "lifecycle", "mode", "provider_name")
    counted = rates.for_prompt(0).values_list(*keys).annotate(Count("pk")).order_by(*keys)
    tiers = rates.filter(above__gt=0).values_list("above").annotate(Count("pk"))
    return json.dumps([*counted]), [above for above, _ in sorted(tiers, key=lambda tier: -tier[1])]


def copy_held_reasons(catalog: Catalog) -> None:
    """Copy why offers are held back to the catalog's row, in the transaction that has changed `Offer.held`."""
    held = Offer.objects.filter(catalog=catalog, held__isnull=False).order_by("pk").values_list("pk", "held")
    catalog.held_reasons = [[pk, state["reason"]] for pk, state in held if state]
    catalog.save(update_fields=["held_reasons"])
