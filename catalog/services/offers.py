"""The Offers table: one page of rates with everything its rows show."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, OuterRef, Subquery, TextField, Value
from django.db.models.fields.json import KT

from catalog.filters import OfferFilter
from catalog.models import Catalog, Offer, Rate
from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import TOKEN_COMPONENTS, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state, term_for
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import cost_of
from catalog.services.sorting import SortKey, order_by
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
    held back; ``cost`` what a request of a workload costs, in pico-dollars. They are None unless asked for. Where a
    contract has changed prices, ``term`` says how, and ``listed`` holds the catalog's own.
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
    term: Term | None = None
    listed: RateRow | None = None


def rates_of(catalogs: Sequence[Catalog]) -> RateQuerySet:
    """The rates of these catalogs."""
    rates: RateQuerySet = Rate.objects.filter(catalog__in=[catalog.pk for catalog in catalogs])
    return rates


def offer_lines(
    offers: OfferFilter,
    sort: Sequence[SortKey],
    start: int,
    stop: int,
    *,
    with_next: bool = False,
    workload: Workload | None = None,
) -> list[OfferLine]:
    """Rows ``start`` to ``stop`` of the table, in one query; ``with_next`` reads each row's next tier too.

    A sort by cost takes the ``workload`` that has it.
    """
    by_cost = workload if any(key.name == "cost" for key in sort) else None
    order = order_by(sort, offers.column)
    rates = _with_cost(offers.rates(), offers, by_cost).order_by(*order)
    if start < FAR:
        page: RateQuerySet = rates
        within = slice(start, stop)
    else:
        page = Rate.objects.filter(pk__in=rates.values("pk")[start:stop]).under(offers.terms)
        page = _with_cost(page, offers, by_cost).order_by(*order)
        within = slice(None)
    fields: tuple[str, ...] = FIELDS
    if with_next:
        page, fields = page.annotate(next_input=_next_input()), (*FIELDS, "next_input")
    if not offers.terms:
        return [OfferLine(*row) for row in page.values_list(*fields)[within]]
    rows = page.values_list(*fields, *FITTED)[within]
    return [_under(offers.terms, OfferLine(*row[: len(fields)]), *row[len(fields) :]) for row in rows]


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
    workload: Workload | None = None,
) -> Iterator[OfferLine]:
    """All rows of the table, one after the other.

    ``with_next`` and ``with_held`` say what to read besides, ``workload`` what to tell the cost of.

    One statement reads them, chunk by chunk. So they are of one moment, whatever is synced meanwhile, and a hundred
    thousand take no more memory than a thousand. No transaction: SQLite's would keep syncs from writing.
    """
    held = Offer.objects.filter(pk=OuterRef("offer"), held__isnull=False).values(reason=KT("held__reason"))
    rates = _with_cost(offers.rates(), offers, workload).order_by(*order_by(sort, offers.column))
    rates = rates.annotate(
        next_input=_next_input() if with_next else Value(None, BigIntegerField()),
        held=Subquery(held) if with_held else Value(None, TextField()),
    )
    with little_memory():
        more = ("next_input", "held", *(["cost"] if workload else []))
        columns = (*FIELDS, *more, *(FITTED if offers.terms else ()))
        for row in rates.values_list(*columns).iterator(CHUNK):
            line = OfferLine(*row[: len(FIELDS)])._replace(**dict(zip(more, row[len(FIELDS) :], strict=False)))
            yield _under(offers.terms, line, *row[len(FIELDS) + len(more) :]) if offers.terms else line


def _next_input() -> Subquery:
    following = Rate.objects.filter(revision=OuterRef("revision"), mode=OuterRef("mode"), above=OuterRef("up_to"))
    return Subquery(following.values("input"))


def held_reasons(catalogs: Iterable[Catalog]) -> dict[int, str]:
    """By offer id, why the new price of those in these catalogs that have one is held back."""
    return {pk: reason for catalog in catalogs for pk, reason in catalog.held_reasons}
