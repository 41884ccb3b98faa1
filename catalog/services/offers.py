"""The Offers table: one page of rates with everything its rows show."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, OuterRef, Subquery, TextField, Value
from django.db.models.fields.json import KT

from catalog.filters import OfferFilter
from catalog.models import Catalog, Offer, Rate
from catalog.models.rate import RateQuerySet
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
FAR = 1_000
"""From this row on a page first finds its rows in the index alone."""


class OfferLine(NamedTuple):
    """One row of the table. Prices are pico-dollars per token, sizes tokens; None is unknown.

    ``next_input`` is the input price above ``up_to``, where prices change with the prompt; ``held`` why a new price is
    held back. Both are None unless asked for.
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
    rates = _with_cost(offers.rates(), by_cost).order_by(*order_by(sort))
    if start < FAR:
        page: RateQuerySet = rates
        within = slice(start, stop)
    else:
        page = _with_cost(Rate.objects.filter(pk__in=rates.values("pk")[start:stop]), by_cost).order_by(*order_by(sort))
        within = slice(None)
    if not with_next:
        return [OfferLine(*row) for row in page.values_list(*FIELDS)[within]]
    rows = page.annotate(next_input=_next_input()).values_list(*FIELDS, "next_input")
    return [OfferLine(*row) for row in rows[within]]


def _with_cost(rates: RateQuerySet, workload: Workload | None) -> RateQuerySet:
    """The rates with the ``cost`` of a request by the workload's own mode and tier, whichever these are."""
    if workload is None:
        return rates
    own = Rate.objects.filter(revision=OuterRef("revision"), mode=workload.mode).for_prompt(workload.prompt)
    return rates.annotate(cost=Subquery(own.annotate(cost=cost_of(workload)).values("cost")[:1]))


def every_offer_line(
    offers: OfferFilter,
    sort: Sequence[SortKey],
    *,
    with_next: bool,
    with_held: bool,
    workload: Workload | None = None,
) -> Iterator[OfferLine]:
    """All rows of the table, one after the other; ``with_next`` and ``with_held`` say what to read besides,
    and ``workload`` what to tell the cost of.

    One statement reads them, chunk by chunk. So they are of one moment, whatever is synced meanwhile, and a hundred
    thousand take no more memory than a thousand. No transaction: SQLite's would keep syncs from writing.
    """
    held = Offer.objects.filter(pk=OuterRef("offer"), held__isnull=False).values(reason=KT("held__reason"))
    rates = _with_cost(offers.rates(), workload).order_by(*order_by(sort))
    rates = rates.annotate(
        next_input=_next_input() if with_next else Value(None, BigIntegerField()),
        held=Subquery(held) if with_held else Value(None, TextField()),
    )
    with little_memory():
        more = ("next_input", "held", *(["cost"] if workload else []))
        for row in rates.values_list(*FIELDS, *more).iterator(CHUNK):
            yield OfferLine(*row)


def _next_input() -> Subquery:
    following = Rate.objects.filter(revision=OuterRef("revision"), mode=OuterRef("mode"), above=OuterRef("up_to"))
    return Subquery(following.values("input"))


def held_reasons(catalogs: Iterable[Catalog]) -> dict[int, str]:
    """By offer id, why the new price of those in these catalogs that have one is held back."""
    return {pk: reason for catalog in catalogs for pk, reason in catalog.held_reasons}
