"""The rules of `catalog.pricing.cost` as SQL over `Rate`, so that one query ranks every offer.

Sums are pico-dollars per request in the database's own 64-bit integers. They fit: a workload holds at most
`workload.MOST_TOKENS` of each kind, and the tables hold no price above `rates.highest_price`. What a month costs need
not fit, so it is multiplied in Python.

``column`` tells what a column of the rates is called (`OfferFilter.column`): that of a price under contract terms has
another name.
"""

from collections.abc import Callable

from django.db.models import BigIntegerField, Case, CharField, Expression, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import Exact

from catalog.pricing.cost import STATES, Reason
from catalog.pricing.rates import STANDARD, PriceState
from catalog.pricing.workload import Workload

PRICED = ""
"""The ``reason`` of a rate that has a cost."""

Conditions = list[tuple[Q, Reason]]
Columns = Callable[[str], str]


def cost_of(workload: Workload, column: Columns = str) -> Expression:
    """Pico-dollars per request of each rate; NULL where there is a reason instead.

    The rates must be those that the workload is charged by (`RateQuerySet.charged`).
    """
    state = column("price_state")
    unconfirmed = Case(When(**{state: PriceState.FREE.value}, then=None), default=Value(0))
    return Case(
        *(When(condition, then=None) for condition, _ in _exclusions(workload)),
        When(**{f"{state}__in": [each.value for each in STATES]}, then=None),
        default=NullIf(_total(workload, column), unconfirmed),
        output_field=BigIntegerField(),
    )


def reason_of(workload: Workload, column: Columns = str) -> Expression:
    """Why each rate has no cost, a value of `Reason` or PRICED; the order is the one that `pricing.cost` looks in."""
    reasons = [*_exclusions(workload), *_states(column("price_state")), *_missing(workload, column)]
    unconfirmed = ~Q((column("price_state"), PriceState.FREE.value)) & Q(Exact(_total(workload, column), 0))
    return Case(
        *(When(condition, then=Value(reason.value)) for condition, reason in reasons),
        When(unconfirmed, then=Value(Reason.ZERO_UNCONFIRMED.value)),
        default=Value(PRICED),
        output_field=CharField(),
    )


def _exclusions(workload: Workload) -> Conditions:
    too_long = Q(context_tokens__lt=workload.prompt) | Q(max_input_tokens__lt=workload.prompt)
    sizes = [
        (too_long, Reason.PROMPT_TOO_LARGE),
        (Q(max_output_tokens__lt=workload.output), Reason.OUTPUT_TOO_LARGE),
    ]
    # In the standard mode every offer has a rate.
    return sizes if workload.mode == STANDARD else [(~Q(mode=workload.mode), Reason.NOT_OFFERED), *sizes]


def _states(column: str) -> Conditions:
    return [(Q((column, state.value)), reason) for state, reason in STATES.items()]


def _missing(workload: Workload, column: Columns) -> Conditions:
    """The prices that are needed and not known: for cached tokens without an own price that is the input price."""
    cached = Q()
    if workload.cached_read:
        cached |= Q((column("cache_read"), None))
    if workload.cache_written:
        cached |= Q((column("cache_write"), None))
    blended = Q((column("blended"), None))
    no_input = blended & Q((column("input"), None)) & (Q() if workload.uncached else cached)
    if not workload.output:
        return [(no_input, Reason.NO_INPUT_PRICE)]
    no_output = blended & Q((column("output"), None))
    return [
        (no_input & no_output, Reason.NO_PRICE),
        (no_input, Reason.NO_INPUT_PRICE),
        (no_output, Reason.NO_OUTPUT_PRICE),
    ]


def _total(workload: Workload, column: Columns) -> Expression:
    """Pico-dollars of one request; NULL where a price that it needs is not known."""
    prices: list[tuple[int, Combinable]] = [
        (workload.uncached, F(column("input"))),
        (workload.cached_read, Coalesce(column("cache_read"), column("input"))),
        (workload.cache_written, Coalesce(column("cache_write"), column("input"))),
        (workload.output, F(column("output"))),
    ]
    first, *others = [price * Value(tokens, BigIntegerField()) for tokens, price in prices if tokens]
    for amount in others:
        first = first + amount
    all_tokens = F(column("blended")) * Value(workload.prompt + workload.output, BigIntegerField())
    return Coalesce(all_tokens, first) + Coalesce(column("request"), 0)
