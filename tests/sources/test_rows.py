"""Rows that are the members of an object."""

import msgspec

from catalog.sources.payload import read_answer, read_members
from tests.make import record


def test_rows_that_are_members_of_an_object_are_known_by_their_name():
    members = read_answer(b'{"a": {}, "b": []}', dict[str, msgspec.Raw])
    rows = read_members(members, dict, lambda name, row, raw: record(name))
    assert [offer.ref for offer in rows.offers] == ["a"]
    assert [(skip.ref, skip.reason) for skip in rows.skipped] == [("b", "It is a list, not an object.")]
