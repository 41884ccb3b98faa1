"""The Costs page: the ranking of a workload, its sums, and an address that holds all of it."""

import html
import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Catalog, Offer
from catalog.pricing.rates import PriceState
from catalog.sources.base import Lifecycle, OtherPrice
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db

MINE = "n=1000&tin=100000&read=50%25&write=10%25&tout=2000"
PART = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture(autouse=True)
def team(db):
    made = catalog()
    sync(
        made,
        record("plain", rates=(row(),)),
        record("cached", rates=(row(cache_read=DOLLAR // 5, cache_write=5 * DOLLAR // 2),)),
        record("tiered", rates=(row(up_to=50_000), row(above=50_000, input=4 * DOLLAR, inherited=("output",)))),
        record("flat", rates=(row(input=None, output=None, blended=DOLLAR),)),
        record("fee", rates=(row(request=10**10),)),
        record("small", context_tokens=50_000),
        record("unknown", price_state=PriceState.UNKNOWN, rates=(row(input=None, output=None),)),
        record("free", price_state=PriceState.FREE, rates=(row(input=0, output=0),)),
        record("old", lifecycle=Lifecycle.DEPRECATED),
    )
    return made


def text(response):
    """What can be read, without the markup."""
    found = re.sub(r"<(style|svg)[^>]*hidden.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", found)))


def words(cell):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())


