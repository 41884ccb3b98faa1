"""One price that moved too far waits for a person; everything else goes on."""

import json

import pytest
from django.contrib.auth import get_user_model

from catalog.models import Catalog, Offer, Outcome, Rate, Revision, Sync
from catalog.sources.base import Skip
from catalog.sync.held import Outdated, approve
from catalog.sync.held_offers import accept_offer, dismiss_offer, held_state
from catalog.sync.lease import Leased, lease
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db
NINE = [record(ref) for ref in "bcdefghij"]
JUMP = record(
    "a",
    context_tokens=1_000_000,
    rates=(row(up_to=1_000, input=200 * DOLLAR), row(above=1_000, input=400 * DOLLAR, inherited=("output",))),
)


@pytest.fixture
def team():
    made = catalog()
    sync(made, record("a"), *NINE)
    return made


@pytest.fixture
def anna():
    return get_user_model().objects.create_user("anna")


@pytest.fixture(autouse=True)
def _pages_know_what_is_held():
    """Whatever a test did: the catalogs' rows, which pages read, tell of every held offer."""
    yield
    told = [tuple(pair) for catalog in Catalog.objects.all() for pair in catalog.held_reasons]
    held = Offer.objects.filter(held__isnull=False).values_list("pk", "held__reason")
    assert sorted(told) == sorted(held)


def offer():
    return Offer.objects.get(ref="a")


def prices(ref="a"):
    rates = Rate.objects.at(None).filter(ref=ref).order_by("above")
    return list(rates.values_list("above", "input", "output", "context_tokens", "inherited"))


OLD = [(0, 2 * DOLLAR, 8 * DOLLAR, 128_000, "")]
NEW = [
    (0, 200 * DOLLAR, 8 * DOLLAR, 1_000_000, ""),
    (1_000, 400 * DOLLAR, 8 * DOLLAR, 1_000_000, "output"),
]


def test_what_is_accepted_is_stored_whole(team, anna):
    seen = sync(team, JUMP, *NINE)
    assert prices() == OLD
    accept_offer(offer(), anna, shown=held_state(offer()).digest)
    assert prices() == NEW
    assert offer().held is None
    old, new = Revision.objects.filter(offer__ref="a").order_by("valid_from")
    assert (old.valid_to, new.sync, new.raw) == (new.valid_from, seen, JUMP.state.raw)
    assert new.valid_from > seen.finished_at
    team.refresh_from_db()
    assert (team.version, team.changed_at, team.tier_floors) == (3, new.valid_from, [1_000])
    assert sum(offers for *_, offers in json.loads(team.facets)) == 10
    assert sync(team, JUMP, *NINE).outcome == Outcome.UNCHANGED


def test_it_is_stored_though_the_sync_that_held_it_is_forgotten(team, anna):
    sync(team, JUMP, *NINE).delete()
    accept_offer(offer(), anna)
    assert prices() == NEW


def test_an_offer_that_came_back_far_dearer_is_accepted_as_it_came(team, anna):
    sync(team, *NINE)
    back = sync(team, JUMP, *NINE)
    assert (back.outcome, back.returned, back.held) == (Outcome.UNCHANGED, 0, 1)
    accept_offer(offer(), anna)
    assert prices() == NEW
    assert Rate.objects.at(None).filter(ref="a", listed=True).count() == 2


def test_what_is_dismissed_stays_flagged_and_asks_nobody_again(team, anna):
    sync(team, JUMP, *NINE)
    dismiss_offer(offer(), anna)
    held = held_state(offer())
    assert (held.dismissed_by, held.state.rates) == ("anna", JUMP.state.rates)
    version = Catalog.objects.get().version

    again = sync(team, JUMP, *NINE)
    assert (again.outcome, again.held, again.message) == (Outcome.UNCHANGED, 0, "")
    assert held_state(offer()) == held
    assert prices() == OLD
    assert Catalog.objects.get().version == version


UNREAD = (Skip("a", "The price -3 is negative."),)


@pytest.mark.parametrize("approved", [False, True])
def test_what_is_held_stays_held_while_its_row_cannot_be_read(team, approved):
    sync(team, JUMP, *NINE)
    before, version = offer().held, Catalog.objects.get().version
    blind = sync(team, *NINE, skipped=UNREAD, approve=approved)
    assert (blind.outcome, blind.held) == (Outcome.UNCHANGED, 1)
    assert [ref for ref, _ in Sync.objects.latest().held_offers] == ["a"]
    assert (offer().held, Catalog.objects.get().version) == (before, version)


def test_what_was_dismissed_stays_so_while_its_row_cannot_be_read(team, anna):
    sync(team, JUMP, *NINE)
    dismiss_offer(offer(), anna)
    assert sync(team, *NINE, skipped=UNREAD).held == 0
    assert sync(team, JUMP, *NINE).held == 0
    assert held_state(offer()).dismissed_by == "anna"


def test_a_whole_sync_that_is_approved_leaves_held_what_it_could_not_read(team, anna):
    sync(team, JUMP, *NINE)
    held = offer().held
    approve(sync(team, *NINE[:3], skipped=UNREAD), anna)
    assert offer().held == held


def test_another_value_than_the_dismissed_one_asks_again(team, anna):
    sync(team, JUMP, *NINE)
    dismiss_offer(offer(), anna)
    again = sync(team, record("a", rates=(row(input=300 * DOLLAR),)), *NINE)
    assert (again.held, held_state(offer()).dismissed_at) == (1, None)


def test_a_dismissed_value_that_the_catalog_takes_back_is_forgotten(team, anna):
    sync(team, JUMP, *NINE)
    dismiss_offer(offer(), anna)
    sync(team, record("a"), *NINE)
    assert offer().held is None
    assert sync(team, JUMP, *NINE).held == 1


def test_a_dismissed_value_may_be_accepted_after_all(team, anna):
    sync(team, JUMP, *NINE)
    dismiss_offer(offer(), anna)
    accept_offer(offer(), anna)
    assert prices() == NEW


def test_the_same_held_value_counts_each_time_and_changes_nothing(team):
    sync(team, JUMP, *NINE)
    before, version = offer().held, Catalog.objects.get().version
    again = sync(team, JUMP, *NINE)
    assert again.message == "1 offer is held back: a price moved tenfold or more, or to 0."
    assert (offer().held, Catalog.objects.get().version) == (before, version)


@pytest.mark.parametrize("decide", [accept_offer, dismiss_offer])
def test_only_what_the_person_saw_is_decided(team, anna, decide):
    sync(team, JUMP, *NINE)
    seen = held_state(offer()).digest
    sync(team, record("a", rates=(row(input=300 * DOLLAR),)), *NINE)
    with pytest.raises(Outdated, match="What was held back of a is no longer so"):
        decide(offer(), anna, shown=seen)
    sync(team, record("a"), *NINE)
    with pytest.raises(Outdated):
        decide(offer(), anna)
    assert prices() == OLD


@pytest.mark.parametrize("decide", [accept_offer, dismiss_offer])
def test_nothing_is_decided_while_the_catalog_is_synced(team, anna, decide):
    sync(team, JUMP, *NINE)
    with lease(team), pytest.raises(Leased):
        decide(offer(), anna)


def test_the_rest_of_the_catalog_is_stored(team):
    done = sync(team, JUMP, record("b", rates=(row(input=3 * DOLLAR),)), *NINE[1:])
    assert (done.outcome, done.changed, done.held) == (Outcome.STORED, 1, 1)
    assert Sync.objects.latest().held_offers[0][0] == "a"
