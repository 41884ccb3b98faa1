"""The Atom feed of changes, and the private address that opens it for one person."""

import logging
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from catalog.models import Catalog, Change, FeedToken
from catalog.sources.base import OfferRecord, PastState
from catalog.sync.changes import rebuild_changes
from tests.make import DOLLAR, catalog, record, row, state, sync

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
OTHERS = [record(ref) for ref in "bcdefghij"]
JUNE = datetime(2025, 6, 10, tzinfo=UTC)
UGLY = "<b>\x07 & “o3”\ufffe"


@pytest.fixture
def team():
    made = catalog()
    past = PastState(None, state("o3", rates=(row(input=10 * DOLLAR, output=40 * DOLLAR),)))
    sync(made, *OTHERS, OfferRecord("o3", state("o3"), since=JUNE, past=(past,)))
    sync(made, *OTHERS, record("o3"), record("ugly", name=UGLY))
    return made


def parsed(response):
    return ET.fromstring(response.content)  # noqa: S314 (of our own making)


def read(client, query="", **options):
    response = client.get(f"/changes/feed/{query}", **options)
    assert response.status_code == 200
    return parsed(response)


def titles(feed):
    return [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")]


def private(client, query=""):
    """The path of a new private address."""
    page = client.post(f"/changes/feed/address/{query}", {"do": "make"}).content.decode()
    address = re.search(r'id="private" readonly value="([^"]*)"', page)[1].replace("&amp;", "&")
    split = urlsplit(address)
    assert split.netloc == "testserver"
    return f"{split.path}?{split.query}"


def member(name="member", **fields):
    client = Client()
    client.force_login(User.objects.create_user(name, **fields))
    return client


@pytest.mark.usefixtures("team")
class TestAtom:
    def test_what_rfc_4287_requires(self, client):
        response = client.get("/changes/feed/")
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = parsed(response)
        assert feed.tag == f"{ATOM}feed"
        for node in [feed, *feed.iter(f"{ATOM}entry")]:
            for name in ("id", "title", "updated"):
                (found,) = node.findall(f"{ATOM}{name}")
                assert found.text
            assert datetime.fromisoformat(node.find(f"{ATOM}updated").text).tzinfo
            assert re.match("(tag|http):", node.find(f"{ATOM}id").text)
        assert feed.find(f"{ATOM}author/{ATOM}name").text
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links == {"alternate": "http://testserver/changes/", "self": "http://testserver/changes/feed/"}
        ids = [entry.find(f"{ATOM}id").text for entry in feed.iter(f"{ATOM}entry")]
        assert len(ids) == len(set(ids)) == 3
        for entry in feed.iter(f"{ATOM}entry"):
            href = entry.find(f"{ATOM}link").get("href")
            assert client.get(href.removeprefix("http://testserver")).status_code == 200

    def test_what_was_learned_last_comes_first(self, client):
        assert titles(read(client)) == [
            "<b>� & “o3”� in Team: new",
            "Team: first reading, 10 offers",
            "o3 in Team: price down",
        ]

    def test_words_are_escaped_as_html_within_xml(self, client):
        summary = read(client, "?kind=new").find(f"{ATOM}entry/{ATOM}summary")
        assert summary.get("type") == "html"
        assert summary.text.startswith("<p>Input: 2.00 US dollars per 1M tokens.</p><p>Output: 8.00")
        (down,) = read(client, "?kind=down").iter(f"{ATOM}entry")
        assert "<p>Input: 10.00 → 2.00, −80% US dollars per 1M tokens.</p>" in down.find(f"{ATOM}summary").text
        assert down.find(f"{ATOM}published").text.startswith("2025-06-10T00:00:00")

    def test_filters_of_the_page(self, client):
        assert titles(read(client, "?kind=down&kind=new&q=o3&page=3")) == [
            "<b>� & “o3”� in Team: new",
            "o3 in Team: price down",
        ]
        assert titles(read(client, "?until=2025-12-31")) == ["o3 in Team: price down"]
        assert titles(read(client, "?kind=lifecycle")) == []
        assert titles(read(client, "?kind=bogus")) == titles(read(client))

    def test_ids_outlive_a_rebuild(self, client, team):
        before = [node.text for node in read(client).iter(f"{ATOM}id")]
        team.refresh_from_db()
        rebuild_changes(team)
        assert [node.text for node in read(client).iter(f"{ATOM}id")] == before

    def test_the_newest_hundred(self, client, team):
        sync(team, *OTHERS, record("o3"), *(record(f"m{i}") for i in range(150)))
        assert len(titles(read(client))) == 100

    def test_304_for_a_reader_without_cookies(self, client, team, django_assert_num_queries):
        first = client.get("/changes/feed/")
        assert not first.cookies
        with django_assert_num_queries(1):
            again = client.get("/changes/feed/", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        with django_assert_num_queries(2):  # catalogs, changes
            assert client.get("/changes/feed/").content == first.content
        sync(team, *OTHERS, record("o3", rates=(row(input=DOLLAR),)), record("ugly", name=UGLY))
        assert client.get("/changes/feed/", headers={"If-None-Match": first["ETag"]}).status_code == 200

    def test_the_page_names_it(self, client):
        page = client.get("/changes/?kind=down").content.decode()
        assert (
            '<link rel="alternate" type="application/atom+xml" title="Changes" href="/changes/feed/?kind=down">' in page
        )


class TestPrivateAddress:
    @pytest.fixture(autouse=True)
    def _catalogs(self, team):
        inner = catalog("Inner", visibility="groups")
        inner.groups.set([Group.objects.create(name="team")])
        sync(inner, record("secret"))
        sync(inner, record("secret"), record("secret-2"))

    def test_it_sees_what_its_owner_may_see_then(self, client):
        owner = member()
        address = private(owner)
        assert not any("secret" in title for title in titles(read(client)))
        query = address.removeprefix("/changes/feed/")
        assert not any("secret" in title for title in titles(read(client, query)))
        user = User.objects.get(username="member")
        user.groups.set([Group.objects.get()])
        assert "secret-2 in Inner: new" in titles(read(client, query))
        user.groups.clear()
        assert not any("secret" in title for title in titles(read(client, query)))

    def test_it_stands_for_its_owner_whoever_is_signed_in(self):
        query = private(member()).removeprefix("/changes/feed/")
        assert not any("secret" in title for title in titles(read(member("boss", is_staff=True), query)))

    def test_the_digest_alone_is_kept(self):
        token = private(member()).partition("token=")[2]
        assert len(token) >= 43  # 256 bits
        kept = FeedToken.objects.get()
        assert token not in (kept.digest, str(kept))
        assert len(kept.digest) == 64

    def test_renewed_revoked_or_of_someone_gone_it_is_an_address_that_does_not_exist(self, client):
        owner = member()
        first = private(owner)
        second = private(owner)
        nothing = client.get("/changes/feed/?token=nobody").content
        assert client.get("/changes/feed/?token=").status_code == 404
        assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
        assert client.get(first).content == nothing
        User.objects.update(is_active=False)
        assert client.get(second).content == nothing
        User.objects.update(is_active=True)
        assert owner.post("/changes/feed/address/", {"do": "revoke"}).status_code == 303
        assert client.get(second).content == nothing
        assert not FeedToken.objects.exists()

    def test_it_opens_a_closed_dashboard_s_feed_and_nothing_else(self, client, settings):
        settings.PUBLIC_DASHBOARD = False
        address = private(member())
        assert "o3 in Team: price down" in titles(parsed(client.get(address)))
        assert client.get(address.replace("feed/", "")).status_code == 302
        assert client.get("/changes/feed/")["Location"].startswith("/sign-in/")
        assert client.get("/changes/feed/?token=x").status_code == 404

    def test_the_token_leaves_no_trace(self, client, caplog):
        caplog.set_level(logging.DEBUG)
        address = private(member(), "?kind=new")
        token = address.partition("token=")[2]
        response = client.get(address)
        assert token not in response.content.decode()
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "private, no-cache"
        User.objects.all().delete()
        assert client.get(address).status_code == 404
        assert token not in caplog.text

    def test_it_is_shown_once_and_never_stored_by_browsers(self):
        owner = member()
        made = owner.post("/changes/feed/address/?kind=new", {"do": "make"})
        assert "no-store" in made["Cache-Control"]
        assert "kind=new&amp;token=" in made.content.decode()
        again = owner.get("/changes/feed/address/").content.decode()
        assert "token=" not in again.replace("“token=”", "")
        assert "You have a private address since" in again

    def test_asking_is_not_making(self, client):
        owner = member()
        owner.get("/changes/feed/address/?do=make")
        assert not FeedToken.objects.exists()
        for ask in (client.get, client.post):
            assert ask("/changes/feed/address/", {"do": "make"})["Location"].startswith("/sign-in/")
        assert not FeedToken.objects.exists()

    def test_a_form_that_asks_for_neither_changes_nothing(self, client):
        owner = member()
        address = private(owner)
        assert owner.post("/changes/feed/address/").status_code == 400
        assert client.get(address).status_code == 200

    def test_a_forged_form_makes_none(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(User.objects.create_user("dana"))
        assert strict.post("/changes/feed/address/", {"do": "make"}).status_code == 403

    def test_posts_are_refused(self, client):
        assert client.post("/changes/feed/").status_code == 405


def test_a_feed_of_nothing_is_valid(client):
    feed = read(client)
    assert feed.find(f"{ATOM}updated").text == "1970-01-01T00:00:00+00:00"
    assert not Change.objects.exists()
    assert not Catalog.objects.exists()