def table(response):
    """The rows of the ranking, each a list of its cells' words."""
    body = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", body[1], re.DOTALL) if body else []
    bare = [re.sub(r"<details.*?<b>(.*?)</b>.*?</details>|<span class=\"pz\".*?</span>", r"\1", one) for one in rows]
    return [[words(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", one)] for one in bare]


def names(response):
    return re.findall(r'<th scope="row">.*?title="([^"]+)"', response.content.decode())


def test_the_ranking_from_the_cheapest_with_its_parts(client):
    response = client.get(f"/costs/?{MINE}")
    assert names(response) == ["free", "flat", "cached", "plain", "fee", "tiered", "unknown"]
    rows = table(response)
    # 100,000 prompt tokens, 50,000 read and 10,000 written, and 2,000 out: 40,000 × $2 + 50,000 × $0.20 +
    # 10,000 × $2.50 + 2,000 × $8 per 1M tokens are $0.131, a thousand times $131.
    assert rows[2][4:-1] == ["131.00", "10.00", "25.00", "80.00", "16.00", "0.1310", "131.00", "1.28×"]
    assert rows[3][0] == "4"
    assert rows[3][4:-1] == ["216.00", "100.00 *", "20.00 *", "80.00", "16.00", "0.2160", "216.00", "2.12×"]
    assert rows[1][4:-1] == ["102.00", "One price for all tokens", "0.1020", "102.00", "lowest"]
    assert rows[0][4] == "free"
    assert rows[-1][4:-1] == ["—", "Neither the input nor the output price is known."]
    assert rows[-1][0] == ""


def test_equal_costs_share_a_rank(client, team):
    sync(team, record("a"), record("b"), record("c", rates=(row(input=9 * DOLLAR),)), approve=True)
    assert [cells[0] for cells in table(client.get("/costs/"))] == ["1", "1", "3"]


def test_the_summary(client):
    shown = text(client.get(f"/costs/?{MINE}"))
    assert "Lowest that is not free $102.00 a month" in shown
    # free, 102, 131, 216, 226, 416: between 131 and 216
    assert "Median of 6 $173.50 a month" in shown
    assert "Tokens in 100M a month Tokens out 2M a month Free 1 offer" in shown
    assert "6 offers with a cost · My own numbers: 1,000 requests a month, 100K in (50K from the cache, " in shown


def test_each_sum_is_explained(client, team):
    body = client.get(f"/costs/?{MINE}")
    shown = text(body)
    assert "Input: 40M × 2.00 80.00 Cache read: 50M × 2.00 (input price) 100.00" in shown
    assert "Input: 40M × 4.00 160.00" in shown
    assert "Output: 2M × 8.00 (price of the lower tier) 16.00 Per month 416.00" in shown
    assert "Prompts >50K have prices of their own, for all tokens of the request." in shown
    assert "All tokens: 102M × 1.00 102.00 Per month 102.00" in shown
    assert "one price for all tokens, cached ones included" in shown
    assert "Each request: 1,000 × $0.01 10.00 Per month 226.00" in shown
    assert "* No cache read price: billed as input." in shown
    assert "Read from its catalog on" in shown
    assert f"/offers/{Offer.objects.get(ref='plain').pk}/" in body.content.decode()
    assert "Input: 40M × 0.002 80.00" in text(client.get(f"/costs/?{MINE}&unit=1k"))


def test_prices_of_certain_hours_are_listed_and_not_used(client, team):
    night = OtherPrice("input", "0.5", "1M tokens", when="from 22:00 to 06:00 UTC")
    sync(team, record("night", by_hour=True, other_prices=(night,)), approve=True)
    response = client.get(f"/costs/?{MINE}")
    assert table(response)[0][4] == "216.00"
    assert "Not used, since they depend: input $0.5 per 1M tokens, from 22:00 to 06:00 UTC." in text(response)


def test_prompt_and_output_above_the_window_are_told(client, team):
    sync(team, record("tight", context_tokens=101_000), approve=True)
    shown = text(client.get(f"/costs/?{MINE}"))
    assert "Prompt and output together, 102,000 tokens, exceed the context window of 101,000" in shown


def test_what_cannot_do_it_is_counted_and_can_be_shown(client):
    response = client.get(f"/costs/?{MINE}")
    assert "1 offers left out" in text(response)
    assert "The prompt is larger than it can read. 1" in text(response)
    (shown,) = re.findall(r'href="([^"]+)"[^>]*>Show them', response.content.decode())
    there = client.get(html.unescape(shown))
    assert names(there)[-1] == "small"
    assert table(there)[-1][-2] == "The prompt is larger than it can read."
    small = client.get(f"/costs/?{MINE}&per=25&excluded=1")
    assert names(small) == names(there)


def test_the_bars_are_those_of_the_cheapest_that_cost_something(client):
    body = client.get(f"/costs/?{MINE}").content.decode()
    labels = re.findall(r'<svg width="100%"[^>]*aria-label="([^"]+)"', body)
    assert labels[1] == "cached: cache read 10.00, cache write 25.00, input 80.00, output 16.00"
    assert [label.partition(":")[0] for label in labels] == ["flat", "cached", "plain", "fee", "tiered"]
    # The longest bar is $416: of it 50,000 × $4 are 48.08%, and 10,000 × $4 9.62%.
    assert '<rect class="p-write" x="48.08%" y="2" width="9.62%" height="14"/>' in body


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("preset=coding", ""),
        ("preset=chat&was=coding&n=40000&tin=120000&read=80%25&write=6%25&tout=2500&mode=standard&q=", "?preset=chat"),
        ("preset=coding&was=coding&n=5&tin=10&read=0&write=0&tout=1&mode=standard", "?n=5&tin=10&tout=1"),
        ("preset=&was=coding&n=5&tin=10&read=&write=&tout=1&unit=1m&per=50&q=a", "?n=5&tin=10&tout=1&q=a"),
        ("preset=chat&page=1&excluded=", "?preset=chat"),
    ],
)
def test_a_form_without_javascript_leads_to_the_short_address(client, query, kept):
    response = client.get(f"/costs/?{query}")
    assert (response.status_code, response["Location"]) == (302, f"/costs/{kept}")
    assert client.get(response["Location"]).status_code == 200


def test_a_preset_fills_the_fields(client):
    body = client.get("/costs/?preset=chat").content.decode()
    assert re.search(r'name="preset" value="chat" checked', body)
    fields = dict(re.findall(r'<input class="input" id="(\w+)" name="\w+"[^>]*value="([^"]*)"', body))
    assert {name: fields[name] for name in ("n", "tin", "read", "write", "tout")} == {
        "n": "100,000",
        "tin": "3,000",
        "read": "50%",
        "write": "0",
        "tout": "400",
    }


def test_what_makes_no_sense_is_said_at_its_field(client):
    response = client.get("/costs/?n=many&tin=100&read=60%25&write=70%25&tout=1")
    body = response.content.decode()
    assert response.status_code == 200
    assert 'id="n-error" data-invalid>Requests per month: “many” is not a number such as 40,000 or 40k.' in body
    assert re.search(r'id="n" name="n"[^>]*value="many"[^>]*aria-invalid="true"', body)
    assert "These numbers are no workload yet" in body
    assert "<tbody>" not in body
    assert 'name="provider" value="openai"' in body  # the filters stay
    both = client.get("/costs/?n=1&tin=100&read=60%25&write=70%25&tout=1").content.decode()
    assert len(re.findall(r'aria-invalid="true"', both)) == 2
    assert "60% read from the cache and 70% written to it are more than the prompt." in both


@pytest.mark.parametrize(
    "query",
    [
        "preset=nope",
        "mode=nope",
        "page=99",
        "page=x&per=7&unit=zz",
        "catalog=no&as_of=2999-01-01",
        "n=%00&tin=-1&tout=1e9",
    ],
)
def test_bad_values_are_told_and_never_an_error(client, query):
    response = client.get(f"/costs/?{query}", follow=True)
    assert response.status_code == 200
    assert "was ignored" in text(response) or "no workload yet" in text(response)


def test_htmx_gets_the_results_and_what_changed_beside_them(client):
    typed = client.get(f"/costs/?preset=coding&was=coding&{MINE}", headers={**PART, "HX-Trigger-Name": "tin"})
    body = typed.content.decode()
    assert "<html" not in body
    assert typed["HX-Replace-Url"] == "/costs/?n=1000&tin=100000&read=50%25&write=10%25&tout=2000"
    assert 'id="presets" hx-swap-oob="true"' in body
    assert 'id="tin" name="tin"' not in body  # what is typed in is not redrawn
    assert 'id="was" name="was" value="" hx-swap-oob="true"' in body
    chosen = client.get(f"/costs/?preset=chat&was=coding&{MINE}", headers=PART)
    assert chosen["HX-Push-Url"] == "/costs/?preset=chat"
    assert 'id="numbers" hx-swap-oob="true"' in chosen.content.decode()
    assert 'id="was" name="was" value="chat"' in chosen.content.decode()
    assert '<small id="n-provider-openai" hx-swap-oob="true">8</small>' in chosen.content.decode()


OPENAI = {"prompt_tokens": 1_000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 600}}
ANTHROPIC = {"input_tokens": 400, "output_tokens": 50, "cache_read_input_tokens": 600}


