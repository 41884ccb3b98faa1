"""A model's page as a browser without script sees it, and the family filter of Changes that it leads to."""

from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from catalog.models import Family, Link, Offer, Rate, Revision
from catalog.services import matching
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.shares.shared import share
from tests.pages.test_offers import Table, text
from tests.pages.world import browser_of

pytestmark = pytest.mark.django_db
GPT = "/models/openai/gpt-4.1/"
SLUGS = ["acme/a.b:c-d", "acme/größe-1", "acme/a?b&c#d%2F"]
LONG = (row(up_to=200_000), row(above=200_000, input=4 * DOLLAR, output=16 * DOLLAR))


@pytest.fixture
def _three():
    sync(catalog("Alpha"), record("gpt-4.1", rates=LONG), record("o3"))
    sync(catalog("Beta"), record("openai/gpt-4.1", rates=(row(input=3 * DOLLAR, output=4 * DOLLAR),)))
    sync(catalog("Inner", visibility="members"), record("gpt-4.1"))


def of_catalog(slug):
    return Offer.objects.filter(catalog__slug=slug).earliest("pk")


def priced(response):
    """The cells of the table of offers: one row for each."""
    return Table(response.content.decode().partition('id="table"')[2].partition("</table>")[0]).rows


@pytest.mark.usefixtures("_three")
class TestPage:
    def test_every_offer_of_it_the_cheapest_first(self, client):
        response = client.get(GPT)
        beta, alpha = priced(response)
        assert "Beta" in beta[0]
        assert "Alpha" in alpha[0]
        assert beta[2:4] == ["3.00", "4.00"]
        assert alpha[2:4] == ["2.00", "8.00"]
        assert beta[-1] == "lowest"
        assert alpha[-1] == "+100%"  # by output, 8 beside 4
        words = text(response)
        assert "2 of 2 catalogs" in words
        assert "o3" not in words

    def test_all_tiers_and_how_each_was_matched(self, client):
        words = unescape(text(client.get(GPT)))
        assert "16.00" in words
        assert "Why these are one model" in words
        for offer in (of_catalog("alpha"), of_catalog("beta")):
            link = Link.objects.get(offer=offer, valid_to=None)
            assert link.sentence in words
            assert link.state in words

    def test_the_tier_of_a_prompt_and_a_sort(self, client):
        rows = priced(client.get(f"{GPT}?prompt=300000&sort=input"))
        assert [cells[2] for cells in rows] == ["3.00", "4.00"]

    def test_a_workload_adds_its_cost(self, client):
        rows = priced(client.get(f"{GPT}?n=1000&tin=1000&tout=100"))
        assert {cells[2] for cells in rows} == {"2.80", "3.40"}  # 2 + 0.8 and 3 + 0.4

    def test_a_variant_is_neither_ranked_nor_the_lowest(self, client):
        cheap = (row(input=DOLLAR, output=2 * DOLLAR),)
        sync(catalog("Router"), record("openai/gpt-4.1:batch", rates=cheap), record("openai/gpt-4.1"))
        response = client.get(GPT)
        told = [(cells[0].split()[0], cells[3], cells[-1]) for cells in priced(response)]
        assert told[0] == ("Beta", "4.00", "lowest")
        assert told[-1] == ("Router", "2.00", "variant")
        assert [gap for _, _, gap in told[1:-1]] == ["+100%", "+100%"]
        assert "other conditions (batch)" in text(response)

    def test_contracts_count(self, client):
        contract(of_catalog("alpha").catalog, change=-5_000, reason="Frame agreement")
        response = client.get(GPT)
        assert {cells[3] for cells in priced(response)} == {"4.00", "4.00 list 8.00"}
        assert "Frame agreement" in text(response)

    def test_nonsense_is_told_of_and_ignored(self, client):
        response = client.get(f"{GPT}?sort=nope&unit=kg&prompt=-1&as_of=never&mode=x&catalog=nowhere&o=y")
        assert response.status_code == 200
        assert len(priced(response)) == 2
        assert "“never”" in text(response)

    def test_it_is_not_sent_twice(self, client):
        first = client.get(GPT)
        assert client.get(GPT, headers={"If-None-Match": first["ETag"]}).status_code == 304
        sync(catalog("Gamma"), record("gpt-4.1"))
        assert client.get(GPT, headers={"If-None-Match": first["ETag"]}).status_code == 200

    def test_a_catalog_that_offered_it_says_until_when(self, client):
        today = timezone.now()
        left = catalog("Left")
        sync(left, record("gpt-4.1"), record("o3"))
        sync(left, record("o3"), approve=True)
        sync(catalog("Never"), record("o3"))
        words = text(client.get(GPT))
        assert f"Not offered by Left (until {today.day} {today:%b %Y}) Never" in words

    def test_offers_lead_to_it(self, client):
        pk = of_catalog("beta").pk
        assert GPT in client.get(f"/offers/{pk}/").content.decode()
        assert client.get(f"/offers/{pk}/model/")["Location"] == GPT
        assert client.get("/offers/999999/model/").status_code == 404


