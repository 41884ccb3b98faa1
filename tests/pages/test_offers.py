"""The Offers page as a browser without JavaScript sees it."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Catalog, Offer
from catalog.sources.base import OfferRecord, PastState
from tests.make import DOLLAR, catalog, record, row, state, sync

pytestmark = pytest.mark.django_db


class Table(HTMLParser):
    """The cells of the page's table, as text without the hidden padding."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.hidden = [], 0
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "tbody":
            self.inside = True
        elif self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag in ("td", "th"):
            self.rows[-1].append("")
        if self.hidden or ("class", "pz") in attrs:
            self.hidden += 1

    def handle_endtag(self, tag):
        if tag == "tbody":
            self.inside = False
        if self.hidden:
            self.hidden -= 1

    def handle_data(self, data):
        if self.inside and self.rows and self.rows[-1] and not self.hidden:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()


def names(response):
    return re.findall(r'<a class="name"[^>]*>([^<]*)</a>', response.content.decode())


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def team():
    made = catalog()
    sync(
        made,
        record(
            "gpt-4.1",
            name="GPT-4.1",
            rates=(row(cache_read=500_000), row(mode="batch", input=DOLLAR, output=4 * DOLLAR)),
        ),
        record(
            "opus",
            name="Claude Opus",
            provider="anthropic",
            provider_name="Anthropic",
            context_tokens=1_000_000,
            rates=(row(input=5 * DOLLAR, output=25 * DOLLAR, up_to=200_000), row(above=200_000, input=10 * DOLLAR)),
        ),
        record(
            "mystery", name="Mystery", price_state="unknown", rates=(row(input=None, output=None),), context_tokens=None
        ),
        record("gift", name="Gift", price_state="free", rates=(row(input=0, output=0),)),
        record("old", name="Old one", lifecycle="deprecated"),
    )
    return made


@pytest.mark.usefixtures("team")
class TestTable:
    def test_it_shows_each_offer_with_prices_in_dollars_per_million(self, client):
        response = client.get("/")
        assert response.status_code == 200
        assert Table(response.content.decode()).rows[2][:8] == [
            "GPT-4.1 gpt-4.1 Team · OpenAI",
            "Team",
            "OpenAI",
            "2.00",
            "8.00",
            "0.50",
            "—",
            "",
        ]
        assert "4 offers" in text(response)

    def test_unknown_is_a_dash_and_free_is_a_word(self, client):
        rows = {cells[0].split()[0]: cells for cells in Table(client.get("/").content.decode()).rows}
        assert rows["Mystery"][3:5] == ["—", "—"]
        assert rows["Gift"][3:5] == ["free", "free"]
        assert "no price" in rows["Mystery"][-2]

    def test_a_zero_that_may_be_a_gap_is_not_called_free(self, client, team):
        zero = record("zero", name="Zero", price_state="zero_unconfirmed", rates=(row(input=0, output=0),))
        sync(catalog("Loose"), zero)
        html = client.get("/?catalog=loose").content.decode()
        assert html.count(">0*</data>") == 2
        assert 'class="free"' not in html

    def test_a_held_price_is_flagged_where_it_stands_and_not_in_the_past(self, client, team):
        sync(held := catalog("Held"), record("x"), record("y"))
        sync(held, record("x", rates=(row(input=200 * DOLLAR),)), record("y"))
        for address in ("/?catalog=held", "/catalogs/held/"):
            response = client.get(address)
            x, y = (cells for cells in Table(response.content.decode()).rows if len(cells) > 6)
            assert (x[-2], y[-2]) == ("held", "")
            assert 'title="The input price went from 2.00 to 200.00 per 1M tokens. The old' in response.content.decode()
        assert ">held</span>" not in client.get("/?catalog=held&as_of=2026-01-01").content.decode()

    def test_another_unit(self, client):
        rows = Table(client.get("/?unit=1k").content.decode()).rows
        assert rows[2][3:5] == ["0.002", "0.008"]
        assert "US dollars per 1K tokens" in text(client.get("/?unit=1k"))

    def test_another_mode_lists_the_offers_that_have_it(self, client):
        response = client.get("/?mode=batch")
        assert names(response) == ["GPT-4.1"]
        assert Table(response.content.decode()).rows[0][3:5] == ["1.00", "4.00"]

    def test_a_prompt_beyond_the_last_tier_leaves_out_the_offer_and_its_count(self, client, team):
        sync(catalog("Short"), record("s", rates=(row(up_to=1_000),)), record("t"))
        response = client.get("/?catalog=short&prompt=1001")
        assert names(response) == ["t"]
        assert "1 offer" in text(response)
        assert "2 offers" not in text(response)

    def test_a_provider_that_is_not_told_is_no_choice(self, client):
        sync(catalog("Mute"), record("x", provider="", provider_name=""))
        html = client.get("/").content.decode()
        assert 'name="provider" value="openai"' in html
        assert 'name="provider" value=""' not in html
        assert "5 offers" in text(client.get("/"))

    def test_a_prompt_size_selects_the_tier(self, client):
        for prompt, price in ((200_000, "5.00"), (200_001, "10.00")):
            rows = Table(client.get(f"/?prompt={prompt}&q=opus").content.decode()).rows
            assert rows[0][3] == price

    def test_columns_can_be_chosen(self, client):
        response = client.get("/?col=input&col=long_prompt")
        assert re.findall(r'id="sort-(\w+)"', response.content.decode()) == ["model", "input"]
        assert Table(response.content.decode()).rows[0][1:] == ["5.00", ">200K ×2"]

    def test_sorting_by_two_keys_is_in_the_heading(self, client):
        html = client.get("/?sort=-input,model").content.decode()
        assert names(client.get("/?sort=-input,model"))[0] == "Claude Opus"
        assert re.search(r'aria-sort="descending"[^>]*><a class="sort" id="sort-input"', html)
        assert "sorted ascending, key 2" in html

    def test_a_ref_is_escaped(self, client, team):
        sync(team, record("<script>alert(1)</script>", name="<b>x</b>"), approve=True)
        html = client.get("/").content.decode()
        assert "<script>alert" not in html
        assert "&lt;b&gt;x&lt;/b&gt;" in html


