"""A sync killed half-way leaves the old data whole, and another worker goes on."""

import json
import os
import signal

import pytest

# Syncs the reference catalog with every price a little dearer. Stops for good at the place that is named, and where
# another process is at it tries again.
SYNC = """
import dataclasses, msgspec, sys, time
import django
django.setup()
from catalog.models import Catalog
from catalog.sources.base import Fetched, OfferRecord
from catalog.sources.kinds import KINDS
from catalog.sources.reference import ReferenceSource
from catalog.sync.lease import Leased
from catalog.sync.run import sync_catalog

def reached(place):
    if place == sys.argv[1]:
        print(place, flush=True)
        time.sleep(60)

def dearer(record):
    rates = tuple(dataclasses.replace(row, input=(row.input or 0) * 3 + 1) for row in record.state.rates)
    return OfferRecord(record.ref, msgspec.structs.replace(record.state, rates=rates))

class Dearer(ReferenceSource):
    def fetch(self, door, now):
        reached("reading")
        return Fetched(tuple(map(dearer, super().fetch(door, now).offers)))

KINDS["reference"] = dataclasses.replace(KINDS["reference"], source="__main__.Dearer")
print("begun", flush=True)
while True:
    try:
        sync = sync_catalog(Catalog.objects.get(), on_progress=lambda done, total: reached("storing"))
        break
    except Leased as refused:
        print(refused, flush=True)
        time.sleep(0.1)
print(sync.outcome, sync.changed, flush=True)
"""


# Prints what syncs have stored.
LOOK = """
import hashlib, json
import django
django.setup()
from catalog.models import Catalog, Offer, Rate, Revision, Sync
rows = [list(model.objects.order_by("pk").values()) for model in (Offer, Revision, Rate)]
rows.append(list(Catalog.objects.order_by("pk").values("facets", "tier_floors", "version")))
print(json.dumps({
    "content": hashlib.sha256(repr(rows).encode()).hexdigest(),
    "offers": len(rows[0]),
    "revisions": len(rows[1]),
    "current": sum(row["valid_to"] is None for row in rows[1]),
    "outcomes": list(Sync.objects.order_by("pk").values_list("outcome", flat=True)),
}))
"""


def look(installation):
    return json.loads(installation.python(LOOK))


def begin(installation, place):
    """A worker at its sync; it has printed that it has begun."""
    worker = installation.start("-c", SYNC, place)
    assert worker.stdout.readline() == "begun\n"
    return worker


@pytest.mark.parametrize("place", ["reading", "storing"])
def test_one_of_two_workers_is_killed_in_the_middle_of_a_sync(installation, place):
    installation.manage("catalog_first_run", "--no-examples")
    killed = begin(installation, place)
    assert killed.stdout.readline() == f"{place}\n"
    other = begin(installation, "nowhere")
    if place == "reading":  # while it stores, the other one waits for the database
        assert other.stdout.readline() == "Reference is being synced already.\n"
    before = look(installation)
    assert (before["offers"], before["outcomes"]) == (2_330, ["stored", "running"])

    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    rest, _ = other.communicate(timeout=60)  # it does not wait for the dead one's lease to expire
    assert rest.splitlines()[-1] == "stored 2330"
    after = look(installation)
    assert after["outcomes"] == ["stored", "failed", "stored"]
    assert (after["offers"], after["current"]) == (2_330, 2_330)
    assert after["revisions"] == before["revisions"] + 2_330


def test_a_killed_sync_leaves_no_trace_but_its_own_record(installation):
    installation.manage("catalog_first_run", "--no-examples")
    before = look(installation)
    killed = begin(installation, "storing")
    assert killed.stdout.readline() == "storing\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert installation.manage("catalog_sync", "reference") == "reference: unchanged (2,330 offers)\n"
    after = look(installation)
    assert after["content"] == before["content"]
    assert after["outcomes"] == ["stored", "failed", "unchanged"]
