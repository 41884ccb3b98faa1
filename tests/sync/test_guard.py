"""A sync never empties a catalog or moves a price tenfold unseen."""

import pytest

from catalog.models import Catalog, Offer, Outcome, Rate
from catalog.sources.base import Lifecycle, Skip
from catalog.sync.check import check_catalog
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db
TEN = [record(ref) for ref in "abcdefghij"]


@pytest.fixture
def team():
    made = catalog()
    sync(made, *TEN)
    return made


def unread(records):
    return tuple(Skip(one.ref, "The price -3 is negative.") for one in records)


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


def test_a_first_answer_without_models_is_an_error():
    done = sync(catalog("New"))
    assert done.outcome == Outcome.FAILED
    assert done.message.startswith("The answer holds no models. Check that the address, the organization and the key")


def test_a_first_answer_of_which_no_row_can_be_used_says_why():
    done = sync(catalog("New"), skipped=(Skip("gpt-5", "It has no id."), Skip("row 2", "It has no id.")))
    assert done.outcome == Outcome.FAILED
    assert done.message == "None of the 2 rows of the answer can be used. The first, gpt-5: It has no id."


def test_a_catalog_that_a_person_let_go_empty_may_stay_so(team):
    sync(team, approve=True)
    again = sync(team)
    assert (again.outcome, again.message) == (Outcome.UNCHANGED, "")


def test_a_catalog_without_offers_may_fill_and_without_live_ones_too(team):
    sync(team, approve=True)
    assert sync(team, *TEN[:3]).outcome == Outcome.STORED


def test_an_offer_whose_row_cannot_be_read_has_not_left(team):
    done = sync(team, *TEN[:8], skipped=unread(TEN[8:]))
    assert (done.outcome, done.retired, done.skipped) == (Outcome.UNCHANGED, 0, 2)
    assert Rate.objects.at(None).filter(listed=True).count() == 10


def test_the_offers_of_a_group_that_cannot_be_read_have_not_left(team):
    group = [record(f"lab/{n}") for n in range(2)]
    sync(team, *TEN, *group)
    done = sync(team, *TEN, skipped=(Skip("lab", "It has no “models”.", "lab/"),))
    assert (done.outcome, done.retired) == (Outcome.UNCHANGED, 0)
    assert sync(team, *TEN, skipped=(Skip("lab", "It has no “models”."),)).retired == 2


def test_more_than_a_fifth_unread_is_no_fresh_read(team):
    read_at = Catalog.objects.get().read_at
    held = sync(team, *TEN[:7], record("new"), skipped=unread(TEN[7:]))
    sentence = "The rows of 3 of 10 offers cannot be used, more than 20%. Nothing was stored. 3 rows were left out."
    assert (held.outcome, held.message) == (Outcome.HELD, sentence)
    assert Catalog.objects.get().read_at == read_at
    assert sync(team, *TEN[:7], record("new"), skipped=unread(TEN[7:]), approve=True).added == 1


def test_rows_of_offers_that_are_gone_or_were_never_known_are_not_missed(team):
    sync(team, *TEN[:5], approve=True)
    strange = tuple(Skip(f"row {number}", "It has no id.") for number in range(9))
    assert sync(team, *TEN[:5], skipped=(*unread(TEN[5:]), *strange)).outcome == Outcome.UNCHANGED


@pytest.mark.parametrize("approve", [False, True])
def test_an_answer_of_which_no_row_can_be_used_is_a_failed_sync(team, approve):
    read_at = Catalog.objects.get().read_at
    failed = sync(team, skipped=unread(TEN), approve=approve)
    sentence = "None of the 10 rows of the answer can be used. The first, a: The price -3 is negative."
    assert (failed.outcome, failed.message) == (Outcome.FAILED, sentence)
    assert (Catalog.objects.get().read_at, Catalog.objects.get().last_error) == (read_at, sentence)
    assert Rate.objects.at(None).filter(listed=True).count() == 10
    assert check_catalog(team).problem == sentence


