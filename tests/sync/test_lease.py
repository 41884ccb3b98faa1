"""One sync of a catalog at a time, and no catalog blocked by a dead one."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Catalog, Offer, Outcome, Sync
from catalog.sources.base import Fetched
from catalog.sources.kind import Kind
from catalog.sources.kinds import KINDS
from catalog.sync.lease import Leased, lease
from tests.make import FixedSource, catalog, record, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return catalog()


def held_by(host, pid, minutes=5):
    until = timezone.now() + timedelta(minutes=minutes)
    Catalog.objects.update(lease_holder=f"{host}:{pid}:abcd", lease_until=until)


def test_a_second_sync_is_refused_politely(team):
    with lease(team), pytest.raises(Leased, match="Team is being synced already"):
        sync(team, record())
    assert sync(team, record()).outcome == Outcome.STORED


def test_the_lease_ends_with_an_error_too(team):
    with pytest.raises(ZeroDivisionError), lease(team):
        _ = 1 / 0
    assert sync(team, record()).outcome == Outcome.STORED


def test_another_machine_s_lease_holds_until_it_expires(team):
    held_by("elsewhere", 1)
    with pytest.raises(Leased):
        sync(team, record())
    held_by("elsewhere", 1, minutes=-1)
    assert sync(team, record()).outcome == Outcome.STORED


def test_a_running_process_of_this_machine_keeps_its_lease(team):
    held_by(socket.gethostname(), os.getpid())
    with pytest.raises(Leased):
        sync(team, record())


def test_a_dead_process_of_this_machine_has_lost_it(team):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    held_by(socket.gethostname(), dead.pid)
    left = Sync.objects.create(catalog=team, started_at=timezone.now())
    assert sync(team, record()).outcome == Outcome.STORED
    left.refresh_from_db()
    assert left.outcome == Outcome.FAILED
    assert left.message == "The process was stopped before it had stored anything."


class SlowSource(FixedSource):
    """A source during whose reading ``happens`` is called, with the door it reads through."""

    def fetch(self, door, now):
        type(self).happens(door)
        return Fetched((record("late"),))


@pytest.fixture
def slow(monkeypatch):
    source = f"{__name__}.SlowSource"
    monkeypatch.setitem(KINDS, "slow", Kind(slug="slow", label="Slow", source=source, over_network=False))
    return catalog("Slow", kind="slow")


def test_a_sync_that_lost_its_lease_stores_nothing_and_leaves_the_catalog_to_the_other(slow):
    SlowSource.happens = lambda door: held_by("elsewhere", 1)
    done = sync(slow)
    assert (done.outcome, done.message) == (
        Outcome.FAILED,
        "It took too long, and another sync has begun meanwhile. Nothing was stored.",
    )
    assert not Offer.objects.exists()
    slow.refresh_from_db()
    assert (slow.lease_holder, slow.last_error, slow.failures) == ("elsewhere:1:abcd", "", 0)


def test_each_request_renews_the_lease(slow):
    seen = []

    def read_pages(door):
        for _ in range(2):
            door.get(door.address("/page"))
            seen.append(Catalog.objects.get().lease_until)

    SlowSource.happens = read_pages
    assert sync(slow).outcome == Outcome.STORED
    assert seen == sorted(set(seen))


def test_no_request_is_made_without_the_lease(slow):
    SlowSource.happens = lambda door: [held_by("elsewhere", 1), door.get("/page")]
    assert sync(slow).message.startswith("It took too long")
