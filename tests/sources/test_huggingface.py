"""The Hugging Face router: one offer per model and provider, with what each of them says of itself."""

from datetime import UTC, datetime

import pytest

from catalog.pricing.rates import PriceState, RateRow
from catalog.sources.base import Lifecycle, Origin, Setup
from catalog.sources.errors import SourceUnreadable
from catalog.sources.huggingface import HuggingFaceSource
from catalog.sources.saved import FileDoor
from tests.sources.answers import body

MODEL = "openai/gpt-oss-120b"


def fetch(answer):
    return HuggingFaceSource(Setup()).fetch(FileDoor("models.json", answer), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture(scope="module")
def fetched():
    return fetch(body("huggingface.json"))


@pytest.fixture(scope="module")
def states(fetched):
    return {record.state.provider: record.state for record in fetched.offers}


def test_an_offer_is_named_as_the_router_names_it(fetched):
    assert [record.ref for record in fetched.offers][:2] == [f"{MODEL}:cerebras", f"{MODEL}:newcomer"]


def test_every_field_is_translated(states):
    state = states["cerebras"]
    assert (state.name, state.key) == ("gpt-oss-120b", MODEL)
    assert (state.provider, state.provider_name) == ("cerebras", "Cerebras")
    assert state.rates == (RateRow(input=250_000, output=690_000),)
    assert (state.price_state, state.lifecycle) == (PriceState.PRICED, Lifecycle.ACTIVE)
    assert state.context_tokens == 131_072
    assert (state.modalities_in, state.modalities_out) == (("text",), ("text",))
    assert state.capabilities == ("tool_call", "structured_output")
    assert state.released_on == "2025-08-04"
    assert "1500.5" in state.raw
    assert Origin("pricing.output", "0.69", "output", "standard") in state.origins


def test_a_provider_without_a_known_name_keeps_its_id_and_noise_rounds_away(states):
    assert states["newcomer"].provider_name == "newcomer"
    assert states["newcomer"].rates[0].input == 150_000


@pytest.mark.parametrize(("provider", "lifecycle"), [("newcomer", Lifecycle.PREVIEW), ("scaleway", Lifecycle.HIDDEN)])
def test_what_is_not_live_is_set_apart_with_a_note(states, provider, lifecycle):
    assert states[provider].lifecycle == lifecycle
    assert "not “live”" in states[provider].notes[0]


def test_no_price_and_no_context_are_unknown(states):
    assert (states["scaleway"].price_state, states["scaleway"].context_tokens) == (PriceState.UNKNOWN, None)


def test_free_is_what_is_called_free(states):
    assert states["novita"].price_state == PriceState.FREE
    assert states["novita"].rates == (RateRow(input=0, output=0),)
    assert Origin("is_free", "0", "input", "standard") in states["novita"].origins
    assert states["together"].price_state == PriceState.FREE
    assert states["groq"].price_state == PriceState.ZERO_UNCONFIRMED
    assert "does not mark it as free" in states["groq"].notes[0]


def test_a_price_beside_free_is_shown_and_noted(states):
    assert states["nebius"].price_state == PriceState.PRICED
    assert "lists a price all the same" in states["nebius"].notes[0]


def test_one_price_alone_leaves_the_other_unknown(states):
    assert states["nscale"].rates == (RateRow(input=100_000),)
    assert "only one of the two" in states["nscale"].notes[0]


def test_bad_rows_cost_only_themselves(fetched):
    assert len(fetched.offers) == 9
    shape = "The answer does not have the documented shape: it has no"
    assert [(skip.ref, skip.reason) for skip in fetched.skipped] == [
        (f"{MODEL}:hyperbolic", "The price -3 is negative."),
        (f"{MODEL}:cerebras", "Its id stands in the answer twice; the first row is kept."),
        (f"{MODEL}:row 11", "It has no “provider”."),
        ("broken/no-providers", f"{shape} “providers”. Nothing under it was read."),
        ("row 4", f"{shape} “id”. Nothing under it was read."),
        (f"{MODEL}:groq", "It stands in the answer twice; the first one is kept."),
    ]


def test_a_row_that_is_no_object_is_named_by_its_place():
    fetched = fetch(b'{"data": [7, {"id": "", "providers": [{"provider": "groq"}]}]}')
    assert [skip.ref for skip in fetched.skipped] == ["row 1", "row 2:groq"]


def test_an_answer_without_a_list_is_refused():
    with pytest.raises(SourceUnreadable, match="data"):
        fetch(b'{"object": "list"}')
