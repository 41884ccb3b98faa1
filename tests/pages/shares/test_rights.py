"""Who may open a link, and what is left of it when its author may see less: rights are looked up each time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from catalog.models import Catalog, Offer, Share
from catalog.tasks import count_open
from tests.make import SECRET, catalog, credential
from tests.pages.shares.shared import everywhere, rows, share, shown
from tests.pages.test_permissions import seen
from tests.pages.world import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_world")]
ASKING = {
    "offers": "/?lifecycle=active&lifecycle=retired&per=250",
    "grouped": "/?group=model&col=family&col=catalog",
    "one catalog": "/?catalog=teamcove",
    "one provider": "/?provider=teamcove-maker",
    "costs": "/costs/?per=250&excluded=1",
    "matrix": "/compare/catalogs/?c=openfield&c=memberwood&c=teamcove",
    "model": "/models/all/alike/",
    "its own model": "/models/teamcove-maker/teamcove/",
    "changes": "/changes/",
    "its own changes": "/changes/?family=teamcove-maker/teamcove",
}
PICTURED = ("one catalog", "one provider", "matrix", "model", "its own model", "compare")
"""Whose first rows hold Teamcove."""
GONE = "Part of this is gone."
LEFT = "Nothing of this is left to be seen"


def links(who="member"):
    """Links to what a member sees, pinned and live."""
    client = browser_of(who)
    first, second = Offer.objects.filter(catalog__slug="teamcove").order_by("pk").values_list("pk", flat=True)[1:3]
    third = Offer.objects.filter(catalog__slug="openfield").order_by("pk").values_list("pk", flat=True)[1]
    asking = {**ASKING, "compare": f"/compare/?o={third}&o={first}", "beside": f"/costs/?base={first}&with={second}"}
    return {
        (name, live): share(client, address, title="A title", live=live)
        for name, address in asking.items()
        for live in ("", "1")
    }


def leaves_the_team():
    User.objects.get(username="member").groups.clear()


def becomes_private():
    """For a group that its author is not in."""
    Catalog.objects.get(slug="teamcove").groups.set([Group.objects.get(name="other")])


def is_disabled():
    Catalog.objects.filter(slug="teamcove").update(enabled=False)


@pytest.mark.parametrize("gone", [leaves_the_team, becomes_private, is_disabled])
def test_what_its_author_may_not_see_any_more_is_gone_without_a_trace(client, gone):
    paths = links()
    for path in paths.values():
        assert "teamcove" in " ".join(text for _, text in everywhere(client, path)).lower()
    pictures = {path: client.get(f"{path}picture.png").content for path in paths.values()}
    gone()
    for name, path in paths.items():
        for address, text in everywhere(client, path):
            assert "teamcove" not in text.lower(), (name, address)
        assert GONE in client.get(path).content.decode(), name
        if name[0] in PICTURED:
            assert client.get(f"{path}picture.png").content != pictures[path], name
    for live in ("", "1"):
        for name in ("one catalog", "one provider", "its own model", "its own changes", "compare"):
            assert LEFT in client.get(paths[name, live]).content.decode()
            assert client.get(f"{paths[name, live]}export.csv").status_code == 404
        assert "<b>5 offers</b> in 2 catalogs" in client.get(paths["grouped", live]).content.decode()


def test_a_catalog_that_is_narrowed_is_gone_though_its_author_is_staff(client):
    path = share(browser_of("manager"), "/?per=250")
    assert "openfield 1" in shown(client, path)
    Catalog.objects.filter(slug="openfield").update(visibility="members")
    assert "openfield" not in " ".join(text for _, text in everywhere(client, path))
    assert GONE in client.get(path).content.decode()
    Catalog.objects.filter(slug="openfield").update(visibility="public")
    assert "openfield 1" in shown(client, path)


def test_a_catalog_that_is_for_fewer_groups_is_gone_though_its_author_is_staff(client):
    teamcove = Catalog.objects.get(slug="teamcove")
    teamcove.groups.add(Group.objects.get(name="other"))
    path = share(browser_of("manager"), "/?per=250")
    teamcove.groups.add(Group.objects.create(name="third"))
    assert "teamcove" in shown(client, path)
    teamcove.groups.remove(Group.objects.get(name="other"))
    assert "teamcove" not in shown(client, path)
    Catalog.objects.filter(slug="teamcove").update(visibility="members")
    assert "teamcove" in shown(client, path)


def test_what_comes_to_be_seen_later_is_not_in_it(client):
    path = share(browser_of("outsider"), "/?per=250", live="1")
    User.objects.get(username="outsider").groups.add(Group.objects.get(name="team"))
    catalog("Afterwards")
    assert "teamcove" not in shown(client, path)
    assert {row["catalog"] for row in rows(client, path)} == {"Openfield", "Memberwood"}


def test_links_lead_on_only_for_who_may_see_all_of_it():
    path = share(browser_of("member"), "/?q=1")
    for who, leads in (("anonymous", False), ("outsider", False), ("member", True), ("manager", True)):
        page = browser_of(who).get(path).content.decode()
        assert ('href="/offers/' in page) == leads, who
        assert ('href="/?q=1">Live' in page) == leads, who


def test_secrets_are_in_none_of_it(client):
    key = credential("Its label")
    Catalog.objects.update(base_url="https://inside.example/v1", organization="org-12345", credential=key)
    for path in links().values():
        everything = " ".join(text for _, text in everywhere(client, path))
        for secret in (SECRET, "inside.example", "org-12345", "Its label"):
            assert secret not in everything


class TestTokens:
    def test_what_opens_nothing_looks_alike(self, client):
        member = browser_of("member")
        paths = [share(member, "/") for _ in range(4)]
        expired, revoked, shut = (Share.objects.get(token=path.split("/")[2]) for path in paths[:3])
        now = timezone.now()
        Share.objects.filter(pk=expired.pk).update(created_at=now - timedelta(2), expires_at=now - timedelta(1))
        member.post(f"/shares/{revoked.pk}/revoke/")
        Share.objects.filter(pk=shut.pk).update(owner=User.objects.create(username="left", is_active=False))
        nothing = [*paths[:3], "/s/guessed/", "/s/%00/", "/s/gr%C3%B6%C3%9Fe/", "/s/" + "x" * 5_000 + "/"]
        for tail in ("", "picture.png", "export.csv", "?unit=1k"):
            answers = [seen(client.get(path + tail)) for path in nothing]
            assert answers[0][0] == 404
            assert all(answer == answers[0] for answer in answers)
            cache.clear()
        assert client.get(paths[3]).status_code == 200

    def test_a_link_for_members_asks_to_sign_in_and_leads_back(self, client):
        path = share(browser_of("member"), "/", audience="members")
        for tail in ("", "export.csv", "picture.png"):
            answer = client.get(path + tail)
            assert answer["Location"] == f"/sign-in/?next={path}{tail}"
            assert "no-store" in answer["Cache-Control"]
        assert "memberwood" in shown(browser_of("outsider"), path)

    @pytest.mark.parametrize("public", [True, False])
    def test_one_for_anyone_opens_whether_or_not_the_dashboard_is_public(self, client, settings, public):
        settings.PUBLIC_DASHBOARD = public
        path = share(browser_of("member"), "/")
        assert "teamcove" in shown(client, path)
        assert client.get(f"{path}picture.png").status_code == 200
        assert client.get(f"{path}export.csv").getvalue()

    def test_tokens_are_long_and_no_two_are_alike(self):
        tokens = {share(browser_of("member"), "/") for _ in range(3)}
        assert len(tokens) == 3
        assert min(map(len, tokens)) >= len("/s//") + 128 / 6


class TestMyLinks:
    def test_they_are_listed_edited_and_revoked(self, client):
        member = browser_of("member")
        path = share(member, "/?q=1", title="Mine")
        pk = Share.objects.get().pk
        page = member.get("/shares/").content.decode()
        assert f'value="http://testserver{path}"' in page
        assert "Not opened yet." in page
        edited = {"title": "Ours", "note": "Look.", "audience": "members", "lasts": "1"}
        assert member.post(f"/shares/{pk}/edit/", edited)["Location"] == f"/shares/#share-{pk}"
        found = Share.objects.get()
        assert (found.title, found.note, found.audience) == ("Ours", "Look.", "members")
        assert found.expires_at - timezone.now() < timedelta(days=1)
        member.post(f"/shares/{pk}/edit/", {**edited, "title": ""})
        assert "This field cannot be blank" in member.get("/shares/").content.decode()
        member.post(f"/shares/{pk}/revoke/")
        assert "revoked" in member.get("/shares/").content.decode()
        assert member.get(path).status_code == 404

    def test_others_neither_see_nor_change_them_but_staff_do(self):
        share(browser_of("member"), "/", title="Mine alone")
        pk = Share.objects.get().pk
        outsider, manager = browser_of("outsider"), browser_of("manager")
        assert "Mine alone" not in outsider.get("/shares/").content.decode()
        for change in ("edit", "revoke"):
            assert outsider.post(f"/shares/{pk}/{change}/").status_code == 404
        assert "By member." in manager.get("/shares/").content.decode()
        manager.post(f"/shares/{pk}/revoke/")
        assert Share.objects.get().revoked_at

    def test_visits_are_counted_once_each(self, client):
        path = share(browser_of("member"), "/")
        HUEY.flush()
        first = client.get(path)
        client.get(path)
        client.get(f"{path}?sort=input")
        shown(Client(), path)
        Client().head(path)
        Client().get(f"{path}export.csv").getvalue()
        del client.cookies["opened"]
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
        client.get(path)
        while task := HUEY.dequeue():
            assert task.name == "count_open"
            count_open.call_local(*task.args)
        found = Share.objects.get()
        assert found.opens == 2
        assert found.last_opened_at
        assert "Opened 2 times" in browser_of("member").get("/shares/").content.decode()
