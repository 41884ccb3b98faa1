"""The Offers table grouped by model, and its family column."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.http import QueryDict
from django.test import Client

from catalog.models import Catalog, Family, Link, Offer, Rate, Revision
from catalog.services.catalogs import catalogs_visible_to
from catalog.services.groups import grouped
from catalog.services.offers import every_offer_line
from dashboard.forms.asked import read_offers
from tests.make import DOLLAR, catalog, contract, record, row, sync, this_moment
from tests.pages.test_offers import Table, names, text

pytestmark = pytest.mark.django_db


def sold(ref, name, asked=2, given=8, **fields):
    """An offer whose names all say the same, at dollars per 1M tokens."""
    prices = [None if price is None else price * DOLLAR for price in (asked, given)]
    return record(ref, name=name, key=ref, rates=(row(input=prices[0], output=prices[1]),), **fields)


@pytest.fixture
def _market():
    sync(
        catalog("Team"),
        sold("gpt-4.1", "GPT-4.1", 2, 8),
        sold("gpt-4.1-mini", "Mini", 1, 4),
        sold("own-thing-x", "A thing", 3, 9, provider="", provider_name=""),
    )
    sync(
        catalog("Other"),
        sold("openai/gpt-4.1", "OpenAI: GPT-4.1", 5, 20),
        sold("gpt-4.1-2025-04-14", "GPT-4.1 (April)", None, None, price_state="unknown"),
        sold("openai/gpt-4.1-mini", "OpenAI: Mini", 0.5, 2),
        sold("claude-opus-4-6", "Opus", 5, 25, provider="anthropic", provider_name="Anthropic"),
    )


def headings(response):
    """The text of each row that sums up a group."""
    found = re.findall(r'<tr class="group">(.*?)</tr>', response.content.decode(), re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)).strip() for one in found]


@pytest.mark.usefixtures("_market")
class TestGroups:
    def test_offers_of_a_model_stand_together_where_the_best_of_them_stands(self, client):
        response = client.get("/?group=model&sort=input")
        assert names(response) == [
            *("OpenAI: Mini", "Mini"),
            *("GPT-4.1", "OpenAI: GPT-4.1", "GPT-4.1 (April)"),
            *("A thing", "Opus"),
        ]
        assert headings(response) == [
            "openai/gpt-4.1-mini 2 offers in 2 catalogs input 0.50–1.00 output 2.00–4.00",
            "openai/gpt-4.1 3 offers in 2 catalogs input 2.00–5.00 output 8.00–20.00",
        ]
        assert "7 offers in 2 catalogs, 6 of them of 3 models" in text(response)
        falling = names(client.get("/?group=model&sort=-output"))
        assert falling[:3] == ["Opus", "OpenAI: GPT-4.1", "GPT-4.1"]
        assert falling[3] == "GPT-4.1 (April)"

    def test_the_filters_decide_what_a_group_holds(self, client):
        response = client.get("/?group=model&sort=input&max_in=2")
        assert headings(response) == ["openai/gpt-4.1-mini 2 offers in 2 catalogs input 0.50–1.00 output 2.00–4.00"]
        assert names(response) == ["OpenAI: Mini", "Mini", "GPT-4.1"]
        assert headings(client.get("/?group=model&q=zzz")) == []

    def test_a_zero_that_need_not_be_meant_is_no_price_of_a_group(self, client):
        zero = sold("gpt-4.1", "Zero", 0, 0, price_state="zero_unconfirmed")
        sync(catalog("Loose"), zero)
        assert "openai/gpt-4.1 4 offers in 3 catalogs input 2.00–5.00 output 8.00–20.00" in headings(
            client.get("/?group=model")
        )

    def test_a_group_that_a_page_cuts_goes_on_under_its_heading(self, client):
        sync(catalog("Many"), *(sold(f"x/gpt-4.1@2025-04-{day:02}", f"M {day:02}") for day in range(1, 29)))
        first, second = (client.get(f"/?group=model&per=25&catalog=many{page}") for page in ("", "&page=2"))
        assert [len(names(page)) for page in (first, second)] == [25, 3]
        assert headings(first) == ["openai/gpt-4.1 28 offers in 1 catalog input 2.00 output 8.00"]
        assert headings(second) == ["openai/gpt-4.1 continued 28 offers in 1 catalog input 2.00 output 8.00"]
        assert "26–28 of 28" in text(second)

    def test_units_contracts_and_a_workload_s_cost(self, client):
        contract(Catalog.objects.get(slug="team"), change=-5_000)
        response = client.get("/?group=model&unit=1k&preset=chat&sort=cost")
        assert "openai/gpt-4.1 3 offers in 2 catalogs input 0.001–0.005 output 0.004–0.02" in headings(response)
        costs = {cells[0].split()[0]: cells[3] for cells in Table(response.content.decode()).rows if len(cells) > 3}
        assert (costs["A"], costs["Opus"]) == ("630.00", "2,500.00")
        assert "—" in costs.values()
        assert names(response)[:2] == ["Mini", "OpenAI: Mini"]

    def test_what_makes_no_sense_is_named(self, client):
        response = client.get("/?group=vendor")
        assert "“vendor” is no way to group; there is model." in text(response)
        assert headings(response) == []
        assert client.get("/?group=&sort=input")["Location"] == "/?sort=input"

    def test_links_and_the_form_keep_it(self, client):
        html = client.get("/?group=model").content.decode()
        assert 'name="group" value="model" checked' in html
        assert 'href="/?group=model&amp;sort=input"' in html
        assert '/export/offers.csv?group=model"' in html

    def test_a_part_and_304(self, client, django_assert_num_queries):
        part = client.get("/?group=model", headers={"HX-Request": "true", "HX-Target": "results"})
        assert len(headings(part)) == 2
        kept = {"If-None-Match": client.get("/?group=model")["ETag"]}
        with django_assert_num_queries(1):
            again = client.get("/?group=model", headers=kept)
        assert again.status_code == 304

    def test_someone_else_s_offers_count_in_no_group(self, client):
        sync(catalog("Inner", visibility="members"), sold("gpt-4.1-mini", "Inner mini", 0.1, 0.2))
        sync(catalog("Hidden", visibility="members"), sold("kimi-k2", "Kimi", 1, 1), sold("moonshot/kimi-k2", "Kimi 2"))
        response = client.get("/?group=model&sort=input&col=family&col=input")
        assert headings(response)[0] == "openai/gpt-4.1-mini 2 offers in 2 catalogs input 0.50–1.00 output 2.00–4.00"
        assert "kimi" not in response.content.decode().lower()


@pytest.mark.usefixtures("_market")
class TestFamilyColumn:
    def test_it_is_shown_when_asked_for_and_sorts(self, client):
        assert 'id="sort-family"' not in client.get("/").content.decode()
        assert 'id="sort-family"' in client.get("/?col=family").content.decode()
        rows = Table(client.get("/?col=family&sort=-family").content.decode()).rows
        assert [cells[1] for cells in rows] == [
            *("openai/gpt-4.1-mini", "openai/gpt-4.1-mini"),
            *("openai/gpt-4.1", "openai/gpt-4.1", "openai/gpt-4.1"),
            *("anthropic/claude-opus-4-6", "—"),
        ]

    def test_a_title_is_never_shown(self, client):
        Family.objects.update(title="Told by a hidden catalog")
        for query in ("?group=model&col=family", f"?col=family&as_of={this_moment()}"):
            assert "Told by" not in client.get(f"/{query}").content.decode()

    def test_files_have_it_and_the_groups_order(self, client):
        sheet = list(
            csv.DictReader(
                StringIO(client.get("/export/offers.csv?group=model&sort=input").getvalue().decode("utf-8-sig"))
            )
        )
        assert [row["Model"] for row in sheet] == names(client.get("/?group=model&sort=input"))
        assert [row["Family"] for row in sheet][:3] == ["openai/gpt-4.1-mini", "openai/gpt-4.1-mini", "openai/gpt-4.1"]
        assert "Family" not in client.get("/export/offers.csv").getvalue().decode().splitlines()[0]


@pytest.mark.usefixtures("_market")
def test_as_of_a_moment_offers_are_of_the_family_that_they_were_linked_to_then(client):
    mini = Offer.objects.get(ref="gpt-4.1-mini")
    link, then = Link.objects.get(offer=mini), datetime(2026, 1, 1, tzinfo=UTC)
    Revision.objects.update(valid_from=then - timedelta(days=9))
    Rate.objects.update(valid_from=then - timedelta(days=9))
    Link.objects.filter(pk=link.pk).update(valid_to=then)
    now = Family.objects.create(slug="acme/other", vendor="acme", name="other", title="x")
    Link.objects.create(offer=mini, family=now, state="manual", rule="reviewed", valid_from=then)
    for day, family, groups in (("2025-12-30", "openai/gpt-4.1-mini", 2), ("2026-01-02", "acme/other", 1)):
        response = client.get(f"/?group=model&col=family&as_of={day}")
        assert len(headings(response)) == groups
        assert [family] in [cells[1:] for cells in Table(response.content.decode()).rows if cells[0].startswith("Mini")]


QUERIES = (
    "",
    "sort=-output",
    "sort=family,-context",
    "sort=provider,-input",
    "preset=chat&sort=-cost",
    "sort=-updated",
)


@pytest.mark.usefixtures("_market")
@pytest.mark.parametrize("as_of", ["", "&as_of={}"])
def test_memory_and_sql_have_one_order(as_of):
    contract(Catalog.objects.get(slug="team"), change=-2_500)
    catalogs = catalogs_visible_to(Client().request().wsgi_request.user)
    moment = as_of.format(this_moment())
    for query in QUERIES:
        read = read_offers(QueryDict(f"group=model&{query}{moment}"), catalogs)
        assert bool(read.offers.moment) is bool(as_of)
        workload = read.workload.workload
        lines = every_offer_line(
            read.offers, read.view.sort, with_next=False, with_held=False, grouped=True, workload=workload
        )
        by_rate = dict(Rate.objects.values_list("pk", "ref"))
        found = grouped(read.offers, catalogs, read.view.sort, workload)
        assert [line.ref for line in lines] == [by_rate[pk] for pk in found.rates], query
        assert len(found.rates) == 7


@pytest.mark.parametrize("many", [2, 50])
def test_queries(client, many, django_assert_num_queries):
    sync(
        catalog(), *(sold(f"v{number % (many // 2)}/model-{number % (many // 2)}", "x") for number in range(many // 2))
    )
    sync(catalog("Two"), *(sold(f"v{number}/model-{number}:free", "y") for number in range(many // 2)))
    offer = Offer.objects.first().pk
    with django_assert_num_queries(3):  # catalogs, the order, the page's rows
        assert len(names(client.get("/?group=model"))) == many
    with django_assert_num_queries(2):  # the order is remembered
        client.get("/?group=model&unit=1k")
    with django_assert_num_queries(6):  # catalogs, picks, facets, the order, rows, what they cost
        client.get(f"/?group=model&max_in=9&preset=chat&o={offer}")
