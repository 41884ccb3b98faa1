"""What a workload costs on every offer: the ranking, how many cannot be ranked and why, and the sums behind a page."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F
from django.db.models.expressions import Combinable

from catalog.filters import OfferFilter
from catalog.models import Rate
from catalog.pricing.breakeven import Tariff
from catalog.pricing.cost import EXCLUDED, Cost, Limits, Reason, cost
from catalog.pricing.rates import COMPONENTS, PriceState, RateRow
from catalog.pricing.terms import Term, terms_for
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import PRICED, cost_of, is_excluded, reason_of, without_excluded

FIELDS = (
    "offer_id",
    "catalog_id",
    "ref",
    "name",
    "provider_name",
    "provider_inferred",
    "lifecycle",
    "price_state",
    "by_hour",
    "context_tokens",
    "max_output_tokens",
    "mode",
    "above",
    "up_to",
)
SAID = ("offer_id", "price_state", "context_tokens", "max_input_tokens", "max_output_tokens", "inherited")
FITTED = ("catalog_id", "provider", "ref", "revision__key")
"""What tells which contract term applies to an offer."""
PRICES = ("mode", "above", "up_to", *COMPONENTS)


class CostLine(NamedTuple):
    """One offer of the ranking. ``per_request`` and ``per_month`` are pico-dollars, or None and ``reason`` says why.

    ``above`` and ``up_to`` are the ends of its tier in prompt tokens. ``by_hour`` tells that other prices hold at
    certain hours; they are never used here.
    """

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider_name: str
    provider_inferred: bool
    lifecycle: str
    price_state: str
    by_hour: bool
    context_tokens: int | None
    max_output_tokens: int | None
    mode: str
    above: int
    up_to: int | None
    per_request: int | None
    per_month: int | None
    reason: Reason | None


class Counts(NamedTuple):
    """How many offers have a cost, and by reason how many have none that could, and how many cannot do it at all."""

    priced: int
    unpriced: Mapping[Reason, int]
    excluded: Mapping[Reason, int]


def rank(
    offers: OfferFilter, workload: Workload, start: int, stop: int, *, with_excluded: bool = False
) -> list[CostLine]:
    """Rows ``start`` to ``stop`` of the ranking, in one query: cheapest first, then those without a cost by name.

    Offers that cannot do it (`pricing.cost.EXCLUDED`) are left out; ``with_excluded`` puts them at the end.
    """
    rates = offers.charged(workload.mode, workload.prompt)
    order: list[str | Combinable] = [F("cost").asc(nulls_last=True)]
    if with_excluded:
        order.append(is_excluded(workload))
    else:
        rates = without_excluded(rates, workload)
    order += ["sort_name", "pk"]
    # Sorting ids alone and reading the page's rows afterwards takes half the time of sorting rows.
    cost = cost_of(workload, offers.column)
    ids = rates.annotate(cost=cost).order_by(*order).values("pk")[start:stop]
    page = Rate.objects.filter(pk__in=ids).under(offers.terms)
    page = page.annotate(cost=cost, reason=reason_of(workload, offers.column))
    return [_line(row, workload) for row in page.order_by(*order).values_list(*FIELDS, "cost", "reason")]


def _line(row: tuple[Any, ...], workload: Workload) -> CostLine:
    per_request, reason = row[-2:]
    per_month = None if per_request is None else per_request * workload.requests
    return CostLine._make((*row[:-1], per_month, None if reason == PRICED else Reason(reason)))


def count(offers: OfferFilter, workload: Workload) -> Counts:
    """How many offers the ranking holds and leaves out, in one query."""
    rates = (
        offers.charged(workload.mode, workload.prompt).annotate(reason=reason_of(workload, offers.column)).order_by()
    )
    found = dict(rates.values_list("reason").annotate(Count("pk")))
    priced = found.pop(PRICED, 0)
    by_reason = {reason: found[reason] for reason in Reason if reason in found}
    excluded = {reason: by_reason.pop(reason) for reason in EXCLUDED if reason in by_reason}
    return Counts(priced, by_reason, excluded)


def breakdown(
    offers: Collection[int], workload: Workload, moment: datetime | None = None, terms: Sequence[Term] = ()
) -> dict[int, Cost | Reason]:
    """The sums of these offers (ids) at ``moment``, now for None, in one query: for the rows of one page.

    It does not ask who may see them: pass ids of a ranking, and ``terms`` of the same (`OfferFilter.terms`). An offer
    that did not exist then is not in the answer.
    """
    return {offer: cost_by(tariff, workload) for offer, tariff in tariffs(offers, moment, terms).items()}


def cost_by(tariff: Tariff, workload: Workload) -> Cost | Reason:
    """What the workload costs by this tariff, or why there is no number."""
    term = tariff.term_in(workload.mode)
    return cost(tariff.rates, workload, state=tariff.state, limits=tariff.limits, term=term)


def tariffs(offers: Collection[int], moment: datetime | None = None, terms: Sequence[Term] = ()) -> dict[int, Tariff]:
    """All that the costs of these offers (ids) follow from, at ``moment``, now for None, in one query.

    As for `breakdown`: it does not ask who may see them.
    """
    rates = Rate.objects.at(moment).filter(offer__in=offers)  # whatever the mode, or SQLite walks through all of it
    rows: dict[int, list[RateRow]] = defaultdict(list)
    said: dict[int, tuple[PriceState, Limits]] = {}
    fitting: dict[int, tuple[Term, ...]] = {}
    columns = (*SAID, *PRICES, *(FITTED if terms else ()))
    for offer, state, context, max_input, max_output, inherited, *values in rates.values_list(*columns):
        row = dict(zip(PRICES, values, strict=False))
        rows[offer].append(RateRow(**row, inherited=tuple(inherited.split())))
        said[offer] = PriceState(state), Limits(context, max_input, max_output)
        if terms:
            catalog, provider, ref, key = values[len(PRICES) :]
            fitting[offer] = terms_for(terms, catalog=catalog, provider=provider, ref=ref, key=key)
    return {offer: Tariff(rows[offer], *own, fitting.get(offer, ())) for offer, own in said.items()}
