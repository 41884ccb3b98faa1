"""A sync never empties a catalog or moves a price tenfold unseen."""

import pytest

from catalog.models import Catalog, Offer, Outcome, Rate
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db
TEN = [record(ref) for ref in "abcdefghij"]


@pytest.fixture
def team():
    made = catalog()
    sync(made, *TEN)
    return made


def test_an_empty_answer_is_held(team):
    held = sync(team)
    assert held.outcome == Outcome.HELD
    assert held.message == "The answer holds none of the 10 offers. Nothing was stored."
    assert Rate.objects.at(None).filter(listed=True).count() == 10


@pytest.mark.parametrize(("kept", "outcome"), [(8, Outcome.STORED), (7, Outcome.HELD)])
def test_more_than_a_fifth_gone_is_held(team, kept, outcome):
    done = sync(team, *TEN[:kept])
    assert (done.outcome, done.retired) == (outcome, 10 - kept)
    team.refresh_from_db()
    assert bool(team.last_error) == (outcome == Outcome.HELD)


def test_the_share_is_a_setting(team, settings):
    settings.SYNC_MAX_LOSS = 0.5
    assert sync(team, *TEN[:5]).outcome == Outcome.STORED


def test_a_wholly_renamed_catalog_is_held(team):
    assert sync(team, *(record(f"new-{n}") for n in range(10))).outcome == Outcome.HELD


def test_a_person_may_approve_what_was_held(team):
    sync(team)
    assert sync(team, record("a"), approve=True).retired == 9


def test_the_first_sync_of_a_catalog_may_be_empty():
    assert sync(catalog("New")).outcome == Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("price", "held"),
    [
        (20 * DOLLAR, True),
        (20 * DOLLAR - 1, False),
        (DOLLAR // 5, True),
        (DOLLAR // 5 + 1, False),
        (0, False),
        (None, False),
    ],
)
def test_a_price_that_moves_tenfold_either_way_holds_that_offer_alone(team, price, held):
    done = sync(team, record("a", rates=(row(input=price),)), record("b", rates=(row(input=3 * DOLLAR),)), *TEN[2:])
    assert (done.outcome, done.held, done.changed) == (Outcome.STORED, int(held), 2 - held)
    assert Rate.objects.at(None).get(ref="a").input == (2 * DOLLAR if held else price)
    assert Rate.objects.at(None).get(ref="b").input == 3 * DOLLAR
    assert (Offer.objects.get(ref="a").held is not None) == held


def test_what_is_held_is_said_beside_the_old_price(team):
    done = sync(team, record("a", rates=(row(input=2_000 * DOLLAR),)), *TEN[1:])
    reason = "The input price went from 2.00 to 2,000.00 per 1M tokens."
    assert done.held_offers == [["a", reason]]
    assert done.message == "1 offer is held back: a price moved tenfold or more."
    assert done.outcome == Outcome.UNCHANGED
    held = Offer.objects.get(ref="a").held
    assert (held["reason"], held["input"]) == (reason, 2_000 * DOLLAR)
    assert Catalog.objects.get().last_error == ""


def test_a_held_price_that_is_approved_or_goes_away_is_held_no_more(team):
    jump = record("a", rates=(row(input=200 * DOLLAR),))
    sync(team, jump, *TEN[1:])
    sync(team, jump, *TEN[1:], approve=True)
    assert Offer.objects.get(ref="a").held is None
    assert Rate.objects.at(None).get(ref="a").input == 200 * DOLLAR

    sync(team, record("b", rates=(row(input=200 * DOLLAR),)), jump, *TEN[2:])
    sync(team, jump, *TEN[1:])
    assert Offer.objects.get(ref="b").held is None
