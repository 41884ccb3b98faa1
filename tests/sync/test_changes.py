"""What counts as a change, on which day it is listed, and that rows written by syncs are what revisions say."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from catalog.models import LARGEST_MOVE, Catalog, Change, ChangeDay, ChangeKind
from catalog.pricing.rates import PriceState
from catalog.sources.base import Lifecycle, OfferRecord, OtherPrice, PastState
from catalog.sync.steps import step
from tests.make import DOLLAR, catalog, record, row, state, sync

JUNE, JULY = datetime(2025, 6, 10, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
OTHERS = [record(ref) for ref in "bcdefghij"]
NEW, RETIRED, RETURNED, UP, DOWN, PRICING, LIMITS, LIFECYCLE, READING = ChangeKind


def priced(*rates, **fields):
    return state("m", rates=rates or (row(),), **fields)


def kinds(before, after):
    return step(before, after).kinds


class TestStep:
    def test_up_and_down_with_the_largest_move(self):
        made = step(priced(), priced(row(input=3 * DOLLAR, output=6 * DOLLAR)))
        assert (made.kinds, made.moved, made.differences) == (UP | DOWN, 500, ())  # +50 %, −25 %

    def test_a_move_is_rounded_to_tenths_of_a_percent(self):
        assert step(priced(row(input=300)), priced(row(input=301))).moved == 3  # 0.333 %
        assert step(priced(row(input=400)), priced(row(input=401))).moved == 3  # 0.25 %, half up

    def test_noise_is_none(self):
        assert kinds(priced(row(input=3 * DOLLAR)), priced(row(input=3 * DOLLAR - 10))) == ChangeKind(0)

    @pytest.mark.parametrize("prices", [(None, DOLLAR), (DOLLAR, None)])
    def test_from_or_to_unknown_is_neither_up_nor_down(self, prices):
        made = step(*(priced(row(input=price)) for price in prices))
        assert (made.kinds, made.moved) == (PRICING, None)

    def test_from_free_is_up_without_a_share(self):
        free = priced(row(input=0, output=0), price_state=PriceState.FREE)
        assert step(free, priced())[:2] == (UP, LARGEST_MOVE)
        assert step(priced(), free)[:2] == (DOWN, 1000)

    @pytest.mark.parametrize("state", [PriceState.ZERO_UNCONFIRMED, PriceState.NOT_TOKEN_PRICED, PriceState.UNKNOWN])
    def test_from_a_zero_that_may_mean_nothing_is_like_from_unknown(self, state):
        zero = priced(row(input=0, output=0), price_state=state)
        assert step(zero, priced())[:2] == (PRICING, None)
        assert step(zero, replace(zero, price_state=PriceState.FREE))[:2] == (PRICING, None)

    def test_other_components_tiers_and_modes_are_told_by_name(self):
        before = priced(
            row(cache_read=DOLLAR, up_to=100),
            row(above=100, input=4 * DOLLAR, inherited=("output",)),
            row(mode="batch", input=DOLLAR, output=4 * DOLLAR),
        )
        after = priced(
            row(cache_read=DOLLAR // 2, output=9 * DOLLAR, up_to=100),
            row(above=100, input=5 * DOLLAR, output=9 * DOLLAR, inherited=("output",)),
            row(mode="batch", input=2 * DOLLAR, output=4 * DOLLAR),
        )
        made = step(before, after)
        assert made.kinds == UP | DOWN
        assert [difference[:3] for difference in made.differences] == [
            ("cache read", DOLLAR, DOLLAR // 2),
            ("input above 100 tokens", 4 * DOLLAR, 5 * DOLLAR),
            ("batch input", DOLLAR, 2 * DOLLAR),
        ]  # the inherited output moved with the base tier's, which has a column

    def test_where_a_tier_begins(self):
        two = priced(row(up_to=100), row(above=100))
        assert kinds(two, priced(row(up_to=200), row(above=200))) == PRICING
        assert kinds(priced(row()), priced(replace(row(), inherited=("output",)))) == ChangeKind(0)

    def test_other_prices(self):
        def searches(usd):
            return priced(other_prices=(OtherPrice("searches", usd, "1,000"),))

        assert step(searches("10"), searches("12.5"))[:2] == (UP, 250)
        assert kinds(priced(), searches("10")) == PRICING
        assert kinds(searches("10"), searches("a lot")) == PRICING

    def test_limits_and_lifecycle(self):
        assert kinds(priced(), priced(context_tokens=None)) == LIMITS
        assert kinds(priced(), priced(max_output_tokens=9)) == LIMITS
        assert kinds(priced(), priced(lifecycle=Lifecycle.DEPRECATED, context_tokens=9)) == LIFECYCLE | LIMITS

    def test_gone_and_back(self):
        gone = priced(lifecycle=Lifecycle.RETIRED)
        assert step(priced(), gone) == (RETIRED, None, ())
        assert kinds(gone, priced()) == RETURNED
        assert kinds(gone, priced(row(input=DOLLAR), lifecycle=Lifecycle.PREVIEW)) == RETURNED | DOWN

    def test_another_name_or_description_is_none(self):
        assert kinds(priced(), replace(priced(), name="M", description="Better.")) == ChangeKind(0)


@pytest.mark.django_db
class TestStored:
    @pytest.fixture
    def team(self):
        return catalog()

    def told(self):
        return [(change.ref, ChangeKind(change.kinds)) for change in Change.objects.order_by("at", "ref")]

    def test_a_first_reading_is_one_row(self, team):
        first = sync(team, *OTHERS)
        (change,) = Change.objects.all()
        assert (change.offer, change.offers, change.kinds, change.at) == (None, 9, READING, first.started_at)

    def test_what_later_syncs_find(self, team):
        sync(team, *OTHERS)
        sync(team, record("a"), *OTHERS)
        sync(team, *OTHERS)
        sync(team, record("a", rates=(row(input=DOLLAR),)), *OTHERS)
        last = sync(team, record("a", rates=(row(input=DOLLAR),), description="x"), *OTHERS)
        assert last.changed == 1
        assert self.told() == [("", READING), ("a", NEW), ("a", RETIRED), ("a", RETURNED | DOWN)]

    def test_a_dated_past_is_listed_on_its_days(self, team):
        o3 = state("o3")
        past = (
            PastState(None, replace(o3, rates=(row(input=10 * DOLLAR, output=40 * DOLLAR),))),
            PastState(JUNE, replace(o3, description="told anew", rates=(row(input=5 * DOLLAR),))),
        )
        sync(team, OfferRecord("o3", o3, since=JULY, past=past))
        changes = Change.objects.filter(ref="o3").order_by("day")
        assert [(c.day, ChangeKind(c.kinds), c.input_before, c.input) for c in changes] == [
            (date(2025, 6, 10), DOWN, 10 * DOLLAR, 5 * DOLLAR),
            (date(2025, 7, 1), DOWN, 5 * DOLLAR, 2 * DOLLAR),
        ]
        assert [change.moved for change in changes] == [800, 600]  # of June the output: 40 → 8

    def test_an_offer_that_brings_its_past_along_later_is_new_when_it_was_found(self, team):
        sync(team, *OTHERS)
        past = (PastState(None, state("o3", rates=(row(input=10 * DOLLAR),))),)
        found = sync(team, *OTHERS, OfferRecord("o3", state("o3"), since=JUNE, past=past))
        june, new = Change.objects.filter(ref="o3").order_by("at")
        assert (june.day, june.kinds) == (date(2025, 6, 10), DOWN)
        assert (new.at, new.kinds, new.input_before, new.input) == (found.started_at, NEW, None, 2 * DOLLAR)
        assert june.recorded_at == new.recorded_at == found.started_at

    def test_syncs_write_what_a_rebuild_does(self, team):
        inner = catalog("Inner")
        past = (
            PastState(None, state("o3", rates=(row(input=10 * DOLLAR),))),
            PastState(JUNE, state("o3", context_tokens=9)),
        )
        o3 = OfferRecord("o3", state("o3"), since=JULY, past=past)
        sync(team, *OTHERS, o3)
        sync(inner, *OTHERS)
        sync(inner, *OTHERS, replace(o3, ref="later"), record("a"))
        sync(team, *OTHERS, record("a"))
        sync(team, *OTHERS, record("a", lifecycle=Lifecycle.DELETED), record("c2", rates=(row(mode="batch"), row())))
        sync(team, *OTHERS, record("o3", other_prices=(OtherPrice("searches", "1", "1,000"),)))
        days = list(ChangeDay.objects.order_by("catalog", "day", "kinds").values())
        assert sum(row["changes"] for row in days) == Change.objects.count()
        before = list(Change.objects.order_by("catalog", "at", "ref").values())
        counts = list(Catalog.objects.order_by("pk").values_list("change_counts", "version"))
        assert len(before) >= 12
        call_command("changes_rebuild")
        after = list(Change.objects.order_by("catalog", "at", "ref").values())
        assert [row | {"id": 0} for row in after] == [row | {"id": 0} for row in before]
        recounted = list(ChangeDay.objects.order_by("catalog", "day", "kinds").values())
        assert [row | {"id": 0} for row in recounted] == [row | {"id": 0} for row in days]
        again = list(Catalog.objects.order_by("pk").values_list("change_counts", "version"))
        assert again == [(counted, version + 1) for counted, version in counts]
