"""Contract terms: sums worked by hand, which of several applies, and what stays as it was."""

from datetime import UTC, date, datetime, timedelta, timezone
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.cost import Cost, Reason, TakenFrom, cost
from catalog.pricing.rates import COMPONENTS, PriceState, RateRow, Tiered, highest_price, tier_rows
from catalog.pricing.terms import (
    HIGHEST_CHANGE,
    LOWEST_CHANGE,
    Term,
    changed,
    day_of,
    effective,
    effective_state,
    fits,
    in_force,
    term_for,
)
from catalog.pricing.workload import MOST_TOKENS, Workload
from tests.make import DOLLAR, row

JUNE = date(2026, 6, 1)
OFFER = {"catalog": 1, "provider": "openai", "ref": "openai/gpt-4.1", "key": "gpt-4.1", "mode": "standard"}
changes = st.integers(LOWEST_CHANGE, HIGHEST_CHANGE)


def term(pk=1, **fields):
    return Term(**{"id": pk, "catalog": 1, "first_day": JUNE, **fields})


@pytest.mark.parametrize(
    ("price", "change", "becomes"),
    [
        (2_500_000, -2_000, 2_000_000),  # $2.50 less 20% is $2.00
        (2_500_000, 500, 2_625_000),  # $2.50 plus 5% is $2.625
        (75_000, -1_250, 65_625),  # $0.075 less 12.5% is $0.065625
        (1, 5_000, 2),  # 1.5 pico-dollars, half up
        (1, 4_999, 1),  # 1.4999
        (3, -5_000, 2),  # 1.5
        (33, -3_333, 22),  # 22.0011
        (1, -9_900, 1),  # 0.01, but what costs something is never free
        (0, -2_000, 0),
        (0, 30_000, 0),
        (None, -2_000, None),
    ],
)
def test_a_change_is_rounded_half_up_to_a_pico_dollar(price, change, becomes):
    assert changed(price, change) == becomes


@given(st.integers(1, highest_price("request")), changes)
def test_a_changed_price_is_within_half_a_pico_dollar_of_the_exact_one(price, change):
    exact = price * (10_000 + change)  # in ten-thousandths
    assert abs(changed(price, change) * 10_000 - exact) <= 5_000 or changed(price, change) == 1


@given(changes)
def test_the_dearest_request_under_the_highest_markup_fits_64_bits(change):
    dearest = RateRow(**{name: highest_price(name) for name in COMPONENTS if name != "blended"})
    workload = Workload(1, MOST_TOKENS, MOST_TOKENS, 0, 0)
    found = cost([dearest], workload, state=PriceState.PRICED, term=term(change=change))
    assert found.per_request < 2**63


def test_a_change_moves_every_tier_and_every_known_price():
    tiers = tier_rows(
        "standard",
        {
            "input": Tiered(2 * DOLLAR, {200_000: 4 * DOLLAR}),
            "output": Tiered(8 * DOLLAR, {}),
            "cache_read": Tiered(None, {}),
        },
    )
    low, high = (effective(tier, term(change=-1_000)) for tier in tiers)
    assert (low.input, low.output, low.cache_read) == (1_800_000, 7_200_000, None)
    assert (high.input, high.output, high.above, high.inherited) == (3_600_000, 7_200_000, 200_000, ("output",))
    assert effective(row(request=10**9), term(change=-1_000)).request == 9 * 10**8


def test_fixed_prices_hold_in_every_tier_and_what_they_do_not_name_keeps_its_list_price():
    tiers = tier_rows(
        "standard", {"input": Tiered(2, {200_000: 4}), "output": Tiered(8, {}), "cache_read": Tiered(1, {})}
    )
    for listed in tiers:
        own = effective(listed, term(fixed={"input": 1, "output": 5}))
        assert (own.input, own.output, own.cache_read) == (1, 5, 1)
    assert own.inherited == ("cache_read",)  # the output price is the contract's, no longer that of a lower tier


