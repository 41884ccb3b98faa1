"""An offer's page: all prices, where they come from, and what changed."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User

from catalog.models import Offer, Sync
from catalog.sources.base import OfferRecord, Origin, OtherPrice, PastState
from catalog.sync.run import sync_catalog
from tests.make import DOLLAR, catalog, record, row, state, sync
from tests.pages.test_offers import Table, text

pytestmark = pytest.mark.django_db


def page(client, ref, query=""):
    return client.get(f"/offers/{Offer.objects.get(ref=ref).pk}/{query}")


@pytest.fixture
def _o3():
    june = datetime(2025, 6, 10, tzinfo=UTC)
    now = state(
        "o3",
        rates=(
            row(up_to=200_000),
            row(above=200_000, input=4 * DOLLAR, inherited=("output",)),
            row(mode="batch", input=DOLLAR),
        ),
        other_prices=(
            OtherPrice("web searches", "10", "1,000"),
            OtherPrice("input", "1", "1M tokens", when="00:00 to 06:00 UTC"),
        ),
        notes=("Checked by hand.",),
        origins=(
            Origin("prices.input_mtok", "2", "input", "standard", 0),
            Origin("context_window", "128000", "context_tokens"),
        ),
        raw='{"id": "o3", "note": "<script>"}',
    )
    before = state("o3", rates=(row(input=10 * DOLLAR),), context_tokens=64_000)
    sync(catalog(), OfferRecord("o3", now, since=june, past=(PastState(None, before),)))


@pytest.mark.usefixtures("_o3")
class TestOffer:
    def test_every_tier_and_mode(self, client):
        rows = Table(page(client, "o3").content.decode()).rows
        assert rows[0][:4] == ["standard", "Up to 200,000", "2.00", "8.00"]
        assert rows[1][:4] == ["standard", "Above 200,000", "4.00", "8.00*"]
        assert rows[2][:4] == ["batch", "Any size", "1.00", "8.00"]

    def test_another_unit(self, client):
        assert Table(page(client, "o3", "?unit=1").content.decode()).rows[0][2] == "0.000002"

    def test_a_unit_that_is_none_is_ignored_with_a_message(self, client):
        response = page(client, "o3", "?unit=zz&as_of=2025-06-11")
        assert "“zz” is no unit; there are 1M, 1K and token." in text(response)
        assert Table(response.content.decode()).rows[0][2] == "2.00"
        assert "As of 11 June 2025." in text(response)

    def test_other_prices_with_what_they_depend_on(self, client):
        rows = Table(page(client, "o3").content.decode()).rows
        assert ["Web searches", "10", "1,000", ""] in rows
        assert ["Input", "1", "1M tokens", "00:00 to 06:00 UTC"] in rows

    def test_each_value_with_the_field_it_was_read_from(self, client):
        rows = Table(page(client, "o3").content.decode()).rows
        assert ["prices.input_mtok", "2", "Input", "2.00"] in rows
        assert ["context_window", "128000", "Context tokens", "128,000"] in rows
        assert "Checked by hand." in text(page(client, "o3"))

    def test_the_catalog_s_own_record_is_there_and_escaped(self, client):
        html = page(client, "o3").content.decode()
        assert "&lt;script&gt;" in html
        assert "note&#34;: &#34;<script>" not in html

    def test_history_tells_what_changed_and_when(self, client):
        history = [cells for cells in Table(page(client, "o3").content.decode()).rows if "10 Jun 2025" in cells[:2]]
        assert history[0][:2] == ["10 Jun 2025", "now"]
        assert "Input 10.00 → 2.00 ▼" in history[0][-1]
        assert "Context tokens 64,000 → 128,000" in history[0][-1]
        assert history[1][:3] == ["not recorded", "10 Jun 2025", "10.00"]

    def test_as_of_a_day(self, client):
        old = page(client, "o3", "?as_of=2025-06-01")
        assert Table(old.content.decode()).rows[0][:4] == ["standard", "Any size", "10.00", "8.00"]
        assert "As of 1 June 2025." in text(old)
        assert "does not say since when" in text(old)
        bad = page(client, "o3", "?as_of=someday")
        assert "“someday” is not a day" in text(bad)
        assert Table(bad.content.decode()).rows[0][2] == "2.00"


def test_before_the_first_reading_nothing_is_on_record(client):
    sync(catalog(), record("new"))
    response = page(client, "new", "?as_of=2025-06-01")
    assert response.status_code == 200
    assert "Nothing is on record for that moment" in text(response)


def test_a_held_price_is_shown_beside_the_old_one(client):
    team = catalog()
    sync(team, record("a"), record("b"))
    sync(team, record("a", rates=(row(input=200 * DOLLAR),)), record("b"))
    words = text(page(client, "a"))
    assert "A new price is held back." in words
    assert "The input price went from 2.00 to 200.00 per 1M tokens." in words
    assert Table(page(client, "a").content.decode()).rows[0][2:4] == ["2.00 held: 200.00", "8.00"]
    assert "→ 200.00" not in words
    assert Table(page(client, "b").content.decode()).rows[0][2] == "2.00"
    sync(team, record("a", rates=(row(input=200 * DOLLAR, up_to=9), row(above=9, input=300 * DOLLAR))), record("b"))
    assert "Input above 9 tokens — → 300.00" in text(page(client, "a"))


def test_a_retired_offer_keeps_its_page(client):
    team = catalog()
    many = [record(ref) for ref in "bcdefg"]
    sync(team, record("a"), *many)
    sync(team, *many)
    words = text(page(client, "a"))
    assert "retired since" in words
    assert "Lifecycle active → retired" in words


def test_queries_do_not_grow_with_the_history(client, django_assert_num_queries):
    team = catalog()
    for price in (2, 3, 4, 5):
        sync(team, record("a", rates=(row(input=price * DOLLAR),)))
    address = f"/offers/{Offer.objects.get().pk}/"
    with django_assert_num_queries(5):  # catalogs, the offer, its revisions, its rates, its family
        assert client.get(address).status_code == 200


def test_outsiders_find_no_page(client):
    sync(catalog("Inner", visibility="groups"), record("secret"))
    assert page(client, "secret").status_code == 404
    outsider = User.objects.create_user("outsider")
    client.force_login(outsider)
    assert page(client, "secret").status_code == 404
    team = Group.objects.create(name="team")
    Offer.objects.get().catalog.groups.add(team)
    outsider.groups.add(team)
    assert page(client, "secret").status_code == 200


def test_every_reference_offer_has_a_page(client):
    sync_catalog(catalog("Reference", kind="reference"))
    picked = Offer.objects.order_by("pk").values_list("pk", flat=True)[::25]
    assert len(picked) > 90
    for pk in picked:
        response = client.get(f"/offers/{pk}/")
        assert response.status_code == 200
        assert re.search(r"<h1>[^<]+</h1>", response.content.decode())


class TestZeros:
    """A 0 is free only where the offer's price state says so."""

    HALF = (row(input=DOLLAR, output=0, cache_read=0),)
    ORIGINS = (Origin("out", "0", "output", "standard", 0),)

    def test_beside_a_price_it_is_what_the_catalog_says(self, client):
        team = catalog()
        sync(team, record("a", rates=self.HALF, origins=self.ORIGINS))
        sync(team, record("a", rates=(row(input=2 * DOLLAR, output=0, cache_read=0),), origins=self.ORIGINS))
        for response in (client.get("/"), page(client, "a"), client.get("/catalogs/team/")):
            html = response.content.decode()
            assert 'class="free"' not in html
            assert '<data value="0" title="The catalog says 0">0.00</data>' in html
        assert ["out", "0", "Output", "0.00"] in Table(page(client, "a").content.decode()).rows

    def test_unconfirmed_it_is_marked_wherever_it_stands(self, client):
        zeros = (row(input=0, output=0),)
        sync(catalog(), record("a", price_state="zero_unconfirmed", rates=zeros, origins=self.ORIGINS))
        assert ["out", "0", "Output", "0*"] in Table(page(client, "a").content.decode()).rows

    def test_free_is_free(self, client):
        sync(catalog(), record("a", price_state="free", rates=(row(input=0, output=0),), origins=self.ORIGINS))
        assert ["out", "0", "Output", "free"] in Table(page(client, "a").content.decode()).rows

    def test_a_change_to_it_tells_the_figure(self, client):
        team = catalog()
        sync(team, record("a"), record("b"))
        sync(team, record("a", price_state="zero_unconfirmed", rates=(row(input=0, output=0),)), record("b"))
        assert "Input 2.00 → 0.00 ▼" in text(client.get("/catalogs/team/"))
        sync(
            team,
            record("a", price_state="zero_unconfirmed", rates=(row(input=0, output=0),)),
            record("b"),
            approve=True,
        )
        words = text(page(client, "a"))
        assert "Input 2.00 → 0.00 ▼" in words
        assert "Price state priced → zero unconfirmed" in words


def test_a_price_per_request_is_told_in_dollars_in_the_history_too(client):
    team = catalog()
    for cents in (1, 2):
        sync(team, record("a", rates=(row(request=cents * 10**10),)))
    assert "Request $0.01 → $0.02 ▲" in text(page(client, "a"))


def test_the_address_that_was_read_is_for_those_who_are_signed_in(client):
    sync(catalog("Team"), record("a", origins=(Origin("in", "2", "input", "standard", 0),)))
    Sync.objects.update(read_from="https://api.example.com/organizations/org_secret/models")
    assert "org_secret" not in page(client, "a").content.decode()
    assert "from Team." in text(page(client, "a"))
    client.force_login(User.objects.create_user("mia"))
    assert page(client, "a").content.decode().count("org_secret") == 2
