"""How far a sync has come while it reads, and that a person can stop it."""

import json

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from catalog.models import Catalog, Offer, Outcome, Sync
from catalog.services.status import Activity, statuses
from catalog.services.syncs import NotRunning, stop
from catalog.sources.errors import SourceRefused, SourceUnavailable
from catalog.sources.saved import FileDoor
from catalog.sync import leased_door
from catalog.sync.run import sync_catalog
from tests.make import catalog, failing_sync, record, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return User.objects.create_user("anna", is_staff=True)


@pytest.fixture
def galtea():
    return catalog("Galtea", kind="galtea")


def page(*ids):
    return json.dumps([{"id": one, "name": one} for one in ids]).encode()


class Paged(FileDoor):
    """A server of two pages; ``meanwhile`` is called before the second one comes."""

    def __init__(self, meanwhile, then=None):
        super().__init__("pages", b"")
        self.meanwhile, self.pages = meanwhile, [page("a", "b"), then or page("c"), b"[]"]

    def get(self, path, parameters=()):
        self.watch(700_000)
        if len(self.pages) == 2:
            self.meanwhile()
        body = self.pages.pop(0)
        if isinstance(body, Exception):
            raise body
        return body

    def watched_by(self, watch):
        self.watch = watch


def test_a_sync_under_way_tells_pages_rows_and_bytes(galtea):
    seen = []

    def look():
        seen.extend(statuses([Catalog.objects.get()], timezone.now()))

    done = sync_catalog(galtea, door=Paged(look))
    (status,) = seen
    assert status.activity == Activity.READING
    assert (status.running.pages, status.running.rows, status.running.rows_in_all) == (1, 2, None)
    assert (done.outcome, done.pages, done.rows, done.size) == (Outcome.STORED, 3, 3, 2_100_000)


def test_a_stopped_sync_stores_nothing_and_lets_the_next_one_in(galtea, anna):
    door = Paged(lambda: stop(Sync.objects.get(), anna))
    done = sync_catalog(galtea, door=door)
    assert (done.outcome, done.message) == (Outcome.FAILED, "Stopped by anna.")
    assert (done.decision, done.decided_by) == ("stopped", anna)
    assert not Offer.objects.exists()
    galtea.refresh_from_db()
    assert (galtea.lease_holder, galtea.lease_until, galtea.failures, galtea.last_error) == ("", None, 0, "")
    assert galtea.next_sync_at > timezone.now()
    assert sync_catalog(galtea, door=Paged(lambda: None)).outcome == Outcome.STORED


def test_an_answer_that_is_arriving_is_not_waited_for(galtea, anna, monkeypatch):
    monkeypatch.setattr(leased_door, "TELLS_EVERY", 0)
    arrived = []

    class Slow(FileDoor):
        def get(self, path, parameters=()):
            for piece in range(3):
                arrived.append(piece)
                self.watch(piece)
                stop(Sync.objects.get(), anna)

        def watched_by(self, watch):
            self.watch = watch

    assert sync_catalog(galtea, door=Slow("", b"")).message == "Stopped by anna."
    assert arrived == [0, 1]


@pytest.mark.parametrize("error", [SourceRefused("No."), SourceUnavailable("Later."), ZeroDivisionError()])
def test_what_fails_after_it_was_stopped_changes_nothing_of_it(galtea, anna, error):
    sync_catalog(galtea, door=Paged(lambda: stop(Sync.objects.get(), anna), then=error))
    assert Sync.objects.get().message == "Stopped by anna."
    galtea.refresh_from_db()
    assert (galtea.failures, galtea.last_error) == (0, "")


def test_one_stopped_while_it_compares_is_not_stored(anna, monkeypatch):
    sync(team := catalog(), record("a"))
    # The last moment before its transaction.
    monkeypatch.setattr(
        "catalog.sync.run.suspect_offers", lambda plan: stop(Sync.objects.filter(outcome="running").get(), anna) or {}
    )
    assert sync(team, record("a"), record("b")).message == "Stopped by anna."
    assert Offer.objects.count() == 1


def test_what_has_ended_cannot_be_stopped(anna):
    done = sync(catalog(), record("a"))
    with pytest.raises(NotRunning, match="The sync of Team had ended before it could be stopped"):
        stop(done, anna)
    done.refresh_from_db()
    assert done.outcome == Outcome.STORED


def test_a_failing_catalog_still_fails_after_a_sync_was_stopped(anna):
    failing_sync(team := catalog(kind="galtea"), SourceRefused("No."))
    Catalog.objects.update(failures=3, last_error="No.")
    sync_catalog(team, door=Paged(lambda: stop(Sync.objects.filter(outcome="running").get(), anna)))
    team.refresh_from_db()
    assert (team.failures, team.last_error) == (3, "No.")
