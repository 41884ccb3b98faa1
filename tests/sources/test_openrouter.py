"""OpenRouter's list: decimal strings, variable prices, tiers, hours, variants, pages."""

import json
from datetime import UTC, datetime

import pytest

from catalog.sources.base import OtherPrice, Setup
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.openrouter import OpenRouterSource
from catalog.sources.saved import FileDoor
from tests.make import DOLLAR
from tests.sources.answers import body

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


class Pages:
    """A door with an answer for each offset; it keeps what was asked."""

    def __init__(self, pages, refused=0):
        self.pages, self.refused, self.asked = pages, refused, []

    def address(self, path):
        return f"https://openrouter.ai{path}"

    def count(self, rows, total=None):
        """Nobody watches."""

    def get(self, path, parameters=()):
        self.asked.append((path, list(parameters)))
        if self.refused:
            raise SourceRefused("The key was refused.", self.refused)
        return json.dumps(self.pages[dict(parameters).get("offset", "0")]).encode()


def fetch(answer, now=NOW):
    return OpenRouterSource(Setup()).fetch(FileDoor("models.json", answer), now)


def read(pricing, now=NOW, **fields):
    """The state of one model with this pricing."""
    row = {"id": "maker/model", "architecture": {"output_modalities": ["text"]}, "pricing": pricing, **fields}
    (record,) = fetch(json.dumps({"data": [row]}).encode(), now).offers
    return record.state


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("openrouter.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.ref: record.state for record in fetched.offers}


def test_every_field_of_a_model_is_read(states):
    state = states["openai/gpt-4.1"]
    assert (state.name, state.key, state.provider, state.provider_name) == (
        "OpenAI: GPT-4.1",
        "openai/gpt-4.1",
        "openai",
        "OpenAI",
    )
    assert state.upstream_ids == ("openai/gpt-4.1-2025-04-14",)
    assert state.description == "The flagship."
    assert (state.context_tokens, state.max_input_tokens, state.max_output_tokens) == (1_047_576, 900_000, 32_768)
    assert (state.modalities_in, state.modalities_out) == (("image", "text", "file"), ("text",))
    assert state.capabilities == ("max_tokens", "tool_call", "structured_output")
    assert (state.released_on, state.deprecates_on, state.knowledge_cutoff) == (
        "2025-04-14",
        "2027-04-14",
        "2024-06-30",
    )
    assert state.lifecycle == "active"
    (row,) = state.rates
    assert (row.input, row.output, row.cache_read, row.cache_write) == (2 * DOLLAR, 8 * DOLLAR, 500_000, None)
    assert state.other_prices == (OtherPrice("web search", "0.01", "search"),)
    assert state.price_state == "priced"
    assert state.notes == ("OpenRouter states a discount of 25% and does not say whether the prices include it.",)
    assert '"newMember": [1, 2.50]' in state.raw


def test_provenance_names_the_member_and_its_text(states):
    origins = {(origin.read_as, origin.above): origin for origin in states["google/gemini-2.5-pro"].origins}
    assert origins[("input", 0)].sent_as == "pricing.prompt"
    assert origins[("input", 200_000)].sent_as == "pricing.overrides[0].prompt"
    assert origins[("input", 200_000)].sent == "0.0000025"
    assert origins[("context_tokens", 0)].sent == "1048576"


def test_a_prompt_size_override_is_a_tier_that_inherits_what_it_does_not_name(states):
    state = states["google/gemini-2.5-pro"]
    base, tier = state.rates
    assert (base.above, base.up_to, base.input, base.output) == (0, 200_000, 1_250_000, 10 * DOLLAR)
    assert (tier.above, tier.up_to, tier.input, tier.output) == (200_000, None, 2_500_000, 15 * DOLLAR)
    assert (tier.cache_read, tier.cache_write, tier.inherited) == (125_000, 375_000, ("cache_read", "cache_write"))


def test_what_no_rate_holds_is_listed_with_its_unit_and_tier(states):
    listed = {
        (price.name, price.above): (price.usd, price.per) for price in states["google/gemini-2.5-pro"].other_prices
    }
    assert listed == {
        ("cache write 1h", 0): ("0.5", "1M tokens"),
        ("input audio", 0): ("1.25", "1M tokens"),
        ("input audio", 200_000): ("2.5", "1M tokens"),
        ("input image", 0): ("0.00000125", "image"),
        ("reasoning", 0): ("10", "1M tokens"),
    }


def test_of_several_overrides_the_later_one_wins_price_by_price():
    state = read(
        {
            "prompt": "0.000001",
            "completion": "0.000002",
            "overrides": [
                {"min_prompt_tokens": 200_000, "prompt": "0.000004", "completion": "0.000008"},
                {"min_prompt_tokens": 100_000, "prompt": "0.000003"},
            ],
        }
    )
    assert [(row.above, row.input, row.output) for row in state.rates] == [
        (0, 1 * DOLLAR, 2 * DOLLAR),
        (100_000, 3 * DOLLAR, 2 * DOLLAR),
        (200_000, 3 * DOLLAR, 8 * DOLLAR),
    ]


def test_the_dearest_hours_are_the_price_and_the_others_are_listed_with_theirs(states):
    state = states["deepseek/deepseek-v4-flash"]
    (row,) = state.rates
    assert (row.input, row.output) == (440_000, 1_320_000)
    assert state.by_hour
    hours = "Monday to Friday 00:00 to 01:00, 04:00 to 06:00 and 10:00 to 24:00 UTC; Saturday and Sunday all day UTC"
    assert state.other_prices == (
        OtherPrice("output", "0.66", "1M tokens", when=hours),
        OtherPrice("input", "0.22", "1M tokens", when=hours),
    )
    assert state.notes == (
        "The price changes with the hour. Shown is the dearest: "
        "Monday to Friday 01:00 to 04:00 and 06:00 to 10:00 UTC.",
    )


@pytest.mark.parametrize("hour", range(24))
def test_a_price_that_follows_the_clock_reads_the_same_at_any_hour(hour, states):
    # What OpenRouter puts at the top of the same model at this hour.
    peak = 1 <= hour < 4 or 6 <= hour < 10
    answer = json.loads(body("openrouter.json"))
    row = next(row for row in answer["data"] if row["id"] == "deepseek/deepseek-v4-flash")
    row["pricing"] |= {
        "prompt": "0.00000044" if peak else "0.00000022",
        "completion": "0.00000132" if peak else "0.00000066",
    }
    state = read(row["pricing"], datetime(2026, 11, 23, hour, 30, tzinfo=UTC))
    expected = states["deepseek/deepseek-v4-flash"]
    assert (state.rates, state.other_prices, state.price_state, state.by_hour, state.notes) == (
        expected.rates,
        expected.other_prices,
        expected.price_state,
        expected.by_hour,
        expected.notes,
    )


@pytest.mark.parametrize("top", ["0.00000027", "0.000000135"])
def test_windows_that_leave_hours_out_do_not_tell_the_price_between_them(top):
    state = read(
        {
            "prompt": top,
            "completion": "0.000001",
            "overrides": [{"utc_start": 1630, "utc_end": 30, "prompt": "0.000000135"}],
        }
    )
    assert state.price_state == "priced"
    assert state.rates[0].input is None
    assert state.other_prices == (
        OtherPrice("input", "0.135", "1M tokens", when="00:00 to 00:30 and 16:30 to 24:00 UTC"),
    )
    assert state.notes == ("The price changes with the hour, and OpenRouter does not say what holds at every hour.",)


def test_a_price_none_of_whose_hours_is_the_standard_varies():
    timed = {"utc_start": 100, "utc_end": 400, "prompt": "0.000001", "completion": "0.000002"}
    assert read({"prompt": "0.000001", "completion": "0.000002", "overrides": [timed]}).price_state == "variable"


def test_a_tier_within_certain_hours_keeps_its_threshold():
    day = {"utc_start": 0, "utc_end": 1200}
    night = {"utc_start": 1200, "utc_end": 2400}
    state = read(
        {
            "prompt": "0.000002",
            "completion": "0.000002",
            "overrides": [
                {**day, "prompt": "0.000002"},
                {**night, "prompt": "0.000001"},
                {**day, "min_prompt_tokens": 1000, "prompt": "0.000004"},
                {**night, "min_prompt_tokens": 1000, "prompt": "0.000003"},
            ],
        }
    )
    assert [(row.above, row.input, row.output) for row in state.rates] == [
        (0, 2 * DOLLAR, 2 * DOLLAR),
        (1000, 4 * DOLLAR, 2 * DOLLAR),
    ]
    assert [(price.usd, price.above, price.when) for price in state.other_prices] == [
        ("1", 0, "12:00 to 24:00 UTC"),
        ("3", 1000, "12:00 to 24:00 UTC"),
    ]


def test_windows_with_the_same_price_at_every_hour_change_nothing():
    both = [
        {"utc_start": 0, "utc_end": 1200, "prompt": "0.000001"},
        {"utc_start": 1200, "utc_end": 2400, "prompt": "0.000001"},
    ]
    state = read({"prompt": "0.000001", "completion": "0.000002", "overrides": both})
    assert (state.by_hour, state.other_prices, state.notes) == (False, (), ())
    assert state.rates[0].input == DOLLAR


@pytest.mark.parametrize(
    "override",
    [
        {"max_prompt_tokens": 1000, "prompt": "0.000009"},
        {"region": "eu", "prompt": "0.000009"},
        {"min_prompt_tokens": "many", "prompt": "0.000009"},
        {"min_prompt_tokens": -1, "prompt": "0.000009"},
        {"min_prompt_tokens": 0.5, "prompt": "0.000009"},
        "free on Sundays",
    ],
)
def test_a_price_under_a_condition_nobody_knows_is_left_out_and_told(override):
    state = read({"prompt": "0.000001", "completion": "0.000002", "overrides": [override]})
    assert [(row.input, row.output) for row in state.rates] == [(DOLLAR, 2 * DOLLAR)]
    assert state.notes == ("OpenRouter lists a price under a condition that Ratecard does not know; it is left out.",)


@pytest.mark.parametrize(
    "hours", [{"utc_start": 2561}, {"utc_start": "noon"}, {"utc_days": ["someday"]}, {"utc_days": []}, {"utc_days": 3}]
)
def test_hours_that_cannot_be_read_leave_the_price_untold(hours):
    state = read({"prompt": "0.000001", "completion": "0.000002", "overrides": [{**hours, "prompt": "0.000009"}]})
    assert state.rates[0].input is None
    assert state.rates[0].output == 2 * DOLLAR
    assert len(state.notes) == 2


def test_one_more_price_that_nobody_documented_is_no_condition():
    tier = {"min_prompt_tokens": 1000, "prompt": "0.000002", "video": "0.01"}
    state = read({"prompt": "0.000001", "completion": "0.000002", "video": "0.02", "overrides": [tier]})
    assert [row.input for row in state.rates] == [DOLLAR, 2 * DOLLAR]
    assert state.notes == ()


def test_minus_one_varies_and_is_never_a_number(states):
    state = states["openrouter/auto"]
    assert state.price_state == "variable"
    assert state.provider_name == "OpenRouter"
    (row,) = state.rates
    assert (row.input, row.output, row.request, state.other_prices) == (None, None, None, ())


def test_a_variant_is_an_offer_of_its_own_and_free_only_if_it_says_so(states):
    assert states["deepseek/deepseek-v4-flash:free"].price_state == "free"
    assert states["deepseek/deepseek-v4-flash:free"].upstream_ids == ("deepseek/deepseek-v4-flash",)
    thinking = states["qwen/qwen-plus:thinking"]
    assert thinking.rates[0].request == 5_000_000_000
    assert thinking.context_tokens is None


def test_zero_is_free_for_a_model_that_answers_in_text_alone():
    assert read({"prompt": "0", "completion": "0"}).price_state == "free"
    assert read({"prompt": "0", "completion": "0", "web_search": "0.01"}).price_state == "free"


def test_zero_is_not_free_for_media_models(states):
    lyria = states["google/lyria-3"]
    assert (lyria.price_state, lyria.rates[0].input) == ("zero_unconfirmed", 0)
    assert lyria.notes == ("OpenRouter lists 0 per token for this model and does not say whether it is free.",)
    pictures = states["maker/pictures"]
    assert pictures.price_state == "not_token_priced"
    assert pictures.other_prices == (OtherPrice("output image", "0.04", "image"),)


def test_unknown_is_not_zero(states):
    assert states["no/pricing"].price_state == "unknown"
    assert states["no/pricing"].rates[0].input is None
    assert states["half/known"].price_state == "unknown"


def test_an_alias_says_where_it_points(states):
    state = states["~anthropic/claude-opus-latest"]
    assert (state.provider, state.upstream_ids) == ("anthropic", ("anthropic/claude-opus-4.6",))
    assert state.notes == ("An alias: OpenRouter points it to anthropic/claude-opus-4.6.",)


def test_a_model_is_deprecated_from_its_last_day_on():
    row = {"prompt": "0.000001", "completion": "0.000001"}
    for now, lifecycle in (("2026-05-14", "active"), ("2026-05-15", "deprecated"), ("2027-01-01", "deprecated")):
        state = read(row, datetime.fromisoformat(now).replace(tzinfo=UTC), expiration_date="2026-05-15")
        assert (state.lifecycle, state.deprecates_on) == (lifecycle, "2026-05-15")


def test_a_bad_row_costs_only_itself_and_says_why(fetched):
    assert {skip.ref: skip.reason for skip in fetched.skipped} == {
        "No id": "It has no id.",
        "bad/negative": "The price -0.5 is negative.",
        "bad/not-finite": "The price NaN is not a finite number.",
        "bad/unit": "The price 2 is above $100,000 per 1M tokens: the unit looks wrong.",
        "bad/context": "“context_length” is not a count of tokens: long.",
        "bad/pricing": "“pricing” is not an object.",
        "openai/gpt-4.1": "Its id stands in the answer twice; the first row is kept.",
        "row 20": "It is a text, not an object.",
    }
    assert len(fetched.offers) == 12


def row(number):
    return {"id": f"maker/{number}", "pricing": {"prompt": "0.000001", "completion": "0.000001"}}


def test_a_list_that_is_cut_is_read_page_by_page():
    pages = {
        "0": {
            "data": [row(1), row(2)],
            "links": {"next": "https://elsewhere.test/steal?offset=2&limit=2"},
            "total_count": 3,
        },
        "2": {"data": [row(2), row(3)], "links": {"next": None}, "total_count": 3},
    }
    door = Pages(pages)
    fetched = OpenRouterSource(Setup()).fetch(door, NOW)
    assert [record.ref for record in fetched.offers] == ["maker/1", "maker/2", "maker/3"]
    assert fetched.skipped == ()
    everything = ("output_modalities", "all")
    assert door.asked == [("/api/v1/models", [everything]), ("/api/v1/models", [everything, ("offset", "2")])]


def test_a_list_that_is_shorter_than_it_says_is_asked_for_the_rest_and_else_refused():
    whole = Pages({"0": {"data": [row(1)], "total_count": 2}, "1": {"data": [row(2)], "total_count": 2}})
    assert len(OpenRouterSource(Setup()).fetch(whole, NOW).offers) == 2
    cut = FileDoor("models.json", json.dumps({"data": [row(1)], "total_count": 2}).encode())
    with pytest.raises(SourceUnreadable, match="announced 2 models and sent 1: the answer is incomplete"):
        OpenRouterSource(Setup()).fetch(cut, NOW)


def test_pages_without_end_stop_where_they_bring_nothing_new():
    endless = {"data": [row(1), {"name": "No id"}], "links": {"next": "/api/v1/models?offset=500"}}
    door = Pages({"0": endless, "500": endless})
    fetched = OpenRouterSource(Setup()).fetch(door, NOW)
    assert (len(fetched.offers), len(fetched.skipped), len(door.asked)) == (1, 1, 2)


def test_options_choose_the_list():
    door = Pages({"0": {"data": [row(1)]}})
    OpenRouterSource(Setup(options={"output_modalities": ["text", "image"]})).fetch(door, NOW)
    OpenRouterSource(Setup(options={"user": True})).fetch(door, NOW)
    assert door.asked == [("/api/v1/models", [("output_modalities", "text,image")]), ("/api/v1/models/user", [])]


def test_the_list_of_a_user_needs_that_users_key():
    with pytest.raises(SourceRefused, match="only to that user's key"):
        OpenRouterSource(Setup(options={"user": True})).fetch(Pages({}, refused=401), NOW)
    with pytest.raises(SourceRefused, match="was refused"):
        OpenRouterSource(Setup()).fetch(Pages({}, refused=401), NOW)


@pytest.mark.parametrize("answer", [b"[]", b'{"models": []}', b'{"data": {}}'])
def test_another_shape_is_unreadable(answer):
    with pytest.raises(SourceUnreadable, match="documented shape"):
        fetch(answer)