def test_what_the_catalog_deletes_is_gone_too(team):
    deleted = [record(ref, lifecycle=Lifecycle.DELETED) for ref in "abc"]
    held = sync(team, *deleted, *TEN[3:])
    assert (held.outcome, held.changed, held.retired) == (Outcome.HELD, 3, 0)
    assert held.message == "3 of 10 offers are gone, more than 20%. Nothing was stored."


@pytest.mark.parametrize("price", [0, 2_000 * DOLLAR])
def test_what_the_catalog_deletes_leaves_whatever_its_price_became(team, price):
    deleted = record("a", lifecycle=Lifecycle.DELETED, rates=(row(input=price),))
    done = sync(team, deleted, *TEN[1:])
    assert (done.outcome, done.held, done.changed) == (Outcome.STORED, 0, 1)
    assert not Rate.objects.at(None).filter(ref="a", listed=True).exists()
    assert Offer.objects.get(ref="a").held is None


def test_what_was_deleted_before_counts_neither_as_live_nor_as_gone(team):
    deleted = [record(ref, lifecycle=Lifecycle.DELETED) for ref in "abcde"]
    sync(team, *deleted, *TEN[5:], approve=True)
    assert sync(team, *TEN[5:]).retired == 5
    assert sync(team, *TEN[5:8]).message == "2 of 5 offers are gone, more than 20%. Nothing was stored."


@pytest.mark.parametrize(
    ("price", "held"),
    [
        (20 * DOLLAR, True),
        (20 * DOLLAR - 1, False),
        (DOLLAR // 5, True),
        (DOLLAR // 5 + 1, False),
        (0, True),
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
    assert done.message == "1 offer is held back: a price moved tenfold or more, or to 0."
    assert done.outcome == Outcome.UNCHANGED
    held = Offer.objects.get(ref="a").held
    assert (held["reason"], held["state"]["rates"][0]["input"]) == (reason, 2_000 * DOLLAR)
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


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (row(blended=0), row(blended=DOLLAR), ""),
        (row(blended=None), row(blended=100 * DOLLAR), ""),
        (row(blended=DOLLAR), row(blended=None), ""),
        (row(cache_read=DOLLAR), row(cache_read=0), "The cache read price went from 1.00 per 1M tokens to 0."),
        (row(request=10**10), row(request=10**11), "The request price went from 0.01 to 0.1 per request."),
    ],
)
def test_only_a_known_price_that_was_not_free_can_move_too_far(team, before, after, reason):
    sync(team, record("a", rates=(before,)), *TEN[1:])
    done = sync(team, record("a", rates=(after,)), *TEN[1:])
    assert done.held_offers == ([["a", reason]] if reason else [])


def test_every_tier_and_mode_is_looked_at(team):
    def rates(tier, batch):
        return (
            row(up_to=1_000),
            row(above=1_000, input=tier, inherited=("output",)),
            row(mode="batch", input=batch, inherited=("output",)),
        )

    sync(team, record("a", rates=rates(4 * DOLLAR, DOLLAR)), *TEN[1:])
    done = sync(team, record("a", rates=rates(40 * DOLLAR, 0)), *TEN[1:])
    assert done.held_offers == [
        [
            "a",
            "The input price above 1,000 tokens went from 4.00 to 40.00 per 1M tokens. "
            "The input price in mode batch went from 1.00 per 1M tokens to 0.",
        ]
    ]


def test_a_long_list_of_moves_is_cut_short(team):
    modes = [f"mode-{number}" for number in range(6)]
    sync(team, record("a", rates=(row(), *(row(mode=mode) for mode in modes))), *TEN[1:])
    done = sync(team, record("a", rates=(row(), *(row(mode=mode, input=0) for mode in modes))), *TEN[1:])
    assert done.held_offers[0][1].endswith("to 0. 3 more of its prices moved as far.")