@pytest.mark.usefixtures("team")
class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=opus", ["Claude Opus"]),
            ("q=anthropic+claude", ["Claude Opus"]),
            ("provider=anthropic&provider=openai", ["Claude Opus", "Gift", "GPT-4.1", "Mystery"]),
            ("provider=anthropic", ["Claude Opus"]),
            ("state=free", ["Gift"]),
            ("lifecycle=deprecated", ["Old one"]),
            ("min_context=200k", ["Claude Opus"]),
            ("max_in=2", ["Gift", "GPT-4.1"]),
            ("min_in=0.01&max_in=2", ["GPT-4.1"]),
            ("min_out=10", ["Claude Opus"]),
            ("q=g&max_out=0&state=free", ["Gift"]),
            ("catalog=team&q=zzz", []),
        ],
    )
    def test_each_and_together(self, client, query, found):
        response = client.get(f"/?{query}")
        assert names(response) == found
        assert f"{len(found)} offer{'' if len(found) == 1 else 's'}" in text(response)

    def test_what_is_hidden_is_counted_and_one_click_away(self, client):
        response = client.get("/")
        assert "1 deprecated hidden" in text(response)
        (href,) = re.findall(r'hidden: <a href="([^"]+)"', response.content.decode())
        shown = client.get(href.replace("&amp;", "&"))
        assert "Old one" in names(shown)
        assert "was ignored" not in text(shown)  # not all that is usual need be there, such as previews

    def test_counts_respect_the_other_filters(self, client):
        html = client.get("/?provider=anthropic").content.decode()
        assert re.search(r'id="n-provider-openai">3<', html)
        assert re.search(r'id="n-state-free">0<', html)
        assert re.search(r'id="n-state-priced">1<', html)

    def test_a_chip_takes_its_filter_away_and_clear_all_every_one(self, client):
        html = client.get("/?provider=anthropic&q=claude&unit=1k").content.decode()
        chips = dict(re.findall(r'<a class="chip" href="([^"]+)" aria-label="Remove filter ([^"]+)"', html))
        assert {label: href.replace("&amp;", "&") for href, label in chips.items()} == {
            "Search claude": "/?provider=anthropic&unit=1k",
            "Provider Anthropic": "/?q=claude&unit=1k",
        }
        assert 'href="/?unit=1k">Clear all' in html

    def test_nothing_found_says_so_and_helps(self, client):
        response = client.get("/?q=zzz")
        assert "No offer passes these filters" in text(response)
        assert "Clear all filters" in text(response)

    def test_facets_without_a_choice_are_left_out(self, client):
        sync(catalog("Solo"), record("only"))
        Catalog.objects.filter(slug="team").update(enabled=False)
        html = client.get("/").content.decode()
        assert "<summary>Mode" not in html
        assert "<summary>Lifecycle" not in html
        assert "<summary>Provider" in html


