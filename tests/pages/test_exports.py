"""The Offers table as files: what the page shows, row for row, and nothing else."""

import json
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlsplit

import openpyxl
import pandas
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Catalog
from catalog.pricing.units import Unit, price_text
from tests.exports.test_writers import by_markdown
from tests.make import DOLLAR, SECRET, catalog, credential, record, row, sync
from tests.pages.files import assert_no_file
from tests.pages.test_offers import Table

pytestmark = pytest.mark.django_db

PRICES = {"input": "Input", "output": "Output", "cache_read": "Cache read", "cache_write": "Cache write"}
QUERIES = (
    "",
    "?sort=-output,model",
    "?unit=1k&sort=input&catalog=loose",
    "?unit=1&prompt=300000",
    "?q=a&max_in=6&sort=-model",
    "?mode=batch",
    "?col=input&col=state&lifecycle=deprecated&lifecycle=active",
    "?state=unknown&state=free",
    "?q=zzz",
)


@pytest.fixture(autouse=True)
def _catalogs():
    sync(
        catalog("Team"),
        record("gpt-4.1", name="GPT-4.1", rates=(row(cache_read=500_000), row(mode="batch", input=DOLLAR))),
        record(
            "opus",
            name="Claude | <b>Opus</b>",
            provider="anthropic",
            provider_name="Anthropic",
            provider_inferred=True,
            rates=(row(input=5 * DOLLAR, output=25 * DOLLAR, up_to=200_000), row(above=200_000, input=10 * DOLLAR)),
        ),
        record("mystery", price_state="unknown", rates=(row(input=None, output=None),), context_tokens=None),
        record("gift", name="=Gift", price_state="free", rates=(row(input=0, output=0),)),
        record("old", name="Old one", lifecycle="deprecated"),
    )
    sync(
        catalog("Loose"),
        record("tiny", name="Tiny\n“a”", rates=(row(input=37_500, output=123_456_789),)),
        record("zero", price_state="zero_unconfirmed", rates=(row(input=0, output=0),)),
        record("flat", rates=(row(input=None, output=None, blended=1_600_000),)),
        *(record(f"a{n:03}", rates=(row(input=(n + 1) * 10_000),)) for n in range(60)),
    )


def on_the_page(client, query):
    """The rows of all pages, cell by cell as text."""
    joined = f"{query}{'&' if query else '?'}per=250"
    return Table(client.get(f"/{joined}").content.decode()).rows


def lines_of(client, query):
    """The rows of the CSV, by heading without its unit."""
    data = client.get(f"/export/offers.csv{query}").getvalue()
    found = pandas.read_csv(BytesIO(data), dtype=str, keep_default_na=False)
    found.columns = [name.partition(" (")[0] for name in found.columns]
    return found.to_dict("records")


def shown(text, unit):
    """A price of the file as the page writes it, but for what is said in words."""
    if text == "":
        return "—"
    return price_text(int(Decimal(text) * 10**12 / unit.tokens), unit)


@pytest.mark.parametrize("query", QUERIES)
def test_the_file_is_the_page_row_for_row(client, query):
    unit = Unit.THOUSAND if "unit=1k" in query else Unit.TOKEN if "unit=1&" in query else Unit.MILLION
    page, file = on_the_page(client, query), lines_of(client, query)
    assert len(page) == len(file) == {"": 67, "?q=zzz": 0, "?mode=batch": 1}.get(query, len(file))
    for cells, line in zip(page, file, strict=True):
        name = " ".join(line["Model"].removeprefix("'").split())
        assert " ".join(cells[0].split()).startswith(f"{name} {line['Id']}")
        if "col=" in query:
            (price, state), keys = cells[1:], ["Input"]
            prices = [price]
        else:
            assert cells[1:3] == [
                line["Catalog"],
                line["Provider"] + ("*" if "does not name" in line["Remarks"] else ""),
            ]
            prices, keys, state = cells[3:7], PRICES.values(), cells[-2]
            assert bool(cells[8] == "—") == bool(line["Context"] == "")
        assert state.split() == line["State"].replace(",", "").split()
        for cell, key in zip(prices, keys, strict=True):
            if cell in ("free", "0*"):
                assert line[key] == "0"
            else:
                assert cell.removesuffix("*") == shown(line[key], unit)
                assert cell.endswith("*") == (f"{key}: Taken from" in line["Remarks"])


@pytest.mark.parametrize("query", QUERIES)
def test_all_formats_hold_the_same(client, query):
    plain = [list(line.values()) for line in lines_of(client, query)]
    rows = [[cell.removeprefix("'") for cell in line[:-3]] for line in plain]
    found = json.loads(client.get(f"/export/offers.json{query}").getvalue(), parse_float=Decimal)["rows"]
    assert [[text(value) for value in line.values()] for line in found] == rows
    book = openpyxl.load_workbook(BytesIO(client.get(f"/export/offers.xlsx{query}").getvalue()))
    cells = [[text(cell.value) for cell in line] for line in book["Offers"].iter_rows(min_row=2)]
    assert [without_times(line) for line in cells] == [without_times(line) for line in rows]
    table = by_markdown(client.get(f"/export/offers.md{query}").getvalue())[1:]
    assert table == [[cell.replace("\n", " ") for cell in line] for line in rows]


