"""Several workloads side by side: SQL orders and counts as exact sums in Python do."""

from collections import Counter

import pytest
from django.utils import timezone

from catalog.models import Catalog
from catalog.pricing.cost import EXCLUDED, Cost, Limits, Reason
from catalog.pricing.rates import PriceState
from catalog.pricing.workload import MOST_REQUESTS, MOST_TOKENS, Workload
from catalog.services.costs import Counts, cost_by, tariffs
from catalog.services.costs_together import HALF, MOST_WORKLOADS, count_together, rank_together
from tests.make import DOLLAR, catalog, record, row, sync
from tests.services.everything import ALL, EVERY, drawn, odd_offers, offers, seeded

pytestmark = pytest.mark.django_db

CHAT = Workload(requests=1_000, prompt=1_000, output=100)
BULK = Workload(requests=10_000, prompt=100, output=10, mode="batch")
LONG = Workload(requests=10, prompt=300_000, output=1_000)


def refs(lines):
    return [line.offer.ref for line in lines]


@pytest.fixture
def _few(db):
    sync(
        catalog(),
        record("dear", rates=(row(input=20 * DOLLAR), row(mode="batch", input=DOLLAR // 2, output=0))),
        record("cheap", rates=(row(), row(mode="batch", input=DOLLAR, output=4 * DOLLAR))),
        record("plain", rates=(row(),)),
        record("half known", rates=(row(output=None), row(mode="batch"))),
        record("varies", price_state=PriceState.VARIABLE, rates=(row(input=None), row(mode="batch"))),
        record("free", price_state=PriceState.FREE, rates=(row(input=0, output=0),)),
    )


@pytest.mark.usefixtures("_few")
def test_the_total_is_the_sum_of_the_months_and_ranks():
    lines = rank_together(offers(), [CHAT, BULK], 0, ALL)
    assert refs(lines) == ["cheap", "dear", "half known", "varies"]
    # $2.80 and, at $1 and $4, 10,000 × (100 × $1 + 10 × $4) per 1M = $1.40.
    assert [found.per_month for found in lines[0].costs] == [2_800 * 10**9, 1_400 * 10**9]
    assert lines[0].total == 4_200 * 10**9
    assert lines[1].total == (20_800 + 500) * 10**9


@pytest.mark.usefixtures("_few")
def test_one_that_is_not_known_leaves_no_total_and_says_which():
    line = rank_together(offers(), [BULK, CHAT], 2, 3)[0]
    assert line.offer.ref == "half known"
    assert isinstance(line.costs[0], Cost)
    assert line.costs[1] is Reason.NO_OUTPUT_PRICE
    assert line.total is None


@pytest.mark.usefixtures("_few")
def test_what_cannot_do_one_of_them_is_counted_apart_and_can_be_asked_for():
    assert count_together(offers(), [CHAT, BULK]) == Counts(
        2, {Reason.NO_OUTPUT_PRICE: 1, Reason.VARIABLE: 1}, {Reason.NOT_OFFERED: 2}
    )
    assert count_together(offers(), [CHAT, LONG]) == Counts(0, {}, {Reason.PROMPT_TOO_LARGE: 6})
    everything = rank_together(offers(), [CHAT, BULK], 0, ALL, with_excluded=True)
    assert refs(everything)[-2:] == ["free", "plain"]
    assert everything[-1].costs[1] is Reason.NOT_OFFERED


@pytest.mark.usefixtures("_few")
def test_filters_apply_and_prices_asked_for_are_those_of_the_base_rate():
    assert refs(rank_together(offers("q=cheap"), [CHAT, BULK], 0, ALL)) == ["cheap"]
    assert refs(rank_together(offers("min_in=10"), [CHAT, BULK], 0, ALL)) == ["dear"]
    assert count_together(offers("min_in=10&mode=batch&prompt=7"), [CHAT]).priced == 1


@pytest.mark.usefixtures("_few")
def test_of_a_past_day_they_have_the_prices_of_that_day():
    before = timezone.now()
    sync(Catalog.objects.get(), record("plain", rates=(row(input=DOLLAR),)), approve=True)
    then = rank_together(offers(f"as_of={before:%Y-%m-%dT%H:%M:%S.%f}Z&q=plain"), [CHAT], 0, ALL)
    now = rank_together(offers("q=plain"), [CHAT], 0, ALL)
    assert (then[0].total, now[0].total) == (2_800 * 10**9, 1_800 * 10**9)


def test_totals_beyond_64_bits_are_ordered_to_the_last_digit(db):
    """The dearest workloads on prices that differ by one pico-dollar per token, or by one per request."""
    high = 10**11 - 5
    prices = [(high, 3), (high + 1, 0), (high, 1), (high - 1, 10**16), (high, HALF), (high, HALF - 1)]
    sync(catalog(), *(record(f"m{i}", rates=(row(input=a, output=a, request=b),), context_tokens=None)
                      for i, (a, b) in enumerate(prices)))  # fmt: skip
    most = [Workload(MOST_REQUESTS - number, MOST_TOKENS, MOST_TOKENS) for number in range(MOST_WORKLOADS)]
    lines = rank_together(offers(), most, 0, ALL)
    assert [line.total for line in lines] == sorted(line.total for line in lines)
    assert refs(lines) == refs([line for i in range(len(prices)) for line in rank_together(offers(), most, i, i + 1)])


def test_sql_and_python_agree_over_many_combinations(db):
    sync(catalog("Odd"), *odd_offers())
    dice = seeded(5)
    listed = offers(EVERY)
    for _ in range(8):
        chosen = [drawn(dice) for _ in range(dice.randint(1, MOST_WORKLOADS))]
        lines = rank_together(listed, chosen, 0, ALL, with_excluded=True)
        known = tariffs([line.offer.offer_id for line in lines])
        assert all(line.costs == tuple(cost_by(known[line.offer.offer_id], one) for one in chosen) for line in lines)
        pages = [line for start in range(0, len(lines), 30) for line in rank_together(listed, chosen, start, start + 30,
                                                                                      with_excluded=True)]  # fmt: skip
        assert pages == lines
        kept = [line for line in lines if not line.excluded]
        assert rank_together(listed, chosen, 0, ALL) == kept
        assert count_together(listed, chosen) == counted(lines)


def counted(lines):
    """The counts, from the lines: the first reason, exclusions before unknown prices."""
    firsts = Counter()
    for line in lines:
        reasons = [found for found in line.costs if isinstance(found, Reason)]
        firsts[next((one for one in reasons if one in EXCLUDED), reasons[0] if reasons else None)] += 1
    excluded = {reason: firsts[reason] for reason in EXCLUDED if firsts[reason]}
    unpriced = {reason: firsts[reason] for reason in Reason if firsts[reason] and reason not in EXCLUDED}
    return Counts(firsts[None], unpriced, excluded)


@pytest.mark.parametrize("number", [1, 50])
def test_a_page_takes_two_queries_and_the_counts_one(number, db, django_assert_num_queries):
    sync(catalog(), *(record(f"m{i}") for i in range(number)))
    listed = offers()
    with django_assert_num_queries(2):
        assert len(rank_together(listed, [CHAT, CHAT, CHAT], 0, 50)) == number
    with django_assert_num_queries(1):
        assert count_together(listed, [CHAT, BULK]).excluded == {Reason.NOT_OFFERED: number}


def test_limits_are_those_of_the_offer(db):
    sync(catalog(), record("short", max_output_tokens=50))
    (line,) = rank_together(offers(), [CHAT], 0, ALL, with_excluded=True)
    assert line.costs == (Reason.OUTPUT_TOO_LARGE,)
    assert tariffs([line.offer.offer_id])[line.offer.offer_id].limits == Limits(128_000, None, 50)