@pytest.mark.parametrize("record", [OPENAI, {"usage": ANTHROPIC}, [OPENAI, ANTHROPIC]])
def test_a_pasted_usage_record_becomes_an_address(client, record):
    sent = {"usage": json.dumps(record), "from": "preset=chat&q=plain&page=3"}
    response = client.post("/costs/usage/", sent)
    assert response["Location"] == "/costs/?q=plain&n=100000&tin=1000&read=60%25&tout=50"
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"), [("", "This is not JSON."), ("{}", "This is not the usage of"), ("[<b>", "This is not JSON.")]
)
def test_a_text_that_is_none_comes_back_with_why(client, sent, said):
    response = client.post("/costs/usage/", {"usage": sent, "from": "preset=chat"})
    assert response.status_code == 422
    body = response.content.decode()
    assert f'id="usage-error" role="alert">{said}' in body
    assert 'aria-invalid="true">' + html.escape(sent) in body
    assert re.search(r'name="preset" value="chat" checked', body)


def test_pasting_needs_the_form_s_token_and_cannot_be_linked_to(client):
    assert Client(enforce_csrf_checks=True).post("/costs/usage/", {"usage": "{}"}).status_code == 403
    assert client.get("/costs/usage/").status_code == 405


def test_a_past_day_says_so_and_has_its_prices(client, team):
    before = timezone.now().isoformat().replace("+00:00", "")
    sync(team, record("plain", rates=(row(input=3 * DOLLAR),)), approve=True)
    assert table(client.get(f"/costs/?{MINE}"))[0][4] == "316.00"
    then = client.get(f"/costs/?{MINE}&q=plain&as_of={before}")
    assert table(then)[0][4] == "216.00"
    assert "Costs by the prices as of" in text(then)
    assert f"/?as_of={before}".replace(":", "%3A") in then.content.decode()


def test_pages_and_their_size(client, team):
    sync(team, *(record(f"m{i:03}", rates=(row(input=i + 1),)) for i in range(60)), approve=True)
    second = client.get("/costs/?per=25&page=2")
    assert names(second)[0] == "m025"
    assert "26–50 of 60" in text(second)
    assert "There is no page 9; this is the last one." in text(client.get("/costs/?per=25&page=9"))


