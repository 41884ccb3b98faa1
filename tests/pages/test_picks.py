"""Picking offers in the Offers table without JavaScript: boxes, the tray, and what links carry along."""

import re

import pytest

from catalog.models import Offer
from tests.make import catalog, record, sync
from tests.pages.test_offers import text

pytestmark = pytest.mark.django_db
TRAY = {"HX-Request": "true", "HX-Target": "pick"}


@pytest.fixture
def ids():
    sync(catalog(), *(record(f"m-{number:02}") for number in range(60)))
    return [str(pk) for pk in Offer.objects.order_by("ref").values_list("pk", flat=True)]


def picked(ids):
    return "&".join(f"o={pk}" for pk in ids)


def form(response):
    """What the tray sends when nothing is changed: hidden fields and ticked boxes, in order."""
    html = response.content.decode()
    boxes = re.findall(r'type="checkbox" name="(o)" value="(\d+)" form="pick"[^>]* checked', html)
    tray = html.partition('<form class="tray"')[2].partition("</form>")[0]
    return [*boxes, *re.findall(r'type="hidden" name="(\w+)" value="([^"]*)">', tray)]


def chips(response):
    return re.findall(r'class="chip" data-o="(\d+)"', response.content.decode())


def test_nothing_is_picked(client, ids):
    response = client.get("/?sort=-input")
    assert chips(response) == []
    assert form(response) == [("sort", "-input")]
    assert response.content.decode().count('name="o"') == 50


def test_what_is_picked_is_ticked_and_named_also_where_it_is_on_another_page(client, ids):
    response = client.get(f"/?per=25&page=2&{picked([ids[0], ids[30]])}")
    assert chips(response) == [ids[0], ids[30]]
    assert "2 picked" in text(response)
    assert sorted(form(response)) == sorted([("o", ids[30]), ("o", ids[0]), ("per", "25"), ("page", "2")])


def test_every_link_and_the_filters_carry_it_along(client, ids):
    html = client.get(f"/?per=25&{picked(ids[:2])}").content.decode()
    links = re.findall(r'href="(/\?[^"]*)"', html)
    assert len(links) > 10
    others = [link for link in links if picked(ids[:2]) not in link.replace("&amp;", "&")]
    assert len(others) == 3  # one for each chip, and Clear
    assert len(re.findall(r'name="o" value="\d+" form="view"', html)) == 2


def test_a_chip_takes_its_offer_off_and_leaves_the_page(client, ids):
    html = client.get(f"/?per=25&page=2&{picked(ids[:2])}").content.decode()
    assert f'data-o="{ids[0]}" href="/?per=25&amp;o={ids[1]}&amp;page=2"' in html
    assert 'href="/?per=25&amp;page=2" hx-get="/?per=25&amp;page=2">Clear' in html


def test_a_seventh_says_so(client, ids):
    page = client.get(f"/?{picked(ids[:7])}")
    assert chips(page) == ids[:6]
    assert "A comparison is of 6 offers at most; left out: m-06." in text(page)
    tray = client.get(f"/?{picked(ids[:7])}", headers=TRAY)
    assert "A comparison is of 6 offers at most; left out: m-06." in text(tray)


def test_an_offer_that_is_not_there(client, ids):
    assert "2 of the offers are not in the catalogs" in text(client.get(f"/?o={ids[0]}&o=999999998&o=999999999"))
    assert "“no” is no offer." in text(client.get("/?o=no"))


def test_htmx_gets_the_tray_alone_and_the_address(client, ids):
    tray = client.get(f"/?sort=-input&page=1&{picked(ids[:2])}", headers=TRAY)
    assert tray["HX-Replace-Url"] == f"/?sort=-input&{picked(ids[:2])}"
    assert chips(tray) == ids[:2]
    assert "<table" not in tray.content.decode()
    assert "<form" not in tray.content.decode()


@pytest.mark.parametrize(("query", "queries"), [("", 0), ("one", 1), ("six", 1)])
def test_queries(client, ids, query, queries, django_assert_num_queries):
    without = 2  # catalogs, the page's rows
    with django_assert_num_queries(without + queries):
        client.get("/?" + picked(ids[: {"": 0, "one": 1, "six": 6}[query]]))


@pytest.mark.parametrize(
    "query", ["?per=25", "?per=25&preset=chat&w=Ours:10:100:0:0:10:standard&w=Theirs:20:100:0:0:10:standard"]
)
def test_the_costs_table_has_it_too(client, ids, query):
    page = client.get(f"/costs/{query}&{picked(ids[:2])}")
    assert ("all workloads cost together" in text(page)) == ("w=" in query)
    assert chips(page) == ids[:2]
    assert [value for name, value in form(page) if name == "o"] == ids[:2]
    links = re.findall(r'href="(/costs/\?[^"]*page=2[^"]*)"', page.content.decode())
    assert links
    assert all(picked(ids[:2]) in link.replace("&amp;", "&") for link in links)
    tray = client.get(f"/costs/{query}&{picked(ids[:1])}", headers=TRAY)
    assert chips(tray) == ids[:1]
    assert tray["HX-Replace-Url"].endswith(picked(ids[:1]))
