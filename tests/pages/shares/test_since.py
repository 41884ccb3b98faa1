"""What a pinned link tells of what has come since: counts and rows of what it shows, whatever the day."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Catalog
from tests.make import DOLLAR, record, row, sync
from tests.pages.shares.shared import PAGES, addresses, banner, everything_changes, rows, share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_two_catalogs")]
TEAMS, OTHERS = ("gpt-4.1 Team", "gpt-4 Team"), ("gpt-4.1 Other", "gpt-4o Other")
OF_MODEL = ("gpt-4.1 Team", "gpt-4.1 Other")
CHANGED = {"compare": OF_MODEL, "model": OF_MODEL, "changes": ()}
"""What `everything_changes` leaves different of what each page shows, where that is not all of it."""


@pytest.fixture
def tomorrow(monkeypatch):
    """Moves the clock a day ahead."""
    now = timezone.now
    return lambda: monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=1))


def since(client, path):
    """The offers that are listed as changed, and what is said of each."""
    section = client.get(f"{path}?since=1").content.decode().partition('id="since"')[2].partition("</section>")[0]
    found = {}
    for line in section.split("<tr>")[2:]:
        ref = re.search(r'<span class="id">([^<]*)<', line)[1]
        name = re.search(r'<span class="cat"[^>]*>([^<]*)<', line)[1]
        words = re.sub("<[^>]*>", " ", line.partition('<td class="wrap">')[2])
        found[f"{ref} {name}"] = " ".join(words.split())
    return found


def team():
    return Catalog.objects.get(slug="team")


@pytest.mark.parametrize("name", PAGES)
def test_the_banner_is_over_what_the_page_shows_and_nothing_else(dana, client, name):
    path = share(dana, addresses()[name])
    everything_changes()
    wanted = CHANGED.get(name, (*TEAMS, *OTHERS))
    assert set(since(client, path)) == set(wanted)
    # A price moved, an offer went, and one came whose price had moved before; contracts are no changes of a catalog.
    words = f"{len(wanted)} of these offers have changed since." if wanted else "4 changes came to be known since."
    assert words in banner(client, path)


def test_costs_tell_of_the_offers_that_they_rank(dana, client):
    """Those whose price for the workload's prompt passes: above 100,000 tokens one costs $10, below that $2."""
    base, dear = row(up_to=100_000), row(above=100_000, input=10 * DOLLAR)
    others = [record(name) for name in ("gpt-4o", "gpt-4")]
    sync(team(), record("gpt-4.1", rates=(base, dear)), *others)
    path = share(dana, "/costs/?min_in=5")
    assert [line["ref"] for line in rows(client, path)] == ["gpt-4.1"]
    sync(team(), record("gpt-4.1", rates=(base, row(above=100_000, input=11 * DOLLAR))), *others)
    assert since(client, path).keys() == {"gpt-4.1 Team"}


@pytest.mark.parametrize("end", [None, 64_000, 200_000])
def test_tiers_that_begin_elsewhere_are_told_of(dana, client, end):
    def sell(end, price):
        tiers = (row(input=price, up_to=end), row(above=end, input=10 * DOLLAR)) if end else (row(input=price),)
        sync(team(), record("gpt-4.1", rates=tiers), record("gpt-4o"), record("gpt-4"))

    sell(100_000, 2 * DOLLAR)
    path = share(dana, "/")
    sell(end, 2 * DOLLAR)
    assert since(client, path) == {"gpt-4.1 Team": "Prices in other modes or tiers"}
    sell(end, 3 * DOLLAR)
    assert since(client, path) == {"gpt-4.1 Team": "Input 2.00 → 3.00 ▲ +50% Prices in other modes or tiers"}


def test_changes_count_what_is_learned_on_later_days_too(dana, client, tomorrow):
    path = share(dana, "/changes/")
    ended = share(dana, f"/changes/?until={timezone.now().date() - timedelta(days=1)}")
    before = rows(client, path)
    assert "No changes came to be known since." in banner(client, path)
    tomorrow()
    sync(team(), record("gpt-4.1", rates=(row(input=5 * DOLLAR),)), record("gpt-4o"), record("gpt-4"))
    assert rows(client, path) == before
    assert "1 change came to be known since." in banner(client, path)
    assert 'href="/changes/?view=none">Live' in dana.get(path).content.decode()
    assert "No changes came to be known since." in banner(client, ended)


def test_changes_of_a_model_stay_on_the_next_day(dana, client, tomorrow):
    sync(team(), record("gpt-4.1"), record("gpt-4o", rates=(row(input=3 * DOLLAR),)), record("gpt-4"))
    asked = "/changes/?family=openai/gpt-4o"
    paths = [share(dana, asked), share(dana, f"{asked}&until={timezone.now().date()}")]
    before = [rows(client, path) for path in paths]
    assert all(before)
    everything_changes()
    tomorrow()
    assert [rows(client, path) for path in paths] == before


@pytest.mark.parametrize("address", ["/changes/?catalog=team", "/?catalog=team"])
def test_where_nothing_is_left_nothing_is_counted(dana, client, address):
    path = share(dana, address)
    everything_changes()
    Catalog.objects.filter(slug="team").update(enabled=False)
    assert "Nothing of this is left to be seen" in client.get(path).content.decode()
    assert "since" not in banner(client, path)
