"""The offers of a model as files, and as Markdown to copy: the rows and columns of its page."""

from decimal import Decimal
from html import unescape

import pytest

from catalog.models import Catalog
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.files import assert_all_formats_hold_the_same, assert_no_file, facts_of, rows_of, told
from tests.pages.test_model import GPT, LONG, priced

pytestmark = pytest.mark.django_db
FILE = "models/openai/gpt-4.1/offers"
QUERIES = ["", "?sort=input", "?prompt=300000", "?unit=1k", "?catalog=beta", "?preset=chat", "?q=openai"]


@pytest.fixture(autouse=True)
def _three():
    sync(catalog("Alpha"), record("gpt-4.1", rates=LONG), record("o3"))
    sync(catalog("Beta"), record("openai/gpt-4.1", rates=(row(input=3 * DOLLAR, output=4 * DOLLAR),)))
    gone = record("gpt-4.1", rates=(row(input=DOLLAR, output=DOLLAR),), lifecycle="deleted")
    sync(catalog("Gamma"), gone)


@pytest.mark.parametrize("query", QUERIES)
def test_the_file_is_the_page_row_for_row(client, query):
    shown = priced(client.get(f"{GPT}{query}"))
    file = rows_of(client, FILE, query)
    assert len(file) == len(shown)
    for line, cells in zip(file, shown, strict=True):
        first = 3 if query == "?preset=chat" else 2
        assert line["catalog"] in cells[0]
        assert line["ref"] in cells[0]
        assert [line["input"], line["output"]] == [Decimal(cell) for cell in cells[first : first + 2]]
        assert (line["to_lowest"] or "") == cells[-1]
    if query == "":
        assert [line["catalog"] for line in file] == ["Beta", "Alpha", "Gamma"]  # what is gone comes last


def test_it_says_what_it_is_and_its_link_shows_the_same_tomorrow(client):
    before = told(client, FILE, "?sort=-input&preset=chat")
    assert before["link"].startswith(f"http://testserver{GPT}?")
    facts = facts_of(client, FILE, "?sort=-input&preset=chat")
    assert (facts["Model"], facts["Mode"]) == ("openai/gpt-4.1", "standard")
    assert facts["Sorted by"] == "Input, falling; what is gone comes last"
    assert facts["Workload"].startswith("Chat")
    assert [line["cost"] is None for line in before["rows"]] == [bool(line["reason"]) for line in before["rows"]]
    assert any(line["cost"] for line in before["rows"])
    sync(Catalog.objects.get(slug="beta"), record("openai/gpt-4.1", rates=(row(input=9 * DOLLAR),)))
    again = told(client, FILE, f"?{before['link'].partition('?')[2]}")
    assert again["rows"] == before["rows"]
    assert told(client, FILE, "?sort=-input&preset=chat")["rows"] != before["rows"]


def test_contracts_are_named(client):
    contract(Catalog.objects.get(slug="alpha"), change=-5_000)
    alpha = next(line for line in rows_of(client, FILE) if line["catalog"] == "Alpha")
    assert (alpha["input"], alpha["output"]) == (1, 4)
    assert "list price per 1M tokens: input 2.00, output 8.00" in alpha["remarks"]


@pytest.mark.parametrize("query", ["", "?preset=chat&prompt=300000"])
def test_all_formats_hold_the_same(client, query):
    assert_all_formats_hold_the_same(client, FILE, query)


def test_the_page_leads_to_files_and_to_the_text_to_copy(client):
    page = unescape(client.get(f"{GPT}?unit=1k").content.decode())
    assert f'href="/export/{FILE}.csv?unit=1k"' in page
    assert f'data-copy="/export/{FILE}.txt?unit=1k"' in page
    assert "data-copy" not in client.get(f"{GPT}?q=zzz").content.decode()


def test_what_makes_no_sense_gives_no_file(client):
    assert "lb" in assert_no_file(client, f"/export/{FILE}.md?unit=lb")
    assert client.get("/export/models/no/such/offers.csv").status_code == 404
