"""One provider has one slug and one name in every catalog."""

import pytest
from genai_prices.data_snapshot import get_snapshot

from catalog.sources.providers import PROVIDER_NAMES, SLUGS, provider_named


@pytest.mark.parametrize("sent", ["xai", "XAI", " x-ai ", "xAI"])
def test_every_spelling_of_a_provider_is_the_same_one(sent):
    assert provider_named(sent, "SpaceX AI") == ("x-ai", "xAI")


def test_a_provider_that_nobody_knows_keeps_the_name_that_was_sent():
    assert provider_named("Acme-Labs") == ("acme-labs", "Acme-Labs")
    assert provider_named("Acme-Labs", "Acme") == ("acme-labs", "Acme")
    assert provider_named("") == ("", "")


def test_names_are_those_of_the_reference_prices():
    # Its huggingface_… are the routes of one router, which no other catalog names so.
    theirs = {own.id: own.name for own in get_snapshot().providers if not own.id.startswith("huggingface_")}
    respelled = {"deepseek": "DeepSeek", "moonshotai": "Moonshot AI", "x-ai": "xAI"}
    assert {**theirs, **respelled}.items() <= PROVIDER_NAMES.items()


def test_a_part_of_vertex_is_sold_by_vertex():
    assert provider_named("vertex_ai-anthropic_models") == ("vertex_ai", "Google Vertex AI")


def test_a_spelling_leads_to_a_provider_with_a_name_and_is_none_itself():
    assert set(SLUGS.values()) <= PROVIDER_NAMES.keys()
    assert SLUGS.keys().isdisjoint(PROVIDER_NAMES)
    assert all(sent == sent.casefold() for sent in SLUGS)
