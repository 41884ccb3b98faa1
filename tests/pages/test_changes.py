"""The Changes page: days, filters, counts, pages, the effect on costs, and who sees what."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace

from catalog.models import Catalog, Change, Offer
from catalog.pricing.rates import PriceState
from catalog.sources.base import Lifecycle, OfferRecord, PastState
from dashboard.formats import move_text
from tests.make import DOLLAR, catalog, record, row, state, sync
from tests.pages.test_offers import Table, names, text

pytestmark = pytest.mark.django_db
OTHERS = [record(ref) for ref in "bcdefghij"]
JUNE = datetime(2025, 6, 10, tzinfo=UTC)


def o3():
    past = PastState(None, state("o3", rates=(row(input=10 * DOLLAR, output=40 * DOLLAR),)))
    return OfferRecord("o3", state("o3"), since=JUNE, past=(past,))


def rows(client, query=""):
    return Table(client.get(f"/changes/{query}").content.decode()).rows


@pytest.fixture
def team():
    made = catalog()
    sync(made, *OTHERS, o3())
    return made


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (100, 336, "+236%"),
        (1000, 941, "−5.9%"),
        (100, 399, "+299%"),
        (100, 400, "×4.0"),
        (100, 1_800, "×18"),
        (10_000, 9_999, "−0.01%"),
        (100, 0, "−100%"),
        (1_000, 1_099.6, "+10%"),
    ],
)
def test_moves_in_words(old, new, said):
    assert move_text(old, new) == said


@pytest.mark.usefixtures("team")
class TestDays:
    def test_a_dated_past_on_its_day_and_the_first_reading_on_its_own(self, client):
        today = timezone.now()
        found = rows(client)
        assert found[0] == [f"{today:%A} {today.day} {today:%B} 1 first read"]
        learned = f"{Change.objects.get(offer=None).recorded_at:%H:%M}"
        assert found[1] == ["10 offers Team", "Team", f"found when this catalog was first read, {learned}"]
        assert found[2] == ["Tuesday 10 June 2025 ▼ 1 down"]
        prices = ["10.00", "2.00", "▼ −80%", "40.00", "8.00", "▼ −80%"]
        day = f"{today.day} {today:%b %Y}"
        assert found[3] == ["o3 o3 Team · OpenAI", "Team", *prices, day, ""]

    def test_within_a_day_what_was_learned_last_comes_first(self, client, team):
        sync(team, *OTHERS, o3(), record("a-first"))
        sync(team, *OTHERS, o3(), record("a-first"), record("z-second"))
        learned = Change.objects.get(ref="z-second").recorded_at
        found = rows(client, "?kind=new")
        assert [cells[0].split()[0] for cells in found[1:]] == ["z-second", "a-first"]
        assert found[1][-2] == f"{learned:%H:%M}"

    def test_the_offers_of_a_first_reading_can_be_reached(self, client, team):
        sync(team, *OTHERS, o3(), record("later"))
        href = re.search(r'class="name" href="([^"]*)">10 offers', client.get("/changes/").content.decode())[1]
        page = client.get(href.replace("&amp;", "&"))
        assert (page.status_code, len(names(page))) == (200, 10)

    def test_one_may_not_be_told_from_unknown_in_percent(self, client, team):
        sync(team, *OTHERS[1:], record("b", rates=(row(input=None, output=None),), price_state="unknown"), o3())
        sync(team, *OTHERS[1:], record("b", rates=(row(input=0, output=0),), price_state=PriceState.FREE), o3())
        sync(team, *OTHERS, o3())
        assert [cells[2:8] for cells in rows(client, "?q=openai")[1:4]] == [
            ["free", "2.00", "▲ was 0", "free", "8.00", "▲ was 0"],
            ["—", "free", "", "—", "free", ""],
            ["2.00", "—", "", "8.00", "—", ""],
        ]

    def test_what_has_no_column_is_told_in_words(self, client, team):
        changed = replace(
            state("b", rates=(row(cache_read=DOLLAR, request=5_000_000), row(mode="batch"))),
            context_tokens=1_000_000,
            lifecycle=Lifecycle.DEPRECATED,
        )
        sync(team, OfferRecord("b", changed), *OTHERS[1:], o3())
        told = rows(client, "?kind=limits")[1][-1]
        assert told.startswith("Lifecycle active → deprecated Context 128K → 1M Cache read — → 1.00")
        assert "3 more on its page" in told

    def test_a_page_holds_fifty_and_says_how_many_the_day_has(self, client, team):
        sync(team, *OTHERS, o3(), *(record(f"m{i:02}") for i in range(60)))
        assert "50 of 61 on this page" in text(client.get("/changes/"))
        second = client.get("/changes/?page=2")
        assert names(second)[-1] == "o3"
        assert len(names(second)) == 12
        assert "11 of 61 on this page" in text(second)
        last = text(client.get("/changes/?page=7"))
        assert "There is no page 7; this is the last one." in last
        assert "51–62 of 62" in last

    def test_deep_pages_neither_skip_nor_repeat(self, client, monkeypatch):
        sync(catalog("Big"), *(record(f"m{i:03}") for i in range(3)))
        sync(Catalog.objects.get(slug="big"), *(record(f"m{i:03}") for i in range(203)))
        pages = ["/changes/?catalog=big", *(f"/changes/?catalog=big&page={page}" for page in range(2, 6))]
        shown = [name for page in pages for name in names(client.get(page))]
        monkeypatch.setattr("catalog.services.changes.FAR", 10)
        again = [name for page in pages for name in names(client.get(page))]
        assert len(shown) == len(set(shown)) == 201
        assert again == shown


class TestFilters:
    @pytest.fixture(autouse=True)
    def _changes(self, team):
        sync(team, *OTHERS, o3(), record("new", provider="mistral", provider_name="Mistral"))
        sync(team, *OTHERS, o3())
        sync(team, record("b", rates=(row(input=3 * DOLLAR),)), record("c", context_tokens=9), *OTHERS[2:], o3())
        other = catalog("Other")
        sync(other, *OTHERS)
        sync(other, record("b", lifecycle=Lifecycle.DEPRECATED), *OTHERS[1:])

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["b", "b", "c", "new", "new", "o3"]),
            ("?kind=new", ["new"]),
            ("?kind=retired", ["new"]),
            ("?kind=up&kind=down", ["b", "o3"]),
            ("?kind=limits", ["c"]),
            ("?kind=lifecycle", ["b"]),
            ("?catalog=other", ["b"]),
            ("?catalog=other&catalog=team&kind=up", ["b"]),
            ("?provider=mistral", ["new", "new"]),
            ("?until=2025-12-31", ["o3"]),
            ("?since=2025-06-10&until=2025-06-10", ["o3"]),
            ("?since=2025-06-11&kind=down", []),
            ("?move=50", ["b", "o3"]),
            ("?q=MISTRAL+new", ["new", "new"]),
            ("?q=o3&kind=up", []),
            ("?q=o3&move=50&since=2025-01-01", ["o3"]),
        ],
    )
    def test_they_and_their_counts_say_the_same(self, client, query, found):
        page = client.get(f"/changes/{query}")
        readings = [name for name in names(page) if "offers" in name]
        assert sorted(name for name in names(page) if "offers" not in name) == found
        number = len(found) + len(readings)
        assert f"<b>{number} change{'' if number == 1 else 's'}</b>" in page.content.decode()
        assert Change.objects.count() == 8

    def test_the_latest_of_a_day_comes_first(self, client):
        assert [cells[0].split()[-1] for cells in rows(client, "?provider=mistral")[1:]] == ["retired", "new"]

    def test_counts_beside_the_boxes(self, client):
        html = client.get("/changes/?catalog=team&kind=new").content.decode()
        counts = dict(re.findall(r'id="n-(?:kind|catalog|provider)-([\w-]*)">(\d+)<', html))
        assert counts["up"] == counts["down"] == counts["retired"] == "1"
        assert (counts["team"], counts["other"]) == ("1", "0")
        assert (counts["mistral"], counts["openai"]) == ("1", "0")

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("?kind=bogus", "There is no kind of change “bogus” here."),
            ("?catalog=nowhere", "There is no catalog “nowhere” here."),
            ("?provider=", ""),
            ("?since=yesterday", "“yesterday” is not a day such as 2025-06-01."),
            ("?until=2025-02-31", "“2025-02-31” is not a day"),
            ("?since=2026-02-01&until=2026-01-01", "2026-01-01 is before 2026-02-01, so the last day was left out."),
            ("?move=7", "There is no least move “7” here."),
            ("?page=x", "“x” is no page."),
            ("?preset=none", "There is no preset “none”."),
            ("?n=1&tin=a&tout=1", "“a” is not a number"),
            ("?q=%00", ""),
            ("?page=" + "9" * 40, f"“{'9' * 40}” is no page."),
        ],
    )
    def test_what_makes_no_sense_is_named_and_ignored(self, client, query, sentence):
        page = client.get(f"/changes/{query}", follow=True)
        assert page.status_code == 200
        assert sentence in text(page)

    def test_empty_fields_of_a_form_leave_the_address(self, client):
        sent = client.get("/changes/?q=&since=&until=&move=&preset=&kind=up")
        assert sent["Location"] == "/changes/?kind=up"

    def test_htmx_gets_the_results_and_an_address(self, client):
        headers = {"HX-Request": "true", "HX-Target": "results"}
        part = client.get("/changes/?kind=up&q=", headers=headers)
        assert b"<html" not in part.content
        assert part["HX-Push-Url"] == "/changes/?kind=up"
        assert b'id="feeds" hx-swap-oob' in part.content

    def test_nothing_found(self, client):
        assert "No change passes these filters" in text(client.get("/changes/?q=zzz"))


class TestEffect:
    def test_the_difference_of_a_month(self, client, team):
        # 1,000 requests of 2,000 tokens in and 100 out: 10.00 and 40.00 → $24; 2.00 and 8.00 → $4.80
        cells = rows(client, "?n=1000&tin=2000&tout=100&q=o3")[1]
        assert cells[8] == "▼ −19.20"
        html = client.get("/changes/?n=1000&tin=2000&tout=100&q=o3").content.decode()
        assert "From $24.00 to $4.80 a month" in html
        assert "$ a month" not in client.get("/changes/?q=o3").content.decode()

    def test_none_where_a_side_is_not_known_or_there_is_none(self, client, team):
        sync(team, record("b", rates=(row(output=None),)), *OTHERS[1:], o3())
        sync(team, record("b", rates=(row(output=None),)), *OTHERS[1:], o3(), record("new"))
        html = client.get("/changes/?preset=chat").content.decode()
        found = {cells[0].split()[0]: cells[8] for cells in Table(html).rows if len(cells) == 11}
        assert (found["b"], found["new"]) == ("—", "")
        assert "After: The output price is not known." in html

    def test_a_return_is_compared_with_the_last_prices(self, client, team):
        sync(team, *OTHERS[1:], o3())
        sync(team, record("b", rates=(row(input=4 * DOLLAR),)), *OTHERS[1:], o3())
        # $2.00 more for each million tokens in: 1,000 × 1,000 of them
        assert rows(client, "?n=1000&tin=1000&tout=1&kind=returned")[1][8] == "▲ +2.00"


class TestStory:
    def test_a_model_that_comes_goes_returns_and_moves(self, client, monkeypatch):
        """Told the same on Changes, on the offer's page, and as of each of those days."""
        start = timezone.now().replace(hour=12)
        cheaper = record("a", rates=(row(input=DOLLAR),))
        team = catalog()
        monkeypatch.setattr(timezone, "now", lambda: start - timedelta(days=30))
        sync(team, *OTHERS, o3())
        days = [
            (20, (record("a"),)),
            (15, ()),
            (10, (record("a"),)),
            (5, (cheaper,)),
        ]
        for ago, found in days:
            moment = start - timedelta(days=ago)
            monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
            sync(team, *OTHERS, o3(), *found)
        monkeypatch.undo()
        Catalog.objects.update(read_at=timezone.now())

        told = [cells for cells in rows(client, "?q=a&provider=openai") if cells[0].startswith("a ")]
        badge = [re.sub(r"^a a Team · OpenAI ?", "", cells[0]) for cells in told]
        assert badge == ["", "returned", "retired", "new"]
        assert told[0][2:5] == ["2.00", "1.00", "▼ −50%"]
        assert (told[2][2:4], told[3][2:4]) == (["2.00", ""], ["", "2.00"])

        pk = Offer.objects.get(ref="a").pk
        history = [cells[-1] for cells in Table(client.get(f"/offers/{pk}/").content.decode()).rows if "a" in cells[-1]]
        assert [line for line in history if "ifecycle" in line] == [
            "Lifecycle retired → active",
            "Lifecycle active → retired",
        ]
        seen = []
        for ago, _ in [(21, ()), *days]:
            day = (start - timedelta(days=ago)).date()
            listed = {cells[0].split()[0]: cells for cells in Table(client.get(f"/?as_of={day}").content.decode()).rows}
            offer = text(client.get(f"/offers/{pk}/?as_of={day}"))
            seen.append((listed["a"][3] if "a" in listed else None, "Nothing is on record" in offer))
            assert ("retired since" in offer) == (ago == 15)
        assert seen == [(None, True), ("2.00", False), (None, False), ("2.00", False), ("1.00", False)]


