"""Catalogs in the admin: set up by kind, tried, synced, switched on and off."""

from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from huey.contrib.djhuey import HUEY
from huey.storage import MemoryStorage

from catalog.models import Catalog, Offer, Outcome, Sync
from catalog.sources.base import Fetched, Skip
from catalog.sources.errors import SourceRefused
from catalog.sources.kind import Kind, Option, Scheme, Type
from catalog.sources.kinds import KINDS
from catalog.sync.tasks import sync_one
from tests.make import DOLLAR, SECRET, FixedSource, catalog, credential, record, row, sync
from tests.meanwhile import synced_before_it_is_saved
from tests.serve import Answer, Script, serving

pytestmark = pytest.mark.django_db
ADD = "/admin/catalog/catalog/add/"
LIST = "/admin/catalog/catalog/"
ANSWER = (Path(__file__).parents[1] / "sources/answers/freddy.json").read_bytes()


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """A queue of background work of this test's own."""
    monkeypatch.setattr(HUEY, "storage", MemoryStorage("tests"))
    return HUEY


@pytest.fixture
def asking(monkeypatch):
    """A kind that asks one of everything."""
    options = (
        Option("wide", "Wide", Type.FLAG),
        Option("most", "Most", Type.NUMBER),
        Option("ids", "Ids", Type.LIST, "Ids to read."),
        Option("since", "Since", Type.MOMENT),
        Option("sort", "Sort", choices=("up", "down")),
        Option("word", "Word"),
    )
    schemes = (Scheme.BEARER,)
    kind = Kind("asking", "Asking", "tests.make.FixedSource", schemes=schemes, options=options, least_minutes=5)
    monkeypatch.setitem(KINDS, "asking", kind)


def page_of(made: Catalog, name: str = "change") -> str:
    return reverse(f"admin:catalog_catalog_{name}", args=[made.pk])


def form(**fields):
    base = {"name": "Team", "slug": "", "enabled": "on", "refresh_minutes": "60", "visibility": "members"}
    return base | fields


def text_of(response) -> str:
    return response.content.decode()


def staff(client, *codenames: str) -> None:
    """Sign in as a member of staff with these permissions alone."""
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)


# Adding


def test_adding_asks_the_kind_first(admin_client):
    text = text_of(admin_client.get(ADD))
    assert KINDS["freddy"].about in text
    assert 'href="?kind=freddy"' in text
    assert '<button class="button" name="kind" value="reference">Add</button>' in text
    assert 'value="freddy"' not in text


def test_a_kind_that_does_not_exist_leads_to_those_that_do(admin_client):
    assert 'href="?kind=freddy"' in text_of(admin_client.get(f"{ADD}?kind=nope"))


def test_a_public_kind_is_added_with_one_click(admin_client):
    response = admin_client.post(f"{ADD}preset/", {"kind": "reference"}, follow=True)
    made = Catalog.objects.get()
    assert response.redirect_chain == [(page_of(made), 302)]
    assert "Reference prices was added. The worker reads it within a minute." in text_of(response)
    assert (made.name, made.slug, made.kind) == ("Reference prices", "reference-prices", "reference")
    assert (made.visibility, made.refresh_minutes, made.enabled) == ("public", 24 * 60, True)
    assert LogEntry.objects.get().object_repr == "Reference prices"
    text = text_of(admin_client.get(ADD))
    assert 'value="reference"' not in text
    assert f'There is one: <a href="{page_of(made)}">Reference prices</a>' in text


def test_a_second_click_adds_no_second_one(admin_client):
    for _ in range(2):
        response = admin_client.post(f"{ADD}preset/", {"kind": "reference"}, follow=True)
    assert "Reference prices was not added: Catalog with this Name already exists." in text_of(response)
    assert Catalog.objects.count() == 1


@pytest.mark.parametrize("kind", ["freddy", "nope", ""])
def test_only_public_kinds_are_added_with_one_click(admin_client, kind):
    assert admin_client.post(f"{ADD}preset/", {"kind": kind}).headers["Location"] == ADD
    assert not Catalog.objects.exists()


def test_the_form_asks_what_the_kind_needs_and_nothing_else(admin_client):
    freddy, reference = (text_of(admin_client.get(f"{ADD}?kind={kind}")) for kind in ("freddy", "reference"))
    asked = ("base_url", "organization", "credential", "option_global")
    assert [f'name="{name}"' in freddy for name in asked] == [True] * 4
    assert [f'name="{name}"' in reference for name in asked] == [False] * 4
    assert 'placeholder="https://api.freddy.aitronos.com"' in freddy
    assert 'name="refresh_minutes" value="1440"' in reference


