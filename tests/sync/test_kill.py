"""A sync killed half-way leaves the old data whole, and the next one runs."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Stops for good in the middle of storing: after the first batch of revisions was written, inside the transaction.
STUCK = """
import os, sys, time
import django
django.setup()
from catalog.models import Catalog
from catalog.pricing.rates import RateRow
from catalog.sources.base import Fetched, OfferRecord
from catalog.sync import run
import dataclasses
source, door = run.connect(Catalog.objects.get())
fetched = source.fetch(door, django.utils.timezone.now())
def dearer(record):
    rates = tuple(dataclasses.replace(row, input=(row.input or 0) + 1) for row in record.state.rates)
    return OfferRecord(record.ref, dataclasses.replace(record.state, rates=rates))
class Dearer:
    def fetch(self, door, now):
        return Fetched(tuple(map(dearer, fetched.offers)))
run.connect = lambda catalog, given: (Dearer(), door)
def stop(done, total):
    print("storing", flush=True)
    time.sleep(60)
run.sync_catalog(Catalog.objects.get(), on_progress=stop)
"""


@pytest.fixture
def manage(tmp_path):
    env = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "PYTHONPATH": str(ROOT),
    }
    env.pop("DATABASE_URL", None)

    def run(*args):
        return subprocess.run(
            [sys.executable, "manage.py", *args], cwd=ROOT, env=env, check=True, capture_output=True, text=True
        ).stdout

    run.env = env
    return run


def content(path):
    with sqlite3.connect(path) as database:
        return [
            database.execute(f"SELECT * FROM catalog_{table} ORDER BY id").fetchall()
            for table in ("offer", "revision", "rate")
        ] + database.execute("SELECT facets, tier_floors, version FROM catalog_catalog").fetchall()


def test_kill_in_the_middle_of_storing(manage, tmp_path):
    manage("migrate", "-v0")
    manage("catalog_first_run")
    database = tmp_path / "ratecard.sqlite3"
    before = content(database)
    assert len(before[0]) == 2_330

    stuck = subprocess.Popen([sys.executable, "-c", STUCK], cwd=ROOT, env=manage.env, stdout=subprocess.PIPE, text=True)
    assert stuck.stdout.readline() == "storing\n"
    os.kill(stuck.pid, signal.SIGKILL)
    stuck.wait()
    stuck.stdout.close()

    assert content(database) == before
    started = time.monotonic()
    assert manage("catalog_sync", "reference") == "reference: unchanged (2,330 offers)\n"
    assert time.monotonic() - started < 60  # it did not wait for the dead one's lease to expire
    assert content(database) == before
    with sqlite3.connect(database) as connection:
        outcomes = [row[0] for row in connection.execute("SELECT outcome FROM catalog_sync ORDER BY id")]
    assert outcomes == ["stored", "failed", "unchanged"]
