"""The Offers table: one page of rates with everything its rows show."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.fields.json import KT

from catalog.filters import OfferFilter
from catalog.models import Catalog, Link, Offer, Rate
from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import TOKEN_COMPONENTS, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state, term_for
from catalog.pricing.workload import Workload
from catalog.services.catalogs import known_at
from catalog.services.cost_sql import cost_of
from catalog.services.sorting import SortKey, order_by, order_in_groups
from catalog.services.whole import CHUNK, little_memory

FIELDS = (
    "offer_id",
    "catalog_id",
    "ref",
    "name",
    "provider_name",
    "provider_inferred",
    "input",
    "output",
    "cache_read",
    "cache_write",
    "blended",
    "inherited",
    "above",
    "up_to",
    "context_tokens",
    "max_output_tokens",
    "lifecycle",
    "price_state",
    "by_hour",
    "valid_from",
)
FITTED = ("provider", "revision__key", "mode")
"""What, besides FIELDS, tells which contract term applies to a row."""
FAR = 1_000
"""From this row on a page first finds its rows in the index alone."""


class OfferLine(NamedTuple):
    """One row of the table. Prices are pico-dollars per token, sizes tokens; None is unknown.

    ``next_input`` is the input price above ``up_to``, where prices change with the prompt; ``held`` why a new price is
    held back; ``cost`` what a request of a workload costs, in pico-dollars; ``pk`` the id of the rate, ``of`` that of
    the offer's family and ``slug`` its name. They are None unless asked for. Where a contract has changed prices,
    ``term`` says how, and ``listed`` holds the catalog's own.
    """

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider_name: str
    provider_inferred: bool
    input: int | None
    output: int | None
    cache_read: int | None
    cache_write: int | None
    blended: int | None
    inherited: str
    above: int
    up_to: int | None
    context_tokens: int | None
    max_output_tokens: int | None
    lifecycle: str
    price_state: str
    by_hour: bool
    valid_from: datetime
    next_input: int | None = None
    held: str | None = None
    cost: int | None = None
    pk: int | None = None
    of: int | None = None
    slug: str | None = None
    term: Term | None = None
    listed: RateRow | None = None


def rates_of(catalogs: Sequence[Catalog]) -> RateQuerySet:
    """The rates of these catalogs."""
    rates: RateQuerySet = Rate.objects.filter(catalog__in=[catalog.pk for catalog in catalogs])
    return rates.known_at(known_at(catalogs))


def offer_lines(
    offers: OfferFilter,
    sort: Sequence[SortKey],
    start: int,
    stop: int,
    *,
    with_next: bool = False,
    with_families: bool = False,
    workload: Workload | None = None,
) -> list[OfferLine]:
    """Rows ``start`` to ``stop`` of the table, in one query.

    ``with_next`` reads each row's next tier too, ``with_families`` its family. A sort by cost takes the ``workload``
    that has it.
    """
    rates = sorted_rates(offers, sort, workload)
    more = (*(["next_input"] if with_next else []), *(["of", "slug"] if with_families else []))
    if start < FAR:
        return _lines(rates, slice(start, stop), offers, more)
    own = Rate.objects.filter(pk__in=rates.values("pk")[start:stop]).under(offers.terms)
    return _lines(_sorted(own, offers, sort, workload), slice(None), offers, more)


def lines_of(offers: OfferFilter, rates: Sequence[int], *, with_next: bool = False) -> list[OfferLine]:
    """The rows of these rates, in the order given, with their families, in one query."""
    if not rates:
        return []
    own = Rate.objects.filter(pk__in=rates).under(offers.terms)
    more = ("pk", *(["next_input"] if with_next else []), "of", "slug")
    lines = {line.pk: line for line in _lines(own, slice(None), offers, more)}
    return [lines[pk] for pk in rates if pk in lines]  # a sync may have ended one meanwhile


def _lines(rates: RateQuerySet, within: slice, offers: OfferFilter, more: tuple[str, ...]) -> list[OfferLine]:
    if "next_input" in more:
        rates = rates.annotate(next_input=_next_input())
    if "of" in more:
        rates = with_family(rates, offers.moment)
    fields = (*FIELDS, *more)
    if not offers.terms:
        rows = rates.values_list(*fields)[within]
        return [_line(row, more) for row in rows] if more else [OfferLine(*row) for row in rows]
    rows = rates.values_list(*fields, *FITTED)[within]
    return [_under(offers.terms, _line(row, more), *row[len(fields) :]) for row in rows]


def _line(row: Sequence[Any], more: Sequence[str]) -> OfferLine:
    """The line of the values of FIELDS, and of ``more`` behind them."""
    return OfferLine(*row[: len(FIELDS)], **dict(zip(more, row[len(FIELDS) :], strict=False)))


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


def _under(terms: Sequence[Term], line: OfferLine, provider: str, key: str, mode: str) -> OfferLine:
    """The line under the term that applies to it: the one by whose prices the database has sorted it."""
    term = term_for(terms, catalog=line.catalog_id, provider=provider, ref=line.ref, key=key, mode=mode)
    prices = {name: getattr(line, name) for name in TOKEN_COMPONENTS}
    listed = RateRow(mode, line.above, line.up_to, **prices, inherited=tuple(line.inherited.split()))
    row = effective(listed, term)
    if row == listed:
        return line
    following = effective(replace(listed, input=line.next_input), term).input
    changed: dict[str, Any] = {name: getattr(row, name) for name in TOKEN_COMPONENTS}
    return line._replace(
        **changed,
        inherited=" ".join(row.inherited),
        price_state=effective_state(PriceState(line.price_state), row, term).value,
        next_input=None if line.next_input is None else following,
        term=term,
        listed=listed,
    )


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
            line = _line(row, more)
            yield _under(offers.terms, line, *row[len(FIELDS) + len(more) :]) if offers.terms else line


def _next_input() -> Subquery:
    following = Rate.objects.filter(revision=OuterRef("revision"), mode=OuterRef("mode"), above=OuterRef("up_to"))
    return Subquery(following.values("input"))


def held_reasons(catalogs: Iterable[Catalog]) -> dict[int, str]:
    """By offer id, why the new price of those in these catalogs that have one is held back."""
    return {pk: reason for catalog in catalogs for pk, reason in catalog.held_reasons}