@pytest.mark.usefixtures("_three")
class TestWhoSeesWhat:
    def test_of_a_hidden_offer_nothing(self, client):
        assert "Inner" not in client.get(GPT).content.decode()
        member = Client()
        member.force_login(User.objects.create_user("member"))
        assert len(priced(member.get(GPT))) == 3
        assert "Inner" not in client.get(GPT).content.decode()  # though it was remembered for the member

    def test_other_capitals_lead_to_what_is_in_sight_alone(self, client):
        assert client.get("/models/OpenAI/GPT-4.1/?unit=1k")["Location"] == f"{GPT}?unit=1k"
        sync(catalog("Secret", visibility="members"), record("claude-secret-9", provider="anthropic"))
        slug = Link.objects.get(offer__ref="claude-secret-9", valid_to=None).family.slug
        assert client.get(f"/models/{slug.upper()}/").status_code == 404
        assert client.get("/models/openai/gpt-4/").status_code == 404

    def test_a_model_out_of_sight_is_one_that_does_not_exist(self, client):
        sync(catalog("Secret", visibility="members"), record("claude-secret-9", provider="anthropic"))
        slug = Link.objects.get(offer__ref="claude-secret-9", valid_to=None).family.slug
        hidden, unknown = client.get(f"/models/{slug}/"), client.get("/models/no/such/")
        assert hidden.status_code == unknown.status_code == 404
        assert "claude-secret-9" not in hidden.content.decode().replace(f"/models/{slug}/", "")
        changes = text(client.get(f"/changes/?family={slug}"))
        assert changes.count(slug) == text(client.get("/changes/?family=no/such")).count("no/such")

    def test_what_a_model_was_merged_into_out_of_sight_is_not_told(self, client):
        own = {"provider": "cohere", "provider_name": "Cohere"}
        sync(catalog("Open"), record("alpha-1", **own), record("other-2", **own))
        sync(catalog("Secret", visibility="members"), record("hushhush-7", **own), record("whisper-8", **own))
        opened = Offer.objects.get(ref="alpha-1")
        Link.objects.filter(offer=opened).update(valid_from=datetime(2026, 3, 1, tzinfo=UTC))
        matching.assign([Link.objects.get(offer=opened)], "cohere/other-2", None)
        matching.merge(["cohere/alpha-1"], "cohere/hushhush-7", None)
        matching.merge(["cohere/hushhush-7"], "cohere/whisper-8", None)
        addresses = [
            "/models/cohere/alpha-1/",
            "/models/cohere/alpha-1/?as_of=2026-04-01",
            "/changes/?family=cohere/alpha-1",
            "/changes/feed/?family=cohere/alpha-1",
            "/export/changes.json?family=cohere/alpha-1",
            f"/offers/{opened.pk}/?as_of=2026-04-01",
            f"/compare/?o={opened.pk}&o={Offer.objects.get(ref='other-2').pk}&as_of=2026-04-01",
        ]
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            told = response.getvalue().decode()
            assert "cohere/alpha-1" in told or "feed" in address or "export" in address, address
            assert "hushhush" not in told, address
            assert "whisper" not in told, address
        member = Client()
        member.force_login(User.objects.create_user("member"))
        assert member.get(addresses[0])["Location"] == "/models/cohere/whisper-8/"
        for address in addresses[-2:]:
            assert "cohere/whisper-8" in member.get(address).content.decode(), address


