"""A bad row costs only itself: it is skipped with a reason, and the others are read."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.sources import freddy_models, galtea_models
from catalog.sources.base import OfferRecord
from catalog.sources.errors import RowError, SourceUnreadable
from catalog.sources.payload import UNFORESEEN, as_sent, read_answer, read_rows, text_at
from tests.make import state

Raws = list[msgspec.Raw]


class Row(msgspec.Struct):
    """A row of these tests."""

    id: str
    size: int = 1


def made(row, raw):
    if row.size == 13:
        raise RowError("Thirteen is not sold.")
    return OfferRecord(row.id, state(row.id or "x", raw=raw, context_tokens=row.size))


def read(*rows):
    return read_rows([msgspec.Raw(row) for row in rows], Row, made)


def test_good_rows_are_offers_with_their_own_json():
    rows = read(b'{"id": "a", "size": 5, "unknown": 1.50}', b'{"id": "b"}')
    assert [offer.ref for offer in rows.offers] == ["a", "b"]
    assert rows.offers[0].state.raw == '{"id": "a", "size": 5, "unknown": 1.50}'
    assert rows.skipped == ()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (b'{"size": 5}', "It has no “id”."),
        (b'{"id": ""}', "It has no id."),
        (b'{"id": " "}', "It has no id."),
        (b'{"id": 5}', "“id” is a whole number, not a text."),
        (b'{"id": "a", "size": "5"}', "“size” is a text, not a whole number."),
        (b'{"id": "a", "size": 13}', "Thirteen is not sold."),
        (b"null", "It is null, not an object."),
        (b"[1]", "It is a list, not an object."),
        (b'{"id": "a", "note": "\xff"}', "It is not JSON in UTF-8."),
        (b'{"id": "\\ud800"}', "It is not JSON in UTF-8."),
    ],
)
def test_a_bad_row_is_skipped_with_its_reason(row, sentence):
    rows = read(b'{"id": "before"}', row, b'{"id": "after"}')
    assert [offer.ref for offer in rows.offers] == ["before", "after"]
    assert [skip.reason for skip in rows.skipped] == [sentence]


def test_a_row_nested_beyond_all_use_is_skipped():
    row = msgspec.Raw(b'{"id": "deep", "unknown": ' + b"[" * 50_000 + b"]" * 50_000 + b"}")
    rows = read_rows([row], Row, made)
    assert [skip.reason for skip in rows.skipped] == ["It is nested too deeply."]


def test_a_number_beyond_decimals_is_skipped():
    row = msgspec.Raw(b'{"id": "a", "price": 1e999999999999999999999}')
    rows = read_rows([row], dict, lambda row, raw: OfferRecord(row["id"], state()))
    assert [(skip.ref, skip.reason) for skip in rows.skipped] == [("a", "It holds a number beyond all measure.")]


def test_a_row_that_its_source_did_not_foresee_costs_only_itself(caplog):
    def stumbling(row, raw):
        return OfferRecord(row.id, state(context_tokens=12 // row.size))

    rows = read_rows([msgspec.Raw(b'{"id": "a", "size": 0}'), msgspec.Raw(b'{"id": "b"}')], Row, stumbling)
    assert [offer.ref for offer in rows.offers] == ["b"]
    assert [(skip.ref, skip.reason) for skip in rows.skipped] == [("a", UNFORESEEN)]
    assert "ZeroDivisionError" in caplog.text


def test_of_rows_with_the_same_id_the_first_stays():
    rows = read(b'{"id": "a", "size": 1}', b'{"id": "a", "size": 2}', b'{"id": "a", "size": 3}')
    assert [offer.state.context_tokens for offer in rows.offers] == [1]
    assert [skip.ref for skip in rows.skipped] == ["a", "a"]
    assert rows.skipped[0].reason == "Its id stands in the answer twice; the first row is kept."


def test_a_skipped_row_is_named_by_the_best_that_it_has():
    rows = read(
        b'{"title": "T", "name": "N"}',
        b'{"id": 7.50, "name": "N"}',
        b'{"id": null, "key": " ", "title": "T"}',
        b'{"id": {"api_key": "sk-secret"}}',
        b'{"name": "a\\u0000b"}',
        b'{"name": "' + b"x" * 400 + b'"}',
        b"3",
    )
    assert [skip.ref for skip in rows.skipped] == ["N", "7.50", "T", "row 4", "ab", "x" * 300, "row 7"]


@pytest.mark.parametrize(
    ("row", "path", "text"),
    [
        (b'{"a": {"b": "x "}}', "a.b", "x"),
        (b'{"a": {"b": 7.50}}', "a.b", "7.50"),
        (b'{"a": {"b": null}}', "a.b", ""),
        (b'{"a": {"b": {"key": "sk-secret"}}}', "a.b", ""),
        (b'{"a": "b"}', "a.b", ""),
        (b'{"size": 1e999999999999999999999, "id": "known"}', "id", "known"),
        (b"3", "id", ""),
    ],
)
def test_a_row_is_named_by_one_member_whatever_the_others_are(row, path, text):
    assert text_at(msgspec.Raw(row), path) == text


def test_texts_are_as_sent():
    raw = '{"a": "text \\u00e9", "b": 0.0000001500, "c": null, "d": "", "e": true, "f": [1, 2.50], "g": 2e-7}'
    assert as_sent(raw) == {"a": "text é", "b": "0.0000001500", "e": "true", "f": "[1, 2.50]", "g": "2e-7"}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The answer is not JSON: Input data was truncated."),
        (b"[", "The answer is not JSON: Input data was truncated."),
        (b"[1,]", "The answer is not JSON: JSON is malformed"),
        (b'{"a": 1}', "does not have the documented shape: it is an object, not a list."),
        (b"[" * 100_000, "The answer is nested too deeply."),
    ],
)
def test_an_answer_of_no_use_is_an_error_in_words(body, sentence):
    with pytest.raises(SourceUnreadable, match=sentence):
        read_answer(body, Raws)


members = st.sampled_from([*freddy_models.SNAKE, *freddy_models.READ_AS, *galtea_models.COSTS, "id", "name", "source"])
values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["NaN", "-1", "1e999999", "x" * 400, "\0", 0, 10**30, 0.000002])
)
anything = st.recursive(values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(members, inner, max_size=5))
near = st.fixed_dictionaries({"id": st.text(max_size=3), "key": st.text(max_size=3), "name": st.text(max_size=3)})
rows = st.lists(anything | st.dictionaries(members, values, max_size=12) | near, max_size=8)


@given(rows, st.sampled_from(["freddy", "galtea"]))
@settings(max_examples=300)
def test_whatever_comes_every_row_is_an_offer_or_is_skipped(values, kind):
    raws = read_answer(json.dumps(values).encode(), Raws)
    if kind == "freddy":
        read = read_rows(raws, dict, lambda row, raw: freddy_models.record(row, raw, set()))
    else:
        read = read_rows(raws, dict, galtea_models.record)
    assert len(read.offers) + len(read.skipped) == len(values)
    assert len({offer.ref for offer in read.offers}) == len(read.offers)
    assert all(skip.reason.endswith(".") and len(skip.ref) <= 300 for skip in read.skipped)
