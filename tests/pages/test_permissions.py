"""Every page to everyone: what a viewer may not see leaves no trace, in no word, count, header or difference."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from catalog.models import Catalog, Offer, Sync
from dashboard.urls import urlpatterns
from tests.once import built_once
from tests.pages import world
from tests.pages.world import SEES, WORDS, browser_of

pytestmark = pytest.mark.django_db

NOWHERE = 999_999_999
VIEWS = ("", "?lifecycle=retired", "?sort=-input&per=250", "?prompt=50000", "?as_of=2026-01-01", "?page=99", "?q=zzz")
COSTS = ("", "?preset=chat&lifecycle=retired", "?per=250&excluded=1", "?as_of=2026-01-01", "?q=zzz", "?n=x")
ASKING = (
    "?catalog={0}",
    "?provider={0}-maker",
    "?q={0}",
    "?q={0}&lifecycle=retired",
    "?catalog=openfield,{0}",
)
"""Queries that name a catalog's word, so that the answer may repeat it."""
ASKED = ("/", "/costs/", "/export/offers.csv", "/audit/", "/export/audit.csv")
"""What takes such queries."""
TWO = tuple(f"{page}?c=openfield&c={{0}}" for page in ("/compare/catalogs/", "/export/matrix.csv"))

FAMILIES = (
    "all/alike",
    *(f"{word}-maker/{word}" for word in WORDS),
    *(f"cohere/{word}-old" for word in WORDS),
    "no/such",
)
MODELS = ("", "?preset=chat&as_of=2026-01-01")
CHANGES = ("", "?kind=retired", "?q=zzz", "?page=9", "?preset=chat", "?family=all/alike")
AUDIT = ("", "?tab=dismissed", "?tab=stale&sort=model", "?as_of=2026-01-01", "?q=zzz", "?page=9")
MATRIX = ("", "?tab=unmatched", "?measure=cost", "?sort=model&per=250", "?as_of=2026-01-01", "?q=zzz")