def text(value):
    if value is None:
        return ""
    return f"{Decimal(str(value)).normalize():f}" if isinstance(value, int | float | Decimal) else str(value)


def without_times(cells):
    """Excel's moments are rounded to the millisecond: their own test is among those of the writers."""
    return [cell[:10] if cell[:3] == "202" else cell for cell in cells]


def test_figures_are_exact_where_the_page_rounds(client):
    line = next(line for line in lines_of(client, "?catalog=loose") if line["Id"] == "tiny")
    assert (line["Input"], line["Output"]) == ("0.0375", "123.456789")
    line = next(line for line in lines_of(client, "?catalog=loose&unit=1") if line["Id"] == "tiny")
    assert (line["Input"], line["Output"]) == ("0.0000000375", "0.000123456789")
    line = next(line for line in lines_of(client, "?col=long_prompt&col=state") if line["Id"] == "opus")
    assert (line["Long prompt above"], line["Input of long prompts"]) == ("200000", "10")
    assert next(line for line in lines_of(client, "") if line["Id"] == "flat")["Flat price"] == "1.6"


def test_the_file_says_what_it_is(client):
    response = client.get("/export/offers.json?q=gpt&unit=1k&catalog=team&page=1&per=25")
    found = json.loads(response.getvalue())
    assert found["unit"] == "US dollars per 1K tokens, before tax"
    assert found["filters"] == [{"label": "Search", "text": "gpt"}, {"label": "Catalog", "text": "Team"}]
    assert found["facts"] == [{"label": "Sorted by", "text": "Model"}]
    assert found["link"] == f"http://testserver/?q=gpt&catalog=team&unit=1k&as_of={found['as_of']}"
    today = datetime.fromisoformat(found["as_of"])
    assert response["Content-Disposition"] == f'attachment; filename="ratecard-offers-{today:%Y-%m-%d}.json"'
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_its_link_shows_the_same_when_prices_have_changed(client):
    def told(query):
        return [{**line, "As of": "", "About": "", "Link": ""} for line in lines_of(client, query)]

    before = lines_of(client, "?catalog=team")
    kept = [{**line, "As of": "", "About": "", "Link": ""} for line in before]
    records = [record(ref, name=ref) for ref in ("gpt-4.1", "opus", "mystery", "new")]
    sync(Catalog.objects.get(slug="team"), *records, approve=True)
    again = f"?{urlsplit(before[0]['Link']).query}"
    assert [line["Id"] for line in told("?catalog=team")] == ["gpt-4.1", "mystery", "new", "opus"]
    assert told(again) == kept
    names = [cells[0].split()[0] for cells in on_the_page(client, again)]
    assert names == ["=Gift", "Claude", "GPT-4.1", "mystery"]


def test_a_past_day_is_the_files_own_moment(client):
    response = client.get("/export/offers.json?as_of=2026-01-05")
    found = json.loads(response.getvalue())
    assert found["rows"] == []
    assert found["as_of"] == "2026-01-05T23:59:59.999999Z"
    assert found["link"] == "http://testserver/?as_of=2026-01-05"
    assert 'filename="ratecard-offers-2026-01-05.json"' in response["Content-Disposition"]


def test_a_held_price_is_told(client):
    sync(held := catalog("Held"), record("x"), record("y"))
    sync(held, record("x", rates=(row(input=200 * DOLLAR),)), record("y"))
    x, y = lines_of(client, "?catalog=held")
    assert (x["Input"], x["State"], y["State"], y["Remarks"]) == ("2", "held", "", "")
    told = "The input price went from 2.00 to 200.00 per 1M tokens. The old price stays until a person has looked"
    assert x["Remarks"] == told


def test_what_makes_no_sense_is_no_file(client):
    assert "“lb”" in assert_no_file(client, "/export/offers.csv?unit=lb&q=gpt")
    assert client.get("/export/offers.exe").status_code == 404


def test_no_key_address_or_organization_is_in_a_file(client):
    Catalog.objects.update(
        base_url="https://inside.example", organization="org_abc123", credential=credential(secret=SECRET)
    )
    for ending in ("csv", "json", "md"):
        body = client.get(f"/export/offers.{ending}").getvalue().decode()
        assert not [word for word in ("inside.example", "org_abc123", SECRET, "Team key") if word in body]


def test_a_file_asks_as_little_for_many_rows_as_for_few(client):
    def asked(query):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/export/offers.csv{query}").getvalue()
        return [query["sql"] for query in queries if "PRAGMA" not in query["sql"]]

    # Catalogs, rows.
    assert len(asked("?q=gpt")) == len(asked("")) == 2


class TestMenu:
    def test_it_names_four_files_of_what_is_shown(self, client):
        html = client.get("/?q=a&page=2&per=25&unit=1k").content.decode()
        for ending in ("csv", "xlsx", "json", "md"):
            assert f'<a href="/export/offers.{ending}?q=a&amp;unit=1k" rel="nofollow" download>' in html

    def test_its_links_follow_the_filters_when_htmx_swaps_the_table_alone(self, client):
        part = client.get("/?q=a", headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
        menu = part.partition('<div id="exports" hx-swap-oob="innerHTML">')[2].partition("</div>")[0]
        assert menu.count('?q=a"') == 4
        assert client.get("/").content.decode().count('id="exports"') == 1