@pytest.mark.usefixtures("team")
class TestAddress:
    def test_a_form_without_javascript_ends_at_the_short_address(self, client):
        form = "/?q=&unit=1m&provider=openai&min_context=&min_in=&max_in=5&mode=standard&lifecycle=active&as_of=&sort="
        response = client.get(form)
        assert response.status_code == 302
        assert response["Location"] == "/?provider=openai&max_in=5"
        assert client.get(response["Location"]).status_code == 200

    @pytest.mark.parametrize(
        ("asked", "unit"), [("token", "token"), ("1K", "1K tokens"), ("k", "1K tokens"), ("1M", "1M tokens")]
    )
    def test_units_as_people_type_them(self, client, asked, unit):
        response = client.get(f"/?unit={asked}", follow=True)
        assert f"US dollars per {unit}" in response.content.decode()
        assert "was ignored" not in response.content.decode()

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("sort=nope", "“nope” is no column to sort by."),
            ("page=-1", "“-1” is no page."),
            ("page=99", "There is no page 99; this is the last one."),
            ("per=7", "7 is no page size; there are 25, 50, 100, 250."),
            ("min_context=abc", "“abc” is not a number of tokens"),
            ("max_in=cheap", "“cheap” is not a price in dollars"),
            ("max_in=1,5", "“1,5” is not a price in dollars"),
            ("min_context=1,5k", "“1,5k” is not a number of tokens"),
            ("provider=nope", "There is no provider “nope” here."),
            ("catalog=secret", "There is no catalog “secret” here."),
            ("col=nope", "There is no column “nope”."),
            ("unit=kg", "“kg” is no unit; there are 1M, 1K and token."),
            ("as_of=yesterday", "“yesterday” is not a day such as 2025-06-01."),
            ("as_of=2999-01-01", "is in the future"),
            ("as_of=0000-13-45", "is not a day"),
            ("mode=warp", "There is no mode “warp” here."),
            ("mode=standard&mode=batch", "One mode is shown at a time; left out: “batch”."),
            ("sort=model,input,output,context,state", "at most; left out: state."),
            ("prompt=-5", "“-5” is not a number of tokens"),
            ("min_context=99999999999999999999999", "is not a number of tokens"),
            ("min_in=1e999", "is not a price in dollars"),
            ("q=" + "x" * 300, "A search has at most 200 characters; this one has 300."),
        ],
    )
    def test_a_bad_value_is_ignored_with_a_message(self, client, query, sentence):
        response = client.get(f"/?{query}")
        assert response.status_code == 200
        assert sentence in text(response)
        assert len(names(response)) == 4

    def test_the_ninth_word_of_a_search_is_left_out_and_said_so(self, client):
        response = client.get("/?q=gpt-4.1 pt-4.1 t-4.1 -4.1 4.1 .1 1 g x")
        assert "A search is for 8 words at most; left out: “x”." in text(response)
        assert names(response) == ["GPT-4.1"]

    def test_good_values_beside_bad_ones_hold(self, client):
        response = client.get("/?provider=anthropic&provider=nope&sort=nope,-input&page=-1&min_context=abc")
        assert names(response) == ["Claude Opus"]

    def test_odd_bytes_are_no_error(self, client):
        for query in ("q=%00", "q=%ff%fe", "provider=%00", "as_of=%00", "sort=%00", "page=%F0%9F%98%80", "unknown=1"):
            assert client.get(f"/?{query}").status_code == 200, query