def test_a_catalog_with_a_credential_is_for_members_unless_said_otherwise(admin_client):
    freddy, reference = (text_of(admin_client.get(f"{ADD}?kind={kind}")) for kind in ("freddy", "reference"))
    assert '<option value="members" selected>' in freddy
    assert '<option value="public" selected>' in reference


def test_a_freddy_catalog_is_added(admin_client):
    fields = form(organization="org_abc123", credential=str(credential().pk), base_url="http://proxy:4000/freddy")
    response = admin_client.post(f"{ADD}?kind=freddy", fields, follow=True)
    made = Catalog.objects.get()
    assert "Team was added. The worker reads it within a minute." in text_of(response)
    assert (made.slug, made.kind, made.organization) == ("team", "freddy", "org_abc123")
    assert (made.base_url, made.options, made.credential.label) == ("http://proxy:4000/freddy", {}, "Team key")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"organization": ""}, "Freddy organization needs the organization&#x27;s id."),
        ({"organization": "../org_2"}, "letters, digits, “_”, “-”, “.” and “:” alone"),
        ({"credential": ""}, "This field is required."),
        ({"base_url": "ftp://freddy.example"}, "A base URL begins with https:// or http://"),
        ({"base_url": "freddy.example"}, "A base URL begins with https:// or http://"),
        ({"base_url": "https://"}, "A base URL begins with https:// or http://"),
        ({"base_url": "https://host:port"}, "A base URL begins with https:// or http://"),
        ({"base_url": "https://me:pass@freddy.example"}, "holds no user and no password"),
        ({"base_url": "https://freddy.example/?key=1"}, "ends before “?” and “#”"),
        ({"refresh_minutes": "59"}, "Freddy organization wants at least 60 min between two reads."),
        ({"refresh_minutes": "10000000000000"}, "525,600 min, a year, are the most between two reads."),
        ({"visibility": "groups"}, "Choose at least one group, or another visibility."),
        ({"slug": "not a slug"}, "Enter a valid “slug”"),
    ],
)
def test_a_mistake_is_said_at_its_field(admin_client, fields, sentence):
    given = form(organization="org_1", credential=str(credential().pk)) | fields
    response = admin_client.post(f"{ADD}?kind=freddy", given)
    assert sentence in text_of(response)
    assert text_of(response).count('class="errorlist"') == 1
    assert not Catalog.objects.exists()


def test_saving_a_form_leaves_what_a_sync_stored_meanwhile(admin_client):
    made = catalog()
    with synced_before_it_is_saved() as stored:
        admin_client.post(page_of(made), form(name="Renamed", visibility="public"))
    assert Catalog.objects.values(*stored).get() == stored
    assert Catalog.objects.get().name == "Renamed"


def test_all_of_freddy_needs_no_organization(admin_client):
    admin_client.post(f"{ADD}?kind=freddy", form(credential=str(credential().pk), option_global="on"))
    assert Catalog.objects.get().options == {"global": True}


def test_only_credentials_that_the_kind_can_send_are_offered(admin_client, asking):
    credential("Bearer key")
    credential("Header key", scheme="x-api-key")
    text = text_of(admin_client.get(f"{ADD}?kind=asking"))
    assert "Bearer key" in text
    assert "Header key" not in text


@pytest.mark.usefixtures("asking")
def test_options_are_read_as_their_types_and_shown_again(admin_client):
    url = {"base_url": "https://api.example.com"}
    given = {"wide": "on", "most": "20", "ids": "a, b\nc", "since": "2025-06-01", "sort": "down", "word": "x"}
    fields = form(**url, **{f"option_{name}": value for name, value in given.items()})
    admin_client.post(f"{ADD}?kind=asking", fields)
    made = Catalog.objects.get()
    wanted = {"wide": True, "most": 20, "ids": ["a", "b", "c"], "since": "2025-06-01", "sort": "down", "word": "x"}
    assert made.options == wanted
    text = text_of(admin_client.get(page_of(made)))
    assert '<option value="down" selected>' in text
    assert "a\nb\nc</textarea>" in text
    admin_client.post(page_of(made), fields | {"option_most": "", "option_ids": "c"})
    assert Catalog.objects.get().options == {**{k: v for k, v in wanted.items() if k != "most"}, "ids": ["c"]}
    assert LogEntry.objects.first().get_change_message() == "Changed Slug, Most and Ids."


