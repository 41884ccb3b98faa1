"""A row that the database cannot hold costs only itself, on either database."""

import pytest

from catalog.models import Offer, Outcome, Rate
from catalog.sources.base import Fetched, OfferRecord, PastState, Skip
from catalog.sources.errors import SourceUnreadable
from catalog.sync.fits import LONGEST_MODE, LONGEST_REF
from catalog.sync.run import sync_catalog
from catalog.sync.store import LONGEST_NAME
from tests.make import NOON, FixedSource, catalog, failing_sync, record, row, state, sync

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "n" * 301}, "Its name has 301 characters; 300 are the most that are kept."),
        ({"provider": "p" * 101}, "Its provider has 101 characters; 100 are the most that are kept."),
        ({"raw": '{"name": "a\\u0000b"}'}, "It holds a NUL character, which PostgreSQL does not keep."),
        ({"context_tokens": -1}, "Its context tokens cannot be -1."),
        ({"max_input_tokens": 0}, "Its max input tokens cannot be 0."),
        ({"max_output_tokens": 10**12 + 1}, "Its max output tokens cannot be 1000000000001."),
        ({"max_output_tokens": 2**63}, "Its max output tokens cannot be that many digits long."),
        ({"position": 2**31}, "Its position is 2147483648."),
        ({"upstream_ids": ("a\0b",)}, "It holds a NUL character, which PostgreSQL does not keep."),
        (
            {"rates": (row(up_to=2**63), row(above=2**63))},
            "One of its tiers begins or ends beyond all numbers of tokens.",
        ),
        (
            {"rates": (row(), row(above=2**63))},
            "One of its tiers begins or ends beyond all numbers of tokens.",
        ),
        ({"rates": (row(request=10**16 + 1),)}, "One of its prices is too large to be one."),
        ({"rates": (row(output=10**11 + 1),)}, "One of its prices is too large to be one."),
        (
            {"rates": (row(), row(mode="m" * 61))},
            "One of its modes has 61 characters; 60 are the most that are kept.",
        ),
    ],
)
def test_what_cannot_be_held_is_left_out_with_its_reason(fields, reason):
    done = sync(catalog(), record("bad", **fields), record("good"))
    assert (done.outcome, done.added, done.skipped_rows) == (Outcome.STORED, 1, [["bad", reason]])
    assert (done.seen, done.skipped, done.message) == (1, 1, "1 row was left out.")
    assert list(Rate.objects.values_list("ref", flat=True)) == ["good"]


def test_an_id_that_is_too_long_is_told_in_short():
    done = sync(catalog(), record("x" * 301, name="x"), record("good"))
    assert done.skipped_rows == [["x" * 300, "Its id has 301 characters; 300 are the most that are kept."]]


def test_an_id_with_a_nul_is_left_out():
    done = sync(catalog(), record("a\0b"), record("good"))
    assert done.skipped_rows == [["ab", "It holds a NUL character, which PostgreSQL does not keep."]]


def test_texts_of_the_answer_that_no_database_keeps_are_cleaned():
    skip = Skip("a\0b", "Expected int, got “\0\ud800”.")
    FixedSource.answer = Fetched((record("good"),), (skip,), "https://example.org/\0" + "x" * 400, ("Odd\0.",))
    done = sync_catalog(catalog())
    done.refresh_from_db()
    assert (done.outcome, done.message) == (Outcome.STORED, "Odd. 1 row was left out.")
    assert done.skipped_rows == [["ab", "Expected int, got “?”."]]
    assert done.read_from == "https://example.org/" + "x" * 400


def test_an_error_of_the_source_is_cleaned_too():
    failed = failing_sync(catalog(), SourceUnreadable("Invalid value “a\0b”."))
    failed.refresh_from_db()
    assert failed.message == "Invalid value “ab”."


def test_a_name_that_grows_in_lower_case_is_stored():
    assert sync(catalog(), record("a", name="ß" * 300)).added == 1
    assert Rate.objects.get().sort_name == "ss" * 150


def test_a_past_that_cannot_be_held_counts_too():
    past = (PastState(None, state("old", context_tokens=-1)),)
    done = sync(catalog(), OfferRecord("bad", state(), since=NOON, past=past), record("good"))
    assert done.skipped_rows == [["bad", "Its context tokens cannot be -1."]]


def test_what_just_fits_is_stored():
    widest = record(
        "x" * 300,
        name="n" * 300,
        provider="p" * 100,
        context_tokens=10**12,
        position=-(2**31) + 1,
        rates=(row(input=10**11, request=10**16), row(mode="m" * 60)),
    )
    assert sync(catalog(), widest).added == 1


def test_a_stored_offer_whose_new_state_cannot_be_held_stays_as_it_was():
    team = catalog()
    others = [record(ref) for ref in "bcde"]
    sync(team, record("a"), *others)
    done = sync(team, record("a", context_tokens=-1), *others)
    assert (done.outcome, done.skipped, done.retired) == (Outcome.UNCHANGED, 1, 0)


def test_the_limits_are_those_of_the_tables():
    assert Offer._meta.get_field("ref").max_length == LONGEST_REF
    assert Rate._meta.get_field("mode").max_length == LONGEST_MODE
    assert Rate._meta.get_field("sort_name").max_length == LONGEST_NAME


def test_what_is_on_record_already_is_not_left_out_for_what_is_not_stored():
    team = catalog()
    sync(team, record("a"))
    done = sync(team, record("a", raw='{"new": "\\u0000"}'))
    assert (done.outcome, done.seen, done.skipped) == (Outcome.UNCHANGED, 1, 0)
