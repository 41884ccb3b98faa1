"""How each catalog is, from its syncs: what a page says first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Catalog, Outcome
from catalog.services.status import Activity, State, statuses
from catalog.sources.errors import SourceRefused
from tests.make import catalog, failing_sync, record, row, sync

pytestmark = pytest.mark.django_db

FOUR = [record(ref) for ref in "abcd"]


def status(later=timedelta()):
    (found,) = statuses([Catalog.objects.get()], timezone.now() + later)
    return found


def test_what_is_listed_and_what_of_it_has_a_price():
    unknown = record("u", price_state="unknown", rates=(row(input=None, output=None),))
    free = record("f", price_state="free", rates=(row(input=0, output=0),))
    sync(catalog(), *FOUR, unknown, free, record("gone", lifecycle="deprecated"))
    assert (status().offers, status().priced) == (6, 5)


def test_a_failure_shows_until_a_sync_works():
    team = catalog()
    sync(team, *FOUR)
    failing_sync(team, SourceRefused("No."))
    assert (status().state, status().outcomes) == (State.FAILING, ["stored", "failed"])
    sync(team, *FOUR)
    assert (status().state, status().latest.outcome) == (State.FRESH, Outcome.UNCHANGED)


def test_a_held_sync_waits_through_failures_and_ends_with_the_next_that_reads():
    team = catalog()
    sync(team, *FOUR)
    waiting = sync(team, FOUR[0])
    failing_sync(team, SourceRefused("No."))
    assert (status().state, status().waiting) == (State.HELD, waiting)
    sync(team, *FOUR)
    assert (status().state, status().waiting) == (State.FRESH, None)


def test_a_due_catalog_waits_for_the_worker_for_two_minutes():
    sync(team := catalog(refresh_minutes=60), *FOUR)
    team.refresh_from_db()
    due = team.next_sync_at - timezone.now()
    seen = [status(due + timedelta(seconds=seconds)) for seconds in (-5, 5, 115, 125)]
    assert [found.activity for found in seen] == [Activity.NONE, Activity.WAITING, Activity.WAITING, Activity.NONE]
    assert [found.is_overdue for found in seen] == [False, False, False, True]


def test_a_kind_that_is_no_more_is_named_as_it_is():
    Catalog.objects.create(name="Old", slug="old", kind="of-yore")
    assert status().kind == "of-yore"
