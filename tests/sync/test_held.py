"""A sync that is held as a whole waits for a person, and for the next sync."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from catalog.models import Catalog, Offer, Outcome, Rate, Revision, Sync
from catalog.sources.base import Skip
from catalog.sources.errors import SourceUnavailable
from catalog.sync.held import Outdated, approve, discard, kept
from catalog.sync.held_offers import accept_offer, dismiss_offer
from catalog.sync.lease import Leased, lease
from tests.make import DOLLAR, catalog, failing_sync, record, row, sync

pytestmark = pytest.mark.django_db
TEN = [record(ref) for ref in "abcdefghij"]
SHRUNK = [record("a", rates=(row(input=100 * DOLLAR),)), record("b"), record("new")]


@pytest.fixture
def team():
    made = catalog()
    sync(made, *TEN)
    return made


@pytest.fixture
def anna():
    return get_user_model().objects.create_user("anna")


def listed():
    return sorted(Rate.objects.at(None).filter(listed=True).values_list("ref", "input"))


def test_what_was_held_is_stored_as_it_was_shown(team, anna):
    held = sync(team, *SHRUNK, skipped=(Skip("c", "It has no id."),))
    assert (held.outcome, held.added, held.changed, held.retired) == (Outcome.HELD, 1, 1, 7)
    before = listed()
    assert len(before) == 10

    done = approve(held, anna)
    assert (done.outcome, done.decision, done.decided_by, done.kept) == (Outcome.STORED, "approved", anna, None)
    assert done.message == "7 of 10 offers are gone, more than 20%. Approved by anna."
    assert listed() == [("a", 100 * DOLLAR), ("b", 2 * DOLLAR), ("c", 2 * DOLLAR), ("new", 2 * DOLLAR)]
    team.refresh_from_db()
    assert (team.last_error, team.version, team.read_at) == ("", 2, held.finished_at)
    assert team.changed_at == Revision.objects.get(offer__ref="new").valid_from
    assert Revision.objects.get(offer__ref="new").sync == done


def test_a_change_is_true_from_its_approval_on(team, anna):
    held = sync(team, *SHRUNK)
    approve(held, anna)
    changed = Revision.objects.get(offer__ref="a", valid_to=None).valid_from
    assert changed > held.finished_at
    assert Rate.objects.at(changed - timedelta(microseconds=1)).get(ref="a").input == 2 * DOLLAR


def test_an_empty_answer_may_be_approved(team, anna):
    approve(sync(team), anna)
    assert listed() == []


def test_what_is_discarded_changes_nothing_and_waits_no_more(team, anna):
    held = sync(team, *SHRUNK)
    before = listed()
    done = discard(held, anna)
    assert (done.outcome, done.decision, done.decided_by, done.kept) == (Outcome.HELD, "discarded", anna, None)
    assert listed() == before
    team.refresh_from_db()
    assert team.last_error == ""
    assert done.message == "8 of 10 offers are gone, more than 20%. Discarded by anna; nothing was stored."
    for decide in (approve, discard):
        with pytest.raises(Outdated, match="This sync of Team is no longer held"):
            decide(held, anna)


def test_the_next_sync_looks_again(team, anna):
    first = sync(team, *SHRUNK)
    second = sync(team, *SHRUNK[:2])
    assert second.outcome == Outcome.HELD
    assert list(Sync.objects.exclude(kept=None)) == [second]
    with pytest.raises(Outdated):
        approve(first, anna)

    assert sync(team, *TEN).outcome == Outcome.UNCHANGED
    assert not Sync.objects.exclude(kept=None).exists()
    with pytest.raises(Outdated):
        approve(second, anna)
    assert [one.decision for one in Sync.objects.filter(outcome=Outcome.HELD)] == ["", ""]


def test_a_failed_sync_knows_nothing_newer(team, anna):
    held = sync(team, *SHRUNK)
    failing_sync(team, SourceUnavailable("The server did not answer."))
    approve(held, anna)
    assert len(listed()) == 3


def test_a_catalog_that_changed_since_is_looked_at_again(team, anna):
    sync(team, record("j", rates=(row(input=0),)), *TEN[:9])
    offer = Offer.objects.get(ref="j")
    held = sync(team, *SHRUNK)
    accept_offer(offer, anna)
    before = listed()
    with pytest.raises(Outdated, match=r"Team has changed since this sync\. Sync it again"):
        approve(held, anna)
    assert listed() == before
    held.refresh_from_db()
    assert held.decision == ""


def test_what_only_flags_an_offer_leaves_the_difference_as_it_was(team, anna):
    sync(team, record("j", rates=(row(input=0),)), *TEN[:9])
    held = sync(team, *SHRUNK)
    dismiss_offer(Offer.objects.get(ref="j"), anna)
    assert approve(held, anna).retired == 8
    assert Offer.objects.get(ref="j").held is None


def test_nothing_is_decided_while_the_catalog_is_synced(team, anna):
    held = sync(team, *SHRUNK)
    for decide in (approve, discard):
        with lease(team), pytest.raises(Leased):
            decide(held, anna)
    assert approve(held, anna).outcome == Outcome.STORED


def test_what_an_older_release_kept_is_not_guessed_at(team, anna):
    held = sync(team, *SHRUNK)
    Sync.objects.filter(pk=held.pk).update(kept=b"\x78\x9c\x03\x00\x00\x00\x00\x01")
    with pytest.raises(Outdated, match="An older release held this sync"):
        approve(held, anna)


def test_it_keeps_every_word_and_digit_of_what_was_fetched(team):
    odd = record(
        "odd", raw='{"price": 4.20e-08}', rates=(row(up_to=128_000), row(above=128_000, input=None)), position=7
    )
    held = sync(team, odd)
    assert kept(held).fetched.offers == (odd,)
    assert kept(held).fetched.read_from == "fixed"


def test_a_held_sync_is_no_failure_of_the_catalog(team):
    failing_sync(team, SourceUnavailable("The server did not answer."))
    held = sync(team, *SHRUNK)
    team.refresh_from_db()
    assert (team.failures, team.last_error) == (0, held.message)
    assert Catalog.objects.get().read_at < held.started_at
