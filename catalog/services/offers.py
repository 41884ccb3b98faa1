"""The Offers table: one page of rates with everything its rows show."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from catalog.filters import OfferFilter
from catalog.models import Catalog, Rate
from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import TOKEN_COMPONENTS, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state, term_for
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import cost_of
from catalog.services.sorting import SortKey, order_by

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

    ``next_input`` is the input price above ``up_to``, where prices change with the prompt; None unless asked for. Where
    a contract has changed prices, ``term`` says how, and ``listed`` holds the catalog's own.
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
        following = Rate.objects.filter(revision=OuterRef("revision"), mode=OuterRef("mode"), above=OuterRef("up_to"))
        page, fields = page.annotate(next_input=Subquery(following.values("input"))), (*FIELDS, "next_input")
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


def held_reasons(catalogs: Iterable[Catalog]) -> dict[int, str]:
    """By offer id, why the new price of those in these catalogs that have one is held back."""
    return {pk: reason for catalog in catalogs for pk, reason in catalog.held_reasons}