@pytest.mark.usefixtures("asking")
def test_an_option_that_is_not_understood_is_said_at_its_field(admin_client):
    given = form(base_url="https://api.example.com", option_since="yesterday", option_most="-1")
    text = text_of(admin_client.post(f"{ADD}?kind=asking", given))
    assert "“yesterday” is not a moment such as 2025-06-01T00:00:00Z." in text
    assert "greater than or equal to 1" in text
    assert text.count('class="errorlist"') == 2


@pytest.mark.usefixtures("asking")
def test_a_kind_without_a_usual_address_needs_one(admin_client):
    assert "This field is required." in text_of(admin_client.post(f"{ADD}?kind=asking", form()))


def test_groups_see_what_is_for_them(admin_client):
    group = Group.objects.create(name="ML")
    admin_client.post(f"{ADD}?kind=reference", form(visibility="groups", groups=[str(group.pk)]))
    assert list(Catalog.objects.get().groups.all()) == [group]


def test_a_catalog_of_a_kind_that_is_gone_can_be_looked_at_and_deleted(admin_client):
    made = catalog(kind="gone")
    assert "gone (unknown)" in text_of(admin_client.get(page_of(made)))
    assert "There is no kind “gone”" in text_of(admin_client.post(page_of(made), form()))
    assert "does not know the kind “gone”" in text_of(admin_client.post(page_of(made, "check")))
    admin_client.post(page_of(made, "delete"), {"post": "yes"})
    assert not Catalog.objects.exists()


def test_who_may_not_change_credentials_cannot_send_a_key_elsewhere(client):
    key = credential()
    made = catalog(kind="freddy", organization="org_1", credential=key)
    staff(client, "change_catalog", "add_catalog")
    fields = form(organization="org_1", credential=str(key.pk))
    sentence = "Where a key is sent is decided by those who may change credentials"
    assert sentence in text_of(client.post(page_of(made), fields | {"base_url": "https://elsewhere.example"}))
    assert sentence in text_of(client.post(f"{ADD}?kind=freddy", fields | {"name": "Other"}))
    assert client.post(page_of(made), fields | {"name": "Renamed"}).status_code == 302
    assert (Catalog.objects.get().name, Catalog.objects.get().base_url) == ("Renamed", "")


# Trying it


def test_a_test_reads_over_the_network_and_stores_nothing(admin_client):
    server = Script(Answer(ANSWER))
    with serving(server) as url:
        made = catalog(kind="freddy", base_url=url, organization="org_abc123", credential=credential())
        text = text_of(admin_client.post(page_of(made, "check")))
    (request,) = server.requests
    assert request.path == "/v1/organizations/org_abc123/models"
    assert request.headers["Authorization"] == f"Bearer {SECRET}"
    assert "It answers with 6 models; 3 rows would be skipped. A sync would add 6." in text
    assert "The price -3 is negative." in text
    assert "claude-3-5-sonnet" in text
    assert SECRET not in text
    assert (Offer.objects.count(), Sync.objects.count()) == (0, 0)
    assert Catalog.objects.get().read_at is None


def test_a_test_says_what_is_wrong(admin_client):
    with serving(Script(Answer(b"<html>"))) as url:
        made = catalog(kind="freddy", base_url=url, organization="org_abc123", credential=credential())
        text = text_of(admin_client.post(page_of(made, "check")))
    assert '<li class="error"' in text
    assert "JSON" in text
    assert SECRET not in text


def test_a_test_says_what_a_sync_would_do(admin_client):
    made = catalog()
    names = "abcdefghij"
    sync(made, *[record(name) for name in names])
    kept = [record(name) for name in names[3:]]
    tenfold, dearer = record("b", rates=(row(input=20 * DOLLAR),)), record("c", rates=(row(input=3 * DOLLAR),))
    FixedSource.answer = Fetched((tenfold, dearer, *kept, record("new")), (Skip("row 9", "It has no id."),))
    text = text_of(admin_client.post(page_of(made, "check")))
    assert "It answers with 10 models; 1 row would be skipped." in text
    assert "A sync would add 1, change 1 and retire 1, and hold back 1 offer." in text
    assert "The input price went from" in text
    FixedSource.answer = Fetched((record("a"),))
    text = text_of(admin_client.post(page_of(made, "check")))
    assert '<li class="warning"' in text
    assert "9 of 10 offers are gone, more than 20%. A sync would be held back until a person has looked." in text
    assert Offer.objects.count() == 10


def test_a_test_shows_the_first_rows_of_many(admin_client):
    made = catalog()
    FixedSource.answer = Fetched(tuple(record(f"model-{number}") for number in range(45)))
    text = text_of(admin_client.post(page_of(made, "check")))
    assert "Added: 45" in text
    assert "and 25 more" in text
    assert "model-19" in text
    assert "model-20" not in text


