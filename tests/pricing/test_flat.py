"""Flat prices: the outcome of one request by many prices at once is what `cost` says of each."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.cost import NO_LIMITS, Cost, Limits, Reason, cost
from catalog.pricing.flat import CODES, FlatPrice, flat_price, outcomes
from catalog.pricing.rates import COMPONENTS, PriceState, RateRow
from catalog.pricing.workload import Workload

DOLLAR = 1_000_000
NONE = dict.fromkeys(COMPONENTS)


def flat(state=PriceState.PRICED, limits=NO_LIMITS, is_offered=True, **prices) -> FlatPrice:
    return flat_price({**NONE, **prices}, state=state, limits=limits, is_offered=is_offered)


def outcome(price: FlatPrice, prompt=1_000, output=100, read=0, written=0) -> int:
    (found,) = outcomes([price], Workload(1, prompt, output, read, written))
    return found


def test_worked_sums():
    price = flat(input=2 * DOLLAR, output=8 * DOLLAR, cache_read=DOLLAR // 2, request=5)
    assert outcome(price) == 1_000 * 2 * DOLLAR + 100 * 8 * DOLLAR + 5
    # 700 uncached, 200 read, and 100 written, which have no price of their own: the input price.
    assert outcome(price, read=200, written=100) == 800 * 2 * DOLLAR + 200 * DOLLAR // 2 + 100 * 8 * DOLLAR + 5
    assert outcome(flat(blended=3, input=7, output=7)) == 1_100 * 3


def test_limits_below_at_and_above():
    price = flat(input=1, output=1, limits=Limits(2_000, 1_500, 300))
    assert [outcome(price, prompt, 1) for prompt in (1_499, 1_500, 1_501)] == [
        1_500,
        1_501,
        CODES[Reason.PROMPT_TOO_LARGE],
    ]
    assert [outcome(price, 1, output) for output in (299, 300, 301)] == [300, 301, CODES[Reason.OUTPUT_TOO_LARGE]]


def test_a_gap_counts_only_where_the_workload_needs_the_price():
    no_output = flat(input=1)
    assert outcome(no_output, output=0) == 1_000
    assert outcome(no_output) == CODES[Reason.NO_OUTPUT_PRICE]
    cached_alone = flat(cache_read=2, output=1)
    assert outcome(cached_alone, read=1_000) == 2_100
    assert outcome(cached_alone, read=999) == CODES[Reason.NO_INPUT_PRICE]
    assert outcome(flat()) == CODES[Reason.NO_PRICE]


def test_nothing_is_free_unless_the_catalog_says_so():
    assert outcome(flat(input=0, output=0, state=PriceState.FREE)) == 0
    assert outcome(flat(input=0, output=0)) == CODES[Reason.ZERO_UNCONFIRMED]
    assert outcome(flat(input=1, output=1, state=PriceState.VARIABLE)) == CODES[Reason.VARIABLE]
    assert outcome(flat(input=1, output=1, is_offered=False)) == CODES[Reason.NOT_OFFERED]


price_or_none = st.none() | st.integers(0, 5)
sizes = st.none() | st.integers(1, 30)


@st.composite
def workloads(draw):
    prompt = draw(st.integers(1, 30))
    read = draw(st.integers(0, prompt))
    written = draw(st.integers(0, prompt - read))
    return Workload(1, prompt, draw(st.integers(0, 30)), read, written)


@given(
    st.fixed_dictionaries(dict.fromkeys(COMPONENTS, price_or_none)),
    st.sampled_from(PriceState),
    st.builds(Limits, sizes, sizes, sizes),
    workloads(),
)
def test_it_is_what_cost_says(prices, state, limits, workload):
    own = cost([RateRow(**prices)], workload, state=state, limits=limits)
    (found,) = outcomes([flat_price(prices, state=state, limits=limits)], workload)
    assert found == (own.per_request if isinstance(own, Cost) else CODES[own])