ADDRESSES = {
    "": ["/" + query for query in VIEWS],
    "offers/<int:pk>/": [f"/offers/{NOWHERE}/"],  # and all that there are: `offers()`
    "offers/<int:pk>/model/": [f"/offers/{NOWHERE}/model/"],  # and all that there are: `offers()`
    "models/<family:slug>/": [f"/models/{slug}/{query}" for slug in FAMILIES for query in MODELS],
    "costs/": ["/costs/" + query for query in COSTS],
    "costs/usage/": ["/costs/usage/"],
    "costs/saved/": ["/costs/saved/"],
    "costs/saved/save/": ["/costs/saved/save/"],
    "costs/saved/<int:pk>/<slug:change>/": ["/costs/saved/1/rename/", f"/costs/saved/{NOWHERE}/delete/"],
    "export/costs.<slug:ending>": [f"/export/costs.{ending}?preset=chat" for ending in ("csv", "xlsx", "exe")],
    "export/matrix.<slug:ending>": [
        *(f"/export/matrix.{ending}" for ending in ("csv", "md")),
        "/export/matrix.json?tab=unmatched",
    ],
    "export/compare.<slug:ending>": ["/export/compare.md", "/export/compare.csv?o=999999999&o=999999998"],
    "export/changes.<slug:ending>": [f"/export/changes.{ending}" for ending in ("csv", "json")],
    "export/offers.<slug:ending>": [
        *(f"/export/offers.{ending}{query}" for ending in ("csv", "xlsx", "json", "md") for query in VIEWS[:3]),
        *("/export/offers.csv" + query for query in VIEWS[3:]),
        "/export/offers.exe",
    ],
    "export/audit.<slug:ending>": [
        "/export/audit.csv",
        "/export/audit.json?tab=dismissed",
        "/export/audit.md?tab=stale",
    ],
    "export/models/<family:slug>/offers.<slug:ending>": [f"/export/models/{slug}/offers.json" for slug in FAMILIES],
    "compare/catalogs/": ["/compare/catalogs/" + query for query in MATRIX],
    "changes/": [
        "/changes/" + query for query in ("", "?kind=retired", "?q=zzz", "?page=9", "?preset=chat", "?family=all/alike")
    ],
    "changes/feed/": ["/changes/feed/", "/changes/feed/?kind=new"],  # with a token: tests/pages/test_feed.py
    "changes/feed/address/": ["/changes/feed/address/"],
    "compare/": ["/compare/", "/compare/?add=0", "/compare/?o=999999999"],  # and pairs: `compared()`
    "views/": ["/views/", "/views/?from=/costs/%3Fq%3Dzzz", "/views/?from=/nowhere/"],
    "views/save/": ["/views/save/"],
    "views/<int:pk>/": ["/views/1/", f"/views/{NOWHERE}/"],  # and what they show: tests/pages/test_saved_views.py
    "views/<int:pk>/<slug:change>/": ["/views/1/rename/", f"/views/{NOWHERE}/default/"],
    "shares/": ["/shares/"],
    "shares/new/": ["/shares/new/", "/shares/new/?from=/%3Fq%3Dzzz", "/shares/new/?from=/nowhere/"],
    "shares/<int:pk>/<slug:change>/": ["/shares/1/edit/", f"/shares/{NOWHERE}/revoke/"],
    # and what they show: tests/pages/shares/test_rights.py
    "s/<str:token>/": ["/s/guessed/", "/s/guessed/?unit=1k"],
    "s/<str:token>/export.<slug:ending>": ["/s/guessed/export.csv"],
    "s/<str:token>/picture.png": ["/s/guessed/picture.png"],
    "audit/": ["/audit/" + query for query in AUDIT],
    "audit/dismiss/": ["/audit/dismiss/"],
    "audit/<int:pk>/undo/": ["/audit/1/undo/", f"/audit/{NOWHERE}/undo/"],
    "catalogs/": ["/catalogs/"],
    "catalogs/<slug:slug>/": [f"/catalogs/{word}/" for word in WORDS],
    "catalogs/<slug:slug>/syncs/<int:pk>/": [f"/catalogs/{word}/syncs/{NOWHERE}/" for word in WORDS],  # and `syncs()`
    "catalogs/<slug:slug>/sync/": ["/catalogs/nowhere/sync/"],
    "catalogs/<slug:slug>/remove/": ["/catalogs/nowhere/remove/"],
    "catalogs/<slug:slug>/syncs/<int:pk>/stop/": ["/catalogs/nowhere/syncs/1/stop/"],
    "catalogs/<slug:slug>/syncs/<int:pk>/<slug:decision>/": ["/catalogs/nowhere/syncs/1/approve/"],
    "catalogs/<slug:slug>/offers/<int:pk>/<slug:decision>/": ["/catalogs/nowhere/offers/1/accept/"],
    "syncs/": ["/syncs/"],
    "appearance/": ["/appearance/"],
    "sign-in/": ["/sign-in/", "/sign-in/?next=/offers/1/"],
    "sign-out/": ["/sign-out/"],
    "password/": ["/password/"],
    "password/changed/": ["/password/changed/"],
    "favicon.ico": ["/favicon.ico"],
    "healthz": ["/healthz"],
    "readyz": ["/readyz"],
    "admin/login/": ["/admin/login/", "/admin/login/?next=/admin/catalog/"],
    "admin/logout/": ["/admin/logout/"],
    "admin/password_change/": ["/admin/password_change/"],
    "admin/": ["/admin/"],  # and all below: `admin_addresses()`
}
"""Each route of dashboard/urls.py and what to ask of it."""

OPEN = {
    *("sign-in/", "sign-out/", "favicon.ico", "healthz", "readyz", "admin/login/", "admin/logout/"),
    *("s/<str:token>/", "s/<str:token>/export.<slug:ending>", "s/<str:token>/picture.png"),
}
"""The routes that a closed dashboard leaves open."""

PART = {"HX-Request": "true", "HX-Target": "results"}
ALL = [address for addresses in ADDRESSES.values() for address in addresses]


@pytest.fixture(scope="module", autouse=True)
def _world(django_db_setup, django_db_blocker):
    with built_once(django_db_blocker):
        world.build()
        yield


@pytest.fixture(autouse=True)
def _no_guesses_at_links():
    cache.clear()


def offers(*words: str) -> Iterator[str]:
    """The pages of two offers of each of these catalogs: a retired one and one on sale."""
    for word in words:
        for pk in Offer.objects.filter(catalog__slug=word).order_by("pk").values_list("pk", flat=True)[:2]:
            yield from (f"/offers/{pk}/", f"/offers/{pk}/?as_of=2026-01-01", f"/offers/{pk}/model/")


