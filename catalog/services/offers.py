"""The Offers table: one page of rates with everything its rows show."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from catalog.filters import OfferFilter
from catalog.models import Catalog, Offer, Rate
from catalog.models.rate import RateQuerySet
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
FAR = 1_000
"""From this row on a page first finds its rows in the index alone."""


class OfferLine(NamedTuple):
    """One row of the table. Prices are pico-dollars per token, sizes tokens; None is unknown.

    ``next_input`` is the input price above ``up_to``, where prices change with the prompt; None unless asked for.
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
    following = Rate.objects.filter(revision=OuterRef("revision"), mode=OuterRef("mode"), above=OuterRef("up_to"))
    rows = page.annotate(next_input=Subquery(following.values("input"))).values_list(*FIELDS, "next_input")
    return [OfferLine(*row) for row in rows[within]]


def _with_cost(rates: RateQuerySet, workload: Workload | None) -> RateQuerySet:
    """The rates with the ``cost`` of a request by the workload's own mode and tier, whichever these are."""
    if workload is None:
        return rates
    own = Rate.objects.filter(revision=OuterRef("revision"), mode=workload.mode).for_prompt(workload.prompt)
    return rates.annotate(cost=Subquery(own.annotate(cost=cost_of(workload)).values("cost")[:1]))


def held_reasons(lines: Iterable[OfferLine]) -> dict[int, str]:
    """By offer id, why the new price of those among these rows that have one is held back. One query."""
    held = Offer.objects.filter(pk__in=[line.offer_id for line in lines], held__isnull=False)
    return {pk: state["reason"] for pk, state in held.values_list("pk", "held") if state}
