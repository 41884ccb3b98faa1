"""Saved views on the pages: saved, opened, chosen as what a page opens with, and who gets to know what of them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.models import Offer, SavedView
from catalog.services.saved_views import default_for_all_set, default_set, view_save, view_share
from tests.make import catalog, record, sync
from tests.pages import world
from tests.pages.test_permissions import seen, traces
from tests.pages.world import browser_of

pytestmark = pytest.mark.django_db

MENU = {"HX-Request": "true", "HX-Target": "views"}
PART = {"HX-Request": "true", "HX-Target": "results"}
LEFT_OUT = "The saved view holds more, which is no longer there or not yours to see."


@pytest.fixture
def people():
    sync(catalog(), *(record(f"m{number}") for number in range(3)))
    sync(catalog("Other"), record("m1"))
    return [User.objects.create_user(name) for name in ("dana", "robin")]


@pytest.fixture
def dana(people):
    return browser_of("dana")


def save(client, address, name="Cheap", **fields):
    return client.post("/views/save/", {"from": address, "name": name, **fields})


def kept(name="Cheap"):
    return SavedView.objects.get(name=name)


@pytest.mark.parametrize(
    ("address", "query"),
    [
        (
            "/?q=m&page=2&sort=-output&unit=1k&col=output&col=input&preset=chat&o={0}&max_in=&foo=1",
            "preset=chat&q=m&unit=1k&col=input&col=output&sort=-output",
        ),
        ("/costs/?n=7&tin=10&tout=1&q=m&base={0}&excluded=1", "n=7&tin=10&tout=1&q=m&excluded=1&base={0}"),
        ("/compare/?o={0}&o={1}&unit=1k&add=m", "o={0}&o={1}&unit=1k"),
        ("/compare/catalogs/?c=team&c=other&gap=other&tab=only:team", "c=team&c=other&gap=other&tab=only:team"),
        ("/changes/?kind=new&q=m&page=1&preset=chat", "q=m&kind=new&preset=chat"),
    ],
)
def test_what_each_page_shows_is_kept_and_comes_back(dana, address, query):
    first, second = Offer.objects.order_by("pk").values_list("pk", flat=True)[:2]
    address, query = (text.format(first, second) for text in (address, query))
    save(dana, address)
    there = dana.get(f"/views/{kept().pk}/")["Location"]
    assert there == f"{address.partition('?')[0]}?{kept().query}"
    shown = dana.get(there)
    assert shown.status_code == 200  # the address is the page's own, or it would lead on
    assert "ignored" not in shown.content.decode()
    assert sorted(kept().query.split("&")) == sorted(query.split("&"))


def test_a_bare_address_leads_to_the_default_and_the_plain_page_has_its_own(dana):
    save(dana, "/?q=m1", default="1")
    assert dana.get("/")["Location"] == "/?q=m1"
    assert dana.get("/", headers={**PART, "HX-Boosted": "true"})["Location"] == "/?q=m1"
    plain = dana.get("/?view=none").content.decode()
    assert "<b>4 offers</b>" in plain
    assert "ignored" not in plain
    filtered = dana.get("/?q=m2").content.decode()
    assert 'class="chip" href="/?view=none"' in filtered
    assert '<a class="btn" href="/?view=none">Clear all filters' in dana.get("/?q=none").content.decode()
    assert dana.get("/?q=&unit=1m", headers=PART)["HX-Push-Url"] == "/?view=none"
    assert dana.get("/?q=&unit=1m")["Location"] == "/?view=none"
    assert dana.get("/costs/").status_code == 200
    assert Client().get("/").status_code == 200


def test_who_has_no_default_has_bare_addresses(dana):
    assert dana.get("/").status_code == 200
    assert dana.get("/?view=none")["Location"] == "/"
    for asked in ("/?q=&unit=1m", "/?view=none"):
        assert dana.get(asked, headers=PART)["HX-Push-Url"] == "/"
    anonymous = Client().get("/?q=m1").content.decode()
    assert 'class="chip" href="/"' in anonymous
    assert "view=none" not in anonymous


def test_the_plain_page_can_be_a_default_too(people, dana):
    User.objects.filter(username="robin").update(is_staff=True)
    robin = User.objects.get(username="robin")
    theirs = view_save(owner=robin, page="offers", name="Theirs", query="q=m1", sharing="members")
    default_for_all_set(robin, theirs)
    assert dana.get("/")["Location"] == "/?q=m1"
    save(dana, "/", "Plain", default="1")
    assert dana.get("/")["Location"] == "/?view=none"
    assert dana.get("/?view=none").status_code == 200


def test_an_etag_of_before_does_not_hide_a_default(people, dana):
    before = dana.get("/")["ETag"]
    view = view_save(owner=people[0], page="offers", name="Mine", query="q=m1", default=True)
    assert dana.get("/", headers={"If-None-Match": before}).status_code == 302
    plain = dana.get("/?view=none")["ETag"]
    assert dana.get("/?view=none", headers={"If-None-Match": plain}).status_code == 304
    dana.post(f"/views/{view.pk}/no-default/")
    assert dana.get("/", headers={"If-None-Match": before}).status_code == 304
    assert dana.get("/?view=none", headers={"If-None-Match": plain})["Location"] == "/"


def test_the_default_costs_one_query_at_the_bare_address_alone(people, client, django_assert_num_queries):
    client.get("/")
    member = browser_of("dana")
    for asks, address, queries in ((client, "/", 2), (member, "/", 5), (member, "/?unit=1k", 4)):
        with django_assert_num_queries(queries):  # session, user, the default; catalogs, rows
            assert asks.get(address).status_code == 200


def test_what_another_s_view_holds_cannot_be_guessed(people, dana):
    save(dana, "/?q=m1", **{"with": "members"})
    here = {**MENU, "HX-Current-URL": "http://testserver/?q=m1"}
    shown = [client.get("/views/", headers=here).content.decode() for client in (dana, browser_of("robin"))]
    assert ["<span>Cheap</span>" in menu for menu in shown] == [True, True]
    assert ['aria-current="true"' in menu for menu in shown] == [True, False]


def test_the_menu_is_of_the_address_that_the_browser_shows(dana):
    save(dana, "/?q=m1")
    here = {**MENU, "HX-Current-URL": "http://testserver/?q=m1&page=2"}
    menu = dana.get("/views/", headers=here).content.decode()
    assert "<html" not in menu
    assert f'<a href="/views/{kept().pk}/" aria-current="true"><span>Cheap</span>' in menu
    assert 'name="from" value="/?q=m1&amp;page=2"' in menu
    again = dana.post("/views/save/", {"from": "/?q=m2", "name": "Cheap"}, headers=here).content.decode()
    assert "Another view of yours has this name on this page already." in again
    assert 'value="Cheap"' in again
    told = dana.post(f"/views/{kept().pk}/update/", {"from": "/?q=m2"}, headers=here).content.decode()
    assert "“Cheap” holds what is shown now." in told
    assert kept().query == "q=m2"


def test_its_owner_renames_shares_and_deletes_it(dana):
    save(dana, "/costs/?q=m1")
    pk = kept().pk
    for change, fields, told in (
        ("rename", {"name": "Best"}, "It is called “Best” now."),
        ("rename", {"name": "x" * 61}, "at most 60 characters"),
        ("share", {"with": "members"}, "“Best” is for everyone who is signed in."),
        ("share", {"with": "team:Others"}, "Choose one of your teams."),
        ("default", {}, "Workload costs opens with “Best” for you."),
        ("no-default", {}, "Workload costs opens without “Best”."),
        ("delete", {}, "“Best” is deleted."),
    ):
        response = dana.post(f"/views/{pk}/{change}/", {"from": "/costs/?q=m1", **fields})
        assert response["Location"] == "/views/?from=/costs/%3Fq%3Dm1"
        assert told in dana.get(response["Location"]).content.decode()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("shared", [True, False])
def test_nobody_else_can_change_it_and_a_private_one_is_like_one_that_does_not_exist(people, dana, shared):
    save(dana, "/?q=m1")
    view = kept()
    if shared:
        view_share(view, "members")
    robin = browser_of("robin")
    for change in ("update", "rename", "share", "delete", "for-all", "not-for-all", "nonsense"):
        assert robin.post(f"/views/{view.pk}/{change}/", {"name": "Mine", "from": "/"}).status_code == 404
    there, nowhere = (seen(robin.get(f"/views/{pk}/")) for pk in (view.pk, 999_999))
    assert (there == nowhere) is not shared
    for address, headers in (
        ("/views/", {}),
        ("/views/?from=/", {}),
        ("/views/", {**MENU, "HX-Current-URL": "http://testserver/"}),
    ):
        assert ("Cheap" in robin.get(address, headers=headers).content.decode()) is shared
    assert robin.post(f"/views/{view.pk}/default/").status_code == (302 if shared else 404)
    assert robin.get("/").status_code == (302 if shared else 200)
    assert kept().query == "q=m1"


def test_what_is_no_address_of_a_page_is_not_kept(dana):
    for nowhere in ("", "/nowhere/", "/catalogs/", "//example.com/", "https://example.com/"):
        assert save(dana, nowhere).status_code == 404
        assert dana.get("/views/", {"from": nowhere}).status_code == 200
    save(dana, "/")
    assert dana.get(f"/views/{kept().pk}/?at=//example.com/")["Location"] == "/?view=none"
    assert dana.post(f"/views/{kept().pk}/update/", {"from": "/costs/"}).status_code == 404
    SavedView.objects.update(page="gone")
    assert dana.get(f"/views/{kept().pk}/").status_code == 404
    assert "A page that is no more" in dana.get("/views/").content.decode()


def test_what_a_page_no_longer_knows_is_left_out_and_said(people, dana):
    view = view_save(owner=people[0], page="offers", name="Old", query="col=input&col=colour&q=m1&hue=red&mode=lunar")
    there = dana.get(f"/views/{view.pk}/")["Location"]
    assert there == "/?q=m1&col=input&view=part"
    assert LEFT_OUT in dana.get(there).content.decode()
    assert "“x” is no view." in dana.get("/?view=x").content.decode()


def test_who_is_not_signed_in_keeps_none(people, dana):
    save(dana, "/?q=m1")
    stranger = Client()
    assert "views-menu" not in stranger.get("/").content.decode()
    assert stranger.get(f"/views/{kept().pk}/")["Location"] == f"/sign-in/?next=/views/{kept().pk}/"
    for response in (save(stranger, "/", "Mine"), stranger.post(f"/views/{kept().pk}/delete/")):
        assert response["Location"] == "/sign-in/?next=/views/"
    menu = stranger.get("/views/", headers={**MENU, "HX-Current-URL": "http://testserver/?q=a"})
    assert menu["HX-Redirect"] == "/sign-in/?next=/%3Fq%3Da"
    assert SavedView.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people[0])
    assert save(strict, "/", "Mine").status_code == 403


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_as_many_queries_whatever_is_in_it(people, dana, number, django_assert_num_queries):
    for i in range(number):
        for owner in people:
            view = view_save(owner=owner, page="offers", name=f"v{i}", query="q=m1", sharing="members")
            default_set(people[0], view)
    with django_assert_num_queries(6):  # session, user, views, defaults, teams; catalogs
        assert dana.get("/views/?from=/").content.decode().count("everyone signed in") == 2 * number
    with django_assert_num_queries(5):
        dana.get("/views/", headers={**MENU, "HX-Current-URL": "http://testserver/"})


def test_of_a_hidden_catalog_a_shared_view_tells_nothing_but_that_something_is_left_out():
    world.build()
    owner = User.objects.get(username="member of both")
    hidden = {"teamcove", "otherisle"}
    ids = Offer.objects.filter(catalog__slug="otherisle").values_list("pk", flat=True)[:2]
    picked = "&".join(f"o={pk}" for pk in ids)
    queries = {
        "offers": "catalog=otherisle&catalog=openfield&provider=teamcove-maker&mode=otherisle&preset=chat",
        "costs": f"preset=chat&mode=otherisle&catalog=otherisle&base={ids[0]}&with={ids[1]}",
        "compare": f"{picked}&mode=otherisle",
        "catalog-matrix": "c=openfield&c=otherisle&gap=otherisle&tab=only:otherisle&sort=in:otherisle",
        "changes": "catalog=otherisle&provider=teamcove-maker&mode=otherisle&preset=chat",
    }
    reader, everyone = browser_of("outsider"), User.objects.get(username="outsider")
    for page, query in queries.items():
        view = view_save(owner=owner, page=page, name=page, query=query, sharing="members")
        default_set(everyone, view)
        response = reader.get(f"/views/{view.pk}/")
        path = response["Location"].partition("?")[0]
        shown = reader.get(response["Location"])
        menu = reader.get("/views/", headers={**MENU, "HX-Current-URL": f"http://testserver{path}"})
        for answer in (response, shown, menu, reader.get("/views/"), reader.get(path)):
            assert traces(answer, hidden) == set(), page
        assert LEFT_OUT in shown.content.decode()
        assert not any(str(pk) in response["Location"] for pk in ids)
        assert reader.get(path)["Location"] == response["Location"]
