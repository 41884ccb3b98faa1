"""Write a plan: close and open revisions, with their rates and the facet counts, in one transaction.

An offer seen for the first time brings its past along. Later on, a change is true from the sync that saw it: what a
page has once shown for a moment stays true of that moment.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.db.models import Count

from catalog.models import BEGINNING, Catalog, Offer, Rate, Revision, Sync
from catalog.models.rate import RateQuerySet
from catalog.models.search import tidy_search
from catalog.sources.base import Lifecycle, OfferRecord, OfferState, PastState, Progress
from catalog.sync.changes import write_changes
from catalog.sync.diff import Plan, digest
from catalog.sync.insert import Row, insert
from catalog.sync.links import NOT_LINKED, Linked, link_offers, links_of
from catalog.sync.states import BATCH, COLUMNS, PRICES, batches

OBJECTS = ("other_prices", "origins")
NAMES = ("key", "upstream_ids", "name", "provider")
"""What tells which model an offer is."""
SENT_OR_SAID = (*COLUMNS, "origins", "raw")
REPEATED = (
    *("name", "provider", "provider_name", "provider_inferred", "position", "lifecycle", "price_state"),
    *("context_tokens", "max_input_tokens", "max_output_tokens", "by_hour"),
)
"""What rates carry a copy of."""
LONGEST_NAME = 300
LONGEST_PROVIDER = 100


class Span(NamedTuple):
    """The state of an offer (its id and ref) from ``start`` until ``end``."""

    offer: int
    ref: str
    start: datetime
    end: datetime | None
    state: OfferState


def nobody(done: int, total: int) -> None:
    """Progress that nobody watches."""


@transaction.atomic
def store(catalog: Catalog, sync: Sync | None, plan: Plan, now: datetime, on_progress: Progress = nobody) -> None:
    """Store everything in ``plan`` as of ``now``, learned by ``sync``.

    What it changes of ``catalog`` besides the tiers is left for the caller to save.
    """
    new = _first_seen(catalog, plan.added, now)
    spans = [span for record in plan.added for span in _history(new[record.ref], record, now)]
    spans += [Span(plan.current[record.ref].offer_id, record.ref, now, None, record.state) for record in plan.known]
    _close(plan, now)
    revisions = _open(sync, spans, now)
    if plan.added or _renames(plan):
        link_offers(now)
    _price(catalog, revisions, spans, on_progress)
    _retire(plan, sync, now)
    count_facets(catalog)
    if not plan.current:  # later syncs add little, which waits for the night
        tidy_search()
    told = [new[record.ref] for record in plan.added if record.past or plan.current]
    write_changes(catalog, [*(plan.current[ref].offer_id for ref in _touched(plan)), *told], now)
    catalog.version += 1
    catalog.changed_at = now


def _touched(plan: Plan) -> list[str]:
    return [*(record.ref for record in plan.known), *plan.retired]


def _renames(plan: Plan) -> bool:
    """Tell whether a known offer would be called otherwise."""
    return any(
        getattr(plan.before[record.ref], name) != getattr(record.state, name) for record in plan.known for name in NAMES
    )


def _first_seen(catalog: Catalog, records: Sequence[OfferRecord], now: datetime) -> dict[str, int]:
    """Make an offer of each record; their ids by ref."""
    insert(Offer, [{"catalog_id": catalog.pk, "ref": record.ref, "first_seen_at": now} for record in records])
    new = Offer.objects.filter(catalog=catalog, first_seen_at=now)
    return dict(new.values_list("ref", "pk")) if records else {}


def _history(offer: int, record: OfferRecord, now: datetime) -> list[Span]:
    """The spans of a new offer, one after the other, the last one open."""
    states = [*record.past, PastState(record.since or (BEGINNING if record.past else now), record.state)]
    starts = [past.start or BEGINNING for past in states]
    ends = [*starts[1:], None]
    return [
        Span(offer, record.ref, start, end, past.state) for start, end, past in zip(starts, ends, states, strict=True)
    ]


def _close(plan: Plan, now: datetime) -> None:
    ids = [plan.current[ref].revision_id for ref in _touched(plan)]
    for part in batches(ids):
        Revision.objects.filter(pk__in=part).update(valid_to=now)
        Rate.objects.filter(revision__in=part).update(valid_to=now)


def _open(sync: Sync | None, spans: Sequence[Span], now: datetime) -> list[int]:
    """Write a revision of each span; their ids."""
    ids: dict[tuple[int, datetime], int] = {}
    for part in batches(spans):
        insert(Revision, [_revision(sync, span, now) for span in part])
        written = Revision.objects.filter(offer__in={span.offer for span in part}, recorded_at=now).order_by()
        ids |= {(offer, start): pk for pk, offer, start in written.values_list("pk", "offer_id", "valid_from")}
    return [ids[span.offer, span.start] for span in spans]


def _price(catalog: Catalog, revisions: Sequence[int], spans: Sequence[Span], on_progress: Progress) -> None:
    """Write the rates of these revisions. They say of what family their offers are, and so come after the links."""
    links = links_of({span.offer for span in spans})
    done = 0
    for part in batches(list(zip(revisions, spans, strict=True))):
        insert(Rate, [row for pk, span in part for row in _rates(catalog, pk, span, links.get(span.offer, NOT_LINKED))])
        done += len(part)
        on_progress(done, len(spans))


def _revision(sync: Sync | None, span: Span, now: datetime) -> Row:
    state = span.state
    content = {name: getattr(state, name) for name in SENT_OR_SAID}
    for name in OBJECTS:
        content[name] = msgspec.to_builtins(content[name])
    words = (state.name, span.ref, state.key, state.provider, state.provider_name)
    return content | {
        "offer_id": span.offer,
        "sync_id": sync.pk if sync else None,
        "valid_from": span.start,
        "valid_to": span.end,
        "recorded_at": now,
        "digest": digest(state),
        "search": "\n".join(dict.fromkeys(word.casefold() for word in words)),
    }


def _rates(catalog: Catalog, revision: int, span: Span, link: Linked) -> Iterator[Row]:
    """The rates of one revision, with what they repeat of it and of its link, so that tables read one table alone."""
    state = span.state
    shared = {name: getattr(state, name) for name in REPEATED} | {
        "revision_id": revision,
        "catalog_id": catalog.pk,
        "offer_id": span.offer,
        "ref": span.ref,
        # In lower case a name may be longer: "ß" is "ss".
        "sort_name": state.name.casefold()[:LONGEST_NAME],
        "sort_provider": state.provider_name.casefold()[:LONGEST_PROVIDER] or None,
        "valid_from": span.start,
        "valid_to": span.end,
        "family_id": link.family,
        "apart": link.apart,
    }
    for row in state.rates:
        yield shared | {name: getattr(row, name) for name in PRICES} | {"inherited": " ".join(row.inherited)}


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
