"""The charts of the Offers page as a browser without JavaScript sees them: where their marks lead, and what is told."""

import re
from html import unescape

import pytest

from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.shares.shared import share
from tests.pages.test_offers import names, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offers():
    cheap = (row(input=DOLLAR // 8, output=DOLLAR),)
    zero = (row(input=0, output=DOLLAR),)
    sync(
        catalog("Alpha"),
        record("gpt-4.1"),
        record("gpt-4o", rates=cheap),
        record("o3", rates=cheap),
        record("azure/gpt-4o", rates=(row(input=3 * DOLLAR),)),
        record("openrouter/gpt-4o", rates=(row(input=3 * DOLLAR),)),
        record("gpt-5", rates=zero),
        record("gpt-5-mini", rates=zero),
        record("gpt-5-nano", rates=zero, price_state="zero_unconfirmed"),
    )
    sync(catalog("Beta"), record("o3", rates=cheap))


def marks(client, chart):
    """Where each mark leads, by what it says."""
    content = client.get(f"/?chart={chart}").content.decode()
    plot = content.partition('id="chart"')[2].partition("</section>")[0]
    found = re.findall(r'<a href="([^"]*)" tabindex="-?\d+">.*?<title>([^<]*)</title>', plot)
    return {unescape(title).partition(":")[0]: unescape(href) for href, title in found}


@pytest.mark.parametrize("chart", ["prices", "context"])
def test_a_mark_leads_to_its_model_or_to_the_list_of_just_its_offers(client, chart):
    leads = marks(client, chart)
    assert client.get(leads["gpt-4.1, Alpha"], follow=True).redirect_chain[-1][0] == "/models/openai/gpt-4.1/"
    one = client.get(leads["azure/gpt-4o, openrouter/gpt-4o, Alpha"], follow=True)
    assert one.redirect_chain[-1][0] == "/models/openai/gpt-4o/"
    assert client.get(leads["o3, Beta"], follow=True).redirect_chain[-1][0] == "/models/openai/o3/"
    assert sorted(names(client.get(leads["gpt-4o, o3, Alpha"]))) == ["gpt-4o", "o3"]
    assert sorted(names(client.get(leads["gpt-5, gpt-5-mini, Alpha"]))) == ["gpt-5", "gpt-5-mini"]


def test_on_a_shared_page_a_mark_of_several_models_leads_nowhere(admin_client):
    page = admin_client.get(share(admin_client, "/?chart=prices")).content.decode()
    plot = page.partition('id="chart"')[2].partition("</section>")[0]
    found = {title: href for href, title in re.findall(r"<a( href=[^ ]*)? tabindex.*?<title>([^:]*):", plot)}
    assert found["gpt-4.1, Alpha"].startswith(' href="/offers/')
    assert found["gpt-4o, o3, Alpha"] == ""


def test_a_list_has_no_larger_context_than_its_mark(client):
    sync(catalog("Gamma"), *(record(f"m{n}", context_tokens=n * 1_000) for n in (64, 128, 200)))
    assert names(client.get("/?catalog=gamma&max_context=128000&sort=context")) == ["m64", "m128"]
    page = client.get("/?catalog=gamma&max_context=128000")
    assert "Context ≤ 128K" in text(page)


def test_it_tells_what_stands_on_the_rail(client):
    assert "2 of them have an input or output price of 0" in text(client.get("/?chart=prices"))
