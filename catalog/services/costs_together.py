"""Several workloads side by side: what each costs on every offer, ranked by what all of them cost together."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from operator import add, or_
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce

from catalog.filters import OfferFilter
from catalog.models import Rate
from catalog.models.rate import tier_of
from catalog.pricing.breakeven import Tariff
from catalog.pricing.cost import EXCLUDED, Cost, Reason
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import PRICED, cost_of, reason_of
from catalog.services.costs import Counts, cost_by, tariffs
from catalog.services.offer_names import OfferName, names_of
from catalog.services.whole import CHUNK, chunks, little_memory

MOST_WORKLOADS = 5
HALF = 1_500_000_000
"""A request's cost is split into so many and the rest: five months of a billion requests fit 64 bits in each half."""


class TogetherLine(NamedTuple):
    """One offer: what each workload costs or why not, and the ``total`` in pico-dollars a month.

    ``total`` is None if any of them has no cost.
    """

    offer: OfferName
    costs: tuple[Cost | Reason, ...]
    total: int | None

    @property
    def excluded(self) -> bool:
        """Whether the offer cannot do one of them, whatever it costs."""
        return any(found in EXCLUDED for found in self.costs if isinstance(found, Reason))


def rank_together(
    offers: OfferFilter, workloads: Sequence[Workload], start: int, stop: int, *, with_excluded: bool = False
) -> list[TogetherLine]:
    """Rows ``start`` to ``stop``: the cheapest total first, then those that have none by name. Two queries.

    Offers that cannot do one of the workloads are left out; ``with_excluded`` puts them at the end. There may be up to
    MOST_WORKLOADS of them.
    """
    ids = _ordered(offers, workloads, with_excluded=with_excluded)[start:stop]
    names = names_of(Rate.objects.filter(offer__in=ids), offers.moment)
    known = tariffs([name.offer_id for name in names], offers.moment, offers.terms)
    lines = [together(name, known[name.offer_id], workloads) for name in names]
    return sorted(lines, key=lambda line: (line.total is None, line.total or 0, line.total is None and line.excluded))


def every_line_together(
    offers: OfferFilter, workloads: Sequence[Workload], moment: datetime, *, with_excluded: bool = False
) -> Iterator[TogetherLine]:
    """All rows in the same order; ``moment`` is now, of which they are unless the filters name another.

    One statement tells the order, and two more for each chunk of it the rest as of the moment, whatever is synced
    meanwhile.
    """
    moment = offers.moment or moment
    with little_memory():
        ids = _ordered(offers, workloads, with_excluded=with_excluded).values_list("offer_id", flat=True)
        for chunk in chunks(array("q", ids.iterator(CHUNK))):
            names = {name.offer_id: name for name in names_of(Rate.objects.filter(offer__in=chunk), moment)}
            known = tariffs(names, moment, offers.terms)
            yield from (together(names[pk], known[pk], workloads) for pk in chunk if pk in names)


def _ordered(offers: OfferFilter, workloads: Sequence[Workload], *, with_excluded: bool) -> QuerySet[Rate, Any]:
    """The ids of the offers in the order of the ranking."""
    found = _by_offer(offers, workloads)
    order: list[str | Combinable] = [key.asc(nulls_last=True) for key in _total_keys(workloads)]
    if with_excluded:
        order.append(Case(When(_excluded(workloads), then=1), default=0, output_field=IntegerField()))
    else:
        found = found.exclude(_excluded(workloads))
    return found.order_by(*order, "sort_name", "offer_id").values("offer_id")


def together(offer: OfferName, tariff: Tariff, workloads: Sequence[Workload]) -> TogetherLine:
    """The line of one offer."""
    costs = tuple(cost_by(tariff, workload) for workload in workloads)
    months = [found.per_month for found in costs if isinstance(found, Cost)]
    return TogetherLine(offer, costs, sum(months) if len(months) == len(costs) else None)


def count_together(offers: OfferFilter, workloads: Sequence[Workload]) -> Counts:
    """How many offers have a total, in one query; the others by the first reason, exclusions before unknown prices."""
    reasons = [f"reason_{number}" for number in range(len(workloads))]
    excluded = [When(**{f"{name}__in": [reason.value for reason in EXCLUDED]}, then=F(name)) for name in reasons]
    unpriced = [When(~Q(**{name: PRICED}), then=F(name)) for name in reasons]
    verdict = Case(*excluded, *unpriced, default=Value(PRICED), output_field=CharField())
    wanted = {reason.value: Count("offer_id", filter=Q(verdict=reason.value)) for reason in Reason}
    found = _by_offer(offers, workloads).annotate(verdict=verdict).order_by()
    counts = found.aggregate(priced=Count("offer_id", filter=Q(verdict=PRICED)), **wanted)
    by_reason = {reason: counts[reason.value] for reason in Reason if counts[reason.value]}
    without = {reason: by_reason.pop(reason) for reason in EXCLUDED if reason in by_reason}
    return Counts(counts["priced"], by_reason, without)


def _by_offer(offers: OfferFilter, workloads: Sequence[Workload]) -> QuerySet[Rate, Any]:
    """One row per offer with ``cost_0``, ``reason_0`` and so on, one pair per workload."""
    columns: dict[str, Combinable] = {}
    for number, workload in enumerate(workloads):
        own = tier_of(workload.mode, workload.prompt)
        columns[f"cost_{number}"] = Max(
            Case(When(own, then=cost_of(workload, offers.column)), output_field=BigIntegerField())
        )
        reason = Max(Case(When(own, then=reason_of(workload, offers.column)), output_field=CharField()))
        columns[f"reason_{number}"] = Coalesce(reason, Value(Reason.NOT_OFFERED.value))
    rates = offers.charged_together((workload.mode, workload.prompt) for workload in workloads)
    return rates.values("offer_id", "sort_name").annotate(**columns)


def _excluded(workloads: Sequence[Workload]) -> Q:
    values = [reason.value for reason in EXCLUDED]
    return reduce(or_, (Q(**{f"reason_{number}__in": values}) for number in range(len(workloads))))


def _total_keys(workloads: Sequence[Workload]) -> tuple[Expression, Expression]:
    """The total of a month in two halves, exact where a database's 64 bits would not hold it: to sort by."""
    half = Value(HALF, BigIntegerField())
    requests = [Value(workload.requests, BigIntegerField()) for workload in workloads]
    upper = reduce(add, (F(f"cost_{number}") / half * times for number, times in enumerate(requests)))
    lower = reduce(add, (F(f"cost_{number}") % half * times for number, times in enumerate(requests)))
    whole = BigIntegerField()
    return ExpressionWrapper(upper + lower / half, whole), ExpressionWrapper(lower % half, whole)
