"""Catalogs with one price for all tokens, with an order of their own, and with providers that were concluded."""

import json
from html import unescape

import pytest

from catalog.models import Catalog, Offer
from catalog.sync.run import sync_catalog
from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.test_offers import Table, names, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def freddy():
    made = Catalog.objects.create(
        name="Freddy", slug="freddy", kind="freddy", organization="org_abc123", visibility="public", is_example=True
    )
    sync_catalog(made)
    return made


def cells(client, address, model):
    return next(cells for cells in Table(client.get(address).content.decode()).rows if cells[0].startswith(model))


@pytest.mark.usefixtures("freddy")
class TestOnePrice:
    def test_it_is_neither_an_input_nor_an_output_price(self, client):
        shown = cells(client, "/", "Claude 3.5 Haiku")
        assert shown[3:5] == ["—", "—"]
        assert "flat 1.60" in shown[-2]
        assert "flat 0.0016" in cells(client, "/?unit=1k", "Claude 3.5 Haiku")[-2]

    def test_it_sorts_last_and_no_price_range_holds_it(self, client):
        rates = [row(input=DOLLAR, output=9 * DOLLAR), row(input=3 * DOLLAR, output=DOLLAR // 2)]
        sync(catalog(), *(record(f"z{i}", rates=(one,)) for i, one in enumerate(rates)))
        assert names(client.get("/?sort=input"))[:2] == ["z0", "z1"]
        assert names(client.get("/?sort=-output"))[:2] == ["z0", "z1"]
        assert names(client.get("/?max_in=1")) == ["z0"]

    def test_its_page_explains_it_once(self, client):
        words = text(client.get(f"/offers/{Offer.objects.get(ref='claude-3-5-haiku').pk}/"))
        assert "one price for all tokens and no separate prices for input and output" in words
        assert "costPer1kTokens 0.0016 One price for all tokens 1.60" in words

    def test_a_change_is_told(self, client, freddy, tmp_path, monkeypatch):
        from catalog.sync import connect

        answer = json.loads((connect.EXAMPLES / "freddy.json").read_text())
        answer["models"][4]["costPer1kTokens"] = 0.002
        (tmp_path / "freddy.json").write_text(json.dumps(answer))
        monkeypatch.setattr(connect, "EXAMPLES", tmp_path)
        sync_catalog(freddy)
        words = text(client.get(f"/offers/{Offer.objects.get(ref='claude-3-5-haiku').pk}/"))
        told = "One price for all tokens 1.60 → 2.00 ▲"
        assert told in words
        assert told in unescape(text(client.get("/changes/?kind=up")))
        assert "One price for all tokens: 1.60 → 2.00" in client.get("/changes/feed/?kind=up").content.decode()


@pytest.mark.usefixtures("freddy")
class TestOwnOrder:
    ORDER = ("GPT-4.1", "Claude 3.5 Sonnet", "FTG 3.0", "GPT-3.5 Turbo", "Claude 3.5 Haiku", "GPT-4.1 Mini")

    def test_a_single_catalog_that_has_one_is_shown_in_it(self, client):
        assert names(client.get("/?catalog=freddy"))[:6] == list(self.ORDER)
        assert "in the catalog’s own order" in text(client.get("/?catalog=freddy"))

    def test_by_model_is_then_a_choice_that_the_address_keeps(self, client):
        response = client.get("/?catalog=freddy&sort=model")
        assert names(response)[0] == "Claude 3.5 Haiku"
        assert "sort=model" in response.content.decode()

    def test_several_or_none_are_sorted_by_model(self, client):
        sync(catalog(), record("a"))
        for address in ("/", "/?catalog=freddy&catalog=team"):
            assert names(client.get(address))[:2] == ["a", "Claude 3.5 Haiku"]
        assert names(client.get("/?catalog=team")) == ["a"]

    def test_it_can_be_asked_for_and_turned_round(self, client):
        assert names(client.get("/?sort=-order"))[0] == "FTG 3.0 Mini"
        sync(catalog(), record("a"))
        assert names(client.get("/?sort=-order"))[-1] == "a"
        assert names(client.get("/?sort=order"))[-1] == "a"


def test_a_provider_that_was_concluded_is_marked(client):
    sync(catalog(), record("a", provider_inferred=True), record("b"))
    assert cells(client, "/", "a")[2] == "OpenAI*"
    assert cells(client, "/", "b")[2] == "OpenAI"
    assert "The catalog does not name the provider" in text(client.get(f"/offers/{Offer.objects.get(ref='a').pk}/"))
    assert "does not name" not in text(client.get(f"/offers/{Offer.objects.get(ref='b').pk}/"))


def test_the_offer_s_page_tells_what_else_the_catalog_says(client):
    fields = {
        "upstream_ids": ("gpt-4.1-2025-04-14", "azure/gpt-4.1"),
        "description": "For hard tasks",
        "scope": "own",
        "modalities_in": ("text", "image"),
        "modalities_out": ("text",),
        "capabilities": ("tool_calls",),
        "released_on": "2025-04",
        "deprecates_on": "2027",
        "knowledge_cutoff": "2024-06",
        "max_input_tokens": 100_000,
    }
    sync(catalog(), record("a", **fields), record("b"))
    words = text(client.get(f"/offers/{Offer.objects.get(ref='a').pk}/"))
    for told in (
        "Description For hard tasks",
        "Known upstream as gpt-4.1-2025-04-14, azure/gpt-4.1",
        "Belongs to your organization",
        "Takes text, image",
        "Gives text",
        "Can tool calls",
        "Max input 100,000 tokens",
        "Released 2025-04",
        "Deprecated from 2027",
        "Knowledge up to 2024-06",
    ):
        assert told in words
    assert "Description" not in text(client.get(f"/offers/{Offer.objects.get(ref='b').pk}/"))
