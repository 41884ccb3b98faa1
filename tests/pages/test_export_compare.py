"""Offers side by side as files, and as Markdown to copy: every row of the page, an offer in each column."""

from decimal import Decimal

import pytest

from catalog.models import Catalog
from catalog.pricing.units import Unit, price_text
from tests.exports.test_writers import by_markdown
from tests.make import DOLLAR, contract, record, row, sync
from tests.pages.compared import three_offers
from tests.pages.files import assert_all_formats_hold_the_same, assert_no_file, facts_of, rows_of, told
from tests.pages.test_compare import pk, query
from tests.pages.test_offers import Table

pytestmark = pytest.mark.django_db

ADDED = (", list price", ", remarks")


@pytest.fixture(autouse=True)
def _team():
    three_offers()


def fields(client, *refs, **more):
    """The rows of the file: section, field, and a value for each offer."""
    return [list(line.values()) for line in rows_of(client, "compare", f"?{query(*refs, **more)}")]


def same(value, cell, label):
    """Whether a value of the file is what the page shows in this cell."""
    if value is None:
        return cell.startswith(("—", "Not offered", "Not on record"))
    if isinstance(value, str):
        return (
            value == cell
            or (value == "yes" and cell == "Yes")
            or label in ("These values since", "First read", "Last read")
        )
    if cell in ("free", "0*"):
        return value == 0
    shown = Decimal(cell.partition(" list")[0].rstrip("*").replace(",", ""))
    return abs(shown - value) <= Decimal("0.005") * max(abs(value), 1) and (value == 0) == (shown == 0)


@pytest.mark.parametrize(
    "more", [{}, {"mode": "batch"}, {"unit": "1"}, {"differing": "1"}, {"preset": "chat"}, {"as_of": "2025-06-10"}]
)
def test_the_file_is_the_page_row_for_row(client, more):
    if "preset" in more:
        contract(Catalog.objects.get(), change=-2_500, pattern="alpha")
    main = client.get(f"/compare/?{query('alpha', 'beta', 'gamma', **more)}").content.decode()
    page, section = [], ""
    for heading, *cells in Table(main.partition("Price history")[0]).rows:
        section = section if cells else heading
        page += [[section, heading, *cells]] if cells else []
    file = fields(client, "alpha", "beta", "gamma", **more)
    own = [line for line in file if not line[1].endswith(ADDED)]
    assert [line[:2] for line in own] == [line[:2] for line in page]
    for line, shown in zip(own, page, strict=True):
        assert all(same(value, cell, line[1]) for value, cell in zip(line[2:], shown[2:], strict=True)), (line, shown)


def test_figures_are_numbers_and_exact_and_what_asterisks_say_stands_below(client):
    found = fields(client, "alpha", "gamma", "beta")
    inputs = [line[2:] for line in found if line[1] == "Input"]
    assert inputs == [[2, None, 3], [2, None, 6], [4, None, 6]]
    assert [line[2:] for line in found if line[1] == "Output, remarks"] == [["Taken from the base tier", None, None]]
    assert ["Limits, in tokens", "Context window", 128_000, None, 1_000_000] in found
    assert [line[2:] for line in found if line[1] == "Images, per 1,000"] == [[10, None, Decimal("7.5")]]
    assert [line[2:] for line in found if line[1] == "Tools"] == [["yes", None, "not named"]]
    tiny = [line[2] for line in fields(client, "alpha", "beta", unit="1") if line[1] == "Input"]
    assert tiny[0] == Decimal("0.000002")


def test_contract_prices_and_what_the_catalog_lists(client):
    contract(Catalog.objects.get(), change=-2_500, pattern="alpha")
    found = fields(client, "alpha", "beta")
    assert [line[2:] for line in found if line[1].startswith("Input")][:2] == [[Decimal("1.5"), 3], [2, None]]
    facts = facts_of(client, "compare", f"?{query('alpha', 'beta')}")
    assert facts["Contract"] == "−25%, Frame agreement, since 1 Jan 2026 (Team: alpha)"


def test_it_says_what_it_is_and_its_link_shows_the_same_tomorrow(client):
    before = told(client, "compare", f"?{query('beta', 'alpha', unit='1k', add='more')}")
    assert (
        before["link"] == f"http://testserver/compare/?o={pk('beta')}&o={pk('alpha')}&unit=1k&as_of={before['as_of']}"
    )
    assert [one["label"] for one in before["columns"]] == ["Section", "Field", "beta (Team)", "alpha (Team)"]
    assert before["unit"] == "US dollars per 1K tokens where a row says no other, before tax"
    sync(Catalog.objects.get(), record("alpha", rates=(row(input=9 * DOLLAR),)), approve=True)
    again = told(client, "compare", f"?{before['link'].partition('?')[2]}")
    assert [row for row in again["rows"] if row["field"] != "Last read"] == [
        row for row in before["rows"] if row["field"] != "Last read"
    ]


@pytest.mark.parametrize("more", [{}, {"mode": "batch", "differing": "1"}])
def test_all_formats_hold_the_same(client, more):
    assert_all_formats_hold_the_same(client, "compare", f"?{query('alpha', 'beta', 'gamma', **more)}")


def test_the_markdown_can_be_read_in_the_browser_and_copied(client):
    given = query("alpha", "beta", differing="1", add="x")
    address = f"/export/compare.txt?o={pk('alpha')}&o={pk('beta')}&differing=1"
    html = client.get(f"/compare/?{given}").content.decode()
    shown = address.replace("&", "&amp;")
    assert f'data-copy="{shown}"' in html
    assert f'<a class="btn no-js" href="{shown}" rel="nofollow">' in html
    response = client.get(address)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("inline")
    assert by_markdown(response.getvalue()) == by_markdown(client.get(address.replace(".txt", ".md")).getvalue())
    assert 'id="exports"' in html
    assert "data-copy" not in client.get(f"/compare/?o={pk('alpha')}").content.decode()


@pytest.mark.parametrize("asked", ["o={0}", "o={0}&o=999999", "o={0}&o={1}&mode=none", "o={0}&o={1}&unit=lb", ""])
def test_what_makes_no_sense_is_no_file(client, asked):
    assert_no_file(client, f"/export/compare.md?{asked.format(pk('alpha'), pk('beta'))}")


def test_a_price_of_a_token_reads_on_the_page_as_in_the_file(client):
    value = next(line[2] for line in fields(client, "alpha", "beta", unit="1") if line[1] == "Output")
    assert price_text(int(value * 10**12), Unit.TOKEN) == "0.000008"
