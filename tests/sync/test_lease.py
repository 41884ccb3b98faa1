"""One sync of a catalog at a time, and no catalog blocked by a dead one."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Catalog, Outcome, Sync
from catalog.sync.lease import Leased, lease
from tests.make import catalog, record, sync

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
