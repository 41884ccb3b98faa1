"""The Changes table as files: as filtered, a line for each field that changed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Catalog
from catalog.pricing.units import price_text
from catalog.sources.base import Lifecycle, OfferRecord, OtherPrice
from tests.make import DOLLAR, catalog, record, row, state, sync
from tests.pages.files import assert_all_formats_hold_the_same, facts_of, rows_of, told
from tests.pages.test_changes import OTHERS, o3, rows

pytestmark = pytest.mark.django_db

QUERIES = ("", "?kind=up&kind=down", "?kind=retired", "?q=b&catalog=team", "?move=50", "?until=2025-12-31", "?q=zzz")


@pytest.fixture(autouse=True)
def team():
    made = catalog()
    sync(made, *OTHERS, o3(), record("zero", price_state="zero_unconfirmed", rates=(row(input=0, output=0),)))
    changed = replace(
        state("=b", key="b", rates=(row(input=3 * DOLLAR, cache_read=DOLLAR, request=5_000_000),)),
        context_tokens=1_000_000,
        lifecycle=Lifecycle.DEPRECATED,
        other_prices=(OtherPrice("images", "10", "1,000"),),
    )
    free = record("c", price_state="free", rates=(row(input=0, output=0),))
    sync(made, OfferRecord("b", changed), free, *OTHERS[2:8], o3(), record("new"), record("zero"), approve=True)
    return made


def shown(value):
    """How the page may show what is in the file."""
    if not value:
        return ("—", "") if value is None else ("free", "0*")
    return (price_text(int(value * 10**6)),)


@pytest.mark.parametrize("query", QUERIES)
def test_the_file_holds_the_changes_of_the_page_in_their_order(client, query):
    page = [cells for cells in rows(client, query) if len(cells) > 1]
    file = rows_of(client, "changes", query)
    changes = [list(own) for _, own in groupby(file, key=lambda line: (line["day"], line["catalog"], line["ref"]))]
    assert len(page) == len(changes) == {"?q=zzz": 0, "?until=2025-12-31": 1, "?kind=retired": 1}.get(query, len(page))
    for cells, lines in zip(page, changes, strict=True):
        if len(cells) == 3:
            assert lines[0]["field"] == "Offers found when this catalog was first read"
            assert (lines[0]["before"], lines[0]["after"], cells[0]) == (None, 11, "11 offers Team")
            continue
        first = lines[0]
        assert cells[0].startswith(f"{first['model']} {first['ref']} {first['catalog']}")
        fields = {line["field"]: line for line in lines}
        for name, (was, now, move) in {"Input": cells[2:5], "Output": cells[5:8]}.items():
            if name not in fields:
                assert was == ""
                continue
            before, after = fields[name]["before"], fields[name]["after"]
            assert was in shown(before)
            assert now in shown(after)
            assert ("%" in move) == (fields[name]["change"] is not None)


def test_a_line_for_each_field_with_its_unit_and_percent(client):
    lines = [line for line in rows_of(client, "changes", "?q=b") if line["ref"] == "b"]
    told = [(line["field"], line["before"], line["after"], line["unit"], line["change"]) for line in lines]
    assert told == [
        ("Input", 2, 3, "USD per 1M tokens", 50),
        ("Lifecycle", "active", "deprecated", "", None),
        ("Context", 128_000, 1_000_000, "tokens", Decimal("681.25")),
        ("Cache read", None, 1, "USD per 1M tokens", None),
        ("Request", None, Decimal("0.000005"), "USD per request", None),
        ("Images per 1,000", None, 10, "USD", None),
    ]
    assert {line["kind"] for line in lines} == {"Price up, Price known or gone, Context and limits, Lifecycle"}
    assert {line["day"] for line in lines} == {timezone.now().date().isoformat()}


def test_what_came_and_went_and_what_may_not_be_meant(client):
    found = {(line["ref"], line["field"]): line for line in rows_of(client, "changes")}
    new, gone, free = found["new", "Input"], found["j", "Output"], found["c", "Input"]
    assert (new["kind"], new["before"], new["after"], new["change"]) == ("New", None, 2, None)
    assert (gone["kind"], gone["before"], gone["after"]) == ("Retired", 8, None)
    assert (free["before"], free["after"], free["change"]) == (2, 0, -100)
    zero = found["zero", "Input"]
    assert (zero["before"], zero["after"], zero["change"]) == (0, 2, None)
    assert "may also mean that no price is set" in zero["remarks"]
    past = found["o3", "Input"]
    assert (past["day"], past["since"], past["change"]) == ("2025-06-10", "2025-06-10T00:00:00Z", -80)


def test_the_effect_of_a_change_stands_in_one_of_its_lines(client):
    query = "?n=1000&tin=1000&tout=100&catalog=team"
    lines = rows_of(client, "changes", query)
    b = [line["effect"] for line in lines if line["ref"] == "b"]
    # 1M tokens of input at a dollar more, and 1,000 requests at $0.000005.
    assert b == [Decimal("1.005"), None, None, None, None, None]
    assert [line["effect"] for line in lines if line["ref"] == "new"] == [None, None]
    zero = next(line for line in lines if line["ref"] == "zero")
    assert zero["effect"] is None
    assert "Before: The price is given as 0" in zero["remarks"]
    assert facts_of(client, "changes", query)["Workload"].startswith("My own numbers: 1,000 requests a month")
    assert "effect" not in rows_of(client, "changes")[0]


@pytest.mark.parametrize("query", [*QUERIES, "?preset=chat"])
def test_all_formats_hold_the_same(client, query):
    assert_all_formats_hold_the_same(client, "changes", query)


def test_it_says_what_it_is(client):
    found = told(client, "changes", "?kind=up&page=1")
    today = timezone.now().date()
    assert found["link"] == f"http://testserver/changes/?kind=up&until={today}"
    assert found["filters"] == [{"label": "Kind", "text": "Price up"}]
    again = told(client, "changes", f"?{found['link'].partition('?')[2]}")
    assert again["rows"] == found["rows"]
    assert found["as_of"][:10] == f"{today}"


def test_what_makes_no_sense_leads_to_the_page_that_says_so(client):
    for query in ("kind=x", "n=x", f"since={timezone.now().date() + timedelta(days=1)}x"):
        response = client.get(f"/export/changes.csv?{query}")
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/changes/")


def test_a_file_asks_as_little_for_many_rows_as_for_few(client, team):
    sync(Catalog.objects.get(), *(record(f"m{n:02}") for n in range(60)), approve=True)

    def asked(query):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/export/changes.csv?preset=chat&{query}").getvalue()
        return [query["sql"] for query in queries if "PRAGMA" not in query["sql"]]

    # Catalogs, changes, the rates of their offers.
    assert len(asked("q=b")) == len(asked("")) == 3


def test_the_menu_follows_the_filters(client):
    part = client.get("/changes/?kind=up", headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    menu = part.partition('<div id="exports" hx-swap-oob="innerHTML">')[2].partition("</div>")[0]
    assert menu.count('?kind=up"') == 4
    assert client.get("/changes/").content.decode().count('id="exports"') == 1
