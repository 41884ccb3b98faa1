"""What the worker does by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from catalog.models import Catalog, Offer, Outcome, Sync
from catalog.services.upkeep import request_sync
from catalog.sources.base import Fetched
from catalog.sources.errors import SourceRefused, SourceUnavailable
from catalog.sync.held_offers import accept_offer
from catalog.sync.lease import LEASE, lease
from catalog.tasks import forget_syncs, sync_due, sync_one
from tests.make import FixedSource, catalog, failing_sync, record, row, sync

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def queue():
    """The ids that are queued, in order."""
    HUEY.flush()

    def queued():
        return [task.args[0] for task in HUEY.pending()]

    yield queued
    HUEY.flush()


def run_queue():
    """Do what is queued; a worker's thread would close the connection of this test too."""
    while task := HUEY.dequeue():
        sync_one.call_local(*task.args)


def due_in(wait, **fields):
    Catalog.objects.filter(**fields).update(next_sync_at=timezone.now() + wait)


def test_tasks_wait_for_a_worker(settings):
    assert settings.HUEY["immediate"] is False
    assert HUEY.immediate is False


def test_a_due_catalog_is_queued_once_and_never_while_it_waits(queue):
    new, soon, off = catalog("New"), catalog("Soon"), catalog("Off", enabled=False)
    due_in(timedelta(minutes=1), pk=soon.pk)
    due_in(-DAY, pk=off.pk)
    sync_due.call_local()
    sync_due.call_local()
    assert queue() == [new.pk]


def test_a_claim_that_nobody_kept_runs_out(queue):
    team = catalog()
    sync_due.call_local()
    HUEY.flush()  # the worker was killed
    team.refresh_from_db()
    assert timezone.now() < team.next_sync_at <= timezone.now() + LEASE
    due_in(-LEASE)
    sync_due.call_local()
    assert queue() == [team.pk]


def test_a_catalog_that_is_being_synced_is_not_queued(queue):
    team = catalog()
    with lease(team):
        sync_due.call_local()
        assert queue() == []
    sync_due.call_local()
    assert queue() == [team.pk]


def test_one_that_was_queued_twice_is_read_once(queue):
    team = catalog()
    FixedSource.answer = Fetched((record("a"),))
    sync_due.call_local()
    due_in(-DAY)
    sync_due.call_local()
    assert queue() == [team.pk, team.pk]
    run_queue()
    assert [one.outcome for one in Sync.objects.all()] == [Outcome.STORED]


def test_a_person_may_have_it_read_at_any_time(queue):
    team = catalog()
    sync(team, record("a"))
    sync_one(team.pk)
    run_queue()
    assert Sync.objects.latest().outcome == Outcome.UNCHANGED


def test_a_person_who_tries_a_failing_catalog_does_not_put_off_its_next_try(queue):
    failing_sync(team := catalog(), SourceUnavailable("The server did not answer."))
    Catalog.objects.update(failures=6)
    due_in(timedelta(minutes=9))
    planned = Catalog.objects.get().next_sync_at
    for _ in range(3):
        request_sync([team])
        run_queue()
    team.refresh_from_db()
    assert team.syncs.count() == 4
    assert (team.failures, team.next_sync_at) == (6, planned)


def test_a_sync_that_was_due_by_itself_counts_as_one_more_failure(queue):
    failing_sync(team := catalog(), SourceUnavailable("The server did not answer."))
    due_in(-DAY)
    request_sync([team])
    run_queue()
    team.refresh_from_db()
    assert team.failures == 2


@pytest.mark.parametrize(
    ("outcome", "level"), [("stored", "INFO"), ("unchanged", "INFO"), ("held", "WARNING"), ("failed", "WARNING")]
)
def test_what_needs_a_look_is_a_warning_in_the_log(caplog, outcome, level):
    caplog.set_level("INFO")
    team = catalog()
    if outcome != "stored":
        sync(team, record("a"), record("b"))
    caplog.clear()
    if outcome == "failed":
        failing_sync(team, SourceRefused("No."))
    else:
        sync(team, record("a"), *([] if outcome == "held" else [record("b")]))
    (told,) = [one for one in caplog.records if one.name == "catalog.sync.run"]
    assert (told.levelname, told.getMessage().startswith(f"Sync of team: {outcome}")) == (level, True)


