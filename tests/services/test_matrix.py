"""The catalog matrix by worked examples: which offer stands for a cell, gaps, tabs, totals, and the past."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalog.filters import OfferFilter
from catalog.models import Assignment, Catalog, Offer
from catalog.pricing.workload import Workload
from catalog.services.asked import offers_asked
from catalog.services.matrix import Gap, Matrix, Measure, gap_of, matrix
from catalog.services.matrix_rows import Row, matrix_rows
from catalog.services.matrix_unmatched import CONFLICTS, UNMATCHED, unmatched
from catalog.services.matrix_whole import whole_matrix
from catalog.services.sorting import SortKey
from catalog.sources.base import OfferRecord
from catalog.sync.links import link_offers
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db
WORKLOAD = Workload(requests=1_000, prompt=10_000, output=1_000)


def asked(catalogs: Sequence[Catalog], query: str = "") -> OfferFilter:
    fresh = [Catalog.objects.get(pk=one.pk) for one in catalogs]
    return offers_asked(QueryDict(query), fresh)


def of(catalogs: Sequence[Catalog], measure: Measure = "output", query: str = "") -> Matrix:
    return matrix(asked(catalogs, query), [one.pk for one in catalogs], measure)


def rows(catalogs: Sequence[Catalog], measure: Measure = "output", query: str = "") -> dict[str, Row]:
    offers = asked(catalogs, query)
    ids = [one.pk for one in catalogs]
    found = matrix(offers, ids, measure)
    lines = [*found.matched, *(line for alone in found.alone for line in alone)]
    return {made.slug: made for made in matrix_rows(offers, ids, measure, lines)}


def sold(ref: str, output: int | None, **fields: Any) -> OfferRecord:
    """An offer at so many tenths of a dollar per 1M tokens of output, and a tenth of that for input."""
    prices = {} if output is None else {"input": output * DOLLAR // 100, "output": output * DOLLAR // 10}
    return record(ref, **{"rates": (row(**(prices or {"input": None, "output": None})),), **fields})


@pytest.fixture
def two() -> list[Catalog]:
    return [catalog("Alpha"), catalog("Beta")]


class TestCells:
    def test_each_catalogs_price_stands_under_one_family(self, two):
        sync(two[0], sold("gpt-4o", 100))
        sync(two[1], sold("openai/gpt-4o", 125, key="openai/gpt-4o"))
        (line,) = of(two).matched
        assert line.prices == [10 * DOLLAR, 12_500_000]
        assert of(two, "input").matched[0].prices == [DOLLAR, 1_250_000]
        assert gap_of(line.prices) == Gap(10 * DOLLAR, 12_500_000)
        assert gap_of(line.prices).ratio == 0.25

    def test_the_plain_offer_stands_for_the_family_though_a_variant_costs_less(self, two):
        sync(
            two[0],
            sold("deepseek/deepseek-r1", 20, provider="deepseek"),
            sold("deepseek/deepseek-r1:free", 0, provider="deepseek", price_state="free"),
        )
        cell = rows(two)["deepseek/deepseek-r1"].cells[0]
        assert (cell.offer.ref, cell.offer.price) == ("deepseek/deepseek-r1", 2 * DOLLAR)
        assert cell.others == ("deepseek/deepseek-r1:free",)

    def test_of_two_plain_offers_the_cheaper_one_stands_and_an_unknown_price_is_no_cheaper(self, two):
        sync(two[0], sold("gpt-4o", 100), sold("azure/gpt-4o", 90), sold("other/gpt-4o", None, price_state="unknown"))
        cell = rows(two)["openai/gpt-4o"].cells[0]
        assert cell.offer.ref == "azure/gpt-4o"
        assert cell.others == ("gpt-4o", "other/gpt-4o")

    def test_the_vendors_own_offer_stands_before_a_cheaper_one_of_somebody_else(self, two):
        resellers = [sold(f"{name}/grok-4", price, provider=name) for name, price in (("shop", 20), ("mart", 30))]
        sync(two[0], *resellers, sold("grok-4", 50, provider="x-ai"), sold("grok-4:free", 0, provider="x-ai"))
        sync(two[1], *resellers, sold("grok-4", None, provider="xai", price_state="unknown"))
        for measure, price, other in (("output", 5 * DOLLAR, 2 * DOLLAR), (WORKLOAD, 10_000_000_000, 4_000_000_000)):
            row = rows(two, measure)["xai/grok-4"]
            assert [(cell.offer.ref, cell.offer.resold) for cell in row.cells] == [
                ("grok-4", False),
                ("shop/grok-4", True),
            ]
            assert row.line.prices == [cell.offer.price for cell in row.cells]
            assert row.line.prices == [price, other]

    def test_the_vendors_own_dated_offer_stands_before_a_plain_one_of_somebody_else(self, two):
        for place, own in enumerate(
            [[sold("gpt-4o-2024-11-20", 100), sold("gpt-4o-2024-05-13", 150)], [sold("gpt-4o:free", 0)]]
        ):
            sync(two[place], sold("shop/gpt-4o", 80, provider="shop"), *own)
        for moment in ("", f"as_of={timezone.now().isoformat().replace('+', '%2B')}"):
            for measure in ("output", WORKLOAD):
                (row,) = rows(two, measure, moment).values()
                assert [cell.offer.ref for cell in row.cells] == ["gpt-4o-2024-11-20", "shop/gpt-4o"]
                assert row.cells[0].others == ("shop/gpt-4o", "gpt-4o-2024-05-13")
                assert row.line.prices == [cell.offer.price for cell in row.cells]

    def test_no_cell_mixes_the_prices_of_two_offers(self, two):
        sync(
            two[0],
            sold("gpt-4o", None, rates=(row(input=2 * DOLLAR, output=9 * DOLLAR),)),
            sold("azure/gpt-4o", None, rates=(row(input=3 * DOLLAR, output=8 * DOLLAR),)),
        )
        # 10K × 2 + 1K × 9 = 29K; 10K × 3 + 1K × 8 = 38K: the cheaper whole, not 20K + 8K
        assert rows(two, WORKLOAD)["openai/gpt-4o"].cells[0].offer.price == 29_000 * DOLLAR

    @pytest.mark.parametrize(("state", "price"), [("free", 0), ("priced", 0), ("zero_unconfirmed", None)])
    def test_a_zero_that_need_not_be_meant_is_no_price(self, two, state, price):
        sync(two[0], sold("gpt-4o", 0, price_state=state))
        sync(two[1], sold("gpt-4o", 100))
        (line,) = of(two).matched
        assert line.prices == [price, 10 * DOLLAR]
        cell = rows(two)["openai/gpt-4o"].cells[0]
        assert (cell.offer.price, cell.offer.stated) == (price, 0)

    def test_not_offered_is_no_cell_and_unknown_is_one(self, two):
        sync(two[0], sold("gpt-4o", None, price_state="unknown"), sold("gpt-4.1", 80))
        sync(two[1], sold("gpt-4o", 100))
        found = rows(two)
        assert found["openai/gpt-4.1"].cells[1] is None
        assert found["openai/gpt-4o"].cells[0].offer.price is None
        assert found["openai/gpt-4o"].line.prices == [None, 10 * DOLLAR]

    def test_a_workload_costs_by_its_own_tier_and_tells_why_not(self, two):
        tiers = (row(input=DOLLAR, output=DOLLAR, up_to=9_000), row(above=9_000, input=2 * DOLLAR, output=3 * DOLLAR))
        sync(two[0], record("gpt-4o", rates=tiers))
        sync(two[1], sold("gpt-4o", 100, context_tokens=8_000))
        cells = rows(two, WORKLOAD)["openai/gpt-4o"].cells
        assert cells[0].offer.price == (10_000 * 2 + 1_000 * 3) * DOLLAR
        assert (cells[1].offer.price, cells[1].offer.reason.value) == (None, "prompt_too_large")


class TestGaps:
    @pytest.mark.parametrize(
        ("prices", "against", "gap"),
        [
            ([100, 150], None, Gap(100, 150)),
            ([100, 100], None, Gap(100, 100)),
            ([100, None], None, None),
            ([0, 5], None, Gap(0, 5)),
            ([100, 150, 50], 0, Gap(100, 50)),  # half is farther than half as much again
            ([100, 201, 50], 0, Gap(100, 201)),
            ([None, 150, 50], 0, None),
            ([100, 0], 0, Gap(100, 0)),
            ([0, 0, 7], 0, Gap(0, 7)),
        ],
    )
    def test_from_the_lowest_or_from_one_catalog_to_the_farthest(self, prices, against, gap):
        assert gap_of(prices, against) == gap

    def test_a_part_of_the_base(self):
        assert Gap(100, 150).ratio == 0.5
        assert Gap(100, 50).ratio == -0.5
        assert Gap(0, 0).ratio == 0
        assert Gap(0, 1).ratio == float("inf")


class TestTabsAndTotals:
    @pytest.fixture
    def three(self, two) -> list[Catalog]:
        gamma = catalog("Gamma")
        sync(two[0], sold("gpt-4o", 100), sold("gpt-4.1", 80), sold("gpt-4.1-mini", 20), sold("o3", 80))
        sync(
            two[1],
            sold("gpt-4o", 120),
            sold("gpt-4.1", 80),
            sold("gpt-4.1-mini", 10),
            sold("no-such-thing", 1, provider="", provider_name=""),
        )
        sync(gamma, sold("gpt-4o", 150), sold("gpt-4.1", None, price_state="unknown"), sold("o4-mini", 44))
        return [*two, gamma]

    def test_in_all_in_some_alone_and_without_a_family(self, three):
        found = of(three)
        assert (len(found.matched), len(found.in_all()), len(found.in_some())) == (3, 2, 1)
        assert [len(alone) for alone in found.alone] == [1, 0, 1]
        assert found.without_family == {"unmatched": 1}
        assert [found.offered_by(place) for place in range(3)] == [3, 3, 2]

    def test_totals(self, three):
        # gpt-4o 10/12/15: Alpha cheapest, +50%. gpt-4.1 8/8/—: same, so nobody is cheaper. mini 2/1: Beta, +100%.
        totals = of(three).totals()
        assert totals.rated == 3
        assert totals.median_ratio == 0.5
        assert list(totals.cheapest) == [1, 1, 0]
        assert list(totals.savings) == [DOLLAR, 2 * DOLLAR, 5 * DOLLAR]
        assert list(totals.counted) == [3, 3, 1]

    def test_savings_of_a_workload(self, three):
        # At an output price of p, input costs p / 10: a request of 10K in and 1K out costs 2K × p.
        totals = of(three, WORKLOAD).totals()
        assert list(totals.savings) == [2_000 * DOLLAR, 4_000 * DOLLAR, 10_000 * DOLLAR]

    def test_filters_apply(self, three):
        assert len(of(three, query="q=mini").matched) == 1
        assert len(of(three, query="max_out=9").matched) == 2  # Alpha's and Beta's gpt-4.1 and mini
        assert len(of(three, query="provider=nobody").matched) == 3  # ignored, with a message

    def test_the_order_of_catalogs_is_that_of_the_question(self, three):
        line = next(line for line in of(three[::-1]).matched if None not in line.prices)
        assert line.prices == [15 * DOLLAR, 12 * DOLLAR, 10 * DOLLAR]

    def test_sorted_by_values_and_what_has_none_last_both_ways(self, three):
        whole = whole_matrix(asked(three), three, "output")
        slugs = {made.line.family: made.slug for made in rows(three).values()}

        def order(key: SortKey) -> list[str]:
            values = {line.family: line.prices[2] for line in whole.matrix.matched if line.prices[2] is not None}
            return [slugs[line.family] for line in whole.sorted(whole.matrix.matched, key, values)]

        assert order(SortKey("price")) == ["openai/gpt-4o", "openai/gpt-4.1", "openai/gpt-4.1-mini"]
        assert order(SortKey("price", descending=True)) == ["openai/gpt-4o", "openai/gpt-4.1", "openai/gpt-4.1-mini"]
        assert order(SortKey("model")) == ["openai/gpt-4.1", "openai/gpt-4.1-mini", "openai/gpt-4o"]
        assert order(SortKey("model", descending=True)) == ["openai/gpt-4o", "openai/gpt-4.1-mini", "openai/gpt-4.1"]

    def test_what_is_remembered_ends_with_a_sync_and_with_a_decision(self, three, django_assert_num_queries):
        def price() -> list[int | None]:
            fresh = [Catalog.objects.get(pk=one.pk) for one in three]
            found = whole_matrix(asked(three), fresh, "output").matrix
            return [line.prices[0] for line in found.matched if None not in line.prices]

        assert price() == [10 * DOLLAR]
        with django_assert_num_queries(6):  # the catalogs alone, twice each
            price()
        sync(three[0], sold("gpt-4o", 110), sold("gpt-4.1", 80), sold("gpt-4.1-mini", 20), sold("o3", 80))
        assert price() == [11 * DOLLAR]
        Assignment.objects.create(offer=Offer.objects.get(ref="gpt-4o", catalog=three[0]), family=None)
        link_offers(timezone.now())
        assert price() == []


class TestThePast:
    def test_families_are_those_of_the_moment(self, two):
        sync(two[0], sold("gpt-4o", 100))
        sync(two[1], sold("house", 100, key="gpt-4o", name="House"))
        before = timezone.now()
        Assignment.objects.create(offer=Offer.objects.get(ref="house"), family=None)
        link_offers(timezone.now())
        assert len(of(two).matched) == 0
        assert of(two).without_family == {"manual": 1}
        past = of(two, query=f"as_of={before.replace(tzinfo=None).isoformat()}Z")
        assert len(past.matched) == 1
        assert past.without_family == {}
        found = rows(two, query=f"as_of={before.replace(tzinfo=None).isoformat()}Z")["openai/gpt-4o"]
        assert [cell.offer.ref for cell in found.cells] == ["gpt-4o", "house"]

    def test_prices_are_those_of_the_moment(self, two):
        sync(two[0], sold("gpt-4o", 100))
        before = timezone.now()
        sync(two[0], sold("gpt-4o", 50))
        query = f"as_of={before.replace(tzinfo=None).isoformat()}Z"
        assert [line.prices[0] for line in of(two, query=query).alone[0]] == [10 * DOLLAR]
        assert [line.prices[0] for line in of(two).alone[0]] == [5 * DOLLAR]

    def test_what_sets_an_offer_apart_is_told_from_its_link(self, two):
        sync(two[0], sold("gpt-4o", 100), sold("gpt-4o-2024-08-06", 50))
        now, then = rows(two), rows(two, query=f"as_of={timezone.now().replace(tzinfo=None).isoformat()}Z")
        for found in (now, then):
            assert found["openai/gpt-4o"].cells[0].offer.ref == "gpt-4o"
            assert found["openai/gpt-4o"].cells[0].others == ("gpt-4o-2024-08-06",)


class TestWithoutAFamily:
    def test_conflicts_say_what_each_id_means(self, two):
        sync(
            two[0],
            sold("gpt-4.1", 80, upstream_ids=("gpt-4-turbo-preview",)),
            sold("gpt-4-turbo-preview", 300),
        )
        (found,) = unmatched(asked(two), two, "output", CONFLICTS, 0, 50)
        assert found.why == "Its own ids name different models."
        assert {(says.name, says.family) for says in found.evidence} >= {
            ("gpt-4-turbo-preview", "openai/gpt-4-turbo-preview")
        }
        assert "openai/gpt-4-turbo-preview" in found.maybe
        assert found.price == 8 * DOLLAR
        assert unmatched(asked(two), two, "output", UNMATCHED, 0, 50) == []

    def test_a_family_of_catalogs_out_of_sight_is_not_named(self, two):
        sync(two[0], sold("gpt-4.1", 80, upstream_ids=("gpt-4-turbo-preview",)))
        sync(two[1], sold("gpt-4-turbo-preview", 300))
        (both,) = unmatched(asked(two[:1]), two, "output", CONFLICTS, 0, 50)
        (alone,) = unmatched(asked(two[:1]), two[:1], "output", CONFLICTS, 0, 50)
        assert "openai/gpt-4-turbo-preview" in both.maybe
        assert alone.maybe == []
        assert {says.family for says in alone.evidence} == {""}
