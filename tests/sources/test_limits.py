"""What a source lets through fits the tables."""

import pytest

from catalog.models import Offer, Revision
from catalog.sources.errors import RowError
from catalog.sources.limits import FURTHEST_POSITION, LONGEST, LONGEST_REF, check
from tests.make import record


def test_the_limits_are_those_of_the_tables():
    assert Offer._meta.get_field("ref").max_length == LONGEST_REF
    texts = {
        field.name: field.max_length
        for field in Revision._meta.get_fields()
        if getattr(field, "max_length", None) and not field.choices and field.name != "digest"
    }
    assert {name: texts[name] for name in LONGEST} == LONGEST
    assert texts.keys() - LONGEST.keys() <= {"search"}


@pytest.mark.parametrize("name", LONGEST)
def test_a_text_that_just_fits_passes_and_a_longer_one_does_not(name):
    check(record("a", **{name: "x" * LONGEST[name]}))
    with pytest.raises(RowError, match=f"Its {name.replace('_', ' ')} has {LONGEST[name] + 1} characters"):
        check(record("a", **{name: "x" * (LONGEST[name] + 1)}))


@pytest.mark.parametrize("position", [FURTHEST_POSITION + 1, -FURTHEST_POSITION - 1])
def test_a_position_out_of_range_is_named(position):
    check(record("a", position=FURTHEST_POSITION))
    with pytest.raises(RowError, match="Its position cannot be"):
        check(record("a", position=position))


def test_nul_is_found_and_not_what_only_speaks_of_it():
    check(record("a", description=r"\u0000", raw=r'{"description": "\\u0000"}'))
    with pytest.raises(RowError, match="NUL"):
        check(record("a", description="\0", raw=r'{"description": "\u0000"}'))