class TestPages:
    @pytest.fixture(autouse=True)
    def _many(self):
        sync(catalog(), *(record(f"m{number:03} max") for number in range(120)))

    @pytest.mark.parametrize("query", ["", "&q=max", "&q=m", "&q=max&sort=-model"])
    def test_pages_show_every_offer_once(self, client, query):
        pages = [names(client.get(f"/?per=25&page={page}{query}", follow=True)) for page in range(1, 6)]
        seen = [name for page in pages for name in page]
        assert seen == sorted((f"m{number:03} max" for number in range(120)), reverse="-model" in query)
        assert list(map(len, pages)) == [25, 25, 25, 25, 20]

    def test_the_words_of_a_search_are_looked_up_once(self, client):
        looked_up = "catalog_search" if connection.vendor == "sqlite" else "search LIKE"
        for _ in range(2):  # with the statement written, and with it remembered
            with CaptureQueriesContext(connection) as asked:
                assert len(names(client.get("/?q=max&per=25&sort=-input"))) == 25
            assert sum(looked_up in query["sql"] for query in asked.captured_queries) == 1

    def test_numbers_total_and_neighbours(self, client):
        response = client.get("/?per=25&page=3")
        assert "51–75 of 120" in text(response)
        links = [
            href.replace("&amp;", "&")
            for href in re.findall(r'rel="(?:prev|next)" href="([^"]+)"', response.content.decode())
        ]
        assert links == ["/?per=25&page=2", "/?per=25&page=4"]

    def test_a_filter_leads_back_to_page_one(self, client):
        html = client.get("/?per=25&page=3&q=m").content.decode()
        assert 'href="/?per=25" aria-label="Remove filter Search m"' in html

    def test_a_page_far_down_is_the_same_as_a_near_one(self, client, monkeypatch):
        near = names(client.get("/?per=25&page=4&sort=-input"))
        monkeypatch.setattr("catalog.services.offers.FAR", 50)
        assert names(client.get("/?per=25&page=4&sort=-input,-model")) != near
        assert names(client.get("/?per=25&page=4&sort=-input")) == near


class TestMoments:
    @pytest.fixture(autouse=True)
    def _history(self):
        june = datetime(2025, 6, 10, tzinfo=UTC)
        o3 = OfferRecord(
            "o3", state("o3"), since=june, past=(PastState(None, state("o3", rates=(row(input=10 * DOLLAR),))),)
        )
        sync(catalog(), o3, record("new"))

    def test_the_page_as_of_a_day_shows_what_was_true_then_and_says_so(self, client):
        response = client.get("/?as_of=2025-06-01")
        assert names(response) == ["o3"]
        assert Table(response.content.decode()).rows[0][3] == "10.00"
        assert "Prices as of 1 June 2025." in text(response)
        assert "1 offer in Team as of 1 June 2025" in text(response)

    def test_a_day_counts_up_to_its_end(self, client):
        assert Table(client.get("/?as_of=2025-06-10").content.decode()).rows[0][3] == "2.00"
        assert Table(client.get("/?as_of=2025-06-09T23:59:59Z").content.decode()).rows[0][3] == "10.00"
        assert Table(client.get("/?as_of=2025-06-10T01:30:00+02:00").content.decode()).rows[0][3] == "10.00"

    @pytest.mark.parametrize(
        ("as_of", "kind", "value"),
        [
            ("2025-06-09", "date", "2025-06-09"),
            ("2025-06-09T12:30:00Z", "datetime-local", "2025-06-09T12:30:00"),
            ("2025-06-09T23:59:59.991583Z", "datetime-local", "2025-06-09T23:59:59.992"),
        ],
    )
    def test_a_filter_leaves_the_moment_as_it_is(self, client, as_of, kind, value):
        page = client.get(f"/?as_of={as_of}").content.decode()
        (picker,) = re.findall(r'<input class="input day"[^>]*>', page)
        assert f'type="{kind}"' in picker
        assert f'value="{value}"' in picker
        assert Table(client.get(f"/?as_of={value}&q=o3").content.decode()).rows[0][3] == "10.00"

    def test_today_is_now(self, client):
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        assert client.get(f"/?as_of={today}").status_code == 302
        assert names(client.get(f"/?as_of={today}", follow=True)) == ["new", "o3"]

    def test_an_offer_links_to_itself_at_that_moment(self, client):
        (href,) = re.findall(r'<a class="name" href="([^"]+)"', client.get("/?as_of=2025-06-01").content.decode())
        page = client.get(href)
        assert "As of 1 June 2025." in text(page)
        assert "10.00" in Table(page.content.decode()).rows[0]