def test_a_304_after_one_query(client, django_assert_num_queries):
    first = client.get("/costs/")
    with django_assert_num_queries(1):
        assert client.get("/costs/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    Catalog.objects.update(read_at=None)
    assert client.get("/costs/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_five_queries_at_most_at_any_number_of_rows(client, team, django_assert_num_queries):
    for rows in (1, 50):
        sync(team, *(record(f"m{i:03}") for i in range(rows)), approve=True)
        for filters in ("", "&q=m&per=25&page=2"):
            with django_assert_num_queries(5):  # catalogs, tiers, prices, rows, sums
                assert client.get(f"/costs/?n=1&tin=9&tout=1{filters}").status_code == 200
            with django_assert_num_queries(3):  # another workload by the same prices
                client.get(f"/costs/?n=1&tin={rows}&tout=2{filters}")


def test_without_catalogs_or_offers_it_says_what_to_do(client):
    assert "No offer passes these filters" in text(client.get("/costs/?q=nothing"))
    assert "No offer can carry this workload" in text(client.get("/costs/?n=1&tin=200k&tout=1"))
    Catalog.objects.all().delete()
    assert "There is no catalog here yet" in text(client.get("/costs/"))


class TestOnTheOffersPage:
    def test_a_workload_adds_its_cost_as_a_column_to_sort_by(self, client):
        assert "Cost / month" not in text(client.get("/"))
        up = client.get(f"/?{MINE}&sort=cost")
        assert names(up) == ["free", "flat", "cached", "plain", "fee", "tiered", "small", "unknown"]
        down = client.get(f"/?{MINE}&sort=-cost")
        assert names(down) == ["tiered", "fee", "plain", "cached", "flat", "free", "small", "unknown"]
        assert [cells[3] for cells in table(up)][:3] == ["free", "102.00", "131.00"]
        assert 'title="The prompt is larger than it can read."' in up.content.decode()

    def test_the_cost_is_of_the_workload_s_own_tier_and_mode(self, client):
        # The table shows the base tier; 100,000 tokens are charged by the tier above 50,000.
        (cells,) = table(client.get(f"/?{MINE}&q=tiered"))
        assert (cells[3], cells[4]) == ("416.00", "2.00")
        head = re.search(r'<th class="num"[^>]*title="([^"]+)"', client.get(f"/?{MINE}").content.decode())
        assert (
            "by the prices for prompts of 100,000 tokens in standard mode, whatever the other columns show" in head[1]
        )

    def test_a_chip_names_it_and_takes_it_away(self, client):
        body = client.get("/?preset=chat&q=a&sort=-cost,model").content.decode()
        (chip,) = re.findall(r'<a class="chip" href="([^"]+)" aria-label="Remove filter Workload ([^"]+)"', body)
        words = "Chat assistant: 100,000 requests a month, 3K in (1.5K from the cache), 400 out"
        assert chip == ("/?q=a&amp;sort=model", words)
        assert '<input type="hidden" name="preset" value="chat" form="view">' in body
        assert '<a class="btn quiet small" href="/">Clear all</a>' in body

    def test_without_one_it_cannot_sort_by_cost(self, client):
        assert "A table is sorted by cost only beside a workload." in text(client.get("/?sort=cost"))
        assert "“x” is not a number" in text(client.get("/?n=x&tin=5&tout=1"))

    def test_the_two_pages_lead_to_each_other(self, client):
        costs = client.get(f"/costs/?{MINE}&q=plain&per=25").content.decode()
        (there,) = re.findall(r'href="([^"]+)">Show on the Offers table', costs)
        assert html.unescape(there) == "/?n=1000&tin=100000&read=50%25&write=10%25&tout=2000&q=plain&per=25"
        (back,) = re.findall(r'href="([^"]+)">What a workload costs', client.get(html.unescape(there)).content.decode())
        assert html.unescape(back) == "/costs/?n=1000&tin=100000&read=50%25&write=10%25&tout=2000&q=plain"

    def test_one_more_query(self, client, django_assert_num_queries):
        for rows in (25, 250):
            with django_assert_num_queries(3):  # catalogs, rows, sums
                client.get(f"/?preset=chat&sort=-cost&per={rows}")