def syncs(*words: str) -> Iterator[str]:
    """The pages of all syncs of these catalogs, and of one of each as if it were another's."""
    for word in words:
        pks = list(Sync.objects.filter(catalog__slug=word).values_list("pk", flat=True))
        yield from (f"/catalogs/{word}/syncs/{pk}/" for pk in pks)
        yield f"/catalogs/openfield/syncs/{pks[0]}/"


def compared(*words: str) -> Iterator[str]:
    """Two offers of each of these catalogs side by side, then and now, and picked on the Offers page."""
    for word in words:
        first, second = Offer.objects.filter(catalog__slug=word).order_by("pk").values_list("pk", flat=True)[:2]
        yield from (f"{page}?o={first}&o={second}" for page in ("/compare/", "/"))
        yield f"/export/compare.json?o={first}&o={second}"
        yield f"/compare/?o={second}&o={first}&as_of=2026-01-01&differing=1&add={word[:3]}"


def admin_addresses() -> Iterator[str]:
    """Every page of the admin, for each model of one object."""
    yield from (reverse(f"admin:{name}") for name in ("index", "jsi18n", "autocomplete"))
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse("admin:app_list", args=[model._meta.app_label])
        yield from (reverse(f"{names}_{name}") for name in ("changelist", "add"))
        for pk in model._default_manager.values_list("pk", flat=True)[:1]:
            yield from (reverse(f"{names}_{name}", args=[pk]) for name in ("change", "history", "delete"))


def asked(addresses: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each address with the headers to ask it with: pages whole and as htmx asks, files as they are."""
    for address in addresses:
        yield from ((address, headers) for headers in ([{}] if address.startswith("/export/") else [{}, PART]))


def upkeep(who: str, address: str) -> set[str]:
    """What staff see on the Catalogs pages alone: the catalogs that are disabled."""
    return {"gonemoor"} if who == "manager" and "/catalogs/" in address else set()


def text_of(response: HttpResponse) -> str:
    """The body as text; of a spreadsheet, which is packed, all its parts."""
    body = response.getvalue()
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode() for name in sorted(parts.namelist()))


def seen(response: HttpResponse) -> tuple[int, dict[str, str], str]:
    """All that a client gets, but for the time of day and the random token in each form."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", text_of(response))
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, headers, body


def traces(response: HttpResponse, words: set[str]) -> set[str]:
    """Those of the words that occur anywhere in the response."""
    return named(words, seen(response), response.cookies)


def named(words: set[str], *told: object) -> set[str]:
    """Those of the words that occur anywhere in what was told."""
    everything = str(told).lower()
    return {word for word in words if word in everything}


def test_every_route_is_listed_here():
    routes = {str(route.pattern) for route in urlpatterns if isinstance(route, URLPattern | URLResolver)}
    assert routes == ADDRESSES.keys(), "list a new route in ADDRESSES, so that it is asked by everyone"


