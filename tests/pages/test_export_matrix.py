"""The catalog matrix as files: a column per catalog, who asks least and the gap, and why offers have no model."""

from decimal import Decimal

import pytest

from catalog.models import Catalog
from tests.make import contract, record, row, sync
from tests.pages.compared import two_catalogs
from tests.pages.files import assert_all_formats_hold_the_same, assert_no_file, facts_of, rows_of, told
from tests.pages.test_matrix import models, table
from tests.services.test_matrix import sold

pytestmark = pytest.mark.django_db

BOTH = "?c=alpha&c=beta"
COST = f"{BOTH}&measure=cost&n=1000&tin=10000&tout=1000"
PRICES = ("price_alpha", "price_beta")
QUERIES = (
    "",
    "&sort=gap",
    "&sort=model",
    "&sort=-in:alpha&gap=beta",
    "&measure=input",
    "&tab=only:alpha",
    "&q=gpt-4o",
    "&q=zzz",
    "&tab=unmatched",
    "&tab=conflicts",
)


@pytest.fixture(autouse=True)
def _catalogs():
    zero = record("gpt-4.1-nano", name="GPT-4.1 nano", rates=(row(input=0, output=0),), price_state="zero_unconfirmed")
    _, beta = two_catalogs(nano=zero, house="=House")
    contract(beta, change=-1_000, pattern="gpt-5*")


def amount(cell):
    """The number of a cell of the page; None for what it says in words or not at all."""
    figures = next((word for word in cell.split() if word[:1].isdigit() and word != "0*"), None)
    return 0 if cell.startswith("free") else None if figures is None else Decimal(figures.replace(",", ""))


@pytest.mark.parametrize("query", [query for query in QUERIES if "unmatched" not in query and "conflicts" not in query])
def test_the_file_is_the_tab_row_for_row(client, query):
    response = client.get(f"/compare/catalogs/{BOTH}{query}&per=250")
    page, file = table(response), rows_of(client, "matrix", BOTH + query)
    assert models(response) == [line["model"] for line in file]
    shown = PRICES[:1] if "only:" in query else PRICES
    for cells, line in zip(page, file, strict=True):
        assert cells[0] == f"{line['model']} {line['vendor']}"
        # What is said before a figure counts other offers: it is told among the offers.
        prices = [amount(cell.partition(" more ")[2] or cell) for cell in cells[1 : len(shown) + 1]]
        assert [line[key] for key in shown] == prices
        assert (" and 1 more" in line["offers"]) == ("+1 more" in " ".join(cells))
        assert cells[-1] == line["matched_by"]
        if "only:" not in query:
            money = amount(cells[-2].rpartition("$")[2]) if "$" in cells[-2] else None
            assert money == (abs(line["gap"]) or None if line["gap"] is not None else None)


def test_cheapest_and_gaps_worked_out(client):
    found = {line["model"]: line for line in rows_of(client, "matrix", BOTH)}
    told = {name: (line["cheapest"], line["gap_percent"], line["gap"]) for name, line in found.items()}
    assert told == {
        "GPT-4o": ("Alpha", 25, Decimal("2.5")),
        "GPT-4.1": ("", 0, 0),
        "GPT-5": ("Alpha", None, 9),  # by contract: 10% less than 10.00
        "GPT-4.1 mini": ("", None, None),
        "GPT-4.1 nano": ("", None, None),
    }
    assert found["GPT-4o"]["family"] == "openai/gpt-4o"
    assert found["GPT-4o"]["offers"] == "Alpha: gpt-4o and 1 more; Beta: openai/gpt-4o"
    assert found["GPT-5"]["remarks"] == "Beta: by contract; list price 10"
    assert found["GPT-4.1 mini"]["remarks"] == "Alpha: This catalog publishes no price"
    assert found["GPT-4.1 nano"]["price_alpha"] is None
    assert "may also mean that no price is set" in found["GPT-4.1 nano"]["remarks"]
    against = {
        line["model"]: (line["gap_percent"], line["gap"]) for line in rows_of(client, "matrix", f"{BOTH}&gap=beta")
    }
    assert against["GPT-4o"] == (-20, Decimal("-2.5"))
    assert against["GPT-5"] == (-100, -9)


