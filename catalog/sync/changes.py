"""Write down what changed: with each sync, or anew from all revisions of a catalog.

* A step is listed on the day from which the new state holds: for a dated past that a catalog tells on its first sync,
  the day in the past.
* An offer is new from the sync that found it, whatever past it brings along. What the first sync of a catalog finds is
  not new: one row tells how many offers that was.
* A state whose beginning nobody knows is the first that is known of its offer, and no change.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Sum, When

from catalog.models import LEAST_MOVES, Catalog, Change, ChangeDay, ChangeKind, Offer, Revision
from catalog.pricing.rates import STANDARD, RateRow
from catalog.sources.base import OfferState
from catalog.sync.states import BATCH, batches, stored_states
from catalog.sync.steps import Step, step

LONGEST_NAME = 300

REACHED = [When(moved__gte=least, then=least) for least in sorted(LEAST_MOVES, reverse=True)]


class Known(NamedTuple):
    """What tells one revision of an offer."""

    pk: int
    offer_id: int
    ref: str
    first_seen_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime


COLUMNS = ("pk", "offer_id", "offer__ref", "offer__first_seen_at", "valid_from", "valid_to", "recorded_at")


def write_changes(catalog: Catalog, offers: Sequence[int], now: datetime) -> None:
    """Write what the revisions recorded at ``now`` of these offers (ids) changed, and count all changes anew."""
    opened = _opened(catalog)
    days = set()
    if opened == now and not Change.objects.filter(catalog=catalog, offer=None).exists():  # a clock may go back
        days |= _write([_first_reading(catalog, opened)])
    for part in batches(offers):
        revisions = Revision.objects.filter(Q(recorded_at=now) | Q(valid_to=now), offer__in=part)
        days |= _write(list(_changes(catalog, revisions, opened, now)))
    _count(catalog, days)


@transaction.atomic
def rebuild_changes(catalog: Catalog) -> int:
    """Write all changes of the catalog anew; how many there are. Whoever calls it holds the catalog's lease."""
    Change.objects.filter(catalog=catalog).delete()
    opened = _opened(catalog)
    if opened is not None:
        _write([_first_reading(catalog, opened)])
        ids = list(Offer.objects.filter(catalog=catalog).order_by("pk").values_list("pk", flat=True))
        for part in batches(ids):
            _write(list(_changes(catalog, Revision.objects.filter(offer__in=part), opened)))
    _count(catalog, None)
    Catalog.objects.filter(pk=catalog.pk).update(version=catalog.version + 1)
    return sum(row[-1] for row in json.loads(catalog.change_counts))


def _count(catalog: Catalog, written: Iterable[date] | None) -> None:
    """Count the catalog's changes by everything that their page filters by; anew on the days ``written``, None: all."""
    counted, changes = ChangeDay.objects.filter(catalog=catalog), Change.objects.filter(catalog=catalog).order_by()
    if written is not None:
        days = set(written)
        counted, changes = counted.filter(day__in=days), changes.filter(day__in=days)
    counted.delete()
    changes = changes.annotate(reached=Case(*REACHED, default=0, output_field=IntegerField()))
    keys = ("day", "kinds", "provider", "provider_name")
    ChangeDay.objects.bulk_create(
        (
            ChangeDay(catalog=catalog, changes=number, moved=moved, **dict(zip(keys, values, strict=True)))
            for *values, moved, number in changes.values_list(*keys, "reached").annotate(Count("pk")).order_by(*keys)
        ),
        batch_size=BATCH,
    )
    days_of_all = ChangeDay.objects.filter(catalog=catalog).values_list(*keys[1:])
    catalog.change_counts = json.dumps([*days_of_all.annotate(Sum("changes")).order_by(*keys[1:])])
    catalog.save(update_fields=["change_counts"])


def _opened(catalog: Catalog) -> datetime | None:
    """When the catalog was first read, None if it never was."""
    opened: datetime | None = Offer.objects.filter(catalog=catalog).aggregate(Min("first_seen_at"))[
        "first_seen_at__min"
    ]
    return opened


def _write(changes: Sequence[Change]) -> set[date]:
    """Store these; the days that they are listed on."""
    Change.objects.bulk_create(changes, batch_size=BATCH)
    return {change.day for change in changes}


def _first_reading(catalog: Catalog, opened: datetime) -> Change:
    return Change(
        catalog=catalog,
        at=opened,
        day=opened.date(),
        recorded_at=opened,
        kinds=ChangeKind.READING,
        offers=Offer.objects.filter(catalog=catalog, first_seen_at=opened).count(),
    )


def _changes(
    catalog: Catalog, revisions: QuerySet[Revision], opened: datetime | None, now: datetime | None = None
) -> Iterator[Change]:
    """The changes that these revisions make, for ``now`` those that were recorded then."""
    by_offer: dict[int, list[Known]] = defaultdict(list)
    for row in revisions.order_by("offer_id", "valid_from").values_list(*COLUMNS):
        known = Known(*row)
        by_offer[known.offer_id].append(known)
    steps = [pair for own in by_offer.values() for pair in pairwise(own) if now is None or pair[1].recorded_at == now]
    found = [
        one
        for own in by_offer.values()
        if own[0].first_seen_at != opened and own[0].first_seen_at in (now or own[0].first_seen_at,)
        for one in own
        if one.valid_from <= one.first_seen_at and (one.valid_to is None or one.first_seen_at < one.valid_to)
    ]
    states = stored_states(sorted({one.pk for pair in steps for one in pair} | {one.pk for one in found}))
    new = {(one.offer_id, one.first_seen_at) for one in found}
    for one in found:
        yield _change(catalog, one, one.first_seen_at, None, states[one.pk], Step(ChangeKind.NEW, None, ()))
    for before, after in steps:
        made = step(states[before.pk], states[after.pk])
        if made.kinds and (after.offer_id, after.valid_from) not in new:
            yield _change(catalog, after, after.valid_from, states[before.pk], states[after.pk], made)


def _change(
    catalog: Catalog, one: Known, at: datetime, before: OfferState | None, after: OfferState, made: Step
) -> Change:
    old, new = _base(before) if before else RateRow(), _base(after)
    return Change(
        catalog=catalog,
        offer_id=one.offer_id,
        revision_id=one.pk,
        at=at,
        day=at.date(),
        recorded_at=one.recorded_at,
        kinds=made.kinds,
        moved=made.moved,
        name=after.name,
        sort_name=after.name.casefold()[:LONGEST_NAME],
        ref=one.ref,
        provider=after.provider,
        provider_name=after.provider_name,
        lifecycle=after.lifecycle,
        price_state_before=before.price_state if before else "",
        price_state=after.price_state,
        input_before=old.input,
        input=new.input,
        output_before=old.output,
        output=new.output,
        differences=[[*difference] for difference in made.differences],
    )


def _base(state: OfferState) -> RateRow:
    return next(row for row in state.rates if row.mode == STANDARD and row.above == 0)
