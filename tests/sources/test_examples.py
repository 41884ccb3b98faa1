"""The answers that examples are made of: the documented rows as they are, and rows that show what else there is."""

import json
from pathlib import Path

import pytest

from catalog.models import Catalog, Rate
from catalog.sync.connect import EXAMPLES
from catalog.sync.run import sync_catalog

DOCUMENTED_FREDDY = [
    ("1", "GPT-4.1", "gpt-4.1", "gpt-4-turbo-preview", "openai", 1, 128000),
    ("2", "Claude 3.5 Sonnet", "claude-3-5-sonnet", "claude-3-5-sonnet-20241022", "anthropic", 2, 200000),
    ("3", "FTG 3.0", "ftg-3.0", "ftg-3.0", "aitronos", 3, 32768),
    ("4", "GPT-3.5 Turbo", "gpt-3.5-turbo", "gpt-3.5-turbo", "openai", 4, 16385),
]


def answer(kind):
    return json.loads(Path(EXAMPLES, f"{kind}.json").read_text())


def test_freddy_s_four_models_stand_first_as_documented():
    models = answer("freddy")["models"]
    names = ("id", "title", "key", "external", "provider", "order", "maxTokens")
    assert [tuple(model[name] for name in names) for model in models[:4]] == DOCUMENTED_FREDDY
    assert all(model["costPer1kTokens"] is None and model["isActive"] for model in models[:4])
    assert answer("freddy")["totalCount"] == len(models)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "offers"), [("freddy", 8), ("galtea", 6)])
def test_an_example_is_read_whole_and_never_over_the_network(kind, offers, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *args: pytest.fail("The network was asked."))
    made = Catalog.objects.create(
        name=kind, slug=kind, kind=kind, organization="org_abc123", base_url="https://example.com", is_example=True
    )
    done = sync_catalog(made)
    assert (done.outcome, done.seen, done.skipped, done.message) == ("stored", offers, 0, "")
    assert done.read_from.endswith("an example")


@pytest.mark.django_db
def test_they_show_unknown_prices_tiers_conflicts_and_what_was_deleted():
    for kind in ("freddy", "galtea"):
        sync_catalog(
            Catalog.objects.create(name=kind, slug=kind, kind=kind, organization="org_abc123", is_example=True)
        )
    rates = Rate.objects.at(None)
    assert rates.filter(price_state="unknown").count() >= 5
    assert list(rates.filter(name="gemini-1.5-pro", above=128_000).values_list("input", "output")) == [
        (2_500_000, 10_000_000)
    ]
    assert rates.filter(name="gpt-4.1", catalog__slug="galtea").values("input").distinct().count() == 2
    assert rates.filter(name="GPT-4", lifecycle="deleted").exists()
    assert rates.filter(catalog__slug="galtea", provider_inferred=True).exists()