def test_a_workloads_cost_is_that_of_a_month(client):
    # 1,000 requests: 10K in at $1 and 1K out at $10 per 1M tokens
    line = next(line for line in rows_of(client, "matrix", COST) if line["model"] == "GPT-4o")
    assert (line["price_alpha"], line["price_beta"], line["gap"]) == (20, 25, 5)
    found = told(client, "matrix", COST)
    assert found["unit"] == "Workload cost in US dollars per month, before tax"
    assert facts_of(client, "matrix", COST)["Workload"].startswith("My own numbers: 1,000 requests a month of 10,000")


@pytest.mark.parametrize("tab", ["unmatched", "conflicts"])
def test_offers_without_a_model_say_why(client, tab):
    page = table(client.get(f"/compare/catalogs/{BOTH}&tab={tab}"))
    file = rows_of(client, "matrix", f"{BOTH}&tab={tab}")
    assert len(page) == len(file) == 1
    for cells, line in zip(page, file, strict=True):
        assert cells[0] == f"{line['offer']} {line['ref']}"
        assert cells[1] == " ".join(filter(None, [line["catalog"], line["provider"]]))
        assert Decimal(cells[2]) == line["price"] == 1
        assert cells[3].startswith(line["why"])
        assert cells[4].replace(" , ", ", ") == (line["maybe"] or "—")
    if tab == "conflicts":
        assert "id at the vendor o3: openai/o3. " in file[0]["names"]


def test_a_cost_that_is_not_known_is_no_price_that_is_not_published(client):
    short = sold("short", 10, provider="", provider_name="", context_tokens=10)
    sync(Catalog.objects.get(slug="beta"), short, approve=True)
    asked = f"{BOTH}&tab=unmatched&q=short"
    assert [line["price"] for line in rows_of(client, "matrix", asked)] == [1]
    (line,) = rows_of(client, "matrix", f"{asked}&measure=cost&n=1&tin=10000&tout=1")
    assert line["price"] is None
    assert "publishes no price" not in str(line)


@pytest.mark.parametrize("query", QUERIES)
def test_all_formats_hold_the_same(client, query):
    assert_all_formats_hold_the_same(client, "matrix", BOTH + query)


def test_its_link_shows_the_same_tomorrow_and_it_says_what_it_is(client):
    before = told(client, "matrix", f"{BOTH}&q=gpt&sort=model&page=1&per=25")
    assert before["link"] == f"http://testserver/compare/catalogs/{BOTH}&q=gpt&sort=model&as_of={before['as_of']}"
    assert before["filters"] == [{"label": "Search", "text": "gpt"}]
    assert [fact["text"] for fact in before["facts"]] == ["In both", "Alpha, Beta", "Model"]
    sync(Catalog.objects.get(slug="alpha"), sold("gpt-4o", 300, name="GPT-4o"), approve=True)
    assert told(client, "matrix", f"?{before['link'].partition('?')[2]}")["rows"] == before["rows"]


@pytest.mark.parametrize("query", ["?c=alpha", "?c=nowhere", f"{BOTH}&tab=x", f"{BOTH}&measure=cost&n=x"])
def test_what_makes_no_sense_is_no_file(client, query):
    if query == "?c=alpha":
        Catalog.objects.get(slug="beta").delete()
    assert_no_file(client, f"/export/matrix.csv{query}")


def test_the_menu_follows_the_tab(client):
    part = client.get(f"/compare/catalogs/{BOTH}&tab=unmatched", headers={"HX-Request": "true", "HX-Target": "results"})
    menu = part.content.decode().partition('<div id="exports" hx-swap-oob="innerHTML">')[2].partition("</div>")[0]
    assert menu.count("?c=alpha&amp;c=beta&amp;tab=unmatched") == 4
    assert client.get(f"/compare/catalogs/{BOTH}").content.decode().count('id="exports"') == 1
