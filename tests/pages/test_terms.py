"""Contract terms on the pages: the effective price, the list price under it, by which contract, and on which days."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from catalog.models import Offer, Rate, Revision
from catalog.pricing.rates import RateRow
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.test_offers import Table, names, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    made = catalog()
    sync(
        made,
        record("gpt-4.1", rates=(row(cache_read=500_000), row(mode="batch", input=DOLLAR))),
        record("o3", rates=(row(input=2_100_000, up_to=200_000), row(above=200_000, input=4_200_000))),
        record("mystery", price_state="unknown", rates=(row(input=None, output=None),)),
        record("flat", rates=(RateRow(blended=4 * DOLLAR),)),
    )
    return made


def table(client, query=""):
    found = {}
    for name, *cells in Table(client.get(f"/?per=25{query}").content.decode()).rows:
        found[name.split()[0]] = cells
    return found


def offer_page(client, ref, query=""):
    return client.get(f"/offers/{Offer.objects.get(ref=ref).pk}/{query}")


def test_without_terms_no_page_speaks_of_them(client, team):
    for response in (client.get("/"), offer_page(client, "gpt-4.1")):
        assert "y contract" not in text(response)
        assert 'class="was"' not in response.content.decode()


def test_the_table_shows_our_price_over_the_list_price_and_says_by_which_contract(client, team):
    contract(team, change=-2_000, pattern="GPT*", reason="Frame agreement", last_day=date(2099, 12, 31))
    cells = table(client)
    assert cells["gpt-4.1"][2:6] == ["1.60 list 2.00", "6.40 list 8.00", "0.40 list 0.50", "—"]
    assert cells["o3"][2:4] == ["2.10", "8.00"]
    page = text(client.get("/"))
    assert "A price with a list price under it is ours by contract" in page
    assert "−20%, Frame agreement, 1 Jan 2026 – 31 Dec 2099 (Team: GPT*)" in page
    title = "By contract: −20%, Frame agreement, 1 Jan 2026 – 31 Dec 2099. List price 2.00"
    assert f'title="{title}"' in unescape(client.get("/").content.decode())


def test_sorting_and_ranges_go_by_our_price(client, team):
    contract(team, change=-2_000, pattern="o3")  # $2.10 becomes $1.68
    assert names(client.get("/?sort=input"))[:2] == ["o3", "gpt-4.1"]
    assert names(client.get("/?max_in=1.68")) == ["o3"]
    assert names(client.get("/?max_in=1.679")) == []
    assert "1 offer" in text(client.get("/?max_in=1.68"))


def test_what_a_contract_prices_is_priced_in_filters_and_counts(client, team):
    contract(team, fixed={"input": DOLLAR, "output": 3 * DOLLAR}, pattern="mystery")
    assert table(client)["mystery"][2:4] == ["1.00 list —", "3.00 list —"]
    assert "mystery" in names(client.get("/?state=priced"))
    html = client.get("/").content.decode()
    assert 'id="n-state-priced">4<' in html
    assert 'id="n-state-unknown">0<' in html


def test_one_price_for_all_tokens_is_ours_too(client, team):
    contract(team, change=-2_500)
    assert "flat 3.00 list 4.00" in text(client.get("/"))
    assert "List price 4.00" in client.get("/").content.decode()


def test_a_mode_of_its_own_terms(client, team):
    contract(team, change=1_000, mode="batch")
    assert table(client)["gpt-4.1"][2] == "2.00"
    assert table(client, "&mode=batch")["gpt-4.1"][2] == "1.10 list 1.00"
    page = text(offer_page(client, "gpt-4.1"))
    assert "By contract, in batch mode: +10%, Frame agreement, since 1 Jan 2026 (batch mode)." in page


def test_the_offers_page_shows_both_in_every_tier(client, team):
    contract(team, change=-1_000, reason="Frame agreement")
    response = offer_page(client, "o3", "?unit=1m")
    low, high = Table(response.content.decode()).rows[:2]
    assert low[1:4] == ["Up to 200,000", "1.89 list 2.10", "7.20 list 8.00"]
    assert high[1:4] == ["Above 200,000", "3.78 list 4.20", "7.20 list 8.00"]
    assert "By contract: −10%, Frame agreement, since 1 Jan 2026 (all offers)." in text(response)
    assert "list prices, without contracts" in text(response)
    assert Table(offer_page(client, "flat").content.decode()).rows[0][-1] == "3.60 list 4.00"


def test_pages_of_a_day_have_the_terms_of_that_day(client, team):
    june = datetime(2026, 6, 1, tzinfo=UTC)
    Revision.objects.update(valid_from=june - timedelta(days=60))
    Rate.objects.update(valid_from=june - timedelta(days=60))
    contract(team, change=-5_000, pattern="gpt*", first_day=june.date(), last_day=date(2026, 6, 30))
    for day, price in {
        "2026-05-31": "2.00",
        "2026-06-01T00:00:00Z": "1.00 list 2.00",
        "2026-06-30": "1.00 list 2.00",
        "2026-07-01T00:00:00Z": "2.00",
        "2026-07-01T01:00:00%2B02:00": "1.00 list 2.00",  # still June in UTC
    }.items():
        assert table(client, f"&as_of={day}")["gpt-4.1"][2] == price, day
        rows = Table(offer_page(client, "gpt-4.1", f"?as_of={day}").content.decode()).rows
        assert rows[0][2] == price, day
    assert table(client)["gpt-4.1"][2] == "2.00"


def test_the_catalogs_own_page_shows_them(client, team):
    contract(team, change=-2_000)
    page = text(client.get("/catalogs/team/"))
    assert "1.60 list 2.00" in page
    assert "−20%, Frame agreement" in page


def test_a_kept_page_is_told_from_the_one_under_new_terms_and_of_another_day(client, team, monkeypatch):
    etag = client.get("/")["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
    soon = timezone.now().date() + timedelta(days=1)
    contract(team, change=-2_000, first_day=soon)
    page = client.get("/", headers={"If-None-Match": etag})
    assert page.status_code == 200
    assert "list 2.00" not in text(page)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    page = client.get("/", headers={"If-None-Match": page["ETag"]})
    assert page.status_code == 200
    assert "1.60 list 2.00" in text(page)


@pytest.mark.parametrize("terms", [0, 1, 9])
@pytest.mark.parametrize("query", ["", "?q=m&min_in=0.1&sort=-input", "?per=250&unit=1k"])
def test_terms_cost_no_query(django_assert_num_queries, terms, query):
    made = catalog()
    sync(made, *(record(f"m{i}") for i in range(50)))
    for number in range(terms):
        contract(made, change=-1_000, pattern=f"m{number}*")
    member = Client()
    member.force_login(User.objects.create_user("member"))
    # session, user, catalogs with their terms, rows; a count of the facets under a range; bare, the default view
    with django_assert_num_queries(5 if "min_in" in query or not query else 4):
        assert member.get(f"/{query}").status_code == 200
    pk = Offer.objects.first().pk
    with django_assert_num_queries(7):  # session, user, catalogs, offer, revisions, rates, family
        assert member.get(f"/offers/{pk}/").status_code == 200


def test_an_outsider_sees_no_term_of_a_catalog_out_of_sight(client, team):
    inner = catalog("Inner", visibility="members")
    sync(inner, record("inner"))
    contract(inner, change=-2_000, reason="Secret deal")
    contract(team, change=-1_000, reason="Known deal")
    member = Client()
    member.force_login(User.objects.create_user("member"))
    for asking, seen in ((client, False), (member, True)):
        page = text(asking.get("/"))
        assert "Known deal" in page
        assert ("Secret deal" in page) is seen
    assert offer_page(client, "inner").status_code == 404


def test_a_reason_that_is_markup_stays_text(client, team):
    contract(team, change=-2_000, reason='<i>"x"</i>')
    for response in (client.get("/"), offer_page(client, "o3"), client.get("/catalogs/team/")):
        assert "<i>" not in response.content.decode()
        assert "&lt;i&gt;" in response.content.decode()


def costing(client, query):
    """The Costs page for 1,000 requests of 1,000 prompt and 100 output tokens: $2.80 at $2 in and $8 out."""
    response = client.get(f"/costs/?n=1000&tin=1000&tout=100{query}")
    assert response.status_code == 200
    return text(response)


AGREED = "−20%, Frame agreement, since 1 Jan 2026"


class TestEverythingThatCountsCosts:
    """A discount of 20% on one of two equal offers: $2.24 in place of $2.80 a month."""

    @pytest.fixture(autouse=True)
    def _twins(self):
        made = catalog("Twins")
        sync(made, record("ours"), record("theirs"))
        contract(made, change=-2_000, pattern="ours")

    def test_a_baseline_s_saving(self, client):
        page = costing(client, f"&catalog=twins&base={Offer.objects.get(ref='theirs').pk}")
        assert "▼ −0.56 −20%" in page
        assert "$2.80 a month for this workload Compare" in page
        page = costing(client, f"&catalog=twins&base={Offer.objects.get(ref='ours').pk}")
        assert "▲ +0.56 +25%" in page
        assert f"$2.24 a month for this workload, by contract: {AGREED} Compare" in page

    def test_several_workloads_side_by_side(self, client):
        several = "&catalog=twins&w=One:1000:1000:0:0:100:standard&w=Two:2000:1000:0:0:100:standard"
        response = client.get(f"/costs/?{several}&base={Offer.objects.get(ref='ours').pk}")
        ours, theirs = Table(response.content.decode()).rows
        assert ours[3:6] == ["2.24", "4.48", "6.72"]
        assert theirs[3:8] == ["2.80", "5.60", "8.40", "▲ +1.68", "+25%"]
        assert ours[1].endswith("contract")
        assert "contract" not in theirs[1]
        assert response.content.decode().count(f'title="By contract: {AGREED}"') == 1
        assert f"$6.72 a month for all of these workloads, by contract: {AGREED} Compare" in text(response)

    def test_a_break_even_point(self, client):
        """At $1 in place of $3 each cached token takes $0.002 off $3.80: that meets $2.80 at 500, $2.24 at 780."""
        sync(catalog("Cachers"), record("cached", rates=(row(input=3 * DOLLAR, cache_read=DOLLAR),)))
        ours, theirs, cached = (Offer.objects.get(ref=ref).pk for ref in ("ours", "theirs", "cached"))
        page = costing(client, f"&base={ours}&with={cached}")
        assert "Below 78% cached (780 of 1,000 tokens), ours (Twins) is cheaper." in page
        assert f"ours (Twins) is by contract: {AGREED}." in page
        page = costing(client, f"&base={theirs}&with={cached}")
        assert "Below 50% cached (500 of 1,000 tokens), theirs (Twins) is cheaper." in page
        assert "is by contract" not in page

    def test_a_day_before_the_contract_has_list_prices(self, client):
        for model in (Revision, Rate):
            model.objects.update(valid_from=datetime(2025, 12, 1, tzinfo=UTC))
        base = Offer.objects.get(ref="ours").pk
        for day, month in {"2025-12-31T23:59:59Z": "2.80", "2026-01-01T00:00:00Z": "2.24"}.items():
            page = costing(client, f"&catalog=twins&base={base}&as_of={day}")
            assert f"${month} a month for this workload" in page, day
            assert ("By contract" in page) is (month == "2.24"), day

    def test_a_file_has_our_cost_and_tells_the_list_price(self, client):
        lines = client.get("/export/offers.csv?catalog=twins&n=1000&tin=1000&tout=100").getvalue().decode("utf-8-sig")
        rows = {line["Id"]: line for line in csv.DictReader(io.StringIO(lines))}
        costs = {ref: rows[ref]["Cost per month (USD)"] for ref in ("ours", "theirs")}
        assert {ref: Decimal(cost) for ref, cost in costs.items()} == {
            "ours": Decimal("2.24"),
            "theirs": Decimal("2.8"),
        }
        assert "list price per 1M tokens: input 2.00, output 8.00" in rows["ours"]["Remarks"]
        assert "contract" not in rows["theirs"]["Remarks"]
