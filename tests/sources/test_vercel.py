"""Vercel's AI Gateway: tiers by their documented ends, service tiers, and prices of other units."""

import json
from datetime import UTC, datetime

import pytest

from catalog.pricing.rates import PriceState, RateRow
from catalog.sources.base import Lifecycle, Origin, OtherPrice, Setup
from catalog.sources.saved import FileDoor
from catalog.sources.vercel import VercelSource
from tests.make import DOLLAR
from tests.sources.answers import body


def fetch(answer):
    return VercelSource(Setup()).fetch(FileDoor("models.json", answer), datetime(2026, 11, 22, tzinfo=UTC))


def read(**row):
    """The state of one row, or why it was skipped."""
    fetched = fetch(json.dumps({"data": [{"id": "a/b", "type": "language", **row}]}).encode())
    return fetched.skipped[0].reason if fetched.skipped else fetched.offers[0].state


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("vercel.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.ref: record.state for record in fetched.offers}


def test_every_field_is_translated(states):
    state = states["google/gemini-3-pro"]
    assert (state.name, state.key) == ("Gemini 3 Pro", "google/gemini-3-pro")
    assert (state.provider, state.description) == ("google", "For challenging tasks.")
    assert (state.context_tokens, state.max_output_tokens) == (1_000_000, 64_000)
    assert (state.modalities_in, state.modalities_out) == (("text", "image"), ("text",))
    assert state.capabilities == ("attachment", "tool_call", "reasoning", "vision")
    assert (state.released_on, state.knowledge_cutoff) == ("2025-11-18", "2025-01")
    assert (state.price_state, state.lifecycle) == (PriceState.PRICED, Lifecycle.ACTIVE)
    assert Origin("pricing.input_tiers[1].cost", "0.000004", "input", "standard", 200_000) in state.origins


def test_a_prompt_of_exactly_200_000_tokens_is_in_the_lower_tier(states):
    base, tier = (row for row in states["google/gemini-3-pro"].rates if row.mode == "standard")
    assert base == RateRow(
        up_to=200_000, input=2 * DOLLAR, output=12 * DOLLAR, cache_read=200_000, cache_write=2 * DOLLAR
    )
    assert tier == RateRow(
        above=200_000,
        input=4 * DOLLAR,
        output=18 * DOLLAR,
        cache_read=400_000,
        cache_write=2 * DOLLAR,
        inherited=("cache_write",),
    )


def test_components_may_have_thresholds_of_their_own(states):
    assert [(r.above, r.up_to, r.input, r.output) for r in states["xai/grok-three-tiers"].rates] == [
        (0, 128_000, 1_500_000, 7_500_000),
        (128_000, 200_000, 2_700_000, 7_500_000),
        (200_000, None, 4_500_000, 11_250_000),
    ]


def test_service_tiers_and_fast_are_modes(states):
    rows = [row for row in states["google/gemini-3-pro"].rates if row.mode != "standard"]
    assert rows == [
        RateRow(mode="fast", input=12 * DOLLAR, output=60 * DOLLAR),
        RateRow(mode="flex", input=1 * DOLLAR, output=6 * DOLLAR),
        RateRow(mode="priority", up_to=200_000, input=3_600_000, output=21_600_000),
        RateRow(mode="priority", above=200_000, input=7_200_000, output=32_400_000),
    ]


def test_prices_of_other_units_are_kept_beside(states):
    assert states["google/gemini-3-pro"].other_prices == (
        OtherPrice("web search", "14", "1,000 searches"),
        OtherPrice("input", "2.2", "1M tokens", when="in region eu"),
        OtherPrice("output", "13.2", "1M tokens", when="in region eu"),
    )
    assert states["bfl/flux"].other_prices == (
        OtherPrice("image", "0.04", "image", when="size 1024x1024, quality hd"),
        OtherPrice("image", "0.03", "image", when="size default"),
    )
    assert states["google/veo"].other_prices == (
        OtherPrice("video", "0.4", "second", when="resolution 1080p, audio true"),
    )
    assert states["openai/whisper"].other_prices == (OtherPrice("input audio", "0.0001", "second"),)
    assert states["openai/tts"].other_prices == (OtherPrice("input text", "15", "1M characters"),)


@pytest.mark.parametrize(
    ("ref", "state"),
    [
        ("bfl/flux", PriceState.NOT_TOKEN_PRICED),
        ("openai/whisper", PriceState.NOT_TOKEN_PRICED),
        ("openai/tts", PriceState.ZERO_UNCONFIRMED),
        ("vendor/gratis", PriceState.FREE),
        ("vendor/varies", PriceState.VARIABLE),
        ("vendor/nothing", PriceState.UNKNOWN),
        ("openai/text-embedding-3-small", PriceState.PRICED),
    ],
)
def test_price_states(states, ref, state):
    assert states[ref].price_state == state


@pytest.mark.parametrize(
    ("ref", "read", "written"),
    [
        ("openai/text-embedding-3-small", ("text",), ("embedding",)),
        ("bfl/flux", ("text",), ("image",)),
        ("google/veo", ("text",), ("video",)),
        ("openai/whisper", ("audio",), ("text",)),
        ("xai/grok-three-tiers", ("text", "image"), ("text",)),
        ("vendor/nothing", (), ()),
    ],
)
def test_modalities_are_those_of_the_row_or_else_of_its_type(states, ref, read, written):
    assert (states[ref].modalities_in, states[ref].modalities_out) == (read, written)


def test_zero_limits_are_unknown(states):
    state = states["openai/text-embedding-3-small"]
    assert (state.context_tokens, state.max_output_tokens) == (None, None)


def test_a_day_of_deprecation_deprecates_once_it_has_come(states):
    assert states["xai/grok-three-tiers"].lifecycle == Lifecycle.DEPRECATED
    assert states["xai/grok-three-tiers"].deprecates_on == "2026-01-01"
    later = read(deprecated_at=1_893_456_000)
    assert (later.lifecycle, later.deprecates_on) == (Lifecycle.ACTIVE, "2030-01-01")


def test_bad_rows_are_skipped_with_their_reason(fetched):
    assert {skip.ref: skip.reason for skip in fetched.skipped} == {
        "vendor/negative": "The price -1 is negative.",
        "vendor/per-million": "The price 2.5 is above $100,000 per 1M tokens: the unit looks wrong.",
        "vendor/no-cost": "A price tier of input has no price.",
        "vendor/bad-tier": "A price tier of input has the bound lots, which is no number of tokens.",
        "No id": "It has no “id”.",
    }


def test_an_other_price_that_cannot_be_one_costs_the_row():
    assert read(pricing={"web_search": "-14"}) == "The price -14 is negative."
    assert read(pricing={"image": "cheap"}) == "The price 'cheap' is not a number."


def test_shapes_that_are_not_documented_are_passed_over():
    state = read(pricing={"service_tiers": [], "regional": 3, "input_tiers": "none", "fast": None, "novel": {"a": 1}})
    assert (state.price_state, state.rates, state.other_prices) == (PriceState.UNKNOWN, (RateRow(),), ())
