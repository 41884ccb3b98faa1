"""The Costs table as files: the ranking of the page, row for row, exact, and why where there is no cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Catalog, Offer
from dashboard.formats import money_text
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.files import assert_all_formats_hold_the_same, assert_no_file, facts_of, rows_of, told
from tests.pages.test_costs import MINE, table
from tests.pages.test_costs_together import rows as together

pytestmark = pytest.mark.django_db

WORKLOAD = f"?{MINE}"
TWO = "?w=Chat:1000:1000:0:0:100:standard&w==Bulk:10000:60000:0:0:10:batch"
PARTS = ("cache_read", "cache_write", "input", "output")


@pytest.fixture(autouse=True)
def _catalogs():
    sync(
        catalog("Team"),
        record("plain", name="=Plain", rates=(row(), row(mode="batch", input=DOLLAR, output=4 * DOLLAR))),
        record("cached", rates=(row(cache_read=DOLLAR // 5, cache_write=5 * DOLLAR // 2),)),
        record("tiered", rates=(row(up_to=50_000), row(above=50_000, input=4 * DOLLAR, inherited=("output",)))),
        record("flat", provider_inferred=True, rates=(row(input=None, output=None, blended=DOLLAR),)),
        record("small", context_tokens=50_000),
        record("unknown", price_state="unknown", rates=(row(input=None, output=None),)),
        record("gift", price_state="free", rates=(row(input=0, output=0),)),
    )
    ours = catalog("Ours")
    sync(ours, record("plain", name="Plain"))
    contract(ours, change=-2_000)


def pk(ref, slug="team"):
    return Offer.objects.get(ref=ref, catalog__slug=slug).pk


def amount(value, places=2):
    """An amount of the file as the page writes it."""
    return money_text(None if value is None else int(value * 10**12), places)


@pytest.mark.parametrize(
    "more", ["", "&excluded=1", "&base={}", "&base={}&excluded=1&q=plain", "&catalog=ours", "&q=zzz"]
)
def test_the_file_is_the_page_row_for_row(client, more):
    query = WORKLOAD + more.format(pk("plain"))
    file = rows_of(client, "costs", query)
    page = table(client.get(f"/costs/{query}&per=250"))
    assert len(page) == len(file)
    assert [line["rank"] for line in file] == sorted(line["rank"] or 99 for line in file if line["rank"]) + [
        None for line in file if line["rank"] is None
    ]
    for cells, line in zip(page, file, strict=True):
        rank, model, where, *rest = cells
        assert (rank, where) == (str(line["rank"] or ""), line["catalog"])
        assert model.startswith(f"{line['model']} {line['ref']}")
        assert ("contract" in model.split()) == bool(line["contract"])
        if "base=" not in query:
            assert rest.pop(0) == line["provider"]
        if line["reason"]:
            assert rest[:2] == ["—", line["reason"]]
            assert line["per_month"] is line["per_request"] is None
            continue
        assert rest[0].rstrip("*") == amount(line["per_month"])
        if line["ref"] == "flat":
            parts, rest = ["", "", "", ""], rest[2:]
            assert "One price for all tokens" in cells
        else:
            parts, rest = rest[1:5], rest[5:]
        assert [one.rstrip("* ") for one in parts] == [
            "" if line[name] is None else amount(line[name]) for name in PARTS
        ]
        assert rest[:2] == [amount(line["per_request"], 4), amount(line["per_1000"])]
        if "base=" in query:
            arrow, _, money = rest[2].rpartition(" ")
            more = line["to_baseline"]
            assert arrow == ("" if not more else "▼" if more < 0 else "▲")
            assert money == ("same" if not more else ("−" if more < 0 else "+") + amount(abs(more)))


def test_the_sums_are_exact(client):
    # 1,000 requests: 50,000 read from the cache, 10,000 written to it, 40,000 of input, 2,000 of output.
    found = {line["ref"]: line for line in rows_of(client, "costs", f"{WORKLOAD}&excluded=1&catalog=team")}
    cached = found["cached"]
    assert [cached[name] for name in PARTS] == [10, 25, 80, 16]
    assert (cached["per_month"], cached["per_request"], cached["per_1000"]) == (131, Decimal("0.131"), 131)
    assert cached["to_lowest"] == Decimal("1.28431373")
    assert found["flat"]["per_month"] == 102
    assert found["flat"]["remarks"] == (
        "This catalog publishes one price for all tokens, cached ones included. "
        "The catalog does not name the provider; it was concluded from the model's name or tokenizer."
    )
    assert (found["gift"]["per_month"], found["gift"]["to_lowest"], found["gift"]["rank"]) == (0, None, 1)
    assert (found["tiered"]["above"], found["tiered"]["per_month"]) == (50_000, 416)
    assert "No cache read price: billed as input." in found["plain"]["remarks"]
    assert found["unknown"]["reason"] == "Neither the input nor the output price is known."
    assert found["small"]["reason"] == "The prompt is larger than it can read."


def test_beside_the_baseline_in_dollars_and_percent_and_under_a_contract(client):
    query = f"{WORKLOAD}&base={pk('plain')}"
    found = {(line["catalog"], line["ref"]): line for line in rows_of(client, "costs", query)}
    ours = found["Ours", "plain"]
    assert (ours["per_month"], ours["to_baseline"], ours["to_baseline_percent"]) == (
        Decimal("172.8"),
        Decimal("-43.2"),
        -20,
    )
    assert ours["contract"] == "−20%, Frame agreement, since 1 Jan 2026"
    assert "At list prices it would be $216.00 per month." in ours["remarks"]
    same = found["Team", "plain"]
    assert (same["to_baseline"], same["to_baseline_percent"]) == (0, 0)
    assert found["Team", "unknown"]["to_baseline"] is None
    facts = facts_of(client, "costs", query)
    assert facts["Baseline"] == "=Plain (plain, Team): $216.00 per month"
    assert facts["Workload"] == (
        "My own numbers: 1,000 requests a month of 100,000 prompt tokens (50,000 of them read from the cache, "
        "10,000 written to it) and 2,000 output tokens, standard mode"
    )
    free = rows_of(client, "costs", f"{WORKLOAD}&base={pk('gift')}&q=cached")[0]
    assert (free["to_baseline"], free["to_baseline_percent"]) == (131, None)


@pytest.mark.parametrize("more", ["", "&excluded=1", "&base={}"])
def test_several_workloads_have_a_column_each_and_a_total(client, more):
    query = TWO + more.format(pk("plain"))
    file = rows_of(client, "costs", query)
    page = together(client.get(f"/costs/{query}&per=250"))
    assert len(page) == len(file) == (8 if "excluded" in more else 1)
    for cells, line in zip(page, file, strict=True):
        assert cells[0] == str(line["rank"] or "")
        assert cells[1].startswith(f"{line['model']} {line['ref']}")
        assert cells[3:6] == [amount(line[key]) for key in ("workload_1", "workload_2", "per_month")]
        assert line["reason"] in cells[1]
        assert ("contract" in cells[1].split()) == bool(line["contract"])
    first = next(line for line in file if line["ref"] == "plain")
    # Chat: 1M in and 0.1M out at $2 and $8; Bulk: 600M in and 0.1M out at $1 and $4.
    assert [first[key] for key in ("workload_1", "workload_2", "per_month")] == [
        Decimal("2.8"),
        Decimal("600.4"),
        Decimal("603.2"),
    ]
    columns = [f"{one['label']} ({one['unit']})" for one in told(client, "costs", query)["columns"]]
    assert "=Bulk (USD per month)" in columns


@pytest.mark.parametrize("query", [WORKLOAD, f"{TWO}&excluded=1&base="])
def test_all_formats_hold_the_same(client, query):
    assert (
        len(assert_all_formats_hold_the_same(client, "costs", f"{query}{pk('cached') if query[-1] == '=' else ''}"))
        >= 2
    )


def test_its_link_shows_the_same_when_prices_have_changed(client):
    query = f"{WORKLOAD}&catalog=team&page=1&per=25&with={pk('plain')}&base={pk('cached')}&o={pk('plain')}"
    before = told(client, "costs", query)
    assert before["link"] == (
        f"http://testserver/costs/?n=1000&tin=100000&read=50%25&write=10%25&tout=2000&catalog=team"
        f"&base={pk('cached')}&as_of={before['as_of']}"
    )
    assert before["filters"] == [{"label": "Catalog", "text": "Team"}]
    sync(Catalog.objects.get(slug="team"), record("plain", rates=(row(input=9 * DOLLAR),)), approve=True)
    after = told(client, "costs", f"?{before['link'].partition('?')[2]}")
    assert after["rows"] == before["rows"]
    assert len(rows_of(client, "costs", query)) == 1


@pytest.mark.parametrize("query", ["?n=x", "?n=1&tin=5&read=9&tout=1", f"{WORKLOAD}&q=a&base=999999"])
def test_what_makes_no_sense_is_no_file(client, query):
    assert_no_file(client, f"/export/costs.csv{query}")
    assert (
        "There is no table here to keep as a file." in client.get(f"/costs/{query}").content.decode() or "base" in query
    )


def test_a_file_asks_as_little_for_many_rows_as_for_few(client):
    sync(catalog("Many"), *(record(f"m{n:02}") for n in range(50)))

    def asked(query):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/export/costs.csv{query}").getvalue()
        return [query["sql"] for query in queries if "PRAGMA" not in query["sql"]]

    # Catalogs, tiers, prices, rows, sums; of several workloads catalogs, order, names, tariffs.
    assert len(asked(f"{WORKLOAD}&q=m01")) == len(asked(WORKLOAD)) == 5
    assert len(asked(f"{TWO}&q=plain")) == len(asked(TWO)) == 4


def test_the_menu_names_four_files_and_follows_the_filters(client):
    html = client.get(f"/costs/{WORKLOAD}&page=1&o={pk('plain')}", follow=True).content.decode()
    own = "n=1000&amp;tin=100000&amp;read=50%25&amp;write=10%25&amp;tout=2000"
    for ending in ("csv", "xlsx", "json", "md"):
        assert f'<a href="/export/costs.{ending}?{own}" rel="nofollow" download>' in html
    part = client.get("/costs/?q=a", headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert part.partition('<div id="exports" hx-swap-oob="innerHTML">')[2].count('/export/costs.csv?q=a"') == 1
