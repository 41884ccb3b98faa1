"""Freddy's two lists, in both spellings of their members."""

import json
from datetime import UTC, datetime

import pytest

from catalog.pricing.rates import PriceState, RateRow
from catalog.sources.base import Lifecycle, Origin, Setup
from catalog.sources.errors import SourceRefused, SourceUnavailable, SourceUnreadable
from catalog.sources.freddy import FreddySource
from catalog.sources.freddy_models import SNAKE

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
PATH = "/v1/organizations/org_abc123/models"
# The documented answer, with prices as they may come.
MODELS = [
    {
        "id": "1",
        "title": "GPT-4.1",
        "description": "Most capable model for complex tasks",
        "key": "gpt-4.1",
        "external": "gpt-4-turbo-preview",
        "provider": "openai",
        "isActive": True,
        "isVisibleInUI": True,
        "order": 1,
        "maxTokens": 128000,
        "costPer1kTokens": None,
    },
    {
        "id": "2",
        "title": "Claude 3.5 Sonnet",
        "description": "Excellent for analysis and long-form content",
        "key": "claude-3-5-sonnet",
        "external": "claude-3-5-sonnet-20241022",
        "provider": "anthropic",
        "isActive": True,
        "isVisibleInUI": True,
        "order": 2,
        "maxTokens": 200000,
        "costPer1kTokens": 0.009,
    },
]