@pytest.mark.parametrize("who", SEES)
class TestOpenDashboard:
    def test_all_that_one_may_see_is_there(self, who):
        client = browser_of(who)
        assert traces(client.get("/?per=250"), set(WORDS)) == SEES[who]
        total = sum(WORDS.index(word) + 2 for word in SEES[who])
        assert f"<b>{total} offers</b>" in client.get("/").content.decode()
        for word in SEES[who]:
            assert {client.get(address, follow=True).status_code for address in offers(word)} == {200}

    def test_of_the_rest_no_word_and_every_answer_is_what_it_would_be_without_it(self, who, monkeypatch):
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)  # "next in 59 min" would become another between the two
        client = browser_of(who)
        hidden = set(WORDS) - SEES[who]
        for address, *_ in ADDRESSES.values():
            assert traces(client.head(address), hidden - upkeep(who, address)) == set(), address
        before = {}
        for address, headers in asked([*ALL, *offers(*WORDS), *syncs(*WORDS), *compared(*WORDS)]):
            response = client.get(address, headers=headers)
            answer = before[address, *headers] = seen(response)
            assert named(hidden - upkeep(who, address), answer, response.cookies) == set(), address
        naming = [
            query.format(word)
            for query in [*(page + query for page in ASKED for query in ASKING), *TWO]
            for word in hidden
        ]
        before |= {
            (address, *headers): seen(client.get(address, headers=headers)) for address, headers in asked(naming)
        }
        same = [address for address in ALL if "out" not in address and not upkeep(who, address)]
        same += [*naming, *offers(*SEES[who]), *compared(*SEES[who])]
        same += [] if who == "manager" else [*syncs(*WORDS)]
        Catalog.objects.exclude(slug__in=SEES[who]).delete()
        for address, headers in asked(same):
            assert seen(client.get(address, headers=headers)) == before[address, *headers], address

    @pytest.mark.parametrize("headers", [{}, PART, {"If-None-Match": '"x"'}])
    def test_an_offer_out_of_sight_answers_like_one_that_does_not_exist(self, who, headers):
        client = browser_of(who)
        nothing = seen(client.get(f"/offers/{NOWHERE}/", headers=headers))
        for address in offers(*(set(WORDS) - SEES[who])):
            assert seen(client.get(address, headers=headers)) == nothing

    @pytest.mark.parametrize("headers", [{}, PART])
    def test_so_does_one_that_is_picked(self, who, headers):
        client = browser_of(who)
        for address in compared(*(set(WORDS) - SEES[who])):
            without = re.sub(r"o=\d+", f"o={NOWHERE}", address, count=1)
            without = re.sub(r"&o=\d+", f"&o={NOWHERE - 1}", without)
            answers = []
            for own in (address, without):
                status, sent, body = seen(client.get(own, headers=headers))
                answers.append((status, re.sub(r"o(=|%3D)\d+", "o", body), "o=" in sent.get("HX-Push-Url", "")))
            assert answers[0] == answers[1], address


@pytest.mark.parametrize("who", [who for who in SEES if who != "manager"])
def test_the_admin_is_shut_to_all_but_staff(who):
    client = browser_of(who)
    for address in admin_addresses():
        response = client.get(address, follow=True)
        assert traces(response, set(WORDS) - SEES[who]) == set(), address
        shut = (
            response.redirect_chain[-1][0].startswith("/sign-in/")
            if who == "anonymous"
            else response.status_code == 403
        )
        assert shut, address


class TestClosedDashboard:
    @pytest.fixture(autouse=True)
    def _closed(self, settings):
        settings.PUBLIC_DASHBOARD = False

    @pytest.mark.parametrize("catalogs", ["some catalogs", "no catalog"])
    def test_strangers_sign_in_first_whatever_they_ask(self, client, catalogs):
        if catalogs == "no catalog":
            Catalog.objects.all().delete()
        for route, addresses in ADDRESSES.items():
            for address in [*addresses, *(offers(*WORDS) if "pk" in route else ())]:
                for ask in (client.get, client.head, client.post):
                    response = ask(address)
                    assert traces(response, {word for word in WORDS if word not in address}) == set()
                    assert (response.get("Location", "").startswith("/sign-in/?next=")) == (
                        route not in OPEN or (route == "admin/login/" and ask != client.post)
                    ), (ask, address)

    def test_signing_in_leads_back(self, client):
        assert client.get("/?q=a&sort=-input")["Location"] == "/sign-in/?next=/%3Fq%3Da%26sort%3D-input"
        assert client.post("/appearance/", {"theme": "dark"})["Location"] == "/sign-in/?next=/"
        assert "no-store" in client.get("/")["Cache-Control"]

    def test_htmx_leaves_the_page_instead_of_swapping_the_form_in(self, client):
        for ask in (client.get, client.post):
            response = ask("/?q=a", headers={**PART, "HX-Current-URL": "http://testserver/?sort=-input"})
            assert (response.status_code, response.content) == (200, b"")
            assert response["HX-Redirect"] == "/sign-in/?next=/%3Fsort%3D-input"
        elsewhere = client.get("/", headers={**PART, "HX-Current-URL": "https://example.com/"})
        assert elsewhere["HX-Redirect"] == "/sign-in/?next=/"

    def test_an_etag_of_before_does_not_open_it(self, client, settings):
        settings.PUBLIC_DASHBOARD = True
        etag = client.get("/")["ETag"]
        settings.PUBLIC_DASHBOARD = False
        assert client.get("/", headers={"If-None-Match": etag}).status_code == 302

    @pytest.mark.parametrize("who", [who for who in SEES if who != "anonymous"])
    def test_whoever_is_signed_in_sees_the_same_as_ever(self, who):
        assert traces(browser_of(who).get("/?per=250"), set(WORDS)) == SEES[who]