def test_a_source_that_breaks_breaks_no_page(admin_client, monkeypatch):
    def fetch(self, door, now):
        raise ZeroDivisionError

    monkeypatch.setattr(FixedSource, "fetch", fetch)
    response = admin_client.post(page_of(catalog(), "check"))
    assert response.status_code == 200
    assert "Ratecard itself failed; its log has the details." in text_of(response)


def test_a_refused_key_is_said(admin_client):
    made = catalog()
    FixedSource.answer = SourceRefused("The key was refused.")
    assert "The key was refused." in text_of(admin_client.post(page_of(made, "check")))


# Syncing it, on and off


def test_sync_now_is_left_to_the_worker_which_does_it(admin_client, queue):
    made = catalog()
    response = admin_client.post(page_of(made, "sync"), follow=True)
    assert response.redirect_chain == [(page_of(made), 302)]
    assert "The worker syncs now: Team. The result will be under Syncs." in text_of(response)
    assert LogEntry.objects.get().get_change_message() == "Sync asked for."
    assert not Sync.objects.exists()
    FixedSource.answer = Fetched((record("a"),))
    task = queue.dequeue()
    assert task.name == "sync_one"
    sync_one.call_local(*task.args)  # as the worker does, but on this test's connection
    assert Sync.objects.get().outcome == Outcome.STORED


def test_several_are_synced_enabled_and_disabled_from_the_list(admin_client, queue):
    made = [catalog("One"), catalog("Two"), catalog("Off", enabled=False)]
    ticked = {"_selected_action": [str(one.pk) for one in made]}
    text = text_of(admin_client.post(LIST, {"action": "sync_now", **ticked}, follow=True))
    assert queue.pending_count() == 2
    assert "The worker syncs now: One, Two." in text
    assert "Not synced, since disabled: Off. Enable first." in text
    text = text_of(admin_client.post(LIST, {"action": "disable", **ticked}, follow=True))
    assert "Now disabled: One, Two." in text
    assert not Catalog.objects.filter(enabled=True).exists()
    text = text_of(admin_client.post(LIST, {"action": "disable", **ticked}, follow=True))
    assert "They were disabled already." in text
    admin_client.post(LIST, {"action": "enable", **ticked})
    assert Catalog.objects.filter(enabled=True).count() == 3
    said = [entry.get_change_message() for entry in LogEntry.objects.filter(object_repr="One").order_by("pk")]
    assert said == ["Sync asked for.", "Disabled.", "Enabled."]


@pytest.mark.parametrize("name", ["check", "sync"])
def test_a_get_does_nothing(admin_client, queue, name):
    made = catalog()
    assert admin_client.get(page_of(made, name)).headers["Location"] == page_of(made)
    assert queue.pending_count() == 0


@pytest.mark.parametrize("path", [f"{ADD}preset/", "check", "sync"])
def test_posts_need_their_token(admin_user, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    made = catalog()
    assert client.post(path if "/" in path else page_of(made, path), {"kind": "reference"}).status_code == 403


def test_the_buttons_are_forms_that_need_no_script(admin_client):
    made = catalog()
    text = text_of(admin_client.get(page_of(made)))
    for name in ("check", "sync"):
        assert f'<form method="post" action="{page_of(made, name)}">' in text


# Who may


@pytest.mark.parametrize("who", ["anonymous", "member", "staff", "looker"])
def test_others_can_neither_add_nor_try_nor_sync(client, queue, who):
    made = catalog()
    if who == "member":
        client.force_login(User.objects.create_user("member"))
    if who in ("staff", "looker"):
        staff(client, *(["view_catalog"] if who == "looker" else []))
    refused = 403 if who in ("staff", "looker") else 302
    for path in (ADD, f"{ADD}?kind=freddy", f"{ADD}preset/", page_of(made, "check"), page_of(made, "sync")):
        assert client.post(path, {"kind": "reference"}).status_code == refused, path
    assert client.get(ADD).status_code == refused
    ticked = {"action": "disable", "_selected_action": [str(made.pk)]}
    client.post(LIST, ticked)
    made.refresh_from_db()
    assert (Catalog.objects.count(), made.enabled, queue.pending_count()) == (1, True, 0)


@pytest.mark.usefixtures("asking")
def test_one_who_may_only_look_sees_the_set_up_without_buttons(client):
    made = catalog(kind="asking", options={"word": "hello"})
    staff(client, "view_catalog")
    text = text_of(client.get(page_of(made)))
    assert "hello" in text
    assert "Sync now" not in text
    assert "Test connection" not in text
