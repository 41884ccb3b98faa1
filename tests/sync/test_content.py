"""What counts as a change, told as stories of syncs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Offer, Outcome, Rate, Revision
from catalog.sources.base import OfferRecord, Origin, OtherPrice
from catalog.sync.differences import NOISE, differences, near
from catalog.sync.states import stored_states
from tests.make import DOLLAR, catalog, record, row, state, stored_at, sync

NIGHT = OtherPrice("input", "0.5", "1M tokens", when="16:30 to 00:30 UTC")


@pytest.fixture
def team(db):
    return catalog()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"raw": '{"id": "a", "brand_new": 1}', "origins": (Origin("id", "a", "key"),)}),
        ({"capabilities": ("vision", "tools")}, {"capabilities": ("tools", "vision")}),
        ({"modalities_in": ("text", "image")}, {"modalities_in": ("image", "text")}),
        ({"rates": (row(), row(mode="batch"))}, {"rates": (row(mode="batch"), row())}),
        ({"rates": (row(input=3_000_000),)}, {"rates": (row(input=2_999_990),)}),
        (
            {"other_prices": (OtherPrice("image", "0.04", "1"), OtherPrice("search", "10", "1,000"))},
            {"other_prices": (OtherPrice("search", "10.0", "1,000"), OtherPrice("image", "0.04000000000000001", "1"))},
        ),
    ],
    ids=["unknown fields", "capabilities", "modalities", "rates", "noise", "other prices"],
)
def test_what_says_the_same_is_no_change(team, before, after):
    sync(team, record("a", **before))
    stored = list(Revision.objects.values()), list(Rate.objects.values())
    assert sync(team, record("a", **after)).outcome == Outcome.UNCHANGED
    assert (list(Revision.objects.values()), list(Rate.objects.values())) == stored


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"context_tokens": None}, [("context_tokens", 128_000, None, False)]),
        ({"upstream_ids": ("a", "b")}, {"upstream_ids": ("b", "a")}, [("upstream_ids", ("a", "b"), ("b", "a"), False)]),
        ({}, {"rates": (row(input=None),)}, [("input", 2 * DOLLAR, None, True)]),
        ({"rates": (row(input=None),)}, {"rates": (row(input=0),)}, [("input", None, 0, True)]),
        ({"rates": (row(input=0),)}, {"rates": (row(input=1),)}, [("input", 0, 1, True)]),
        ({"rates": (row(input=1_000_000),)}, {"rates": (row(input=1_000_011),)}, [("input", 10**6, 1_000_011, True)]),
        (
            {},
            {"rates": (row(up_to=9_000), row(above=9_000, cache_read=5))},
            [
                ("input above 9,000 tokens", None, 2 * DOLLAR, True),
                ("output above 9,000 tokens", None, 8 * DOLLAR, True),
                ("cache read above 9,000 tokens", None, 5, True),
            ],
        ),
        (
            {"rates": (row(up_to=9), row(above=9))},
            {"rates": (row(up_to=9), row(above=9, inherited=("input",)))},
            [("tiers", "up to 9 tokens, above 9 tokens", "up to 9 tokens, above 9 tokens (input as below)", False)],
        ),
        (
            {"other_prices": (OtherPrice("image", "0.04", "1", mode="batch", above=10, when="at night"),)},
            {"other_prices": ()},
            [("image above 10 tokens per 1 (batch, at night)", "0.04", None, False)],
        ),
        (
            {"by_hour": True, "other_prices": (NIGHT,)},
            {"by_hour": True, "other_prices": (NIGHT,), "rates": (row(input=DOLLAR // 2),)},
            [("input", 2 * DOLLAR, DOLLAR // 2, True)],
        ),
    ],
)
def test_what_says_something_else_is_told(team, before, after, told):
    sync(team, record("a", **before))
    new = state("a", **after)
    stored = stored_states([Revision.objects.get().pk])
    assert [tuple(one) for one in differences(*stored.values(), new)] == told
    assert sync(team, OfferRecord("a", new), approve=True).changed == 1


def test_a_standard_price_that_falls_to_the_off_peak_one_is_a_change(team):
    hours = {"by_hour": True, "other_prices": (NIGHT,)}
    sync(team, record("a", **hours))
    done = sync(team, record("a", **hours, rates=(row(input=DOLLAR // 2),)))
    assert (done.outcome, done.changed) == (Outcome.STORED, 1)
    assert Rate.objects.at(None).get().input == DOLLAR // 2


def test_reordered_rows_are_no_change(team):
    rows = [record(ref) for ref in "abcde"]
    sync(team, *rows)
    assert sync(team, *reversed(rows)).outcome == Outcome.UNCHANGED


def test_small_steps_add_up_and_show(team):
    sync(team, record("a", rates=(row(input=1_000_000),)))
    outcomes = [sync(team, record("a", rates=(row(input=1_000_000 + step),))).outcome for step in (4, 8, 12, 16)]
    assert outcomes == [Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.STORED, Outcome.UNCHANGED]
    assert Rate.objects.at(None).get().input == 1_000_012


def test_an_offer_that_left_has_its_date_and_one_that_comes_back_its_history(team):
    others = [record(ref) for ref in "bcdefghij"]
    came = sync(team, record("a"), *others)
    left = sync(team, *others)
    sync(team, *others)
    back = sync(team, record("a", rates=(row(input=3 * DOLLAR),)), *others)
    offer = Offer.objects.get(ref="a")
    told = offer.revisions.order_by("valid_from").values_list("valid_from", "valid_to", "lifecycle")
    assert list(told) == [
        (stored_at(came), stored_at(left), "active"),
        (stored_at(left), stored_at(back), "retired"),
        (stored_at(back), None, "active"),
    ]
    assert offer.first_seen_at == stored_at(came)
    gone = Rate.objects.at(stored_at(left) + timedelta(microseconds=1)).get(ref="a")
    assert (gone.input, gone.listed) == (2 * DOLLAR, False)
    assert Rate.objects.at(None).get(ref="a").input == 3 * DOLLAR


def test_one_that_comes_back_as_it_was_is_told_too(team):
    others = [record(ref) for ref in "bcdefghij"]
    sync(team, record("a"), *others)
    sync(team, *others)
    assert sync(team, record("a"), *others).returned == 1


def test_a_stored_state_is_the_one_that_was_fetched(team):
    fetched = state(
        "a",
        rates=(row(up_to=9, request=7), row(above=9, inherited=("input", "output")), row(mode="batch", blended=0)),
        other_prices=(NIGHT,),
        upstream_ids=("x", "y"),
        notes=("A note.",),
        position=3,
        by_hour=True,
    )
    sync(team, OfferRecord("a", fetched))
    (stored,) = stored_states([Revision.objects.get().pk]).values()
    assert stored == fetched
    assert differences(stored, fetched) == []


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_noise_is_less_than_a_thousandth_of_a_percent(price, step):
    assert near(price, price + step) == near(price + step, price) == (step * NOISE < price + step)
    assert near(Decimal(price), Decimal(price))
    assert not near(price, None)
    assert not near(0, price)
