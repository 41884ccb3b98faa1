"""Links that share a view: a pinned one shows the same for ever, whatever happens; a live one what is true now."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from catalog.models import Catalog, Share
from catalog.pricing.presets import PRESETS, Preset
from catalog.pricing.workload import Workload
from catalog.services.terms import terms_withdraw
from tests.make import contract, record, sync
from tests.pages.shares.shared import PAGES, PART, addresses, banner, everything_changes, rows, share, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_two_catalogs")]


@pytest.mark.parametrize("name", PAGES)
def test_a_pinned_link_shows_the_same_whatever_happens(dana, client, name):
    path = share(dana, addresses()[name])
    before, picture = shown(client, path), client.get(f"{path}picture.png").content
    table = rows(client, path)
    everything_changes()
    assert shown(client, path) == before
    assert client.get(f"{path}picture.png").content == picture
    assert table
    assert rows(client, path) == table


@pytest.mark.parametrize("name", PAGES)
def test_a_live_one_shows_what_is_true_now(dana, client, name):
    address = addresses()[name]
    path = share(dana, address, live="1")
    before = rows(client, path)
    everything_changes()
    page, _, query = address.partition("?")
    page = {"/": "offers", "/compare/catalogs/": "matrix"}.get(page, page.strip("/"))
    page += "/offers" if name == "model" else ""
    now = dana.get(f"/export/{page}.json?{query}")
    assert rows(client, path) != before
    assert rows(client, path) == json.loads(now.getvalue())["rows"]


def test_the_banner_counts_what_has_changed_and_lists_it(dana, client):
    path = share(dana, "/?q=gpt")
    assert "None of these has changed since." in banner(client, path)
    everything_changes()
    # gpt-4.1 moved, gpt-4 is retired, and both of Other's are sold under a contract.
    assert "4 of these offers have changed since." in banner(client, path)
    page = client.get(f"{path}?since=1").content.decode()
    assert '<span class="muted">2.00</span> → 5.00' in page
    assert '<span class="muted">active</span> → retired' in page
    assert page.count('<span class="muted">3.00</span> → 1.50') == 2
    assert "gpt-4.1-mini" not in page


def test_terms_that_end_count_too(dana, client):
    made = contract(Catalog.objects.get(slug="other"), change=-5_000)
    path = share(dana, "/?catalog=other")
    sync(Catalog.objects.get(slug="other"), record("gpt-4.1"), record("gpt-4o"))
    assert "1.50" in shown(client, path)
    terms_withdraw([made.pk], None)
    assert "1.50" in shown(client, path)
    assert "2 of these offers have changed since." in banner(client, path)


def test_a_picture_is_drawn_anew_as_terms_begin_and_as_its_author_is_called_otherwise(dana, client, monkeypatch):
    now = timezone.now()
    contract(Catalog.objects.get(slug="other"), change=-5_000, first_day=now.date() + timedelta(days=1))
    path = share(dana, "/?catalog=other", live="1")
    first = client.get(f"{path}picture.png")
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=1))
    second = client.get(f"{path}picture.png")
    assert second.content != first.content
    page = client.get(path)
    User.objects.filter(username="dana").update(first_name="Dana", last_name="Summers")
    assert client.get(f"{path}picture.png").content != second.content
    again = client.get(path, headers={"If-None-Match": page["ETag"]})
    assert "shared by Dana Summers" in again.content.decode()


def test_a_link_to_a_day_in_the_past_stays_with_what_was_known(dana, client):
    path = share(dana, "/?as_of=2026-01-01")
    before = shown(client, path)
    everything_changes()
    assert shown(client, path) == before
    assert "Prices as of 1 January 2026" in banner(client, path)


def figures(client, path):
    """The rows without what the workload is called."""
    return [{name: value for name, value in row.items() if name != "section"} for row in rows(client, path)]


def test_a_preset_that_changes_changes_nothing(dana, client, monkeypatch):
    pages = ("/costs/", "/?preset=coding", addresses()["compare"])
    paths = [share(dana, address) for address in pages]
    before = [figures(client, path) for path in paths]
    other = Preset("Coding agent", "Another one.", Workload(requests=1, prompt=1, output=1))
    monkeypatch.setitem(PRESETS, "coding", other)
    assert [figures(client, path) for path in paths] == before


def test_a_visitor_sorts_turns_pages_and_takes_another_unit(dana, client):
    path = share(dana, "/?sort=-input&per=25")
    page = client.get(path).content.decode()
    assert f'href="{path}?sort=' in page
    assert f'href="{path}?per=100"' in page
    by_input = [row["input"] for row in rows(client, path)]
    assert by_input == sorted(by_input, reverse=True)
    answer = client.get(f"{path}?sort=input&unit=1k", headers=PART)
    assert set(answer["HX-Push-Url"].removeprefix(f"{path}?").split("&")) == {"sort=input", "unit=1k"}
    assert "0.002" in answer.content.decode()
    assert client.get(f"{path}?sort=input").content != client.get(path).content
    assert shown(client, path, "?q=gpt-4o&catalog=other&as_of=2020-01-01&lifecycle=retired") == shown(client, path)


def test_a_catalog_that_is_called_otherwise_is_still_the_one(dana, client):
    paths = [share(dana, address) for address in ("/?catalog=other", addresses()["matrix"])]
    before = [len(rows(client, path)) for path in paths]
    Catalog.objects.filter(slug="other").update(slug="another", name="Another")
    assert [len(rows(client, path)) for path in paths] == before
    assert "Another" in shown(client, paths[0])


def test_files_name_the_link_and_hold_what_it_shows(dana, client):
    path = share(dana, "/?q=gpt-4o")
    everything_changes()
    told = json.loads(client.get(f"{path}export.json?sort=-input").getvalue())
    assert told["link"] == f"http://testserver{path}?sort=-input"
    assert told["as_of"] == Share.objects.get().pinned_at.isoformat().replace("+00:00", "Z")
    assert [row["input"] for row in told["rows"]] == [3, 2]
    assert client.get(f"{path}export.exe").status_code == 404


def test_it_is_kept_by_browsers_until_something_changes(dana, client):
    path = share(dana, "/")
    first = client.get(path)
    assert "private" in first["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    sync(Catalog.objects.get(slug="other"), record("gpt-4.1"), record("gpt-4o"))
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_chats_and_search_engines_are_told(dana, client):
    path = share(dana, "/", title="Two & three", note="Look at this.")
    answer = client.get(path)
    page = answer.content.decode()
    assert '<meta property="og:title" content="Two &amp; three">' in page
    assert '<meta property="og:description" content="Look at this.">' in page
    assert f'<meta property="og:image" content="http://testserver{path}picture.png">' in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client.get(f"{path}picture.png")["Content-Type"] == "image/png"


def test_nothing_on_it_does_anything(dana, client):
    for address in addresses().values():
        page = client.get(share(dana, address)).content.decode()
        for control in ("<form", "<select", "<textarea", "checkbox", 'type="submit"', "csrfmiddlewaretoken"):
            assert control not in page, address


def test_who_is_signed_out_signs_in_before_sharing():
    stranger = Client()
    page = stranger.get("/?q=gpt").content.decode()
    assert 'href="/shares/new/?from=/%3Fq%3Dgpt"' in page
    there = stranger.get("/shares/new/?from=/%3Fq%3Dgpt")["Location"]
    assert there == "/sign-in/?next=/shares/new/%3Ffrom%3D/%253Fq%253Dgpt"


def test_what_cannot_be_shared_is_not(dana):
    for address in ("", "/nowhere/", "/catalogs/", "/models/no/such/", "https://example.com/"):
        assert dana.get("/shares/new/", {"from": address}).status_code == 404
    right = {"from": "/", "title": "A", "lasts": "7", "audience": "link"}
    assert "This field cannot be blank" in dana.post("/shares/new/", {**right, "title": " "}).content.decode()
    for address in ("/compare/", "/compare/?o=1", "/compare/catalogs/?c=team"):
        assert "a comparison takes two" in dana.post("/shares/new/", {**right, "from": address}).content.decode()
    assert "Choose how long" in dana.post("/shares/new/", {**right, "lasts": "2"}).content.decode()
    assert "not a valid choice" in dana.post("/shares/new/", {**right, "audience": "all"}).content.decode()
    Catalog.objects.update(enabled=False)
    assert "no catalog that you may see" in dana.post("/shares/new/", right).content.decode()
    assert not Share.objects.exists()


@pytest.mark.parametrize("offers", [1, 50])
def test_queries_of_a_link_are_as_many_whatever_it_shows(dana, client, django_assert_num_queries, offers):
    sync(Catalog.objects.get(slug="other"), *(record(f"gpt-{number}") for number in range(offers)), approve=True)
    path = share(dana, "/?catalog=other")
    etag = client.get(path)["ETag"]
    # The link and its author, their catalogs, terms of then, the visitor's catalogs; facets, rows.
    with django_assert_num_queries(6):
        assert client.get(f"{path}?unit=1k").status_code == 200
    with django_assert_num_queries(4):
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_so_are_those_of_my_links(dana, django_assert_num_queries):
    for count in (1, 10):
        for _ in range(count):
            share(dana, "/")
        with django_assert_num_queries(4):  # session, user, catalogs, links
            assert dana.get("/shares/").status_code == 200
