"""What pages show of syncs, and of what the guard holds back."""

import pytest
from django.contrib.auth import get_user_model

from catalog.models import Catalog, Offer, Sync
from catalog.services import syncs
from catalog.sources.errors import SourceRefused
from tests.make import DOLLAR, catalog, failing_sync, record, row, sync

pytestmark = pytest.mark.django_db
TEN = [record(ref) for ref in "abcdefghij"]


@pytest.fixture
def team():
    made = catalog()
    sync(made, *TEN)
    return made


@pytest.fixture
def anna():
    return get_user_model().objects.create_user("anna")


def test_a_held_sync_shows_what_it_would_change(team):
    sync(team, *TEN[:9])
    held = sync(
        team,
        record("a", context_tokens=None, rates=(row(input=3 * DOLLAR, cache_read=0),)),
        record("b"),
        record("j"),
        record("new", name="New one"),
    )
    diff = syncs.held_diff(held)
    assert diff.reason == "7 of 9 offers are gone, more than 20%."
    assert [(one.offer_id, one.ref, one.state.name) for one in diff.added.rows] == [(None, "new", "New one")]
    (changed,) = diff.changed.rows
    assert (changed.offer_id, changed.ref) == (Offer.objects.get(ref="a").pk, "a")
    assert [tuple(one) for one in changed.changes] == [
        ("context_tokens", 128_000, None, False),
        ("input", 2 * DOLLAR, 3 * DOLLAR, True),
        ("cache read", None, 0, True),
    ]
    gone = diff.retired.rows[0]
    assert (gone.ref, gone.state.name, gone.state.rates[0].input) == ("c", "c", 2 * DOLLAR)
    assert ([one.ref for one in diff.returned.rows], diff.retired.total, diff.same) == (["j"], 7, 1)
    assert not diff.is_outdated


def test_its_lists_are_cut_and_its_totals_are_not(team):
    diff = syncs.held_diff(sync(team, *(record(f"new-{number}") for number in range(7))), most=5)
    assert (len(diff.added.rows), diff.added.total, len(diff.retired.rows), diff.retired.total) == (5, 7, 5, 10)


def test_it_says_when_the_catalog_has_changed_since(team, anna):
    sync(team, record("a", rates=(row(input=0),)), *TEN[1:])
    held = sync(team, record("a"))
    syncs.accept_offer(Offer.objects.get(ref="a"), anna)
    assert syncs.held_diff(held).is_outdated


def test_what_waits_no_more_has_no_difference(team, anna):
    held = sync(team)
    assert syncs.waiting_syncs([team]) == {team.pk: held}
    syncs.discard(held, anna)
    assert syncs.waiting_syncs([team]) == {}
    with pytest.raises(syncs.Outdated):
        syncs.held_diff(held)


def jump(ref, **prices):
    return record(ref, name=f"Model {ref}", rates=(row(up_to=9, **prices), row(above=9)))


def test_held_offers_show_old_and_new_prices(team, anna):
    done = sync(team, jump("a", input=20 * DOLLAR), jump("b", input=0), *TEN[2:])
    syncs.dismiss_offer(Offer.objects.get(ref="a"), anna)
    second, first = syncs.held_offers(team)
    assert (first.offer.ref, first.name, first.since, first.dismissed_by) == ("a", "Model a", done.started_at, "anna")
    assert first.reason == "The input price went from 2.00 to 20.00 per 1M tokens."
    assert [tuple(one) for one in first.prices] == [
        ("input", 2 * DOLLAR, 20 * DOLLAR, True),
        ("input above 9 tokens", None, 2 * DOLLAR, True),
        ("output above 9 tokens", None, 8 * DOLLAR, True),
    ]
    assert (second.offer.ref, second.dismissed_by, second.dismissed_at) == ("b", "", None)
    syncs.accept_offer(second.offer, anna, shown=second.digest)
    assert [one.offer.ref for one in syncs.held_offers(team)] == ["a"]


def test_pages_of_syncs_are_the_newest_first(team, monkeypatch):
    monkeypatch.setattr(syncs, "PER_PAGE", 2)
    last = [sync(team, *TEN) for _ in range(4)][-1]
    page = syncs.syncs_of(team)
    assert (page.rows[0], page.page, page.pages, page.total) == (last, 1, 3, 5)
    assert len(syncs.syncs_of(team, 3).rows) == 1
    assert syncs.syncs_of(team, 99).page == 3


@pytest.mark.parametrize("many", [1, 9])
def test_lists_take_the_same_queries_however_long(team, django_assert_num_queries, many):
    for _ in range(many):
        sync(team, *(jump(one.ref, input=0) for one in TEN[:many]), *TEN[many:])
    sync(team, *(record(f"new-{number}") for number in range(many)))
    held = Sync.objects.select_related("catalog").latest()
    with django_assert_num_queries(2):  # count, syncs with who decided
        assert [one.decided_by for one in syncs.syncs_of(team).rows]
    with django_assert_num_queries(1):
        syncs.last_outcomes([team])
    with django_assert_num_queries(1):
        syncs.waiting_syncs([team])
    with django_assert_num_queries(4):  # current revisions, their rates, their states, offers
        assert len(syncs.held_offers(team)) == many
    with django_assert_num_queries(4):  # what it keeps, current revisions, the last rates and states
        assert syncs.held_diff(held).added.total == many


def test_the_last_outcomes_are_told_per_catalog(team):
    other = catalog("Other")
    failing_sync(other, SourceRefused("No."))
    sync(team, *TEN)
    sync(team)
    found = syncs.last_outcomes(Catalog.objects.all(), most=2)
    assert found == {team.pk: ["unchanged", "held"], other.pk: ["failed"]}
    assert syncs.tally([*found[team.pk], *found[other.pk], "stored", "running"]) == (2, 1, 1)
