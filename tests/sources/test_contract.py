"""What every source keeps to, whatever its format."""

import json
import re
from datetime import UTC, datetime

import pytest

from catalog.pricing.rates import COMPONENTS, STANDARD, PriceState
from catalog.pricing.units import HIGHEST_PICO
from catalog.sources.base import Lifecycle
from catalog.sources.errors import SourceUnreadable
from catalog.sources.kinds import KINDS, source_for
from catalog.sources.payload import UNFORESEEN
from catalog.sources.saved import FileDoor
from tests import make
from tests.sources.answers import ANSWERS

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)


def fetch(kind):
    setup, body = ANSWERS[kind]
    return source_for(kind, setup).fetch(FileDoor("answer.json", body), NOW)


def test_every_kind_has_an_answer_to_try_it_on():
    assert ANSWERS.keys() == KINDS.keys() - {"fixed"}


@pytest.fixture(scope="module", params=sorted(KINDS.keys() - {"fixed"}))
def fetched(request):
    return fetch(request.param)


def test_refs_are_there_and_unique(fetched):
    refs = [record.ref for record in fetched.offers]
    assert refs
    assert all(refs)
    assert len(set(refs)) == len(refs)


def test_every_state_has_a_name_and_says_where_it_was_read(fetched):
    assert fetched.read_from
    for record in fetched.offers:
        assert record.state.name
        assert record.state.raw
        assert record.state.origins


def test_rates_of_a_mode_cover_every_prompt_once(fetched):
    for state in states(fetched):
        assert state.rates[0].mode == STANDARD
        for mode in {row.mode for row in state.rates}:
            rows = [row for row in state.rates if row.mode == mode]
            assert rows[0].above == 0
            assert [row.up_to for row in rows] == [*(row.above for row in rows[1:]), None]


def test_prices_are_whole_pico_dollars_within_reason(fetched):
    for state in states(fetched):
        for row in state.rates:
            for name in COMPONENTS:
                price = getattr(row, name)
                assert price is None or (isinstance(price, int) and price >= 0)
                assert name == "request" or price is None or price <= HIGHEST_PICO


def test_the_price_state_agrees_with_the_rates(fetched):
    for state in states(fetched):
        positive = any(getattr(row, name) for row in state.rates for name in COMPONENTS if name != "request")
        assert (state.price_state == PriceState.PRICED) == positive


def test_no_source_retires_an_offer_itself(fetched):
    assert all(state.lifecycle != Lifecycle.RETIRED for state in states(fetched))


def test_past_states_follow_each_other_up_to_now(fetched):
    for record in fetched.offers:
        starts = [state.start for state in record.past] + [record.since] * bool(record.past)
        known = starts[1:]
        assert all(start is not None and start <= NOW for start in known)
        assert starts[1:] == sorted(starts[1:])


def test_the_same_answer_gives_the_same_records(fetched, request):
    assert fetch(request.node.callspec.params["fetched"]) == fetched


@pytest.mark.django_db
def test_what_was_fetched_can_be_stored_and_is_then_unchanged(fetched):
    catalog = make.catalog()
    stored = make.sync(catalog, *fetched.offers, skipped=fetched.skipped)
    assert (stored.outcome, stored.added, stored.skipped) == ("stored", len(fetched.offers), len(fetched.skipped))
    assert make.sync(catalog, *fetched.offers, skipped=fetched.skipped).outcome == "unchanged"


NAMES = {"id", "key", "provider", "model_info"}
"""Members that a ref is made of: a row without one of them may be anybody's."""
NAMES_WITHOUT_ID = {"model_name", "litellm_params", "model"}
"""Those of a LiteLLM deployment that has no id."""


@pytest.mark.parametrize("kind", sorted(ANSWERS.keys() - {"reference"}))
def test_an_offer_whose_row_can_be_read_no_more_has_not_left(kind):
    setup, body = ANSWERS[kind]
    # A ref that ends in a digest of its row is another one for another row.
    known = {record.ref for record in fetch(kind).offers if not re.search(r", [0-9a-f]{8}\)$", record.ref)}
    source = source_for(kind, setup)
    skipped = 0
    for path, spoilt in _spoilt(json.loads(body)):
        try:
            fetched = source.fetch(FileDoor("answer.json", json.dumps(spoilt).encode()), NOW)
        except SourceUnreadable:
            continue  # nothing is stored then
        read = {record.ref for record in fetched.offers}
        stems = tuple(skip.stem for skip in fetched.skipped if skip.stem)
        told = {skip.ref for skip in fetched.skipped}
        assert UNFORESEEN not in {skip.reason for skip in fetched.skipped}, path
        lost = {ref for ref in known - read - told if not (stems and ref.startswith(stems))}
        assert not lost, path
        skipped += bool(known - read)
    assert skipped or kind == "openai_compatible", "no row was spoilt"  # that one reads whatever is there


def _spoilt(answer):
    """The answer with one member of one of its rows replaced by something that nobody sends, each in turn."""
    for path, holder in list(_objects(answer, ())):
        rows = path and (isinstance(path[-1], int) or "model_name" in holder)
        ours = NAMES | (NAMES_WITHOUT_ID if "id" not in holder.get("model_info", {}) else set())
        for name, value in list(holder.items()):
            if name in ours or (not rows and isinstance(value, list | dict)):
                continue
            others = [] if isinstance(value, list) and path[0] == "data" else [[["odd"]]]  # other rows, not a bad one
            for odd in ({"odd": [{}]}, *others, "odd", -7.5, True):
                holder[name] = odd
                yield (*path, name, odd), answer
            holder[name] = value


def _objects(value, path):
    if isinstance(value, dict):
        yield path, value
    for name, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from _objects(inner, (*path, name))


def states(fetched):
    for record in fetched.offers:
        yield record.state
        yield from (past.state for past in record.past)