def test_one_price_for_all_tokens_takes_a_change_or_one_price():
    flat = RateRow(blended=4 * DOLLAR)
    assert effective(flat, term(change=-2_500)).blended == 3 * DOLLAR
    assert effective(flat, term(fixed={"blended": DOLLAR})).blended == DOLLAR
    assert effective(flat, term(fixed={"input": DOLLAR, "output": DOLLAR})) == flat
    assert effective(row(), term(fixed={"blended": DOLLAR})) == row()


@given(changes, st.builds(RateRow, **dict.fromkeys(COMPONENTS, st.none() | st.integers(0, 10**10))))
def test_unknown_stays_unknown_free_stays_free_and_what_costs_still_does(change, listed):
    own = effective(listed, term(change=change))
    for name in COMPONENTS:
        before, after = getattr(listed, name), getattr(own, name)
        assert (before is None, before == 0) == (after is None, after == 0)


@pytest.mark.parametrize(
    ("state", "listed", "fixed", "becomes"),
    [
        (PriceState.UNKNOWN, RateRow(), {"input": 5}, PriceState.PRICED),
        (PriceState.UNKNOWN, RateRow(), {"input": 0, "output": 0}, PriceState.FREE),
        (PriceState.UNKNOWN, RateRow(), {"input": 0}, PriceState.UNKNOWN),
        (PriceState.VARIABLE, RateRow(), {"input": 5, "output": 0}, PriceState.PRICED),
        (PriceState.ZERO_UNCONFIRMED, row(input=0, output=0), {"input": 0, "output": 0}, PriceState.FREE),
        (PriceState.PRICED, row(cache_read=3), {"input": 0, "output": 0}, PriceState.PRICED),
        (PriceState.PRICED, row(cache_read=3), {"input": 0, "output": 0, "cache_read": 0}, PriceState.FREE),
        (PriceState.PRICED, RateRow(blended=7), {"blended": 0}, PriceState.FREE),
        (PriceState.PRICED, RateRow(blended=7), {"input": 0, "output": 0}, PriceState.PRICED),
        (PriceState.UNKNOWN, RateRow(), {"request": 5}, PriceState.UNKNOWN),
    ],
)
def test_prices_that_a_contract_fixes_are_known(state, listed, fixed, becomes):
    fixing = term(fixed=fixed)
    assert effective_state(state, effective(listed, fixing), fixing) == becomes


@pytest.mark.parametrize("state", PriceState)
def test_a_change_says_nothing_new_of_the_prices(state):
    less = term(change=-5_000)
    assert effective_state(state, effective(row(), less), less) == state


# Which one applies


def test_it_holds_from_its_first_day_to_the_end_of_its_last():
    limited, open_ended = term(last_day=date(2026, 6, 30)), term()
    days = [date(2026, 5, 31), JUNE, date(2026, 6, 30), date(2026, 7, 1)]
    assert [limited.holds_on(day) for day in days] == [False, True, True, False]
    assert [open_ended.holds_on(day) for day in days] == [False, True, True, True]


