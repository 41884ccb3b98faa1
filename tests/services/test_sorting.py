"""Sorting: both ways, several keys, unknown last, ties always in the same order."""

import pytest
from django.db.models import F

from catalog.models import Rate
from catalog.services.sorting import COLUMNS, SortKey, next_sort, order_by, parse_sort
from tests.make import catalog, record, row, sync


def refs(sort):
    keys, problems = parse_sort(sort, with_cost=True)
    assert not problems
    return [
        rate.ref
        for rate in Rate.objects.annotate(cost=F("input") * 7, slug=F("family__slug")).order_by(*order_by(keys))
    ]


@pytest.fixture
def _offers(db):
    sync(
        catalog(),
        record("b", rates=(row(input=3, output=1),)),
        record("none", rates=(row(input=None, output=None),)),
        record("a", rates=(row(input=3, output=2),)),
        record("free", rates=(row(input=0, output=0),)),
    )


@pytest.mark.usefixtures("_offers")
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["a", "b", "free", "none"]),
        ("-model", ["none", "free", "b", "a"]),
        ("input", ["free", "a", "b", "none"]),
        ("-input", ["a", "b", "free", "none"]),
        ("input,-model", ["free", "b", "a", "none"]),
        ("-input,output", ["b", "a", "free", "none"]),
    ],
)
def test_order(sort, order):
    assert refs(sort) == order


@pytest.mark.usefixtures("_offers")
@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_sorts_both_ways(name):
    assert sorted(refs(name)) == sorted(refs(f"-{name}")) == ["a", "b", "free", "none"]


@pytest.mark.django_db
def test_providers_stand_together_whatever_the_case_and_the_unknown_last_both_ways():
    named = {"d": "OpenAI", "b": "xAI", "e": "AWS Bedrock", "c": "Aitronos", "a": ""}
    sync(catalog(), *(record(ref, provider=name, provider_name=name) for ref, name in named.items()))
    assert [named[ref] for ref in refs("provider")] == ["Aitronos", "AWS Bedrock", "OpenAI", "xAI", ""]
    assert [named[ref] for ref in refs("-provider")] == ["xAI", "OpenAI", "AWS Bedrock", "Aitronos", ""]


@pytest.mark.django_db
def test_a_state_is_what_its_badges_tell():
    states = {
        "d": {},
        "c": {"lifecycle": "deprecated"},
        "b": {"by_hour": True},
        "e": {"lifecycle": "deprecated", "price_state": "unknown"},
        "a": {"price_state": "variable"},
        "f": {},
    }
    sync(catalog(), *(record(ref, **fields) for ref, fields in states.items()))
    assert refs("state") == ["d", "f", "b", "a", "c", "e"]
    assert refs("-state") == ["e", "c", "a", "b", "d", "f"]


def test_what_is_no_column_is_named_and_left_out():
    keys, problems = parse_sort("nope,-input,drop table")
    assert keys == (SortKey("input", True),)
    assert problems == ["“nope” is no column to sort by.", "“drop table” is no column to sort by."]
    assert parse_sort("") == ((SortKey("model"),), [])


def test_a_click_sorts_up_then_down_then_not():
    assert next_sort(parse_sort("")[0], "input") == "input"
    assert next_sort(parse_sort("input")[0], "input") == "-input"
    assert next_sort(parse_sort("-input")[0], "input") == ""


def test_shift_and_click_adds_a_key_and_keeps_its_place():
    keys, _ = parse_sort("model,-input")
    assert next_sort(keys, "output", add=True) == "model,-input,output"
    assert next_sort(keys, "model", add=True) == "-model,-input"
    assert next_sort(keys, "input", add=True) == "model"
    four, _ = parse_sort("model,input,output,context")
    assert next_sort(four, "state", add=True) == "model,input,output,context"
