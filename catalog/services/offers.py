"""The Offers table: one page of rates with everything its rows show."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KT

from catalog.filters import OfferFilter
from catalog.models import Catalog, Link, Offer, Rate
from catalog.models.among import Among, Bound
from catalog.models.rate import RateQuerySet
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import cost_of
from catalog.services.offer_line import FIELDS, FITTED, OfferLine, lines_from
from catalog.services.sorting import SortKey, order_by, order_in_groups
from catalog.services.statements import read_rows
from catalog.services.whole import CHUNK, little_memory

FAR = 1_000
"""From this row on a page first finds its rows in the index alone."""

Rows = QuerySet[Any, Any]


def offer_lines(
    offers: OfferFilter,
    sort: Sequence[SortKey],
    start: int,
    stop: int,
    few: Bound | None = None,
    *,
    with_next: bool = False,
    with_families: bool = False,
    workload: Workload | None = None,
) -> list[OfferLine]:
    """Rows ``start`` to ``stop`` of the table, in one query.

    ``few`` are the ids of all its rates, where these are known (`facets.Counted.few`): the rows are those that were
    counted, even where a sync has ended one meanwhile. ``with_next`` reads each row's next tier too, ``with_families``
    its family. A sort by cost takes the ``workload`` that has it.
    """
    more = (*(["next_input"] if with_next else []), *(["of", "slug"] if with_families else []))

    def page() -> Rows:
        if few is not None:
            return _valued(own(Among(F("pk"), few)), offers, more)[start:stop]
        rates = sorted_rates(offers, sort, workload)
        if start < FAR:
            return _valued(rates, offers, more)[start:stop]
        return _valued(own(Q(pk__in=rates.values("pk")[start:stop])), offers, more)

    def own(condition: Among | Q) -> RateQuerySet:
        return _sorted(offers.queryset.filter(condition).under(offers.terms), offers, sort, workload)

    by_cost = workload if any(key.name == "cost" for key in sort) else None
    shown = ("lines", tuple(sort), start, stop, more, by_cost, few is None)
    return lines_from(read_rows(offers, shown, page, None if few is None else [few]), more, offers.terms)


def lines_of(offers: OfferFilter, rates: Sequence[int], *, with_next: bool = False) -> list[OfferLine]:
    """The rows of these rates, in the order given, with their families, in one query."""
    if not rates:
        return []
    own = Rate.objects.filter(pk__in=rates).under(offers.terms)
    more = ("pk", *(["next_input"] if with_next else []), "of", "slug")
    lines = {line.pk: line for line in lines_from(_valued(own, offers, more), more, offers.terms)}
    return [lines[pk] for pk in rates if pk in lines]  # a sync may have ended one meanwhile


def _valued(rates: RateQuerySet, offers: OfferFilter, more: Sequence[str]) -> Rows:
    """The values of FIELDS and ``more`` of these rates, and of FITTED where there are contract terms."""
    if "next_input" in more:
        rates = rates.annotate(next_input=_next_input())
    if "of" in more:
        rates = with_family(rates, offers.moment)
    return rates.values_list(*FIELDS, *more, *(FITTED if offers.terms else ()))


def sorted_rates(offers: OfferFilter, sort: Sequence[SortKey], workload: Workload | None = None) -> RateQuerySet:
    """The rates that the table lists, in its order; see `offer_lines`."""
    return _sorted(offers.rates(), offers, sort, workload)


def _sorted(
    rates: RateQuerySet, offers: OfferFilter, sort: Sequence[SortKey], workload: Workload | None
) -> RateQuerySet:
    names = {key.name for key in sort}
    if "cost" in names:
        rates = _with_cost(rates, offers, workload)
    if "family" in names:
        rates = with_family(rates, offers.moment)
    return rates.order_by(*order_by(sort, offers.column))


def with_family(rates: RateQuerySet, moment: datetime | None) -> RateQuerySet:
    """The rates with the family that they were linked to at ``moment`` (None: now): its id as ``of``, and ``slug``."""
    if moment is None:
        return rates.annotate(of=F("family"), slug=F("family__slug"))
    holds = Q(Q(valid_to=None) | Q(valid_to__gt=moment), valid_from__lte=moment)
    links = Link.objects.filter(holds, offer=OuterRef("offer"))
    return rates.annotate(of=Subquery(links.values("family")[:1]), slug=Subquery(links.values("family__slug")[:1]))


def _with_cost(rates: RateQuerySet, offers: OfferFilter, workload: Workload | None) -> RateQuerySet:
    """The rates with the ``cost`` of a request by the workload's own mode and tier, whichever these are."""
    if workload is None:
        return rates
    own = Rate.objects.filter(revision=OuterRef("revision"), mode=workload.mode).for_prompt(workload.prompt)
    costs = own.under(offers.terms).annotate(cost=cost_of(workload, offers.column)).values("cost")
    return rates.annotate(cost=Subquery(costs[:1]))


def every_offer_line(
    offers: OfferFilter,
    sort: Sequence[SortKey],
    *,
    with_next: bool,
    with_held: bool,
    with_families: bool = False,
    grouped: bool = False,
    workload: Workload | None = None,
) -> Iterator[OfferLine]:
    """All rows of the table, one after the other.

    ``with_next``, ``with_held`` and ``with_families`` say what to read besides, ``workload`` what to tell the cost of.
    ``grouped`` puts the offers of a family together, as `services.groups` does for a page.

    One statement reads them, chunk by chunk. So they are of one moment, whatever is synced meanwhile, and a hundred
    thousand take no more memory than a thousand. No transaction: SQLite's would keep syncs from writing.
    """
    held = Offer.objects.filter(pk=OuterRef("offer"), held__isnull=False).values(reason=KT("held__reason"))
    rates = _with_cost(offers.rates(), offers, workload)
    if with_families or grouped or any(key.name == "family" for key in sort):
        rates = with_family(rates, offers.moment)
    rates = rates.order_by(*(order_in_groups if grouped else order_by)(sort, offers.column))
    rates = rates.annotate(
        next_input=_next_input() if with_next else Value(None, BigIntegerField()),
        held=Subquery(held) if with_held else Value(None, TextField()),
    )
    with little_memory():
        more = ("next_input", "held", *(["cost"] if workload else []), *(["of", "slug"] if with_families else []))
        columns = (*FIELDS, *more, *(FITTED if offers.terms else ()))
        for row in rates.values_list(*columns).iterator(CHUNK):
            yield from lines_from([row], more, offers.terms)


def _next_input() -> Subquery:
    following = Rate.objects.filter(revision=OuterRef("revision"), mode=OuterRef("mode"), above=OuterRef("up_to"))
    return Subquery(following.values("input"))


def held_reasons(catalogs: Iterable[Catalog]) -> dict[int, str]:
    """By offer id, why the new price of those in these catalogs that have one is held back."""
    return {pk: reason for catalog in catalogs for pk, reason in catalog.held_reasons}