def test_what_was_disabled_or_removed_meanwhile_is_not_read(queue):
    kept, gone = catalog("Kept"), catalog("Gone")
    sync_due.call_local()
    Catalog.objects.filter(pk=kept.pk).update(enabled=False)
    gone.delete()
    run_queue()
    assert not Sync.objects.exists()


def test_each_failure_is_its_own(queue):
    bad, good = catalog("Bad"), catalog("Good")
    for one in (bad, good):
        sync(one, record("a"))
    failing_sync(bad, SourceRefused("The key was refused."))
    failing_sync(bad, SourceRefused("The key was refused."))
    FixedSource.answer = Fetched((record("a"),))
    due_in(-DAY, pk=good.pk)
    sync_due.call_local()
    run_queue()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.failures, bad.last_error, good.failures, good.last_error) == (2, "The key was refused.", 0, "")
    assert bad.next_sync_at - bad.syncs.latest().finished_at >= timedelta(hours=2)
    sync(bad, record("a"))
    bad.refresh_from_db()
    assert bad.failures == 0


def test_a_catalog_that_said_when_to_come_back_is_left_alone_until_then():
    team = catalog()
    retry_at = timezone.now() + timedelta(hours=5)
    failing_sync(team, SourceUnavailable("Too many requests; try again later.", retry_at))
    team.refresh_from_db()
    assert team.next_sync_at == retry_at


def days_ago(days, **fields):
    Sync.objects.filter(**fields).update(started_at=timezone.now() - days * DAY)


def test_syncs_that_changed_nothing_are_forgotten_after_a_month():
    team, quiet = catalog(), catalog("Quiet")
    nine = [record(ref) for ref in "bcdefghij"]
    first = sync(team, record("a"), *nine)
    same = sync(team, record("a"), *nine)
    held = sync(team, record("a"))
    failed = failing_sync(team, SourceRefused("No."))
    young = sync(team, record("a"), *nine)
    last = sync(team, record("a"), *nine)
    only = [sync(quiet, record("a"), approve=True), sync(quiet, record("a"))]
    days_ago(31, catalog=quiet)
    days_ago(30.5, pk=only[1].pk)
    for age, one in zip((40, 39, 38, 37, 29, 1), (first, same, held, failed, young, last), strict=True):
        days_ago(age, pk=one.pk)
    forget_syncs.call_local()
    assert set(Sync.objects.all()) == {first, held, failed, young, last, *only}


def test_a_sync_that_a_revision_came_from_stays(django_user_model):
    team = catalog()
    sync(team, record("a"))
    source = sync(team, record("a", rates=(row(input=0),)))
    accept_offer(Offer.objects.get(), django_user_model.objects.create_user("anna"))
    sync(team, record("a", rates=(row(input=0),)))
    days_ago(60, pk=source.pk)
    forget_syncs.call_local()
    assert source.outcome == Outcome.UNCHANGED
    assert Sync.objects.filter(pk=source.pk).exists()


def test_lists_are_those_of_the_newest_sync():
    team = catalog()
    sync(team, record("a"))
    rows = [["row 1", "It has no id."]]
    for _ in range(2):
        sync(team, record("a"))
    Sync.objects.update(skipped_rows=rows, skipped=1)
    days_ago(2)
    newest = Sync.objects.order_by("pk").last()
    days_ago(1.5, pk=newest.pk)
    forget_syncs.call_local()
    stored, unchanged, last = Sync.objects.order_by("pk")
    assert (stored.skipped_rows, unchanged.skipped_rows, last.skipped_rows) == (rows, [], rows)
    assert unchanged.skipped == 1
