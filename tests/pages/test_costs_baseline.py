"""A baseline on the Costs page: what each row saves beside it, and the break-even point with one of them."""

import html
import re

import pytest

from catalog.models import Offer
from catalog.pricing.rates import PriceState
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db

MINE = "n=1000&tin=1000&tout=100"


@pytest.fixture(autouse=True)
def _offers():
    sync(
        catalog(),
        record("plain", rates=(row(),)),  # $2.80 a month
        record("cached", rates=(row(input=3 * DOLLAR, cache_read=DOLLAR),)),  # $3.80, all cached $1.80
        record("twin", rates=(row(),)),
        record("cheap", rates=(row(input=DOLLAR // 2, output=DOLLAR),)),
        record("huge", rates=(row(input=2_000 * DOLLAR),)),
        record("free", rates=(row(input=0, output=0),), price_state=PriceState.FREE),
        record("varies", rates=(row(input=None, output=None),), price_state=PriceState.VARIABLE),
        record("small", context_tokens=500),
    )
    sync(catalog("Inner", visibility="members"), record("hidden"))


def pk(ref):
    return Offer.objects.get(ref=ref).pk


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def beside(response):
    """By model the two cells of each row that compare it with the baseline."""
    found = {}
    for each in re.findall(r"<tr[^>]*><td class=\"num muted\">.*?</tr>", response.content.decode(), re.DOTALL):
        name = re.search(r'class="name"[^>]*>([^<]*)<', each)[1]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", each, re.DOTALL)
        found[name] = [" ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in cells[-3:]]
    return found


def test_every_row_says_what_it_saves_with_a_sign_an_arrow_and_a_share(client):
    page = client.get(f"/costs/?{MINE}&base={pk('plain')}")
    assert page.status_code == 200
    assert beside(page) == {
        "free": ["▼ −2.80", "−100%", "Break-even Use"],
        "cheap": ["▼ −2.20", "−79%", "Break-even Use"],  # $0.60
        "plain": ["same", "", "we use this"],
        "twin": ["same", "", "Break-even Use"],
        "cached": ["▲ +1.00", "+36%", "Break-even Use"],
        "huge": ["▲ +1,998.00", "×715", "Break-even Use"],
        "varies": ["—", "The price varies from request to request.", "Break-even Use"],
    }
    assert 'title="saves $2.20 a month"' in page.content.decode()


def test_without_one_each_row_offers_to_be_it(client):
    page = client.get(f"/costs/?{MINE}")
    assert f'href="/costs/?n=1000&amp;tin=1000&amp;tout=100&amp;base={pk("cheap")}"' in page.content.decode()
    assert "we use this" not in page.content.decode()


def test_it_stays_visible_where_filters_hide_it(client):
    page = client.get(f"/costs/?{MINE}&q=cheap&base={pk('plain')}")
    assert list(beside(page)) == ["cheap"]
    assert "we use this plain Team $2.80 a month for this workload" in text(page)


def test_beside_a_free_one_there_is_no_share(client):
    assert beside(client.get(f"/costs/?{MINE}&base={pk('free')}"))["plain"][:2] == ["▲ +2.80", ""]


@pytest.mark.parametrize(
    ("ref", "why"),
    [("varies", "The price varies from request to request."), ("small", "The prompt is larger than it can read.")],
)
def test_one_that_has_no_cost_says_why_and_nothing_is_compared(client, ref, why):
    page = client.get(f"/costs/?{MINE}&base={pk(ref)}")
    assert f"has no cost here, so nothing is compared. {why}" in text(page)
    assert beside(page)["plain"][:2] == ["—", ""]


@pytest.mark.parametrize("which", ["hidden", "nowhere"])
def test_one_that_the_viewer_may_not_see_is_ignored_like_one_that_does_not_exist(client, which):
    offer = pk("hidden") if which == "hidden" else 999_999
    page = client.get(f"/costs/?{MINE}&base={offer}&with={pk('plain')}")
    assert "The baseline is not on record among the offers that you may see." in text(page)
    assert "hidden" not in text(page).replace("is hidden", "")
    other = client.get(f"/costs/?{MINE}&base={pk('plain')}&with={offer}")
    assert "What to compare the baseline with is not on record" in text(other)
    assert "Break-even of" not in text(other)


@pytest.mark.parametrize("query", ["base=x", "base=-1", "base=1e5", "base=99999999999999999999", "with=7", "base=²"])
def test_what_makes_no_sense_is_ignored_with_a_message(client, query):
    page = client.get(f"/costs/?{MINE}&{query}")
    assert page.status_code == 200
    assert "Part of the address was ignored." in text(page)


def test_an_axis_that_there_is_not(client):
    page = client.get(f"/costs/?{MINE}&base={pk('plain')}&with={pk('cached')}&axis=time")
    assert "“time” is no axis; there are cached, output, prompt, volume." in text(page)


def answers(page):
    return re.findall(r"<li>([^<]*)</li>", re.search(r'class="answer">(.*?)</ul>', page.content.decode(), re.DOTALL)[1])


def test_the_break_even_point_in_words_drawn_and_in_figures(client):
    page = client.get(f"/costs/?{MINE}&base={pk('plain')}&with={pk('cached')}")
    assert answers(page) == [
        "Below 50% cached (500 of 1,000 tokens), plain (Team) is cheaper.",
        "At 50% cached (500 of 1,000 tokens), both cost the same.",
        "Above 50% cached (500 of 1,000 tokens), cached (Team) is cheaper.",
    ]
    content = page.content.decode()
    assert '<circle class="mark" cx="50.0%"' in content
    assert content.count('class="one"') == content.count('class="two"') == 2  # in the chart and its legend
    assert "style=" not in content
    assert '<tr><th scope="row">499 (49.9%)</th><td class="num">2.80</td><td class="num">2.80</td>' in content


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        ("output", ["Never. plain (Team) is cheaper whatever the length of the output."]),
        (
            "volume",
            [
                "Never. plain (Team) is cheaper at every volume: "
                "nothing is fixed, so costs grow with the requests alone."
            ],
        ),
    ],
)
def test_an_axis_along_which_nothing_changes(client, axis, said):
    assert answers(client.get(f"/costs/?{MINE}&base={pk('plain')}&with={pk('cached')}&axis={axis}")) == said


def test_a_gap_says_why(client):
    page = client.get(f"/costs/?{MINE}&base={pk('plain')}&with={pk('small')}&axis=prompt")
    assert answers(page) == [
        "Up to 500 prompt tokens, both cost the same.",
        "Above 500 and up to 128,000 prompt tokens, they cannot be compared. small (Team): "
        "The prompt is larger than it can read.",
        "Above 128,000 prompt tokens, they cannot be compared. Both: The prompt is larger than it can read.",
    ]


def test_the_offer_s_page_leads_there(client):
    assert f'href="/costs/?base={pk("plain")}"' in client.get(f"/offers/{pk('plain')}/").content.decode()


@pytest.mark.parametrize(("query", "more"), [("", 0), ("&base={0}", 2), ("&base={0}&with={1}", 2)])
def test_it_takes_two_queries_more(client, django_assert_num_queries, query, more):
    address = f"/costs/?{MINE}{query.format(pk('plain'), pk('cached'))}"
    client.get(address)  # the ranking is remembered from here on
    with django_assert_num_queries(3 + more):
        client.get(address)
