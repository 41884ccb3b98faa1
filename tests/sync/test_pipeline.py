"""From a catalog's answer to stored revisions: what changes, what stays, and what the Sync says."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from catalog.models import BEGINNING, Catalog, Offer, Outcome, Rate, Revision, Sync
from catalog.sources.base import OfferRecord, PastState, Skip
from catalog.sources.errors import SourceUnavailable
from catalog.sync.run import sync_catalog
from catalog.sync.store import count_facets
from tests.make import DOLLAR, catalog, failing_sync, record, row, state, stored_at, sync

pytestmark = pytest.mark.django_db
NINE = [record(ref) for ref in "bcdefghij"]


@pytest.fixture
def team():
    return catalog()


def current(ref):
    return Revision.objects.get(offer__ref=ref, valid_to=None)


def snapshot():
    facets = [(catalog.facets, catalog.tier_floors) for catalog in Catalog.objects.order_by("pk")]
    return [facets, *(list(model.objects.order_by("pk").values()) for model in (Offer, Revision, Rate))]


def test_the_first_sync_stores_everything(team):
    done = sync(team, record("a", rates=(row(up_to=100), row(above=100, input=4 * DOLLAR), row(mode="batch"))))
    assert (done.outcome, done.seen, done.added, done.changed) == (Outcome.STORED, 1, 1, 0)
    assert current("a").valid_from == stored_at(done)
    assert [(r.mode, r.above, r.up_to, r.input) for r in Rate.objects.order_by("pk")] == [
        ("standard", 0, 100, 2 * DOLLAR),
        ("standard", 100, None, 4 * DOLLAR),
        ("batch", 0, None, 2 * DOLLAR),
    ]
    team.refresh_from_db()
    assert (team.version, team.read_at, team.changed_at) == (1, done.finished_at, stored_at(done))
    assert team.tier_floors == [100]


def test_the_same_answer_again_writes_nothing_but_its_sync(team):
    sync(team, record("a"), record("b", rates=(row(input=1),)))
    before = snapshot()
    again = sync(team, record("b", rates=(row(input=1),)), record("a", raw='{"new_field": 1}'))
    assert again.outcome == Outcome.UNCHANGED
    assert snapshot() == before
    team.refresh_from_db()
    assert team.version == 1
    assert team.read_at == again.finished_at


def test_a_change_closes_one_revision_and_opens_the_next(team):
    first = sync(team, record("a"), record("b"))
    second = sync(team, record("a", rates=(row(input=3 * DOLLAR),)), record("b"))
    assert (second.outcome, second.changed, second.added) == (Outcome.STORED, 1, 0)
    old, new = Revision.objects.filter(offer__ref="a").order_by("valid_from")
    assert (old.valid_from, old.valid_to, new.valid_from, new.valid_to) == (
        stored_at(first),
        stored_at(second),
        stored_at(second),
        None,
    )
    assert Rate.objects.at(stored_at(second) - timedelta(microseconds=1)).get(ref="a").input == 2 * DOLLAR
    assert Rate.objects.at(stored_at(second)).get(ref="a").input == 3 * DOLLAR
    assert Rate.objects.at(None).get(ref="a").input == 3 * DOLLAR
    assert current("b").valid_from == stored_at(first)


def test_an_offer_that_left_is_retired_with_its_last_values_and_can_come_back(team):
    sync(team, record("a"), *NINE)
    gone = sync(team, *NINE)
    assert (gone.outcome, gone.retired) == (Outcome.STORED, 1)
    assert current("a").lifecycle == "retired"
    assert current("a").valid_from == stored_at(gone)
    rate = Rate.objects.at(None).get(ref="a")
    assert (rate.input, rate.lifecycle, rate.listed) == (2 * DOLLAR, "retired", False)
    assert Rate.objects.at(stored_at(gone) - timedelta(microseconds=1)).get(ref="a").lifecycle == "active"

    assert sync(team, *NINE).outcome == Outcome.UNCHANGED

    back = sync(team, record("a"), *NINE)
    assert (back.returned, back.added) == (1, 0)
    assert current("a").lifecycle == "active"
    assert Offer.objects.filter(ref="a").count() == 1
    assert [r.lifecycle for r in Revision.objects.filter(offer__ref="a").order_by("valid_from")] == [
        "active",
        "retired",
        "active",
    ]


def test_a_new_offer_brings_its_past_along(team):
    june, july = datetime(2025, 6, 10, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
    history = (
        PastState(None, state("o3", rates=(row(input=10 * DOLLAR),))),
        PastState(june, state("o3", rates=(row(input=5 * DOLLAR),))),
    )
    sync(team, OfferRecord("o3", state("o3"), since=july, past=history))
    spans = Revision.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(spans) == [(BEGINNING, june), (june, july), (july, None)]
    assert Rate.objects.at(datetime(2025, 6, 1, tzinfo=UTC)).get().input == 10 * DOLLAR
    assert Rate.objects.at(june).get().input == 5 * DOLLAR
    assert not Revision.objects.earliest("valid_from").start_known


def test_a_known_offer_gets_no_second_past(team):
    sync(team, record("o3"))
    changed = OfferRecord(
        "o3",
        state("o3", rates=(row(input=DOLLAR),)),
        since=datetime(2025, 6, 10, tzinfo=UTC),
        past=(PastState(None, state("o3")),),
    )
    second = sync(team, changed)
    assert list(Revision.objects.order_by("valid_from").values_list("valid_to", flat=True)) == [stored_at(second), None]


def test_a_failed_sync_keeps_the_data_and_its_sentence(team):
    good = sync(team, record("a"))
    before = snapshot()
    bad = failing_sync(team, SourceUnavailable("The server did not answer within 30 seconds."))
    assert (bad.outcome, bad.message) == (Outcome.FAILED, "The server did not answer within 30 seconds.")
    assert snapshot() == before
    team.refresh_from_db()
    assert team.last_error == bad.message
    assert team.read_at == good.finished_at
    sync(team, record("a"))
    team.refresh_from_db()
    assert team.last_error == ""


def test_an_error_of_our_own_is_on_record_and_raised(team):
    sync(team, record("a"))
    before = snapshot()
    with pytest.raises(IntegrityError):
        sync(team, record("b"), record("a", rates=(row(), row(above=5))))  # tiers that overlap
    failed = Sync.objects.latest()
    assert (failed.outcome, failed.seen, failed.added, failed.changed) == (Outcome.FAILED, 2, 0, 0)
    assert snapshot() == before
    assert sync(team, record("a")).outcome == Outcome.UNCHANGED


def test_skipped_rows_are_counted_with_their_reasons(team):
    done = sync(team, record("a"), skipped=(Skip("row 2", "It has no id."),))
    assert (done.outcome, done.skipped, done.skipped_rows) == (Outcome.STORED, 1, [["row 2", "It has no id."]])


def test_facet_counts_are_those_of_the_stored_rates(team):
    sync(
        team, record("a", rates=(row(), row(mode="batch"))), record("b", lifecycle="preview"), record("c"), record("d")
    )
    free = record("a", price_state="free", rates=(row(input=0, output=0),))
    sync(team, free, record("b"), record("c"), record("d"), approve=True)
    team.refresh_from_db()
    stored = [
        ["openai", "free", "active", "standard", "OpenAI", 1],
        ["openai", "priced", "active", "standard", "OpenAI", 3],
    ]
    assert json.loads(team.facets) == stored
    count_facets(team)
    assert json.loads(team.facets) == stored


def test_next_sync_is_due_after_the_refresh_interval_or_a_little_later(team):
    Catalog.objects.update(refresh_minutes=90)
    team.refresh_from_db()
    done = sync(team, record("a"))
    team.refresh_from_db()
    wait = team.next_sync_at - done.finished_at
    assert timedelta(minutes=90) <= wait <= timedelta(minutes=99)


def test_reference_prices_end_to_end():
    reference = catalog("Reference", kind="reference")
    first = sync_catalog(reference)
    assert (first.outcome, first.added, first.skipped) == (Outcome.STORED, 2_330, 0)
    assert Rate.objects.at(datetime(2025, 6, 1, tzinfo=UTC)).get(ref="openai/o3", mode="standard").input == 10 * DOLLAR
    assert Rate.objects.at(timezone.now()).get(ref="openai/o3", mode="standard").input == 2 * DOLLAR
    before = snapshot()
    assert sync_catalog(reference).outcome == Outcome.UNCHANGED
    assert snapshot() == before