class TestWhoSeesWhat:
    def test_an_outsider_sees_no_row_count_facet_or_name(self, client, team):
        inner = catalog("Inner", visibility="members")
        sync(inner, record("secret", provider="secretive", provider_name="Secretive"))
        sync(inner, record("secret", provider="secretive", provider_name="Secretive", rates=(row(input=DOLLAR),)))
        for query in ("", "?q=secret", "?catalog=inner", "?provider=secretive"):
            page = text(client.get(f"/changes/{query}"))
            assert not re.search("Inner|Secretive", page)
        assert "2 changes" in text(client.get("/changes/"))
        member = Client()
        member.force_login(User.objects.create_user("member"))
        assert names(member.get("/changes/?catalog=inner&kind=down")) == ["secret"]


class TestQueries:
    @pytest.mark.parametrize("number", [1, 50])
    @pytest.mark.parametrize(
        ("query", "expected"),
        [("", 3), ("?q=m&kind=new", 4), ("?since=2020-01-01&move=10", 3), ("?preset=chat", 4), ("?catalog=team", 3)],
    )
    def test_the_same_whatever_the_rows(self, client, django_assert_num_queries, number, query, expected):
        # catalogs (with their counts), the days, rows; counts where a search or days narrow them, and the rates where
        # a workload asks for them; rows are left out where there are none
        made = catalog()
        sync(made, *OTHERS, o3())
        sync(made, *OTHERS, o3(), *(record(f"m{i}") for i in range(number)))
        sync(made, *OTHERS, o3(), *(record(f"m{i}", rates=(row(input=DOLLAR),)) for i in range(number)))
        expected += "move" in query
        with django_assert_num_queries(expected):
            assert client.get(f"/changes/{query}").status_code == 200

    def test_304_after_one(self, client, team, django_assert_num_queries):
        first = client.get("/changes/")
        with django_assert_num_queries(1):
            assert client.get("/changes/", headers={"If-None-Match": first["ETag"]}).status_code == 304
        sync(team, *OTHERS, o3(), record("new"))
        assert client.get("/changes/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_without_any_catalog(client):
    assert "There is no catalog here yet" in text(client.get("/changes/"))


def test_before_the_first_sync(client):
    catalog()
    assert "Nothing has changed yet" in text(client.get("/changes/"))
