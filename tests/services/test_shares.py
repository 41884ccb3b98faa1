"""What a pinned link keeps hold of: its moment stands in one order with all that is written around it."""

from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import QueryDict

from catalog.models import Revision, Share
from catalog.services.shares import share_create, shown_by
from catalog.sync.moment import pinned, writing
from dashboard.forms.asked import read_offers
from tests.make import DOLLAR, FixedSource, catalog, record, row, stored_at, sync


def share(owner, catalogs=("team",), *, pin=True):
    return share_create(owner=owner, page="offers", query="", catalogs=catalogs, title="Mine", audience="link", pin=pin)


def prices(made):
    """What the link shows."""
    data = QueryDict(f"as_of={made.pinned_at.isoformat().replace('+00:00', 'Z')}")
    return sorted(read_offers(data, shown_by(made).then).offers.rates().values_list("ref", "input"))


@pytest.mark.django_db
def test_a_sync_that_is_under_way_changes_nothing_of_what_is_pinned_meanwhile(monkeypatch):
    dana, team = User.objects.create_user("dana"), catalog()
    sync(team, record("a"))
    fetch = FixedSource.fetch

    def fetch_slowly(self, door, now):
        share(dana)
        return fetch(self, door, now)

    monkeypatch.setattr(FixedSource, "fetch", fetch_slowly)
    done = sync(team, record("a", rates=(row(input=3 * DOLLAR),)), record("b"))
    made = Share.objects.get()
    assert done.started_at < made.pinned_at < stored_at(done)
    assert prices(made) == [("a", 2 * DOLLAR)]
    assert shown_by(made).then[0].read_at < done.started_at


@pytest.mark.django_db
def test_a_link_out_of_no_catalog_that_its_author_sees_is_refused():
    dana = User.objects.create_user("dana")
    catalog()
    catalog("Hidden", visibility="groups")
    for slugs in ((), ("hidden",), ("nowhere",)):
        with pytest.raises(ValidationError, match="none of its catalogs"):
            share(dana, slugs)
    assert not Share.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="its tests share one connection, and it has one writer anyway"
)
def test_a_moment_waits_for_those_who_write_and_a_live_link_for_nobody():
    dana = User.objects.create_user("dana")
    catalog()
    stamps, began, may_end = {}, Event(), Event()

    def write():
        with transaction.atomic():
            stamps["written"] = writing()
            began.set()
            may_end.wait(10)
        connection.close()

    def pin():
        began.wait(10)
        with transaction.atomic():
            stamps["pinned"] = pinned()
        connection.close()

    def share_live():
        began.wait(10)
        share(dana, pin=False)
        connection.close()

    threads = [Thread(target=write), Thread(target=pin), Thread(target=share_live)]
    for thread in threads:
        thread.start()
    began.wait(10)
    threads[2].join(5)
    threads[1].join(0.5)
    assert "pinned" not in stamps
    assert Share.objects.filter(pinned_at=None).exists()
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert stamps["written"] < stamps["pinned"]
    assert not Revision.objects.exists()