@pytest.mark.usefixtures("_three")
class TestPeople:
    def test_a_merged_one_leads_to_what_it_is_now(self, client):
        matching.merge(["openai/o3"], "openai/gpt-4.1", None)
        assert client.get("/models/openai/o3/?unit=1k")["Location"] == f"{GPT}?unit=1k"
        response = client.get(GPT)
        assert len(priced(response)) == 3
        assert "Merged into openai/gpt-4.1 by a person: openai/o3" in text(response)

    def test_one_that_was_merged_without_offers_is_not_what_it_was(self, client):
        matching.assign([Link.objects.get(offer__ref="o3")], "openai/gpt-4.1", None)
        before = client.get("/models/openai/o3/")
        assert before.status_code == 200
        matching.merge(["openai/o3"], "openai/gpt-4.1", None)
        after = client.get("/models/openai/o3/", headers={"If-None-Match": before["ETag"]})
        assert after["Location"] == GPT

    def test_an_address_leads_to_how_the_vendor_spells_it(self, client):
        own = {"provider": "cohere", "provider_name": "Cohere"}
        sync(catalog("Router"), record("cohere/Opal-1", key="cohere/Opal-1", provider="router", provider_name=""))
        sync(catalog("Secret", visibility="members"), record("gem-2", **own))
        before = client.get("/models/cohere/Opal-1/")
        assert before.status_code == 200
        sync(catalog("Cohere"), record("opal-1", **own))
        after = client.get("/models/cohere/Opal-1/?unit=1k", headers={"If-None-Match": before["ETag"]})
        assert after["Location"] == "/models/cohere/opal-1/?unit=1k"
        assert len(priced(client.get(after["Location"]))) == 2
        assert {client.get(f"/models/cohere/{name}/").status_code for name in ("gem-2", "Gem-2", "GEM-3")} == {404}

    def test_one_that_a_person_took_out_is_told_of_with_the_day(self, client):
        beta = Link.objects.get(offer=of_catalog("beta"), valid_to=None)
        matching.reject([beta], None)
        response = client.get(GPT)
        assert len(priced(response)) == 1
        assert "until" in text(response).partition("Why these are one model")[2]

    @pytest.mark.parametrize("slug", SLUGS)
    def test_any_slug_has_an_address(self, client, slug):
        matching.assign([Link.objects.get(offer=of_catalog("beta"), valid_to=None)], slug, None)
        made = Link.objects.get(offer=of_catalog("beta"), valid_to=None).family.slug
        assert client.get(f"/models/{quote(made)}/").status_code == 200
        assert client.get(f"/offers/{of_catalog('beta').pk}/model/", follow=True).status_code == 200

    @pytest.mark.parametrize("live", ["", "1"])
    @pytest.mark.parametrize("slug", SLUGS)
    def test_any_slug_can_be_shared(self, client, slug, live):
        User.objects.create_user("dana")
        matching.assign([Link.objects.get(offer=of_catalog("beta"), valid_to=None)], slug, None)
        made = Link.objects.get(offer=of_catalog("beta"), valid_to=None).family.slug
        path = share(browser_of("dana"), f"/models/{quote(made)}/?sort=input", live=live)
        page = client.get(path)
        assert len(priced(page)) == 1
        assert f'href="{path}?sort=' in page.content.decode()
        assert f'href="{path}export.csv"' in page.content.decode()
        assert len(client.get(f"{path}export.csv").getvalue().splitlines()) > 1
        assert client.get(f"{path}picture.png").status_code == 200


class TestTime:
    def test_as_of_a_day_and_its_chart(self, client):
        march = datetime(2026, 3, 1, tzinfo=UTC)
        team = catalog("Alpha")
        sync(team, record("gpt-4.1"))
        for model in (Revision, Rate, Link):
            model.objects.update(valid_from=march)
        sync(team, record("gpt-4.1", rates=(row(input=3 * DOLLAR),)))
        assert priced(client.get(GPT))[0][2] == "3.00"
        before = client.get(f"{GPT}?as_of=2026-04-01")
        assert priced(before)[0][2] == "2.00"
        assert "What is on record for that moment" in text(before)
        page = client.get(GPT)
        assert "<svg" in page.content.decode()
        history = text(page).partition("Price history")[2].partition("What each catalog says")[0]
        assert history.index("3.00") < history.index("2.00", history.index("Show as a table"))
        assert "/changes/?family=openai" in page.content.decode()

    def test_without_a_price_on_record_there_is_no_chart(self, client):
        sync(catalog("Alpha"), record("gpt-4.1", rates=(row(input=None, output=None),)))
        page = text(client.get(GPT))
        assert "None of these has ever had a price per token on record." in page
        assert "90 days" not in page
        assert "None of these has a price per token on record for this time." in text(client.get(f"{GPT}?history=1y"))

    def test_how_far_back_its_chart_reaches_is_in_the_address(self, client):
        sync(catalog("Alpha"), record("gpt-4.1"))
        page = client.get(f"{GPT}?history=90d&unit=1k").content.decode()
        assert f'href="{GPT}?unit=1k&amp;history=90d" hx-get="{GPT}?unit=1k&amp;history=90d" aria-current' in page
        assert f'href="{GPT}?unit=1k" hx-get="{GPT}?unit=1k">All' in page
        assert "“year” is no time of a price history" in text(client.get(f"{GPT}?history=year"))

    def test_changes_and_their_feed_of_one_model(self, client):
        team = catalog("Alpha")
        sync(team, record("gpt-4.1"), record("o3"))
        sync(team, record("gpt-4.1", rates=(row(input=3 * DOLLAR),)), record("o3", rates=(row(input=5 * DOLLAR),)))
        words = text(client.get("/changes/?family=openai/gpt-4.1"))
        assert "3.00" in words
        assert "5.00" not in words
        feed = client.get("/changes/feed/?family=openai/gpt-4.1").content.decode()
        assert "gpt-4.1" in feed
        assert "o3" not in feed.replace("w3.org", "")


@pytest.mark.parametrize("offers", [1, 30])
def test_queries_are_the_same_for_any_number(client, django_assert_num_queries, offers):
    for number in range(offers):
        sync(catalog(f"Team {number}"), record("gpt-4.1"))
    assert Family.objects.count() == 1
    with django_assert_num_queries(8):  # catalogs, families, links, revisions, rates, lines, changes, aliases
        assert len(priced(client.get(GPT))) == offers
    with django_assert_num_queries(1):  # the catalogs; all else is remembered
        assert len(priced(client.get(GPT))) == offers