def test_the_day_is_that_of_utc():
    berlin = timezone(timedelta(hours=2))
    assert day_of(datetime(2026, 6, 1, 1, 30, tzinfo=berlin)) == date(2026, 5, 31)
    assert day_of(datetime(2026, 5, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == date(2026, 5, 31)


def test_the_most_special_applies_and_of_equals_the_latest():
    ranked = [
        term(1, pattern="gpt-*", provider="openai"),
        term(2, pattern="gpt-*", first_day=date(2026, 6, 2)),
        term(4, pattern="gpt-*"),
        term(3, pattern="*"),
        term(5, provider="openai", mode="standard"),
        term(6, provider="openai"),
        term(7, mode="standard"),
        term(9),
        term(8),
        term(10, first_day=date(2026, 5, 1)),
    ]
    shuffled = sorted(ranked, key=lambda each: each.id * 7 % 11)
    assert in_force(shuffled, date(2026, 7, 1)) == tuple(ranked)
    for i in range(len(ranked)):
        assert term_for(ranked[i:], **OFFER) == ranked[i]


@pytest.mark.parametrize(
    "elsewhere",
    [{"catalog": 2}, {"provider": "anthropic"}, {"mode": "batch"}, {"ref": "openai/o3", "key": "o3"}],
)
def test_it_applies_to_nothing_else(elsewhere):
    terms = [term(provider="openai", pattern="*gpt*", mode="standard")]
    assert term_for(terms, **OFFER) == terms[0]
    assert term_for(terms, **OFFER | elsewhere) is None


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        ("gpt-4*", "GPT-4.1", True),
        ("GPT-4*", "gpt-4", True),
        ("gpt-4?", "gpt-4", False),
        ("gpt-4?", "gpt-4o", True),
        ("gpt", "gpt-4", False),
        ("*", "", True),
        ("gpt_4%", "gptx4xx", False),
        ("[ab]", "a", False),
        ("[ab]", "[AB]", True),
        ("a\\*", "a\\b", True),
        ("*\n?", "a\n\n", True),
        ("É*", "é1", False),  # only A to Z
        ("K", "\u212a", False),  # the Kelvin sign, which Unicode lowers to k
    ],
)
def test_a_glob_knows_a_star_and_a_question_mark(pattern, text, does):
    assert fits(pattern, text) is does


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=10))
def test_globs_are_those_of_the_shell(pattern, text):
    assert fits(pattern, text) == fnmatchcase(text, pattern)


def test_many_stars_take_no_time():
    assert not fits("*a" * 30 + "b", "a" * 300)


# What it makes of a cost


def test_a_cost_says_the_list_rate_beside_each_effective_one():
    workload = Workload(1_000, 1_000, 100, 500, 0)
    less = term(change=-2_000, reason="Frame agreement")
    found = cost([row(input=2_500_000, cache_read=250_000)], workload, state=PriceState.PRICED, term=less)
    # 500 at $2.00, 500 at $0.20 and 100 at $6.40 per 1M: $0.001 + $0.0001 + $0.00064
    assert found.per_request == 1_740_000_000
    assert [(line.component, line.rate, line.list_rate) for line in found.lines] == [
        ("input", 2_000_000, 2_500_000),
        ("cache_read", 200_000, 250_000),
        ("output", 6_400_000, 8_000_000),
    ]
    assert found.term == less


def test_a_fixed_price_is_the_contracts_own_and_no_fallback():
    batch = RateRow("batch", input=1, output=2, cache_read=3, inherited=("cache_read",))
    workload = Workload(1, 10, 0, 10, 0, "batch")
    (line,) = cost([row(), batch], workload, state=PriceState.PRICED).lines
    assert line.taken_from == TakenFrom.STANDARD
    (line,) = cost([row(), batch], workload, state=PriceState.PRICED, term=term(fixed={"cache_read": 2})).lines
    assert (line.taken_from, line.rate, line.list_rate, line.falls_back) == (TakenFrom.OWN, 2, 3, False)


def test_a_contract_prices_what_the_catalog_does_not():
    workload = Workload(1, 10, 10, 0, 0)
    fixing = term(fixed={"input": 1, "output": 2})
    for state in PriceState:
        found = cost([RateRow()], workload, state=state, term=fixing)
        assert isinstance(found, Cost)
        assert (found.per_request, [line.list_rate for line in found.lines]) == (30, [None, None])
    half = cost([RateRow()], workload, state=PriceState.UNKNOWN, term=term(fixed={"input": 1}))
    assert half == Reason.NO_OUTPUT_PRICE


def test_a_term_that_moves_nothing_is_not_named():
    found = cost([row()], Workload(1, 10, 10, 0, 0), state=PriceState.PRICED, term=term(fixed={"blended": 1}))
    assert found.term is None
