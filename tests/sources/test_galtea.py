"""Galtea's list over a real socket: what is asked, how it is paged, and how each row is read."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from catalog.pricing.rates import PriceState, RateRow
from catalog.sources import galtea
from catalog.sources.base import Lifecycle, Origin, Setup
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.galtea import GalteaSource
from catalog.sources.http import HttpDoor
from catalog.sources.kind import Scheme, clean_options
from catalog.sources.kinds import KINDS
from catalog.sources.saved import FileDoor
from tests.serve import Answer, serving

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
# The documented example, but for its deletion.
MODEL = {
    "id": "model_123",
    "organizationId": "org_123",
    "userId": "user_123",
    "name": "GPT-4",
    "inputCostPerToken": 0.00001,
    "outputCostPerToken": 0.00003,
    "cacheReadInputTokenCost": 0.000005,
    "cacheCreationInputTokenCost": 0.000015,
    "inputCostPerTokenAbove128kTokens": 0.00002,
    "outputCostPerTokenAbove128kTokens": 0.00006,
    "tokenizerProvider": "OPENAI",
    "source": "PREDEFINED",
    "createdAt": "2023-11-07T05:31:56Z",
    "deletedAt": None,
}


class Galtea:
    """Speaks the contract: a bare array, and pages by ``limit`` and ``offset`` of at most ``cap`` models."""

    def __init__(self, rows, cap):
        self.rows, self.cap, self.asked, self.url = rows, cap, [], ""

    def __call__(self, request):
        self.asked.append(request)
        asked = dict(request.query)
        start = int(asked["offset"])
        page = self.rows[start : start + min(int(asked["limit"]), self.cap)]
        return Answer(json.dumps(page).encode(), 200 if request.path == "/models" else 404)

    def fetch(self, key="gsk_1", **options):
        door = HttpDoor(self.url, Scheme.BEARER.headers(key), allow_private=True)
        return GalteaSource(Setup(options=clean_options(KINDS["galtea"], options))).fetch(door, NOW)

    @property
    def offsets(self):
        return [int(dict(request.query)["offset"]) for request in self.asked]


@contextmanager
def listing(*rows, cap=10_000):
    """Galtea with these models."""
    galtea = Galtea(rows, cap)
    with serving(galtea) as galtea.url:
        yield galtea


def models(count, start=0):
    return [{"id": f"model_{number}", "name": f"Model {number}"} for number in range(start, start + count)]


def refs(fetched):
    return [offer.ref for offer in fetched.offers]


@pytest.mark.parametrize("key", ["gsk_new", "gsk-legacy"])
def test_both_sorts_of_key_are_sent_as_bearer(key):
    with listing(*models(1)) as server:
        fetched = server.fetch(key)
    assert {request.headers["Authorization"] for request in server.asked} == {f"Bearer {key}"}
    assert key not in repr(fetched)


def test_without_options_it_asks_for_everything_oldest_first():
    with listing(*models(2)) as server:
        fetched = server.fetch()
    assert server.asked[0].query == [("sort", "createdAt"), ("sort", "asc"), ("limit", "1000"), ("offset", "0")]
    assert fetched.read_from == f"{server.url}/models"
    assert refs(fetched) == ["model_0", "model_1"]


def test_every_option_is_the_parameter_of_that_name():
    with listing() as server:
        server.fetch(
            ids="a,b",
            organizationIds=["org_1"],
            names=["GPT-4", "azure/gpt-4o"],
            name="gpt 4&x",
            includeDefaultEntities="true",
            includeOwnEntities="false",
            sort="name,desc,createdAt,asc",
            fromCreatedAt="2025-06-01T00:00:00+02:00",
            toCreatedAt="2025-07-01",
            limit="50",
        )
    assert server.asked[0].query == [
        ("ids", "a"),
        ("ids", "b"),
        ("organizationIds", "org_1"),
        ("names", "GPT-4"),
        ("names", "azure/gpt-4o"),
        ("name", "gpt 4&x"),
        ("includeDefaultEntities", "true"),
        ("includeOwnEntities", "false"),
        ("fromCreatedAt", "2025-06-01T00:00:00+02:00"),
        ("toCreatedAt", "2025-07-01T00:00:00Z"),
        ("sort", "name"),
        ("sort", "desc"),
        ("sort", "createdAt"),
        ("sort", "asc"),
        ("limit", "50"),
        ("offset", "0"),
    ]


@pytest.mark.parametrize(("given", "sent"), [(True, "true"), (False, "false")])
def test_a_boolean_is_sent_in_lower_case(given, sent):
    with listing() as server:
        door = HttpDoor(server.url, {}, allow_private=True)
        GalteaSource(Setup(options={"includeOwnEntities": given})).fetch(door, NOW)
    assert ("includeOwnEntities", sent) in server.asked[0].query


@pytest.mark.parametrize("order", ["createdAt", "-createdAt", "createdAt,up", "createdAt,asc,name"])
def test_an_order_that_is_not_in_pairs_is_refused_before_anything_is_asked(order):
    with listing() as server, pytest.raises(SourceRefused, match="in pairs, such as createdAt, asc"):
        server.fetch(sort=order)
    assert server.asked == []


@pytest.mark.parametrize(
    ("count", "limit", "cap", "offsets"),
    [
        (0, 5, 100, [0]),
        (3, 5, 100, [0, 3]),
        (5, 5, 100, [0, 5]),
        (12, 5, 100, [0, 5, 10, 12]),
        (12, 1000, 5, [0, 5, 10, 12]),  # the server sends fewer than asked for
        (3, 1, 100, [0, 1, 2, 3]),
    ],
)
def test_pages_are_read_until_one_is_empty(count, limit, cap, offsets):
    with listing(*models(count), cap=cap) as server:
        fetched = server.fetch(limit=limit)
    assert server.offsets == offsets
    assert refs(fetched) == [f"model_{number}" for number in range(count)]
    assert (fetched.skipped, fetched.warnings) == ((), ())


def test_a_row_without_an_id_does_not_end_the_pages():
    with listing(*models(1), {"name": "No id"}, *models(1, start=1)) as server:
        fetched = server.fetch(limit=1)
    assert refs(fetched) == ["model_0", "model_1"]
    assert [(skip.ref, skip.reason) for skip in fetched.skipped] == [("No id", "It has no “id”.")]


def test_duplicates_are_removed_and_counted():
    with listing(*models(3), *models(3, start=2), *models(1, start=9)) as server:
        fetched = server.fetch(limit=3)
    assert refs(fetched) == ["model_0", "model_1", "model_2", "model_3", "model_4", "model_9"]
    assert [skip.ref for skip in fetched.skipped] == ["model_2"]
    assert fetched.warnings == (
        "Galtea sent rows twice (1): if its order changed from page to page, models may be missing.",
    )


def test_duplicates_in_one_answer_are_no_sign_of_missing_ones():
    with listing(*models(3), *models(1)) as server:
        fetched = server.fetch()
    assert (len(fetched.offers), len(fetched.skipped), fetched.warnings) == (3, 1, ())


class Deaf:
    """A server that knows no ``offset``: it sends the same rows whatever page is asked for."""

    def __init__(self, held):
        self.held, self.asked = held, 0

    def address(self, path):
        return path

    def count(self, rows, total=None):
        """Nobody watches."""

    def get(self, path, parameters=()):
        self.asked += 1
        return json.dumps(models(self.held)).encode()


@pytest.mark.parametrize(("limit", "warnings"), [(5, 0), (3, 1)])
def test_a_page_that_brings_nothing_new_is_the_end_and_a_full_one_is_doubted(limit, warnings):
    door = Deaf(3)
    fetched = GalteaSource(Setup(options={"limit": limit})).fetch(door, NOW)
    assert door.asked == 2
    assert refs(fetched) == ["model_0", "model_1", "model_2"]
    assert fetched.skipped == ()
    assert len(fetched.warnings) == warnings
    assert all("there may be more than these" in warning for warning in fetched.warnings)


def test_an_answer_saved_as_a_file_is_read_once():
    fetched = GalteaSource(Setup()).fetch(FileDoor("models.json", json.dumps([MODEL]).encode()), NOW)
    assert (refs(fetched), fetched.read_from) == (["model_123"], "models.json")


@pytest.mark.parametrize(("bound", "came"), [("MOST_ROWS", 4), ("MOST_PAGES", 3)])
def test_a_list_without_an_end_is_refused_rather_than_cut(bound, came, monkeypatch):
    monkeypatch.setattr(galtea, bound, 3)
    with listing(*models(20)) as server, pytest.raises(SourceUnreadable, match=f": {came} came without an end"):
        server.fetch(limit=1)
    assert len(server.asked) == came


class Refusing(FileDoor):
    """A door that says no."""

    def __init__(self, status):
        super().__init__("", b"")
        self.status = status

    def get(self, path, parameters=()):
        raise SourceRefused("As the door said it.", self.status)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "There is no Galtea API at this address; its base URL is https://api.galtea.ai."),
        (401, "As the door said it."),
    ],
)
def test_an_address_without_galtea_is_told_from_other_refusals(status, sentence):
    with pytest.raises(SourceRefused) as raised:
        GalteaSource(Setup()).fetch(Refusing(status), NOW)
    assert (str(raised.value), raised.value.status) == (sentence, status)


@pytest.mark.parametrize("body", [b'{"data": []}', b'{"error": "x", "message": "y"}', b"null"])
def test_anything_but_a_bare_array_is_an_error_in_words(body):
    with pytest.raises(SourceUnreadable, match=r"does not have the documented shape: it is .*, not a list"):
        GalteaSource(Setup()).fetch(FileDoor("", body), NOW)


def read(*rows):
    body = rows[0] if isinstance(rows[0], bytes) else json.dumps(rows).encode()
    return GalteaSource(Setup()).fetch(FileDoor("models.json", body), NOW)


def state(**members):
    """The state of one model that says only this."""
    fetched = read({"id": "1", "name": "m", **members})
    assert fetched.skipped == ()
    return fetched.offers[0].state


def test_every_field_of_the_documented_example_is_read():
    (offer,) = read(MODEL).offers
    found = offer.state
    assert offer.ref == "model_123"
    assert (found.name, found.key) == ("GPT-4", "GPT-4")
    assert (found.provider, found.provider_name, found.provider_inferred) == ("openai", "OpenAI", True)
    assert (found.scope, found.lifecycle) == ("predefined", Lifecycle.ACTIVE)
    assert found.price_state == PriceState.PRICED
    # $10, $30, $5 and $15 per 1M tokens; above 128,000 $20 and $60, and the cache costs what it did.
    cache = {"cache_read": 5_000_000, "cache_write": 15_000_000}
    assert found.rates == (
        RateRow(up_to=128_000, input=10_000_000, output=30_000_000, **cache),
        RateRow(above=128_000, input=20_000_000, output=60_000_000, **cache, inherited=("cache_read", "cache_write")),
    )
    assert (found.context_tokens, found.max_output_tokens, found.position) == (None, None, None)
    assert found.notes == ("Galtea's “above 128k tokens” is read as more than 128,000 prompt tokens.",)
    assert json.loads(found.raw) == MODEL


def test_every_value_says_where_it_came_from_as_it_was_sent():
    body = b'[{"id": "1", "organizationId": "org_1", "name": "N", "inputCostPerToken": 4.2000000000000006E-8,'
    body += b'"outputCostPerToken": 0.0000001500, "cacheReadInputTokenCost": 0, "cacheCreationInputTokenCost": null,'
    body += b'"inputCostPerTokenAbove128kTokens": 1e-7, "outputCostPerTokenAbove128KTokens": 0.0000003,'
    body += b'"tokenizerProvider": "OPENAI", "source": "CUSTOM", "deletedAt": "2025-01-02T03:04:05Z"}]'
    found = read(body).offers[0].state
    assert found.origins == (
        Origin("organizationId", "org_1", "scope"),
        Origin("name", "N", "name"),
        Origin("name", "N", "key"),
        Origin("inputCostPerToken", "4.2000000000000006E-8", "input", "standard"),
        Origin("outputCostPerToken", "0.0000001500", "output", "standard"),
        Origin("cacheReadInputTokenCost", "0", "cache_read", "standard"),
        Origin("inputCostPerTokenAbove128kTokens", "1e-7", "input", "standard", 128_000),
        Origin("outputCostPerTokenAbove128KTokens", "0.0000003", "output", "standard", 128_000),
        Origin("tokenizerProvider", "OPENAI", "provider"),
        Origin("source", "CUSTOM", "scope"),
        Origin("deletedAt", "2025-01-02T03:04:05Z", "lifecycle"),
    )
    assert found.rates[0] == RateRow(up_to=128_000, input=42_000, output=150_000, cache_read=0)
    assert found.raw == body.decode()[1:-1]


@pytest.mark.parametrize("k", ["k", "K"])
def test_the_long_prompt_price_is_read_with_either_k(k):
    found = state(inputCostPerToken=1e-6, outputCostPerToken=4e-6, **{f"inputCostPerTokenAbove128{k}Tokens": 2e-6})
    assert [(row.above, row.up_to, row.input, row.output, row.inherited) for row in found.rates] == [
        (0, 128_000, 1_000_000, 4_000_000, ()),
        (128_000, None, 2_000_000, 4_000_000, ("output",)),
    ]


def test_null_is_unknown_and_not_zero():
    assert state(inputCostPerToken=None, outputCostPerToken=None).rates == (RateRow(),)
    assert state(inputCostPerToken=None).price_state == PriceState.UNKNOWN
    assert state().price_state == PriceState.UNKNOWN
    half = state(inputCostPerToken=0, outputCostPerToken=None)
    assert (half.price_state, half.rates[0].output) == (PriceState.UNKNOWN, None)


def test_two_zeros_are_not_called_free():
    found = state(inputCostPerToken=0, outputCostPerToken=0.0)
    assert found.price_state == PriceState.ZERO_UNCONFIRMED
    assert found.rates == (RateRow(input=0, output=0),)
    assert found.notes == (
        "Galtea says 0 for input and output; it does not tell a free model from one whose costs nobody entered.",
    )


def test_a_deleted_model_is_kept_as_deleted():
    found = state(deletedAt="2023-11-07T05:31:56Z", inputCostPerToken=1e-6)
    assert found.lifecycle == Lifecycle.DELETED
    assert found.notes == ("Deleted in Galtea on 2023-11-07.",)
    assert found.rates[0].input == 1_000_000


@pytest.mark.parametrize(
    ("members", "scope"),
    [
        ({"source": "PREDEFINED", "organizationId": "org_1"}, "predefined"),
        ({"source": "predefined"}, "predefined"),
        ({"source": "CUSTOM"}, "own"),
        ({"source": "https://openai.com/api/pricing/", "organizationId": "org_1"}, "own"),
        ({"source": "https://openai.com/api/pricing/"}, "predefined"),
        ({"source": None, "organizationId": "org_1"}, "own"),
        ({}, "predefined"),
    ],
)
def test_whose_a_model_is(members, scope):
    found = state(**members)
    assert found.scope == scope
    address = members.get("source") if "https" in (members.get("source") or "") else None
    notes = (f"The costs were entered in Galtea with this source: {address}",) if address else ()
    assert found.notes == notes


def test_an_own_and_a_predefined_model_of_the_same_name_are_both_kept():
    own = {**MODEL, "id": "model_9", "source": "CUSTOM", "inputCostPerToken": 0.000009}
    offers = read(MODEL, own).offers
    assert [(offer.ref, offer.state.name, offer.state.scope) for offer in offers] == [
        ("model_123", "GPT-4", "predefined"),
        ("model_9", "GPT-4", "own"),
    ]
    assert [offer.state.rates[0].input for offer in offers] == [10_000_000, 9_000_000]


@pytest.mark.parametrize(
    ("name", "tokenizer", "provider", "told_by"),
    [
        ("GPT-4", "OPENAI", ("openai", "OpenAI"), "tokenizerProvider"),
        ("Claude", "Anthropic", ("anthropic", "Anthropic"), "tokenizerProvider"),
        ("azure/gpt-4o", None, ("azure", "Microsoft Azure"), "name"),
        ("azure/gpt-4o", "OpenAI", ("azure", "Microsoft Azure"), "name"),
        ("house/gpt", "OpenAI", ("openai", "OpenAI"), "tokenizerProvider"),
        ("Nous-Research/Hermes", "", ("nous-research", "Nous-Research"), "name"),
        ("a b/c", None, ("", ""), None),
        ("GPT-4", None, ("", ""), None),
    ],
)
def test_the_provider_is_inferred_and_marked_so(name, tokenizer, provider, told_by):
    found = state(name=name, tokenizerProvider=tokenizer)
    assert (found.provider, found.provider_name) == provider
    assert found.provider_inferred == bool(told_by)
    assert [origin.sent_as for origin in found.origins if origin.read_as == "provider"] == [told_by] * bool(told_by)


def test_bad_rows_are_skipped_with_their_reasons():
    bad = [
        {"id": "2"},
        {"id": "3", "name": " "},
        {"id": "4", "name": "n", "inputCostPerToken": -1},
        {"id": "5", "name": "n", "outputCostPerToken": 2.5},
        {"id": "6", "name": "n", "cacheReadInputTokenCost": "NaN"},
        {"id": "7", "name": "n", "inputCostPerTokenAbove128kTokens": True},
        {"id": " ", "name": "n"},
    ]
    fetched = read({"id": "1", "name": "good"}, *bad)
    assert refs(fetched) == ["1"]
    assert [(skip.ref, skip.reason) for skip in fetched.skipped] == [
        ("2", "It has no “name”."),
        ("3", "It has no name."),
        ("4", "The price -1 is negative."),
        ("5", "The price 2.5 is above $100,000 per 1M tokens: the unit looks wrong."),
        ("6", "The price NaN is not a finite number."),
        ("7", "The price is not a number but a bool."),
        ("n", "It has no id."),
    ]
