"""What is looked at before an answer is parsed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.body import checked, depth
from catalog.sources.errors import SourceUnreadable
from catalog.sources.saved import FileDoor

LEAVES = st.none() | st.booleans() | st.integers() | st.text(alphabet=st.sampled_from('[]{}"\\/\n\u1234aé'))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='[{"\\}'), inner), max_leaves=30
)


def levels(value):
    if isinstance(value, dict):
        return 1 + max(map(levels, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(levels, value), default=0)
    return 0


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_depth_counts_lists_and_objects_and_nothing_inside_strings(value, ascii_only, indent):
    assert depth(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()) == levels(value)


@given(st.binary())
def test_depth_of_what_is_not_json_is_some_number(body):
    assert 0 <= depth(body) <= len(body)


def test_the_limit_itself_is_let_through():
    assert checked(b"[" * 5 + b"]" * 5, 5) == b"[[[[[]]]]]"
    with pytest.raises(SourceUnreadable, match="more than 4 levels deep"):
        checked(b"[" * 5 + b"]" * 5, 4)


def test_a_byte_order_mark_is_taken_off():
    assert checked("\ufeff[]".encode()) == b"[]"


def test_white_space_before_the_answer_does_not_matter():
    assert checked(b" " * 1_000 + b"[]") == b" " * 1_000 + b"[]"


def test_a_saved_answer_is_looked_at_like_one_from_the_network():
    with pytest.raises(SourceUnreadable, match="HTML or XML"):
        FileDoor("models.json", b"<html>").get("/models")
