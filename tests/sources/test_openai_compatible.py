"""OpenAI-compatible servers: whatever fields they add, prices only in a unit that is certain, pages to their end."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.rates import PriceState, RateRow
from catalog.sources.base import Lifecycle, Origin, OtherPrice, Setup
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.openai_compatible import MOST_PAGES, OpenAICompatibleSource
from catalog.sources.saved import FileDoor
from tests.make import DOLLAR
from tests.sources.answers import body

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)


class Server:
    """A door to a server with pages: each is answered to the ``after_id`` that names it, the first to none."""

    def __init__(self, base="https://llm.example.org", pages=None, status=0):
        self.base, self.status, self.asked = base, status, []
        self.pages = pages or {"": {"data": [{"id": "one"}]}}

    def address(self, path):
        return f"{self.base}{path}"

    def count(self, rows, total=None):
        """Nobody watches."""

    def get(self, path, parameters=()):
        self.asked.append((path, list(parameters)))
        if self.status:
            raise SourceRefused("The server refused.", self.status)
        return json.dumps(self.pages[dict(parameters).get("after_id", "")]).encode()


def fetch(answer, **options):
    answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return OpenAICompatibleSource(Setup(options=options)).fetch(FileDoor("models.json", answer), NOW)


def read(*rows, **options):
    """The states of rows that all have an id."""
    named = [{"id": f"model-{number}", **row} for number, row in enumerate(rows)]
    return [record.state for record in fetch({"data": named}, **options).offers]


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("openai_compatible.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.ref: record.state for record in fetched.offers}


@pytest.mark.parametrize("number", [b"1e99999999999999999999", b"9" * 5_000, b"-" + b"9" * 5_000])
def test_a_number_beyond_all_measure_costs_only_its_row(number):
    read = fetch(b'{"data": [{"id": "bad", "context_length": ' + number + b'}, {"id": "good"}]}')
    assert [record.ref for record in read.offers] == ["good"]
    assert [skip.ref for skip in read.skipped] == ["bad"]


def test_without_prices_every_price_is_unknown_and_never_0(fetched):
    assert {record.state.price_state for record in fetched.offers} == {PriceState.UNKNOWN}
    assert {record.state.rates for record in fetched.offers} == {(RateRow(),)}
    assert fetched.warnings == ()


@pytest.mark.parametrize(
    ("ref", "context", "most_in", "most_out"),
    [
        ("Qwen/Qwen3-8B", 40_960, None, None),
        ("llama-3.3-70b-versatile", 131_072, None, 32_768),
        ("mistral-medium-2508", 131_072, None, None),
        ("claude-sonnet-4-5-20250929", None, 200_000, 64_000),
        ("together/hidden", 32_768, None, None),
        ("fancy", None, None, None),
        ("gpt-4.1", None, None, None),
    ],
)
def test_limits_are_read_under_each_servers_name(states, ref, context, most_in, most_out):
    state = states[ref]
    assert (state.context_tokens, state.max_input_tokens, state.max_output_tokens) == (context, most_in, most_out)


@pytest.mark.parametrize(
    ("ref", "lifecycle"),
    [
        ("gpt-4.1", Lifecycle.ACTIVE),
        ("gpt-3.5-turbo-0301", Lifecycle.DEPRECATED),
        ("gemma-7b-it", Lifecycle.HIDDEN),
        ("mistral-medium-2508", Lifecycle.ACTIVE),
        ("open-mistral-nemo", Lifecycle.DEPRECATED),
        ("claude-2.1", Lifecycle.DELETED),
        ("together/hidden", Lifecycle.HIDDEN),
    ],
)
def test_lifecycle(states, ref, lifecycle):
    assert states[ref].lifecycle == lifecycle


def test_names_aliases_capabilities_and_dates(states):
    mistral = states["mistral-medium-2508"]
    assert (mistral.name, mistral.description) == ("mistral-medium-2508", "Improved capabilities.")
    assert mistral.upstream_ids == ("mistral-medium",)
    assert mistral.capabilities == ("completion_chat", "tool_call")
    assert mistral.deprecates_on == "2027-08-31"
    assert mistral.notes == ("The server names mistral-medium-3-5 as its replacement.",)
    claude = states["claude-sonnet-4-5-20250929"]
    assert (claude.name, claude.released_on, claude.capabilities) == ("Claude Sonnet 4.5", "2025-09-29", ("batch",))
    assert states["together/hidden"].modalities_in == ("text",)
    assert Origin("max_model_len", "40960", "context_tokens") in states["Qwen/Qwen3-8B"].origins
    assert Origin("active", "false", "lifecycle") in states["gemma-7b-it"].origins


def test_the_software_that_serves_a_model_is_not_its_provider(states):
    assert (states["llama-3.3-70b-versatile"].provider, states["llama-3.3-70b-versatile"].provider_name) == (
        "meta",
        "Meta",
    )
    unknown = ("Qwen/Qwen3-8B", "llama3.2:latest", "gpt-4.1", "proxied")
    assert {states[ref].provider for ref in unknown} == {""}


def test_created_is_a_release_date_only_where_it_tells_models_apart(states):
    assert states["gpt-4.1"].released_on == "2025-04-10"
    # the present moment, a download, one moment for all, LiteLLM's constant, the epoch
    nothing = ("Qwen/Qwen3-8B", "llama3.2:latest", "open-mistral-nemo", "proxied", "claude-2.1")
    assert {states[ref].released_on for ref in nothing} == {""}


def test_bad_rows_cost_only_themselves(fetched):
    assert [(skip.ref, skip.reason) for skip in fetched.skipped] == [
        ("gpt-4.1", "Its id stands in the answer twice; the first row is kept."),
        ("row 15", "It has no id."),
        ("5", "It has no id."),
        ("row 17", "It is a text, not an object."),
    ]


@pytest.mark.parametrize("answer", [[{"id": "a"}], {"data": [{"id": "a"}]}, {"models": [{"id": "a"}]}])
def test_the_list_may_be_bare_or_called_data_or_models(answer):
    assert [record.ref for record in fetch(answer).offers] == ["a"]


def test_null_is_an_empty_list_and_none_at_all_is_an_error():
    assert fetch({"object": "list", "data": None}).offers == ()
    with pytest.raises(SourceUnreadable, match="neither “data” nor “models”"):
        fetch({"error": {"message": "Invalid key"}})


TOGETHER = {"hourly": 0, "base": 0, "finetune": 0}


@pytest.mark.parametrize(
    ("pricing", "state", "row"),
    [
        ({"input": 0.88, "output": 0.9, **TOGETHER}, "priced", RateRow(input=880_000, output=900_000)),
        (
            {"input": 3, "output": 7, "cached_input": 0.5, **TOGETHER},
            "priced",
            RateRow(input=3 * DOLLAR, output=7 * DOLLAR, cache_read=500_000),
        ),
        ({"input": 0, "output": 0, **TOGETHER}, "zero_unconfirmed", RateRow(input=0, output=0)),
        ({"prompt": "0.000002", "completion": "0.000008"}, "priced", RateRow(input=2 * DOLLAR, output=8 * DOLLAR)),
        ({"prompt": "0.0006", "completion": "0.0009"}, "priced", RateRow(input=600 * DOLLAR, output=900 * DOLLAR)),
        ({"prompt": "-1", "completion": "-1"}, "variable", RateRow()),
        (
            {"prompt": "0", "completion": "0", "request": "0.005"},
            "zero_unconfirmed",
            RateRow(input=0, output=0, request=5 * 10**9),
        ),
        # Forms that prove no unit.
        ({"prompt": "0.25", "completion": "1"}, "unknown", RateRow()),
        ({"prompt": "0.001", "completion": "0.0001"}, "unknown", RateRow()),
        ({"prompt": 0.0000002, "completion": 0.0000008}, "unknown", RateRow()),
        ({"input": 0.15, "output": 0.6}, "unknown", RateRow()),
        ({"input": 0.15, "output": 0.6, "cachedInput": 0.05}, "unknown", RateRow()),
        ({"prompt": "cheap", "completion": "NaN"}, "unknown", RateRow()),
    ],
)
def test_a_unit_is_believed_only_where_the_form_proves_it(pricing, state, row):
    (read_state,) = read({"pricing": pricing})
    assert (read_state.price_state, read_state.rates) == (state, (row,))


def test_one_row_of_another_form_leaves_all_prices_unknown_and_says_what_to_do():
    rows = [
        {"pricing": {"prompt": "0.000002", "completion": "0.000008"}},
        {"pricing": {"prompt": "2", "completion": "8"}},
    ]
    assert [state.price_state for state in read(*rows)] == [PriceState.UNKNOWN] * 2
    (warning,) = fetch({"data": [{"id": "a", **rows[1]}]}).warnings
    assert "The option “prices” of this catalog can name it" in warning
    assert fetch({"data": [{"id": "a", **rows[1]}]}, prices="none").warnings == ()


@pytest.mark.parametrize(
    ("prices", "expected"),
    [("per_token", None), ("per_1k", 250_000_000), ("per_1m", 250_000), ("none", None)],
)
def test_a_person_may_name_the_unit(prices, expected):
    answer = {"data": [{"id": "a", "pricing": {"input": 0.25, "output": "0.5"}}]}
    fetched = fetch(answer, prices=prices)
    assert [record.state.rates[0].input for record in fetched.offers] == ([] if prices == "per_token" else [expected])
    assert [skip.reason for skip in fetched.skipped] == (
        ["The price 0.25 is above $100,000 per 1M tokens: the unit looks wrong."] if prices == "per_token" else []
    )


def test_together_prices_hosting_and_fine_tuning_beside():
    (state,) = read({"pricing": {"input": 0, "output": 0, "base": 0, "hourly": 3.99, "finetune": 0.48}})
    assert state.other_prices == (
        OtherPrice("dedicated hosting", "3.99", "hour"),
        OtherPrice("fine-tuning", "0.48", "1M tokens"),
    )


def test_a_zero_for_cached_input_beside_a_price_is_not_stated():
    (state,) = read({"pricing": {"input": 1, "output": 2, "cached_input": 0, **TOGETHER}})
    assert state.rates == (RateRow(input=1 * DOLLAR, output=2 * DOLLAR),)
    assert "taken as not stated" in state.notes[0]


def test_a_negative_price_costs_the_row():
    fetched = fetch([{"id": "a", "pricing": {"input": -2, "output": 1, **TOGETHER}}])
    assert [skip.reason for skip in fetched.skipped] == ["The price -2 is negative."]


GROK = {
    "id": "grok-4.5",
    "aliases": ["grok-4.5-latest", "grok-4.5-0709"],
    "context_length": 500_000,
    "max_prompt_length": 400_000,
    "input_modalities": ["text", "image"],
    "output_modalities": ["text"],
    "prompt_text_token_price": 20_000,
    "cached_prompt_text_token_price": 3_000,
    "prompt_image_token_price": 20_000,
    "completion_text_token_price": 60_000,
    "prompt_text_token_price_long_context": 40_000,
    "cached_prompt_text_token_price_long_context": 0,
    "completion_text_token_price_long_context": 120_000,
    "long_context_threshold": 200_000,
}


def test_xai_prices_are_cents_per_100m_and_long_prompts_begin_at_the_threshold():
    (state,) = read(GROK)
    assert state.rates == (
        RateRow(up_to=199_999, input=2 * DOLLAR, output=6 * DOLLAR, cache_read=300_000),
        RateRow(above=199_999, input=4 * DOLLAR, output=12 * DOLLAR, cache_read=300_000, inherited=("cache_read",)),
    )
    assert state.other_prices == (OtherPrice("input image", "2", "1M tokens"),)
    assert (state.context_tokens, state.max_input_tokens) == (500_000, 400_000)
    assert state.upstream_ids == ("grok-4.5-0709",)
    assert Origin("prompt_text_token_price", "20000", "input", "standard") in state.origins


def test_xai_images_are_priced_each_and_odd_prices_cost_the_row():
    image, text = read({"image_price": 7}, GROK)
    assert (image.price_state, image.other_prices) == (
        PriceState.NOT_TOKEN_PRICED,
        (OtherPrice("image", "0.07", "image"),),
    )
    assert text.price_state == PriceState.PRICED
    fetched = fetch([{**GROK, "prompt_text_token_price": "20000"}])
    assert fetched.skipped[0].reason == "The price '20000' in prompt_text_token_price is no number of US cents."


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_xai_cents_are_exact(prompt, completion):
    (state,) = read({"prompt_text_token_price": prompt, "completion_text_token_price": completion})
    assert (state.rates[0].input, state.rates[0].output) == (prompt * 100, completion * 100)


@pytest.mark.parametrize(
    ("base", "options", "path"),
    [
        ("https://api.example.org", {}, "/v1/models"),
        ("https://api.example.org/v1", {}, "/models"),
        ("https://api.example.org/openai/v1/", {}, "/models"),
        ("https://api.example.org/api/paas/v4", {}, "/models"),
        ("https://api.example.org/dev1", {}, "/v1/models"),
        ("https://api.x.ai/v1", {"path": "v1/language-models"}, "/language-models"),
        ("https://api.x.ai", {"path": "/v1/language-models"}, "/v1/language-models"),
        ("https://api.example.org/v1", {"path": "/list"}, "/list"),
    ],
)
def test_the_base_url_may_end_in_a_version(base, options, path):
    server = Server(base)
    fetched = OpenAICompatibleSource(Setup(options=options)).fetch(server, NOW)
    assert server.asked == [(path, [])]
    assert fetched.read_from == base + path


def test_pages_are_followed_to_their_end():
    server = Server(
        pages={
            "": {"data": [{"id": "a"}, {"id": "b"}], "has_more": True, "last_id": "b"},
            "b": {"data": [{"id": "c"}], "has_more": False, "last_id": "c"},
        }
    )
    fetched = OpenAICompatibleSource(Setup()).fetch(server, NOW)
    assert [record.ref for record in fetched.offers] == ["a", "b", "c"]
    assert [parameters for _, parameters in server.asked] == [[], [("after_id", "b")]]
    assert fetched.warnings == ()


def test_a_page_that_brings_nothing_new_ends_the_list_and_is_reported():
    fetched = fetch({"data": [{"id": "a"}], "has_more": True, "last_id": "a"})
    assert [record.ref for record in fetched.offers] == ["a"]
    assert "its next page brought nothing new" in fetched.warnings[0]


def test_a_list_without_end_is_an_error():
    pages = {
        "" if number == 0 else str(number): {
            "data": [{"id": str(number)}],
            "has_more": True,
            "last_id": str(number + 1),
        }
        for number in range(MOST_PAGES)
    }
    with pytest.raises(SourceUnreadable, match="did not end"):
        OpenAICompatibleSource(Setup()).fetch(Server(pages=pages), NOW)


def test_a_missing_list_says_where_it_was_looked_for_and_other_refusals_stay_as_they_are():
    with pytest.raises(SourceRefused, match=r"no list of models at https://llm.example.org/v1/models"):
        OpenAICompatibleSource(Setup()).fetch(Server(status=404), NOW)
    with pytest.raises(SourceRefused, match="The server refused"):
        OpenAICompatibleSource(Setup()).fetch(Server(status=401), NOW)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["name", "owned_by", "created", "context_length", "max_input_tokens", "pricing", "capabilities", "aliases"]
NAMES += ["status", "deprecation", "created_at", "architecture", "long_context_threshold", "prompt_text_token_price"]


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), anything, max_size=6), max_size=4))
def test_no_row_however_odd_stops_the_others(rows):
    answer = [*({"id": f"model-{number}", **row} for number, row in enumerate(rows)), {"id": "good"}]
    fetched = fetch(answer)
    assert len(fetched.offers) + len(fetched.skipped) == len(answer)
    assert fetched.offers[-1].ref == "good"
