"""Catalogs to compare: three offers of one team side by side, and two catalogs that share models."""

from datetime import UTC, datetime

from catalog.models import Catalog
from catalog.sources.base import OfferRecord, OtherPrice, PastState
from tests.make import DOLLAR, catalog, record, row, state, sync
from tests.services.test_matrix import sold

JUNE = datetime(2025, 6, 10, tzinfo=UTC)
"""Since when Alpha has had its prices."""


def three_offers() -> None:
    """A catalog with Alpha (tiers, a mode, a past), Beta and the unpriced Gamma, and six more."""
    alpha = state(
        "alpha",
        rates=(
            row(up_to=200_000, cache_read=DOLLAR),
            row(above=200_000, input=4 * DOLLAR, cache_read=DOLLAR, inherited=("output", "cache_read")),
            row(mode="batch", input=DOLLAR, output=4 * DOLLAR),
        ),
        max_output_tokens=8_000,
        capabilities=("tools", "vision"),
        modalities_in=("text", "image"),
        released_on="2025-04",
        other_prices=(OtherPrice("images", "10", "1,000"),),
        notes=("Checked by hand.",),
    )
    before = state("alpha", rates=(row(input=10 * DOLLAR),), context_tokens=64_000)
    beta = state(
        "beta",
        rates=(row(input=3 * DOLLAR, output=5 * DOLLAR, up_to=100_000), row(above=100_000, input=6 * DOLLAR)),
        context_tokens=1_000_000,
        capabilities=("vision",),
        other_prices=(OtherPrice("images", "7.5", "1,000"),),
    )
    sync(
        catalog(),
        OfferRecord("alpha", alpha, since=JUNE, past=(PastState(None, before),)),
        OfferRecord("beta", beta),
        record("gamma", rates=(row(input=None, output=None),), price_state="unknown", context_tokens=None),
        *(record(f"more-{number}") for number in range(6)),
    )


def two_catalogs(nano: OfferRecord | None = None, house: str = "House") -> tuple[Catalog, Catalog]:
    """Alpha and Beta: models at other prices, at the same, free, unknown, in one alone, of no model and in conflict.

    ``nano`` is what Alpha says of GPT-4.1 nano, ``house`` the name of what matches no model.
    """
    alpha, beta = catalog("Alpha"), catalog("Beta")
    sync(
        alpha,
        sold("gpt-4o", 100, name="GPT-4o"),
        sold("azure/gpt-4o", 120, name="GPT-4o"),
        sold("gpt-4.1", 80, name="GPT-4.1"),
        sold("o3", 80, name="o3"),
        sold("gpt-5", 0, name="GPT-5", price_state="free"),
        sold("gpt-4.1-mini", None, name="GPT-4.1 mini", price_state="unknown"),
        nano or sold("gpt-4.1-nano", 4, name="GPT-4.1 nano"),
    )
    sync(
        beta,
        sold("openai/gpt-4o", 125, name="GPT-4o"),
        sold("gpt-4.1", 80, name="GPT-4.1"),
        sold("gpt-5", 100, name="GPT-5"),
        sold("gpt-4.1-mini", 16, name="GPT-4.1 mini"),
        sold("o4-mini", 44, name="o4-mini"),
        sold("gpt-4.1-nano", 32, name="GPT-4.1 nano"),
        sold("house", 10, name=house, provider="", provider_name=""),
        sold("deployment", 10, name="Deployment", key="gpt-4o", upstream_ids=("o3",)),
    )
    return alpha, beta
