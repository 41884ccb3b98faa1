"""A LiteLLM proxy: one offer per deployment, zeros that may mean nothing, and no secret kept."""

import json
from datetime import UTC, datetime

import pytest

from catalog.sources.base import Setup
from catalog.sources.errors import SourceUnreadable
from catalog.sources.litellm import LiteLLMSource
from catalog.sources.saved import FileDoor
from tests.make import DOLLAR
from tests.sources.answers import body

NOW = datetime(2026, 2, 28, 12, tzinfo=UTC)


def fetch(answer, now=NOW):
    return LiteLLMSource(Setup()).fetch(FileDoor("info.json", answer), now)


def read(**row):
    """The one deployment of an answer, named ``m`` unless told otherwise."""
    deployment = {"model_name": "m", "litellm_params": {"model": "openai/m"}, **row}
    (record,) = fetch(json.dumps({"data": [deployment]}).encode()).offers
    return record


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("litellm.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.ref: record.state for record in fetched.offers}


def test_every_field_of_a_deployment_is_read(states):
    state = states["dep-eu"]
    assert (state.name, state.key) == ("gpt-4o", "gpt-4o")
    assert (state.provider, state.provider_name, state.provider_inferred) == ("azure", "Microsoft Azure", False)
    assert state.upstream_ids == ("azure/gpt-4o-eu", "azure/gpt-4o")
    assert (state.context_tokens, state.max_input_tokens, state.max_output_tokens) == (None, 128_000, 16_384)
    assert state.capabilities == ("chat", "tool_call", "vision")
    assert state.modalities_in == ("text", "image")
    assert (state.deprecates_on, state.lifecycle) == ("2026-03-01", "active")
    assert state.price_state == "priced"
    standard, batch = state.rates
    assert (standard.input, standard.output, standard.cache_read) == (2_500_000, 10 * DOLLAR, 1_250_000)
    assert standard.cache_write is None
    assert (batch.mode, batch.input, batch.output) == ("batch", 1_250_000, 5 * DOLLAR)
    assert (batch.cache_read, batch.inherited) == (1_250_000, ("cache_read",))


def test_a_deployment_is_deprecated_from_its_day_on():
    later = fetch(body("litellm.json"), datetime(2026, 3, 1, tzinfo=UTC))
    assert next(record for record in later.offers if record.ref == "dep-eu").state.lifecycle == "deprecated"


def test_provenance_names_the_member_and_its_text(states):
    origins = {(origin.sent_as, origin.read_as): origin.sent for origin in states["dep-contract"].origins}
    assert origins[("litellm_params.input_cost_per_token", "input")] == "1.5e-06"
    assert origins[("model_info.cache_read_input_token_cost", "cache_read")] == "5E-7"
    assert origins[("model_name", "key")] == "contract"


def test_each_deployment_of_a_name_is_an_offer(fetched):
    assert [record.ref for record in fetched.offers if record.state.name == "gpt-4o"] == ["dep-eu", "dep-openai"]


def test_without_an_id_the_name_is_made_unique_whatever_the_order(fetched):
    rows = json.loads(body("litellm.json"))["data"]
    backwards = fetch(json.dumps({"data": rows[::-1]}).encode())
    refs = {record.ref: record.state.upstream_ids for record in fetched.offers}
    assert refs["alone"] == ("groq/alone",)
    assert (refs["twins (groq/a)"], refs["twins (groq/b)"]) == (("groq/a",), ("groq/b",))
    triplets = sorted(ref for ref in refs if ref.startswith("triplets (groq/c, "))
    assert len(triplets) == 2
    assert {record.ref for record in backwards.offers if "triplets" not in record.ref} == {
        ref for ref in refs if "triplets" not in ref
    }


def test_what_the_proxy_configures_goes_before_the_list_price(states):
    state = states["dep-contract"]
    assert (state.rates[0].input, state.rates[0].output, state.rates[0].cache_read) == (1_500_000, 6 * DOLLAR, 500_000)
    assert state.notes == ("The proxy's own configuration sets this price.",)


def test_zero_is_free_only_where_the_configuration_says_so(states):
    llava = states["dep-llava"]
    assert (llava.price_state, llava.rates[0].input, llava.rates[0].output) == ("zero_unconfirmed", 0, 0)
    assert llava.notes == ("The proxy lists 0 per token, which LiteLLM also sends for a price that nobody configured.",)
    assert states["dep-own"].price_state == "free"
    assert states["dep-half"].price_state == "priced"
    assert states["dep-half"].notes == (
        "One of the prices is 0, which LiteLLM also sends for a price that nobody configured.",
    )


def test_null_is_unknown_and_not_zero(states):
    state = states["dep-unpriced"]
    assert (state.price_state, state.rates[0].input, state.rates[0].output) == ("unknown", None, None)


def test_a_table_of_tiers_goes_before_the_zeros_beside_it(states):
    assert [(row.above, row.input, row.output) for row in states["dep-tiered"].rates] == [
        (0, 50_000, 400_000),
        (256_000, 250_000, 2 * DOLLAR),
    ]


def test_a_provider_that_is_not_named_is_taken_from_the_model_and_marked(states):
    assert (states["dep-half"].provider, states["dep-half"].provider_inferred) == ("together", True)
    assert read(litellm_params={"model": "m"}).state.provider == ""


def test_a_catch_all_for_one_model_is_that_model(states):
    assert states["dep-catch-all"].name == "openai/gpt-4o-mini"


def test_a_bad_row_costs_only_itself_and_says_why(fetched):
    wildcard = "stands for any model of its provider and has no price of its own."
    assert {skip.ref: skip.reason for skip in fetched.skipped} == {
        "dep-wild": f"“openai/*” {wildcard}",
        "dep-wild-2": f"“groq/*” {wildcard}",
        "dep-bad": "The price -0.000002 is negative.",
        "dep-count": "“max_input_tokens” is not a count of tokens: 128000.5.",
        "no-object": "“litellm_params” is not an object.",
        "dep-nameless": "It has no name.",
    }
    assert len(fetched.offers) == 14


def test_a_proxy_of_a_single_model_sends_that_alone():
    single = b'{"data": {"model_name": "*", "litellm_params": {"model": "gpt-4o"}, "model_info": {"id": "one"}}}'
    (record,) = fetch(single).offers
    assert (record.ref, record.state.name) == ("one", "gpt-4o")


@pytest.mark.parametrize(
    "secret",
    [
        {"api_key": "sk-0123456789"},
        {"api_base": "https://sk-0123456789.example.com"},
        {"aws_secret_access_key": "sk-0123456789"},
        {"aws_session_token": "sk-0123456789"},
        {"azure_ad_token": "sk-0123456789"},
        {"client_secret": "sk-0123456789"},
        {"vertex_credentials": {"private_key": "sk-0123456789"}},
        {"extra_headers": {"X-Anything": "sk-0123456789"}},
        {"default_headers": {"Ocp-Apim-Subscription-Key": "sk-0123456789"}},
    ],
)
def test_no_secret_of_a_deployment_is_kept(secret):
    state = read(litellm_params={"model": "openai/m", **secret}, model_info={"input_cost_per_token": 1e-06}).state
    assert "sk-0123456789" not in repr(state)
    assert "[removed by Ratecard]" in state.raw
    assert '"input_cost_per_token":1e-06' in state.raw


def test_no_secret_of_the_answer_is_kept(states):
    for kept in map(repr, states.values()):
        assert "0123456789" not in kept
        assert "secret.example.com" not in kept


def test_options_choose_the_deployments():
    class Door(FileDoor):
        def get(self, path, parameters=()):
            asked.append((path, list(parameters)))
            return super().get(path, parameters)

    asked = []
    LiteLLMSource(Setup()).fetch(Door("", b'{"data": []}'), NOW)
    LiteLLMSource(Setup(options={"healthy_only": True, "team": "t-1"})).fetch(Door("", b'{"data": []}'), NOW)
    assert asked == [
        ("/v1/model/info", []),
        ("/v1/model/info", [("healthy_only", "true"), ("teamId", "t-1")]),
    ]


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'{"data": 1}', b'{"data": "x"}'])
def test_another_shape_is_unreadable(answer):
    with pytest.raises(SourceUnreadable, match="documented shape"):
        fetch(answer)


def test_a_row_that_cannot_be_read_is_known_by_its_deployment():
    """Else a proxy's deployment with one odd price would count as gone."""
    odd = {"model_name": "gpt", "litellm_params": {"model": "openai/gpt"}, "model_info": {"id": "dep", "mode": 5}}
    twin = {"model_name": "twins", "litellm_params": {"model": "groq/a"}}
    rows = [odd, twin | {"model_info": {"mode": 5}}, twin | {"litellm_params": {"model": "groq/b"}}]
    fetched = fetch(json.dumps({"data": rows}).encode())
    assert [skip.ref for skip in fetched.skipped] == ["dep", "twins (groq/a)"]
    assert [offer.ref for offer in fetched.offers] == ["twins (groq/b)"]
