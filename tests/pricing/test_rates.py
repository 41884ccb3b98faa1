"""Tiers are cliffs without gaps; what a tier or mode does not state is taken over and named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.rates import PriceState, RateRow, Tiered, meant, price_state, tier_rows


def test_tiers_join_without_gap_and_inherit_what_they_do_not_state():
    # $1.25 in up to 200,000 tokens and $2.50 above; output $10 and $15; the cache price has no tier of its own.
    rows = tier_rows(
        "standard",
        {
            "input": Tiered(1_250_000, {200_000: 2_500_000}),
            "output": Tiered(10_000_000, {200_000: 15_000_000}),
            "cache_read": Tiered(310_000, {}),
        },
    )
    assert rows == (
        RateRow(above=0, up_to=200_000, input=1_250_000, output=10_000_000, cache_read=310_000),
        RateRow(above=200_000, input=2_500_000, output=15_000_000, cache_read=310_000, inherited=("cache_read",)),
    )


def test_a_component_with_fewer_tiers_keeps_its_highest_one():
    rows = tier_rows("standard", {"input": Tiered(1, {32_000: 2, 128_000: 3}), "output": Tiered(10, {32_000: 20})})
    assert [(row.above, row.up_to, row.input, row.output) for row in rows] == [
        (0, 32_000, 1, 10),
        (32_000, 128_000, 2, 20),
        (128_000, None, 3, 20),
    ]
    assert rows[2].inherited == ("output",)


def test_a_mode_names_what_it_takes_from_the_standard_one():
    (row,) = tier_rows("batch", {"input": Tiered(1, {}), "cache_read": Tiered(5, {})}, inherited=["cache_read"])
    assert row == RateRow(mode="batch", input=1, cache_read=5, inherited=("cache_read",))


def test_without_prices_there_is_still_a_base_row():
    assert tier_rows("standard", {}) == (RateRow(),)


floors = st.dictionaries(st.integers(1, 10**6), st.integers(0, 10**9), max_size=4)


@given(
    st.dictionaries(st.sampled_from(["input", "output", "cache_read"]), st.builds(Tiered, st.integers(0, 9), floors))
)
def test_every_prompt_size_has_exactly_one_row_and_each_price_its_own_cliff(components):
    rows = tier_rows("standard", components)
    for edge in {0, *(floor for price in components.values() for floor in price.above)}:
        for prompt in (edge, edge + 1):
            found = [row for row in rows if row.above < prompt and (row.up_to is None or prompt <= row.up_to)]
            assert len(found) == (1 if prompt else 0)
            for name, price in components.items() if found else ():
                passed = [floor for floor in price.above if prompt > floor]
                assert getattr(found[0], name) == (price.above[max(passed)] if passed else price.base)


def test_states():
    assert price_state([RateRow(input=1)], other_prices=False) == PriceState.PRICED
    assert price_state([RateRow(input=0, output=5)], other_prices=False) == PriceState.PRICED
    assert price_state([RateRow(input=0, output=0)], other_prices=True) == PriceState.FREE
    assert price_state([RateRow()], other_prices=False) == PriceState.UNKNOWN
    assert price_state([RateRow()], other_prices=True) == PriceState.NOT_TOKEN_PRICED
    assert price_state([RateRow(request=5)], other_prices=False) == PriceState.NOT_TOKEN_PRICED
    assert price_state([RateRow()], other_prices=False, variable=True) == PriceState.VARIABLE


@pytest.mark.parametrize("state", PriceState)
def test_a_zero_says_something_only_of_what_has_prices(state):
    assert meant(0, state) == (0 if state in ("priced", "free") else None)
    assert meant(1, state) == meant(1, state.value) == 1
    assert meant(None, state) is None


def test_half_known_and_zero_is_not_free():
    assert price_state([RateRow(input=0)], other_prices=False) == PriceState.UNKNOWN


def test_zeros_that_the_catalog_does_not_vouch_for_are_not_free():
    def state(**prices):
        return price_state([RateRow(**prices)], other_prices=False, zeros_confirmed=False)

    assert state(input=0, output=0) == PriceState.ZERO_UNCONFIRMED
    assert state(blended=0) == PriceState.ZERO_UNCONFIRMED
    assert state(input=0, output=5) == PriceState.PRICED
    assert state(input=0) == PriceState.UNKNOWN