class Freddy:
    """A door behind which Freddy gives one answer or an error, and remembers what it was asked."""

    def __init__(self, answer):
        self.answer = answer if isinstance(answer, bytes | Exception) else json.dumps(answer).encode()
        self.asked = []

    def address(self, path):
        return f"https://freddy.example{path}"

    def get(self, path, parameters=()):
        self.asked.append((path, list(parameters)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def answer(*models, **members):
    return {"organizationId": "org_abc123", "models": models, "totalCount": len(models), **members}


def fetch(answer, organization="org_abc123", **options):
    return FreddySource(Setup(organization, options)).fetch(Freddy(answer), NOW)


def state(**members):
    """The state of one model that says only this."""
    fetched = fetch(answer({"id": "1", "key": "m", **members}))
    assert fetched.skipped == ()
    return fetched.offers[0].state


def snake(members):
    return {SNAKE.get(name, name): value for name, value in members.items()}


def test_every_field_of_the_documented_answer_is_read():
    fetched = fetch(answer(*MODELS))
    assert fetched.read_from == f"https://freddy.example{PATH}"
    assert (fetched.skipped, fetched.warnings) == ((), ())
    assert [offer.ref for offer in fetched.offers] == ["gpt-4.1", "claude-3-5-sonnet"]
    first, second = (offer.state for offer in fetched.offers)
    assert first.name == "GPT-4.1"
    assert first.description == "Most capable model for complex tasks"
    assert first.key == "gpt-4.1"
    assert first.upstream_ids == ("gpt-4-turbo-preview",)
    assert (first.provider, first.provider_name, first.provider_inferred) == ("openai", "OpenAI", False)
    assert first.lifecycle == Lifecycle.ACTIVE
    assert first.position == 1
    assert (first.context_tokens, first.max_input_tokens, first.max_output_tokens) == (128_000, None, None)
    assert (first.rates, first.price_state) == ((RateRow(),), PriceState.UNKNOWN)
    assert first.notes == ()
    assert json.loads(first.raw) == MODELS[0]
    # $0.009 per 1,000 tokens is $9 per 1M.
    assert (second.rates, second.price_state) == ((RateRow(blended=9_000_000),), PriceState.PRICED)


def test_one_request_without_parameters():
    door = Freddy(answer(*MODELS))
    FreddySource(Setup("org_abc123")).fetch(door, NOW)
    assert door.asked == [(PATH, [])]


def test_snake_case_reads_as_camel_case_does():
    camel = fetch(answer(*MODELS)).offers
    snaked = fetch(snake(answer(*map(snake, MODELS)))).offers
    own = {"raw": "", "origins": ()}
    assert [(c.ref, vars_of(c.state) | own) for c in camel] == [(s.ref, vars_of(s.state) | own) for s in snaked]
    assert [o.read_as for o in camel[1].state.origins] == [o.read_as for o in snaked[1].state.origins]
    assert snaked[1].state.origins[-1] == Origin("cost_per_1k_tokens", "0.009", "blended", "standard")


def vars_of(state):
    return {name: getattr(state, name) for name in state.__slots__}


def test_every_value_says_where_it_came_from_as_it_was_sent():
    body = (
        b'{"models": [{"id": "1", "key": "k", "title": "T", "external": "e", "provider": "OpenAI", "isActive": false,'
    )
    body += b'"isVisibleInUI": true, "order": 3, "maxTokens": 1000, "costPer1kTokens": 0.00900, "description": "D"}]}'
    assert fetch(body).offers[0].state.origins == (
        Origin("key", "k", "key"),
        Origin("title", "T", "name"),
        Origin("external", "e", "upstream_ids"),
        Origin("provider", "OpenAI", "provider"),
        Origin("isActive", "false", "lifecycle"),
        Origin("isVisibleInUI", "true", "lifecycle"),
        Origin("order", "3", "position"),
        Origin("maxTokens", "1000", "context_tokens"),
        Origin("costPer1kTokens", "0.00900", "blended", "standard"),
        Origin("description", "D", "description"),
    )


def test_the_one_price_is_for_all_tokens_and_says_so():
    priced = state(costPer1kTokens=0.002)
    assert priced.rates == (RateRow(blended=2_000_000),)
    assert priced.notes == (
        "Freddy publishes one price for all tokens, whether input or output.",
        "It names no currency; the price is read as US dollars.",
    )


def test_null_is_unknown_and_zero_is_free():
    assert state(costPer1kTokens=None).price_state == PriceState.UNKNOWN
    assert state().price_state == PriceState.UNKNOWN
    assert state(costPer1kTokens=0).price_state == PriceState.FREE
    assert state(costPer1kTokens=0).rates == (RateRow(blended=0),)


@pytest.mark.parametrize(
    ("members", "lifecycle"),
    [
        ({}, Lifecycle.ACTIVE),
        ({"isActive": None, "isVisibleInUI": None}, Lifecycle.ACTIVE),
        ({"isActive": False}, Lifecycle.DEPRECATED),
        ({"isActive": False, "isVisibleInUI": False}, Lifecycle.DEPRECATED),
        ({"isVisibleInUI": False}, Lifecycle.HIDDEN),
        ({"isVisibleInUi": False}, Lifecycle.HIDDEN),
        ({"is_deprecated": True}, Lifecycle.DEPRECATED),
        ({"availability_status": "deprecated"}, Lifecycle.DEPRECATED),
        ({"availability_status": "coming_soon"}, Lifecycle.PREVIEW),
        ({"availability_status": "general_availability"}, Lifecycle.ACTIVE),
    ],
)
def test_what_is_inactive_or_hidden_says_so(members, lifecycle):
    found = state(**members)
    assert found.lifecycle == lifecycle
    assert bool(found.notes) == (members.get("isActive") is False or lifecycle in (Lifecycle.HIDDEN, Lifecycle.PREVIEW))


def test_a_context_of_zero_is_unknown():
    found = state(maxTokens=0)
    assert found.context_tokens is None
    assert found.notes == ("Freddy sends 0 as the context window: it is not known.",)


@pytest.mark.parametrize(
    ("provider", "read"),
    [("anthropic", ("anthropic", "Anthropic")), ("House AI", ("house ai", "House AI")), (None, ("", ""))],
)
def test_any_provider_is_kept(provider, read):
    found = state(provider=provider)
    assert (found.provider, found.provider_name) == read


@pytest.mark.parametrize(("members", "name"), [({"title": "T", "name": "N"}, "T"), ({"title": " "}, "m"), ({}, "m")])
def test_a_model_without_a_title_goes_by_its_key(members, name):
    assert state(**members).name == name


def test_models_that_share_a_key_are_all_kept_apart():
    twice = [{"id": "8", "key": "twice", "costPer1kTokens": 1}, {"id": "9", "key": "twice", "costPer1kTokens": 2}]
    fetched = fetch(answer(*twice, twice[0], {"id": "10", "key": "once"}))
    assert [offer.ref for offer in fetched.offers] == ["twice (id 8)", "twice (id 9)", "once"]
    assert [skip.ref for skip in fetched.skipped] == ["twice (id 8)"]


def test_bad_rows_are_skipped_and_the_rest_is_read():
    bad = [{"id": "2"}, {"id": "3", "key": " "}, {"id": "4", "key": "k", "costPer1kTokens": -1}]
    bad += [{"id": "6", "key": "k", "order": "first"}, 7]
    fetched = fetch(answer({"id": "1", "key": "good"}, *bad))
    assert [offer.ref for offer in fetched.offers] == ["good"]
    assert [(skip.ref, skip.reason) for skip in fetched.skipped] == [
        ("2", "It has no “key”."),
        ("3", "It has no key."),
        ("k (id 4)", "The price -1 is negative."),
        ("k (id 6)", "“order” is a text, not a whole number."),
        ("row 6", "It is a whole number, not an object."),
    ]


def test_an_answer_that_announces_more_than_it_holds_is_refused():
    with pytest.raises(SourceUnreadable, match="Freddy announced 3 models and sent 2: the answer is incomplete"):
        fetch(answer(*MODELS, totalCount=3))


def test_an_answer_that_holds_more_than_it_announces_is_read_with_a_warning():
    fetched = fetch(answer(*MODELS, totalCount=1))
    assert len(fetched.offers) == 2
    assert fetched.warnings == ("Freddy announced 1 models and sent 2.",)
    assert fetch({"models": MODELS}).warnings == ()


def test_an_answer_for_another_organization_is_read_with_a_warning():
    assert fetch(answer(*MODELS, organizationId="org_other")).warnings == (
        "Freddy answered for the organization org_other, not for org_abc123.",
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"totalCount": 0}, "it has no “models”"),
        ({"models": {}}, "“models” is an object, not a list"),
        ({"models": [], "totalCount": "many"}, "“total_count” is a text, not a whole number"),
        ([], "it is a list, not an object"),
        (b"<html>", "not JSON"),
    ],
)
def test_another_shape_is_an_error_in_words(body, sentence):
    with pytest.raises(SourceUnreadable, match=sentence):
        fetch(body)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "The key's user is not a member of the Freddy organization org_abc123"),
        (404, "Freddy knows no organization org_abc123; its id is in Freddy Hub"),
        (401, "as the door said it"),
    ],
)
def test_a_refusal_says_what_freddy_means_by_it(status, sentence):
    with pytest.raises(SourceRefused, match=sentence) as raised:
        fetch(SourceRefused("as the door said it", status))
    assert raised.value.status == status


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_of_the_global_list_is_not_about_an_organization(status):
    with pytest.raises(SourceRefused, match="as the door said it"):
        fetch(SourceRefused("as the door said it", status), **{"global": True})