@pytest.mark.usefixtures("team")
class TestParts:
    HTMX = {"HX-Request": "true", "HX-Target": "results"}

    def test_htmx_gets_the_results_alone_with_counts_beside_them(self, client):
        html = client.get("/?provider=anthropic", headers=self.HTMX).content.decode()
        assert html.lstrip().startswith('<div class="stack" id="results"')
        assert "<html" not in html
        assert re.search(r'<small id="n-provider-openai" hx-swap-oob="true">3<', html)
        assert re.search(r'<p id="count" hx-swap-oob="innerHTML"><b>1 offer</b>', html)

    def test_part_and_page_show_the_same_rows(self, client):
        query = "/?sort=-input&q=o"
        assert names(client.get(query, headers=self.HTMX)) == names(client.get(query))

    def test_back_and_other_targets_get_the_whole_page(self, client):
        for headers in (
            {"HX-Request": "true"},
            {"HX-Request": "true", "HX-Target": "main"},
            {"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"},
            {"HX-Request": "true", "HX-Target": "results", "HX-Boosted": "true"},
        ):
            assert "<html" in client.get("/", headers=headers).content.decode()

    def test_typing_replaces_the_address_and_a_choice_pushes_it(self, client):
        typed = client.get("/?q=opus&unit=1m", headers={**self.HTMX, "HX-Trigger-Name": "q"})
        assert typed["HX-Replace-Url"] == "/?q=opus"
        assert "HX-Push-Url" not in typed
        picked = client.get("/?q=&provider=openai", headers={**self.HTMX, "HX-Trigger-Name": "provider"})
        assert picked["HX-Push-Url"] == "/?provider=openai"

    def test_caches_tell_part_and_page_apart(self, client):
        assert "HX-Request" in client.get("/")["Vary"]


class TestQueries:
    @pytest.mark.parametrize("number", [1, 50])
    @pytest.mark.parametrize("query", ["", "?q=m&min_context=1k&sort=-input", "?as_of=2025-06-01", "?per=250&unit=1k"])
    def test_six_at_most_whatever_the_rows(self, django_assert_num_queries, number, query):
        # session, user, catalogs (with their facet counts and what is held), rows; and a count of the facets where a
        # search or range narrows them, or at the bare address what view it opens with
        sync(catalog(), *(record(f"m{i}") for i in range(number)))
        member = Client()
        member.force_login(User.objects.create_user("member"))
        # (as of a day before the first sync there is nothing to fetch rows for)
        expected = {"?q=m&min_context=1k&sort=-input": 5, "": 5}.get(query, 4)
        with django_assert_num_queries(expected):
            assert member.get(f"/{query}").status_code == 200


class TestWhoSeesWhat:
    @pytest.fixture(autouse=True)
    def _catalogs(self):
        sync(catalog("Open"), record("open", provider="shared"))
        sync(catalog("Inner", visibility="members"), record("inner", provider="secretive", provider_name="Secretive"))

    def test_an_outsider_sees_no_row_count_facet_or_name_of_it(self, client):
        for query in ("", "?q=inner", "?catalog=inner", "?provider=secretive", "?as_of=2026-01-01"):
            page = text(client.get(f"/{query}"))
            assert "Inner" not in page
            assert "Secretive" not in page
            assert "inner" not in names(client.get(f"/{query}"))
        assert "1 offer in Open" in text(client.get("/"))

    def test_a_member_sees_both(self, client):
        client.force_login(User.objects.create_user("member"))
        assert names(client.get("/")) == ["inner", "open"]
        assert "in 2 catalogs" in text(client.get("/"))

    def test_a_closed_dashboard_asks_to_sign_in(self, client, settings):
        settings.PUBLIC_DASHBOARD = False
        response = client.get("/?q=x")
        assert response.status_code == 302
        assert response["Location"] == "/sign-in/?next=/%3Fq%3Dx"
        pk = Offer.objects.get(ref="open").pk
        assert client.get(f"/offers/{pk}/").status_code == 302

    def test_without_any_catalog_the_page_says_what_to_do(self, client):
        Catalog.objects.update(enabled=False)
        assert "There is no catalog here yet" in text(client.get("/"))
