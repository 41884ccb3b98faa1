"""Which of two offers is cheaper where: worked sums below, at and above, and the same as by trying every place."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.breakeven import (
    Axis,
    Reach,
    Stretch,
    Tariff,
    Verdict,
    compare,
    point,
    reach_of,
)
from catalog.pricing.breakeven_points import series, window
from catalog.pricing.cost import Limits, Reason
from catalog.pricing.rates import PriceState, RateRow, Tiered, tier_rows
from catalog.pricing.workload import MOST_REQUESTS, MOST_TOKENS, Workload
from tests.make import DOLLAR, row

FIRST, SECOND, SAME, UNKNOWN = Verdict
CHAT = Workload(requests=1_000, prompt=1_000, output=100)


def tariff(*rates, state=PriceState.PRICED, **limits):
    return Tariff(rates, state, Limits(**limits))


def verdicts(found):
    return [(stretch.start, stretch.end, stretch.verdict) for stretch in found.stretches]


def test_the_share_from_which_a_cheap_cache_wins():
    # 1,000 × $2 against (1,000 - c) × $3 + c × $1: the same at c = 500.
    plain, cached = tariff(row()), tariff(row(input=3 * DOLLAR, cache_read=DOLLAR))
    found = compare(plain, cached, CHAT, Axis.CACHED)
    assert verdicts(found) == [(0, 499, FIRST), (500, 500, SAME), (501, 1_000, SECOND)]
    (crossing,) = found.crossings
    assert crossing == (499, 501, FIRST, SECOND, Fraction(500), False)
    below, at, above = (point(plain, cached, CHAT, Axis.CACHED, place) for place in (499, 500, 501))
    assert (below.first, below.second) == (2_800 * 10**9, 2_802 * 10**9)  # $2.80 and $2.802 a month
    assert at.first == at.second == 2_800 * 10**9
    assert above.second == 2_798 * 10**9


def test_lines_that_meet_between_two_tokens():
    # 1,000 × $2 + o × $8 against 1,000 × $1 + o × $11: the same at o = 333⅓.
    found = compare(tariff(row()), tariff(row(input=DOLLAR, output=11 * DOLLAR)), CHAT, Axis.OUTPUT)
    assert verdicts(found) == [(0, 333, SECOND), (334, MOST_TOKENS, FIRST)]
    assert found.crossings == ((333, 334, SECOND, FIRST, Fraction(1_000, 3), False),)


def test_a_tier_that_makes_the_cheaper_one_dearer_is_a_jump_at_its_floor():
    tiers = tier_rows("standard", {"input": Tiered(DOLLAR, {200_000: 4 * DOLLAR}), "output": Tiered(8 * DOLLAR, {})})
    found = compare(tariff(*tiers), tariff(row()), CHAT, Axis.PROMPT)
    assert verdicts(found) == [(1, 200_000, FIRST), (200_001, MOST_TOKENS, SECOND)]
    assert found.crossings == ((200_000, 200_001, FIRST, SECOND, Fraction(200_000), True),)
    assert found.cliffs == ({200_001}, set())


def test_a_price_per_request_is_paid_back_by_longer_prompts():
    # $0.01 a request and $1 per 1M against $2 per 1M: 10,000 tokens of input make up for it.
    asked = tariff(row(input=DOLLAR, request=10**10))
    found = compare(asked, tariff(row()), CHAT, Axis.PROMPT)
    assert verdicts(found) == [(1, 9_999, SECOND), (10_000, 10_000, SAME), (10_001, MOST_TOKENS, FIRST)]


def test_the_volume_never_changes_who_is_cheaper():
    found = compare(tariff(row()), tariff(row(input=DOLLAR)), CHAT, Axis.VOLUME)
    assert verdicts(found) == [(1, MOST_REQUESTS, SECOND)]
    assert found.crossings == ()


def test_where_one_has_no_cost_is_a_gap_with_its_reason():
    small = tariff(row(input=DOLLAR), context=128_000)
    found = compare(small, tariff(row()), CHAT, Axis.PROMPT)
    assert found.stretches == (
        Stretch(1, 128_000, FIRST),
        Stretch(128_001, MOST_TOKENS, UNKNOWN, (Reason.PROMPT_TOO_LARGE, None)),
    )
    assert found.crossings == ()
    short = compare(tariff(row(), max_output=500), tariff(row(output=None)), CHAT, Axis.OUTPUT)
    assert [stretch.reasons for stretch in short.stretches] == [
        (None, None),  # without output its price is not needed
        (None, Reason.NO_OUTPUT_PRICE),
        (Reason.OUTPUT_TOO_LARGE, Reason.NO_OUTPUT_PRICE),
    ]


def test_an_input_price_that_is_not_known_is_not_needed_where_all_is_cached():
    found = compare(tariff(row(input=None, cache_read=DOLLAR)), tariff(row()), CHAT, Axis.CACHED)
    assert verdicts(found) == [(0, 999, UNKNOWN), (1_000, 1_000, FIRST)]


def test_a_zero_that_no_catalog_confirms_is_no_cost():
    nothing = tariff(row(input=0, output=DOLLAR))
    found = compare(nothing, tariff(row()), CHAT, Axis.OUTPUT)
    assert verdicts(found) == [(0, 0, UNKNOWN), (1, MOST_TOKENS, FIRST)]


def test_a_mode_that_one_of_them_lacks():
    batch = Workload(requests=1, prompt=10, output=1, mode="batch")
    found = compare(tariff(row()), tariff(row(), row(mode="batch")), batch, Axis.OUTPUT)
    assert found.stretches == (Stretch(0, MOST_TOKENS, UNKNOWN, (Reason.NOT_OFFERED, None)),)


def test_equal_prices_are_the_same_everywhere():
    assert verdicts(compare(tariff(row()), tariff(row()), CHAT, Axis.CACHED)) == [(0, 1_000, SAME)]


def test_what_can_be_varied_keeps_the_other_numbers_possible():
    agent = Workload(requests=1, prompt=1_000, output=1, cached_read=600, cache_written=100)
    assert reach_of(Axis.CACHED, agent) == Reach(0, 900)
    assert reach_of(Axis.PROMPT, agent) == Reach(700, MOST_TOKENS)
    all_written = Workload(requests=1, prompt=10, output=1, cache_written=10)
    assert verdicts(compare(tariff(row()), tariff(row(input=1)), all_written, Axis.CACHED)) == [(0, 0, SECOND)]


def test_points_to_draw_hold_both_sides_of_cliffs_and_crossings():
    tiers = tier_rows("standard", {"input": Tiered(DOLLAR, {700: 4 * DOLLAR}), "output": Tiered(8 * DOLLAR, {})})
    one, other = tariff(*tiers), tariff(row())
    found = compare(one, other, CHAT, Axis.PROMPT, Reach(1, 1_000))
    points = series(one, other, CHAT, Axis.PROMPT, found, steps=4)
    assert [each.place for each in points] == [1, 250, 500, 700, 701, 750, 1_000]
    assert points[3].first < points[3].second < points[4].first
    assert len(series(one, other, CHAT, Axis.PROMPT, found, steps=50)) <= 60


def test_a_chart_goes_twice_as_far_as_the_workload_and_on_to_the_nearest_crossing():
    cheap_input = tariff(row(input=DOLLAR, output=11 * DOLLAR))
    found = compare(tariff(row()), cheap_input, CHAT, Axis.OUTPUT)  # they meet at 333⅓
    assert window(found, CHAT, Axis.OUTPUT) == Reach(0, 1_000)
    far = Workload(requests=1, prompt=1_000_000, output=100)  # and here at 333,333⅓
    assert window(compare(tariff(row()), cheap_input, far, Axis.OUTPUT), far, Axis.OUTPUT) == Reach(0, 416_668)
    found = compare(tariff(row()), tariff(row(input=1)), CHAT, Axis.VOLUME)
    assert window(found, CHAT, Axis.VOLUME) == Reach(1, 2_000)
    assert window(compare(tariff(row()), cheap_input, CHAT, Axis.CACHED), CHAT, Axis.CACHED) == Reach(0, 1_000)


PRICES = st.one_of(st.none(), st.integers(0, 6))


@st.composite
def tariffs(draw):
    """Small prices, tiers and limits, so that lines meet often."""
    floors = draw(st.sets(st.integers(1, 28), max_size=2))
    components = {
        name: Tiered(draw(PRICES), {floor: draw(st.integers(0, 6)) for floor in floors if draw(st.booleans())})
        for name in ("input", "output", "cache_read", "cache_write", "request")
    }
    if draw(st.integers(0, 5)) == 0:
        components["blended"] = Tiered(draw(st.integers(0, 6)), {})
    sizes = st.one_of(st.none(), st.integers(1, 30))
    limits = Limits(draw(sizes), draw(sizes), draw(sizes))
    state = draw(st.sampled_from([PriceState.PRICED, PriceState.PRICED, PriceState.FREE, PriceState.VARIABLE]))
    return Tariff(tier_rows("standard", components), state, limits)


@given(tariffs(), tariffs(), st.data(), st.sampled_from(Axis))
def test_the_same_as_by_trying_every_place(first, second, data, axis):
    prompt = data.draw(st.integers(1, 30))
    read = data.draw(st.integers(0, prompt))
    written = data.draw(st.integers(0, prompt - read))
    workload = Workload(data.draw(st.integers(1, 3)), prompt, data.draw(st.integers(0, 30)), read, written)
    low, high = reach_of(axis, workload)
    found = compare(first, second, workload, axis, Reach(low, min(high, 35)))
    tried = [point(first, second, workload, axis, place) for place in range(low, min(high, 35) + 1)]
    spread = [
        (place, stretch.verdict, stretch.reasons)
        for stretch in found.stretches
        for place in range(stretch.start, stretch.end + 1)
    ]
    assert spread == [(each.place, each.verdict, each.reasons) for each in tried]
    assert all(one[2:] != other[2:] for one, other in zip(found.stretches, found.stretches[1:], strict=False))
    assert [crossing[:4] for crossing in found.crossings] == list(changes_of(tried))


def changes_of(points):
    """Each change of the cheaper one, by walking: nothing but equal costs lies between its two ends."""
    last = None
    for each in points:
        if each.verdict is UNKNOWN:
            last = None
        elif each.verdict is not SAME:
            if last and last.verdict is not each.verdict:
                yield last.place, each.place, last.verdict, each.verdict
            last = each


@pytest.mark.parametrize("axis", Axis)
def test_an_offer_that_has_no_price_at_all_has_no_crossing(axis):
    found = compare(tariff(RateRow(), state=PriceState.UNKNOWN), tariff(row()), CHAT, axis)
    assert found.crossings == ()
    assert {stretch.verdict for stretch in found.stretches} == {UNKNOWN}