def test_an_error_of_the_door_passes_through():
    with pytest.raises(SourceUnavailable, match="busy"):
        fetch(SourceUnavailable("busy"))


def test_a_catalog_without_an_organization_says_where_its_id_is():
    with pytest.raises(SourceRefused, match="the id is in Freddy Hub, Settings, Organization"):
        fetch(answer(), organization=" ")


def test_an_organization_cannot_lead_to_another_path():
    door = Freddy(answer(organizationId="../x?y"))
    FreddySource(Setup("../x?y")).fetch(door, NOW)
    assert door.asked[0][0] == "/v1/organizations/..%2Fx%3Fy/models"


GLOBAL = {
    "id": "mdl_1",
    "key": "gpt-4.1",
    "name": "GPT-4.1",
    "description": None,
    "provider": "openai",
    "is_visible_in_ui": True,
    "is_deprecated": False,
    "availability_status": "general_availability",
    "capabilities": ["vision", "tools"],
    "context_window": 1047576,
    "pricing": {"message": "Pricing not yet implemented"},
    "release_date": "2025-04-14",
    "training_data_cutoff": "2024-06",
    "badge": "new",
}
CAMEL = {snake: camel for camel, snake in SNAKE.items()}


@pytest.mark.parametrize("model", [GLOBAL, {CAMEL.get(name, name): value for name, value in GLOBAL.items()}])
def test_the_global_list_is_read_whole_and_its_prices_are_unknown(model):
    door = Freddy({"models": [model], "total_count": 1})
    fetched = FreddySource(Setup("", {"global": True})).fetch(door, NOW)
    assert door.asked == [("/v1/models", [("include_details", "true"), ("include_deprecated", "true")])]
    (offer,) = fetched.offers
    found = offer.state
    assert (offer.ref, found.name, found.key, found.provider) == ("gpt-4.1", "GPT-4.1", "gpt-4.1", "openai")
    assert found.context_tokens == 1_047_576
    assert found.capabilities == ("vision", "tool_call")
    assert (found.released_on, found.knowledge_cutoff) == ("2025-04-14", "2024-06")
    assert (found.price_state, found.rates) == (PriceState.UNKNOWN, (RateRow(),))
    assert (found.lifecycle, found.position, found.upstream_ids) == (Lifecycle.ACTIVE, None, ())
    read = {origin.read_as: origin.sent for origin in found.origins}
    assert read["capabilities"] == '["vision", "tools"]'
    assert (read["released_on"], read["knowledge_cutoff"], read["context_tokens"]) == (
        "2025-04-14",
        "2024-06",
        "1047576",
    )
