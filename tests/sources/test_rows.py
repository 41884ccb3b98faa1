"""Rows are read one by one: what a row cannot be kept for costs that row alone."""

import json

import msgspec
import pytest

from catalog.models import Offer, Revision
from catalog.sources.errors import SourceUnreadable
from catalog.sources.payload import LONGEST, read_answer, read_members, read_rows, verbatim
from tests.make import record


def read(*rows):
    """The rows, each made an offer of its id and name."""
    raw = [msgspec.Raw(json.dumps(row).encode()) for row in rows]
    return read_rows(raw, dict, lambda row, _: record(row["id"], name=row.get("name", "n")))


def test_what_no_database_could_hold_is_skipped_with_its_reason():
    rows = read({"id": "good"}, {"id": "x" * 301}, {"id": "long", "name": "n" * 301}, {"id": "zero", "name": "a\0b"})
    assert [offer.ref for offer in rows.offers] == ["good"]
    assert [skip.reason for skip in rows.skipped] == [
        "Its id has 301 characters; 300 are kept at most.",
        "Its name has 301 characters; 300 are kept at most.",
        "It holds a zero character, which no text may.",
    ]


def test_what_is_kept_at_most_is_what_the_tables_hold():
    columns = {name: Revision._meta.get_field(name).max_length for name in LONGEST if name != "id"}
    assert {"id": Offer._meta.get_field("ref").max_length, **columns} == LONGEST


def test_rows_that_are_members_of_an_object_are_known_by_their_name():
    members = read_answer(b'{"a": {}, "b": []}', dict[str, msgspec.Raw])
    rows = read_members(members, dict, lambda name, row, raw: record(name))
    assert [offer.ref for offer in rows.offers] == ["a"]
    assert [(skip.ref, skip.reason) for skip in rows.skipped] == [("b", "Expected object, got array.")]


def test_an_answer_that_is_not_utf_8_is_unreadable():
    with pytest.raises(SourceUnreadable, match="utf-8"):
        read_answer(b'{"data": ["\xff"]}', dict)


def test_a_price_that_ends_like_a_secret_is_kept():
    row = b'{"input_cost_per_token": "2e-06", "id_token": "abc", "max_tokens": 5}'
    assert verbatim(row) == '{"input_cost_per_token":"2e-06","id_token":"[removed by Ratecard]","max_tokens":5}'
