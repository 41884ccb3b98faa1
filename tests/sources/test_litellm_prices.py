"""LiteLLM's price list: composed keys, tables of tiers and hours, other units, dates, aliases."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.base import OtherPrice, Setup
from catalog.sources.errors import SourceUnreadable
from catalog.sources.litellm_keys import RATES, Key, read_key
from catalog.sources.litellm_prices import LiteLLMPricesSource
from catalog.sources.saved import FileDoor
from tests.make import DOLLAR
from tests.sources.answers import body

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)


def fetch(answer, now=NOW):
    return LiteLLMPricesSource(Setup()).fetch(FileDoor("prices.json", answer), now)


def read(**entry):
    """The state of one entry."""
    (record,) = fetch(msgspec.json.encode({"m": {"litellm_provider": "openai", "mode": "chat", **entry}})).offers
    return record.state


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("litellm_prices.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.ref: record.state for record in fetched.offers}


def rows(state, mode="standard"):
    return [row for row in state.rates if row.mode == mode]


def test_every_field_of_an_entry_is_read(states):
    state = states["gpt-5.4"]
    assert (state.name, state.key, state.provider, state.provider_name) == ("gpt-5.4", "gpt-5.4", "openai", "OpenAI")
    assert (state.context_tokens, state.max_input_tokens, state.max_output_tokens) == (None, 1_050_000, 128_000)
    assert (state.modalities_in, state.modalities_out) == (("text", "image"), ("text",))
    assert state.capabilities == ("chat", "reasoning", "vision")
    assert (state.deprecates_on, state.lifecycle, state.price_state) == ("2026-11-23", "active", "priced")
    assert state.notes == (
        "A note of LiteLLM's.",
        "With regional processing (EU) every price is multiplied by 1.1.",
    )
    assert state.other_prices == (
        OtherPrice("search context high", "0.05", "query"),
        OtherPrice("search context low", "0.01", "query"),
    )


def test_an_entry_is_deprecated_from_its_day_on():
    (later,) = (
        r for r in fetch(body("litellm_prices.json"), datetime(2026, 11, 23, tzinfo=UTC)).offers if r.ref == "gpt-5.4"
    )
    assert later.state.lifecycle == "deprecated"


def test_tiers_are_cliffs_that_reprice_output_and_cache_too(states):
    base, tier = rows(states["gpt-5.4"])
    assert (base.above, base.up_to, base.input, base.output, base.cache_read) == (
        0,
        272_000,
        2_500_000,
        15 * DOLLAR,
        250_000,
    )
    assert (tier.above, tier.up_to, tier.input, tier.output, tier.cache_read) == (
        272_000,
        None,
        5 * DOLLAR,
        22_500_000,
        500_000,
    )
    assert tier.inherited == ()


def test_batches_keep_their_price_above_a_threshold_that_they_do_not_state(states):
    base, tier = rows(states["gpt-5.4"], "batch")
    assert (base.input, base.output, base.cache_read, base.inherited) == (
        1_250_000,
        7_500_000,
        250_000,
        ("cache_read",),
    )
    assert (tier.above, tier.input, tier.output, tier.cache_read) == (272_000, 1_250_000, 7_500_000, 500_000)


def test_other_service_tiers_pay_the_standard_price_above_a_threshold_that_they_do_not_state(states):
    base, tier = rows(states["gpt-5.4"], "flex")
    assert (base.input, base.output) == (1_250_000, 7_500_000)
    assert (tier.input, tier.output) == (2_500_000, 22_500_000)
    assert set(tier.inherited) == {"output", "cache_read"}


def test_the_service_tier_may_stand_before_the_threshold(states):
    assert [(row.above, row.input) for row in rows(states["gpt-5.4"], "priority")] == [
        (0, 5 * DOLLAR),
        (272_000, 10 * DOLLAR),
    ]


def test_xai_reprices_a_prompt_that_just_reaches_the_threshold(states):
    assert [(row.above, row.up_to, row.input) for row in rows(states["xai/grok-4"])] == [
        (0, 127_999, 3 * DOLLAR),
        (127_999, None, 6 * DOLLAR),
    ]


def test_longer_kept_cache_writes_are_listed_by_tier(states):
    state = states["claude-opus-4-6"]
    assert [row.cache_write for row in rows(state)] == [6_250_000, 12_500_000]
    assert state.other_prices == (
        OtherPrice("cache write 1h", "10", "1M tokens"),
        OtherPrice("cache write 1h", "20", "1M tokens", above=200_000),
    )
    assert (state.deprecates_on, state.lifecycle) == ("2027-02-05", "active")


def test_a_table_of_ranges_is_read_as_tiers(states):
    state = states["dashscope/qwen3-coder"]
    assert [(row.above, row.up_to, row.input, row.output) for row in rows(state)] == [
        (0, 32_000, 1 * DOLLAR, 5 * DOLLAR),
        (32_000, 128_000, 1_800_000, 9 * DOLLAR),
        (128_000, None, 3 * DOLLAR, 15 * DOLLAR),
    ]
    # A range without a cache price bills cached tokens as input.
    assert [row.cache_read for row in rows(state)] == [100_000, 1_800_000, 300_000]
    assert state.other_prices == (OtherPrice("output reasoning", "20", "1M tokens", above=128_000),)


def test_prices_by_number_of_results_are_listed_in_words(states):
    state = states["exa/search"]
    assert state.price_state == "not_token_priced"
    assert [(price.name, price.usd, price.per, price.when) for price in state.other_prices] == [
        ("input", "0.005", "query", "for 1 to 25 results"),
        ("input", "0.025", "query", "for 26 to 100 results"),
    ]


def test_off_peak_prices_are_listed_with_their_hours_and_not_used(states):
    state = states["deepseek-v4-flash"]
    hours = (
        "Monday to Friday 00:00 to 01:00, 04:00 to 06:00 and 10:00 to 00:00 UTC; "
        "Saturday and Sunday all day UTC (days as in Asia/Shanghai)"
    )
    assert state.by_hour
    assert state.other_prices == (
        OtherPrice("input", "0.15", "1M tokens", when=hours),
        OtherPrice("output", "0.6", "1M tokens", when=hours),
    )
    (row,) = rows(state)
    assert (row.input, row.output, row.cache_read, row.cache_write) == (300_000, 1_200_000, 6_000, 0)
    (daily,) = states["deepseek-daily"].other_prices
    assert daily.when == "16:30 to 00:30 UTC"


def test_off_peak_hours_that_cannot_be_read_are_told(states):
    state = states["deepseek-typo"]
    assert (state.by_hour, state.other_prices) == (False, ())
    assert state.notes == ("LiteLLM lists off-peak prices whose hours cannot be read; they are left out.",)


@pytest.mark.parametrize(
    ("ref", "listed"),
    [
        ("1024-x-1024/50-steps/stability.stable-diffusion-xl-v1", {("output", "0.04", "image", "")}),
        ("azure/standard/1024-x-1024/dall-e-3", {("input", "0.0000000381469", "pixel", "")}),
        (
            "bedrock/*/1-month-commitment/cohere.command-text-v14",
            {("input", "0.011", "second", ""), ("output", "0.011", "second", "")},
        ),
        ("whisper-1", {("input", "0.0001", "second", "")}),
        (
            "twelvelabs/video",
            {("input video", "0.0007", "second", ""), ("input video", "0.002", "second", "of more than 15 s")},
        ),
    ],
)
def test_what_is_not_priced_by_token_says_its_unit(states, ref, listed):
    assert states[ref].price_state == "not_token_priced"
    assert {(price.name, price.usd, price.per, price.when) for price in states[ref].other_prices} == listed


def test_a_price_per_request_is_a_rate(states):
    state = states["cohere/per-request"]
    assert (state.price_state, state.rates[0].request) == ("not_token_priced", 5_000_000_000)


def test_zero_is_free_for_chat_and_unconfirmed_for_the_rest(states):
    free = {"input_cost_per_token": 0, "output_cost_per_token": 0}
    assert read(**free, mode="chat", litellm_provider="groq").price_state == "free"
    assert states["ollama/llama3"].price_state == "zero_unconfirmed"  # whoever runs it pays for the machine
    assert "you run this model yourself" in states["ollama/llama3"].notes[0]
    for ref in ("sagemaker/llama", "omni-moderation-latest"):
        assert (states[ref].price_state, states[ref].rates[0].input) == ("zero_unconfirmed", 0)
        assert states[ref].notes == ("LiteLLM lists 0 per token for this model and does not say whether it is free.",)
    assert states["omni-moderation-latest"].max_output_tokens is None


def test_missing_is_not_zero(states):
    assert (states["unpriced"].price_state, states["unpriced"].rates[0].input) == ("unknown", None)
    assert (states["half"].price_state, states["half"].rates[0].input) == ("unknown", None)


def test_a_price_stays_what_it_is_and_the_noise_of_floats_goes(states):
    (row,) = rows(states["databricks/llama"])
    assert (row.input, row.output) == (2_999_990, 42_000)
    assert states["databricks/llama"].other_prices == ()


def test_a_price_beyond_belief_is_kept_and_flagged(states):
    (row,) = rows(states["azure_ai/jais-30b-chat"])
    assert (row.input, row.output) == (3_200 * DOLLAR, 9_710 * DOLLAR)
    assert states["azure_ai/jais-30b-chat"].notes == (
        "LiteLLM lists $9,710 per 1M tokens, far above what models cost: it has probably mixed up the unit.",
    )
    assert read(output_cost_per_token=0.0006).notes == ()


def test_an_alias_has_the_prices_of_what_it_names(states):
    alias, target = states["bedrock/claude-opus-latest"], states["claude-opus-4-6"]
    assert (alias.rates, alias.other_prices, alias.provider) == (target.rates, target.other_prices, "anthropic")
    assert alias.upstream_ids == ("claude-opus-4-6",)
    assert alias.notes == ("An alias of claude-opus-4-6, whose prices it has.",)
    assert alias.raw == '{"alias_of": "claude-opus-4-6"}'


def test_provenance_names_the_key_and_its_text(states):
    origins = {(o.read_as, o.mode, o.above): (o.sent_as, o.sent) for o in states["gpt-5.4"].origins}
    assert origins[("input", "flex", 272_000)] == ("input_cost_per_token_above_272k_tokens_flex", "0.0000025")
    table = {(o.read_as, o.above): o.sent_as for o in states["dashscope/qwen3-coder"].origins}
    assert table[("output", 32_000)] == "tiered_pricing[1].output_cost_per_token"


def test_what_is_no_model_is_neither_an_offer_nor_a_skipped_row(fetched):
    told = {record.ref for record in fetched.offers} | {skip.ref for skip in fetched.skipped}
    assert not told & {"sample_spec", "fallback_generalizations"}


def test_a_bad_row_costs_only_itself_and_says_why(fetched):
    assert {skip.ref: skip.reason for skip in fetched.skipped} == {
        "bad/alias": "It is an alias of nowhere, which the list does not hold.",
        "bad/alias-of-alias": "It is an alias of bedrock/claude-opus-latest, which is one itself.",
        "bad/negative": "The price -0.000001 is negative.",
        "bad/unit": "The price 2.5 is above $100,000 per 1M tokens: the unit looks wrong.",
        "bad/count": "“max_input_tokens” is not a count of tokens: many.",
        "bad/tier": "A tier of “tiered_pricing” does not say for which prompts it holds.",
        "bad/row": "It is a text, not an object.",
    }
    assert len(fetched.offers) == 22


@pytest.mark.parametrize("answer", [b"[]", b'{"error": {"message": "no"}}', b'{"data": []}'])
def test_another_shape_is_unreadable(answer):
    with pytest.raises(SourceUnreadable):
        fetch(answer)


@pytest.mark.parametrize(
    ("key", "read_as"),
    [
        ("input_cost_per_token", Key("input")),
        ("input_cost_per_token_cache_hit", Key("cache_read")),
        ("input_cost_per_token_above_128_tokens", Key("input", above=128)),
        ("input_cost_per_token_batch_requests", Key("input", mode="batch")),
        ("cache_read_input_token_cost_above_200k_tokens_priority", Key("cache_read", mode="priority", above=200_000)),
        (
            "cache_creation_input_token_cost_above_12hr_above_272k_tokens_batches",
            Key("", "cache write 12h", "token", "batch", 272_000),
        ),
        ("output_cost_per_reasoning_token", Key("", "output reasoning", "token")),
        ("input_cost_per_audio_token_flex", Key("", "input audio", "token", "flex")),
        ("cache_read_input_audio_token_cost", Key("", "cache read audio", "token")),
        ("citation_cost_per_token", Key("", "citation", "token")),
        ("output_cost_per_image_4K", Key("", "output 4K", "image")),
        ("output_cost_per_second_1080p", Key("", "output 1080p", "second")),
        ("input_cost_per_audio_per_second_above_128k_tokens", Key("", "input audio", "second", above=128_000)),
        ("ocr_cost_per_page_batches", Key("", "ocr", "page", "batch")),
        ("file_search_cost_per_1k_calls", Key("", "file search", "1,000 calls")),
        ("vector_store_cost_per_gb_per_day", Key("", "vector store", "GB and day")),
        ("code_interpreter_cost_per_session", Key("", "code interpreter", "session")),
        ("input_cost_per_text_message", Key("", "input", "message")),
        ("cost_per_second", Key("", "usage", "second")),
        ("input_dbu_cost_per_token", None),
        ("output_db_cost_per_token", None),
        ("regional_endpoint_uplift_multiplier", None),
        ("max_input_tokens", None),
        ("supports_vision", None),
    ],
)
def test_a_key_is_read_by_its_grammar(key, read_as):
    assert read_key(key) == read_as


@given(
    st.sampled_from(sorted(RATES)),
    st.integers(1, 2_000),
    st.sampled_from(["", "flex", "priority", "ultrafast", "someday"]),
    st.booleans(),
)
def test_any_threshold_and_service_tier_compose(base, thousands, mode, mode_first):
    floor, tier = f"_above_{thousands}k_tokens", f"_{mode}" if mode else ""
    key = base + (tier + floor if mode_first else floor + tier)
    assert read_key(key) == Key(RATES[base], mode=mode or "standard", above=thousands * 1_000)


@given(st.text(max_size=60) | st.from_regex(r"[a-z_]{0,20}cost_per_[a-z_0-9]{1,30}", fullmatch=True))
def test_no_key_breaks_the_reader(key):
    found = read_key(key)
    assert found is None or found.component or (found.name and found.per)
