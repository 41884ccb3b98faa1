"""What one request costs: worked sums, and every reason why there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.cost import EXCLUDED, Cost, Limits, Reason, TakenFrom, cost
from catalog.pricing.rates import PriceState, RateRow, Tiered, tier_rows
from catalog.pricing.workload import Workload
from tests.make import DOLLAR, row
from tests.pricing.test_workload import workloads

MILLICENT = 10**7
"""Pico-dollars of $0.00001."""


def workload(**fields):
    return Workload(**{"requests": 1_000, "prompt": 1_000, "output": 100, **fields})


def costs(*rates, state=PriceState.PRICED, limits=None, **fields):
    return cost(rates, workload(**fields), state=state, limits=limits or Limits())


def sums(found):
    return [(line.component, line.tokens, line.rate, line.amount) for line in found.lines]


def test_input_and_output():
    # 1,000 × $2 and 100 × $8 per 1M tokens: $0.002 + $0.0008 = $0.0028, and $2.80 for a thousand requests.
    found = costs(row())
    assert sums(found) == [
        ("input", 1_000, 2 * DOLLAR, 200 * MILLICENT),
        ("output", 100, 8 * DOLLAR, 80 * MILLICENT),
    ]
    assert (found.per_request, found.per_month) == (280 * MILLICENT, 280_000 * MILLICENT)
    assert (found.above, found.up_to, found.blended) == (0, None, False)
    assert not any(line.falls_back for line in found.lines)


def test_cached_tokens_are_part_of_the_prompt_and_not_billed_twice():
    # 300 × $2, 600 read × $0.20, 100 written × $2.50, 100 × $8.
    found = costs(row(cache_read=DOLLAR // 5, cache_write=5 * DOLLAR // 2), cached_read=600, cache_written=100)
    assert [line.tokens for line in found.lines] == [300, 600, 100, 100]
    assert found.per_request == (60 + 12 + 25 + 80) * MILLICENT


def test_without_cache_prices_cached_tokens_are_billed_as_input_and_it_says_so():
    found = costs(row(), cached_read=600, cache_written=100)
    assert [(line.component, line.billed_as, line.falls_back) for line in found.lines] == [
        ("input", "input", False),
        ("cache_read", "input", True),
        ("cache_write", "input", True),
        ("output", "output", False),
    ]
    assert found.per_request == costs(row()).per_request


def test_a_free_cache_is_free_and_not_billed_as_input():
    found = costs(row(cache_read=0), cached_read=1_000)
    assert sums(found) == [("cache_read", 1_000, 0, 0), ("output", 100, 8 * DOLLAR, 80 * MILLICENT)]


def test_one_price_for_all_tokens_holds_for_cached_ones_too_and_is_marked():
    found = costs(RateRow(blended=3 * DOLLAR), cached_read=500)
    assert sums(found) == [("blended", 1_100, 3 * DOLLAR, 330 * MILLICENT)]
    assert found.blended


def test_a_price_per_request_is_added():
    found = costs(row(request=500 * MILLICENT))
    assert sums(found)[-1] == ("request", 0, 500 * MILLICENT, 500 * MILLICENT)
    assert found.per_request == 780 * MILLICENT


def test_free_costs_nothing():
    found = costs(row(input=0, output=0), state=PriceState.FREE)
    assert (found.per_request, found.per_month) == (0, 0)
    assert costs(row(input=0, output=0, request=7), state=PriceState.FREE).per_request == 7


ONE_TIER = tier_rows(
    "standard",
    {
        "input": Tiered(1 * DOLLAR, {200_000: 2 * DOLLAR}),
        "output": Tiered(10 * DOLLAR, {200_000: 15 * DOLLAR}),
        "cache_read": Tiered(DOLLAR // 10, {}),
        "cache_write": Tiered(DOLLAR // 4, {200_000: DOLLAR // 2}),
    },
)


@pytest.mark.parametrize(
    ("prompt", "rates"),
    [
        (199_999, (1 * DOLLAR, DOLLAR // 10, DOLLAR // 4, 10 * DOLLAR)),
        (200_000, (1 * DOLLAR, DOLLAR // 10, DOLLAR // 4, 10 * DOLLAR)),
        (200_001, (2 * DOLLAR, DOLLAR // 10, DOLLAR // 2, 15 * DOLLAR)),
    ],
)
def test_above_a_threshold_all_tokens_of_the_request_are_repriced(prompt, rates):
    found = costs(*ONE_TIER, prompt=prompt, cached_read=1_000, cache_written=500)
    tokens = (prompt - 1_500, 1_000, 500, 100)
    assert sums(found) == [
        (name, count, rate, count * rate)
        for name, count, rate in zip(("input", "cache_read", "cache_write", "output"), tokens, rates, strict=True)
    ]
    dear = prompt > 200_000
    assert (found.above, found.up_to) == ((200_000, None) if dear else (0, 200_000))
    assert [line.taken_from for line in found.lines] == [
        TakenFrom.OWN,
        TakenFrom.LOWER_TIER if dear else TakenFrom.OWN,
        TakenFrom.OWN,
        TakenFrom.OWN,
    ]


MANY_TIERS = tier_rows(
    "standard",
    {"input": Tiered(1, {32_000: 2, 128_000: 3}), "output": Tiered(10, {32_000: 20}), "cache_read": Tiered(5, {})},
)


@pytest.mark.parametrize(
    ("prompt", "rates", "taken"),
    [
        (31_999, (1, 5, 10), ()),
        (32_000, (1, 5, 10), ()),
        (32_001, (2, 5, 20), ("cache_read",)),
        (127_999, (2, 5, 20), ("cache_read",)),
        (128_000, (2, 5, 20), ("cache_read",)),
        (128_001, (3, 5, 20), ("cache_read", "output")),
    ],
)
def test_several_tiers_with_prices_that_some_do_not_state(prompt, rates, taken):
    found = costs(*MANY_TIERS, prompt=prompt, cached_read=7)
    assert tuple(line.rate for line in found.lines) == rates
    assert tuple(line.component for line in found.lines if line.falls_back) == taken


def test_a_cache_billed_as_an_input_that_the_tier_inherits_says_both():
    rates = tier_rows("standard", {"input": Tiered(1, {}), "output": Tiered(2, {200_000: 3})})
    line = costs(*rates, prompt=200_001, cached_read=10).lines[1]
    assert (line.billed_as, line.taken_from) == ("input", TakenFrom.LOWER_TIER)


def test_a_mode_says_what_it_takes_from_the_standard_one_in_each_tier():
    batch = tier_rows(
        "batch",
        {"input": Tiered(1, {200_000: 2}), "output": Tiered(4, {}), "cache_read": Tiered(5, {})},
        inherited=["cache_read"],
    )
    small = costs(row(), *batch, mode="batch", cached_read=10)
    large = costs(row(), *batch, mode="batch", cached_read=10, prompt=200_001)
    own, lower, standard = TakenFrom.OWN, TakenFrom.LOWER_TIER, TakenFrom.STANDARD
    assert [line.taken_from for line in small.lines] == [own, standard, own]
    assert [line.taken_from for line in large.lines] == [own, standard, lower]


def test_a_mode_that_is_not_offered_is_not_billed_as_standard():
    assert costs(row(), mode="batch") is Reason.NOT_OFFERED
    assert costs(RateRow(up_to=999, input=1, output=1)) is Reason.NOT_OFFERED


@pytest.mark.parametrize(
    ("prices", "fields", "reason"),
    [
        ({"input": None}, {}, Reason.NO_INPUT_PRICE),
        ({"output": None}, {}, Reason.NO_OUTPUT_PRICE),
        ({"input": None, "output": None}, {}, Reason.NO_PRICE),
        ({"input": None, "cache_read": 1}, {"cached_read": 999}, Reason.NO_INPUT_PRICE),
        ({"input": None, "cache_read": 1}, {"cached_read": 999, "cache_written": 1}, Reason.NO_INPUT_PRICE),
        ({"input": 0, "output": 0}, {}, Reason.ZERO_UNCONFIRMED),
        ({"input": 0}, {"output": 0}, Reason.ZERO_UNCONFIRMED),
    ],
)
def test_a_price_that_is_needed_and_not_known_is_no_number(prices, fields, reason):
    assert costs(row(**prices), **fields) is reason


def test_a_price_that_is_not_needed_may_be_unknown():
    assert costs(row(output=None), output=0).per_request == 200 * MILLICENT
    assert costs(row(input=None, cache_read=DOLLAR), cached_read=1_000).per_request == 180 * MILLICENT


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (PriceState.VARIABLE, Reason.VARIABLE),
        (PriceState.NOT_TOKEN_PRICED, Reason.NOT_TOKEN_PRICED),
        (PriceState.ZERO_UNCONFIRMED, Reason.ZERO_UNCONFIRMED),
    ],
)
def test_a_state_without_prices_is_its_own_reason(state, reason):
    assert costs(row(input=0, output=None, request=5), state=state) is reason


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        (Limits(), False),
        (Limits(context=1_100, max_input=1_000, max_output=100), False),
        (Limits(context=1_099), True),
        (Limits(context=1_000), True),
        (Limits(context=999), Reason.PROMPT_TOO_LARGE),
        (Limits(context=5_000, max_input=999), Reason.PROMPT_TOO_LARGE),
        (Limits(context=999, max_input=5_000), Reason.PROMPT_TOO_LARGE),
        (Limits(max_output=99), Reason.OUTPUT_TOO_LARGE),
        (Limits(context=999, max_output=99), Reason.PROMPT_TOO_LARGE),
    ],
)
def test_a_request_must_fit(limits, found):
    own = costs(row(), limits=limits)
    assert (own.above_window if isinstance(own, Cost) else own) == found


def test_what_cannot_be_done_goes_before_what_is_not_known():
    assert costs(RateRow(), state=PriceState.VARIABLE, limits=Limits(context=1)) is Reason.PROMPT_TOO_LARGE


def test_every_reason_has_a_sentence():
    assert all(reason.sentence.endswith(".") for reason in Reason)
    assert set(EXCLUDED) < set(Reason)


prices = st.none() | st.integers(0, 10**11)


@given(
    st.builds(RateRow, input=prices, output=prices, cache_read=prices, cache_write=prices, request=prices),
    workloads(),
    st.sampled_from([PriceState.PRICED, PriceState.FREE, PriceState.UNKNOWN]),
)
def test_lines_add_up_and_every_token_is_billed_once(rate, chosen, state):
    found = cost([rate], chosen, state=state)
    if isinstance(found, Reason):
        return
    assert found.per_request == sum(line.amount for line in found.lines)
    assert found.per_month == found.per_request * chosen.requests
    assert sum(line.tokens for line in found.lines) == chosen.prompt + chosen.output
    assert found.per_request or state is PriceState.FREE
    assert found.per_request < 2**63
