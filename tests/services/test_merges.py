"""Families that people merge, one into the next, and families that are spelled in several ways."""

from collections.abc import Callable

import pytest

from catalog.models import Catalog, Family, Link, Review
from catalog.services import matching
from catalog.services.decisions import Impossible, undo, undo_all
from tests import make
from tests.services.test_matching import current, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def _team() -> None:
    """A team's catalog: two models, and an offer whose ids name both."""
    make.sync(
        make.catalog(),
        make.record("gpt-4.1"),
        make.record("odd", key="gpt-4.1", upstream_ids=("gpt-4o",)),
        make.record("gpt-4o"),
    )


@pytest.fixture
def two_spellings() -> Callable[[], None]:
    """A router that sells ``cohere/Opal-1``; what it gives reads Cohere's own catalog, which says ``opal-1``."""
    own = {"provider": "cohere", "provider_name": "Cohere"}
    router, cohere = make.catalog("Router"), make.catalog("Cohere")
    make.sync(
        router,
        make.record("cohere/Opal-1", key="cohere/Opal-1", provider="router", provider_name=""),
        make.record("x", provider="", provider_name=""),
    )
    make.sync(cohere, make.record("gem-2", **own))

    def read() -> None:
        make.sync(cohere, make.record("gem-2", **own), make.record("opal-1", **own))

    return read


@pytest.mark.usefixtures("_team")
def test_merge_and_undo() -> None:
    review = matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)
    assert told("gpt-4o") == ("certain", "openai/gpt-4.1")

    undo(review, None)
    assert told("gpt-4o") == ("certain", "openai/gpt-4o")


@pytest.mark.usefixtures("_team")
def test_families_cannot_be_merged_in_a_circle() -> None:
    matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)

    with pytest.raises(Impossible, match="before"):
        matching.merge(["openai/gpt-4.1"], "openai/gpt-4o", None)

    assert Review.objects.count() == 1


@pytest.mark.usefixtures("_team")
def test_a_merged_family_is_taken_apart_again() -> None:
    matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)

    matching.part("openai/gpt-4o", None)

    assert told("gpt-4o") == ("certain", "openai/gpt-4o")


@pytest.mark.usefixtures("_team")
def test_a_conflict_between_families_that_are_one_by_now_is_none() -> None:
    review = matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)
    assert told("odd") == ("manual", "openai/gpt-4.1")

    undo(review, None)
    assert told("odd") == ("conflict", None)


@pytest.mark.usefixtures("_team")
def test_a_chain_of_merges_is_followed_to_its_end_and_back() -> None:
    first = matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)
    second = matching.merge(["openai/gpt-4.1"], "acme/one", None)
    third = matching.merge(["acme/one"], "acme/two", None)
    assert told("gpt-4o") == told("gpt-4.1") == ("certain", "acme/two")
    with pytest.raises(Impossible, match="before"):
        matching.merge(["acme/two"], "openai/gpt-4o", None)

    undo(second, None)
    assert (told("gpt-4o")[1], told("gpt-4.1")[1]) == ("openai/gpt-4.1", "openai/gpt-4.1")
    assert undo_all([third, second, first], None) == {second.pk: "This decision was undone already."}
    assert (told("gpt-4o")[1], told("gpt-4.1")[1]) == ("openai/gpt-4o", "openai/gpt-4.1")


def test_a_merge_stays_when_the_vendor_spells_the_model_otherwise(two_spellings: Callable[[], None]) -> None:
    review = matching.merge(["cohere/Opal-1"], "cohere/gem-2", None)
    assert told("cohere/Opal-1") == ("certain", "cohere/gem-2")

    two_spellings()
    assert told("opal-1") == told("cohere/Opal-1") == ("certain", "cohere/gem-2")

    undo(review, None)
    assert told("opal-1") == told("cohere/Opal-1") == ("certain", "cohere/opal-1")


def test_a_conflict_that_a_merge_settled_stays_settled_however_it_is_spelled(two_spellings: Callable[[], None]) -> None:
    odd = make.record("odd", key="cohere/Opal-1", upstream_ids=("cohere/gem-2",), provider="router", provider_name="")
    make.sync(make.catalog("Other"), odd)
    assert told("odd") == ("conflict", None)
    matching.merge(["cohere/gem-2"], "cohere/Opal-1", None)
    settled = current()["odd"]

    two_spellings()

    assert settled.state == "manual"
    assert current()["odd"] == settled


def test_a_family_that_is_renamed_changes_pages_of_what_was_once_of_it(two_spellings: Callable[[], None]) -> None:
    old = make.catalog("Old")
    for key in ("cohere/Opal-1", "gpt-4.1"):
        make.sync(old, make.record("deployment", key=key, provider="router", provider_name=""))
    before = Catalog.objects.get(pk=old.pk).links_version

    two_spellings()

    assert Catalog.objects.get(pk=old.pk).links_version > before


def test_a_family_is_renamed_as_its_vendor_spells_it(two_spellings: Callable[[], None]) -> None:
    before = Link.objects.get(offer__ref="cohere/Opal-1")
    matching.assign([current()["x"]], "cohere/Opal-1", None)
    matching.release([current()["x"]], None)

    two_spellings()

    assert Family.objects.get(slug="cohere/opal-1").pk == before.family_id
    assert current()["cohere/Opal-1"].pk == before.pk  # its offers are of the same model still
    matching.merge(["cohere/gem-2"], "cohere/Opal-1", None)
    assert told("gem-2") == ("certain", "cohere/opal-1")
    with pytest.raises(Impossible, match="itself"):
        matching.merge(["cohere/OPAL-1"], "cohere/opal-1", None)
    undo(Review.objects.get(action__startswith="Left"), None)  # which stood as it was spelled then
    assert told("x") == ("manual", "cohere/opal-1")


def test_of_several_spellings_the_one_that_is_written_is_meant(two_spellings: Callable[[], None]) -> None:
    two_spellings()
    for slug in ("cohere/OPAL-1", "cohere/Opal-1"):  # as syncs left them once
        Family.objects.create(slug=slug, vendor="cohere", name="Opal-1", title="Opal")

    matching.merge(["cohere/OPAL-1"], "cohere/opal-1", None)
    assert Family.objects.get(slug="cohere/OPAL-1").merged_into == Family.objects.get(slug="cohere/opal-1")
    matching.assign([current()["gem-2"]], "cohere/oPAL-1", None)
    assert told("gem-2") == ("manual", "cohere/opal-1")


@pytest.mark.usefixtures("_team")
def test_what_a_catalog_only_had_changes_its_pages_too() -> None:
    old, other = make.catalog("Old"), make.catalog("Other")
    make.sync(old, make.record("gpt-9"), make.record("o3"))
    make.sync(other, make.record("o4"))
    matching.assign([current()["gpt-9"]], "openai/o3", None)

    def versions() -> list[int]:
        return [Catalog.objects.get(pk=one.pk).links_version for one in (old, other)]

    before = versions()
    review = matching.merge(["openai/gpt-9"], "openai/gpt-4.1", None)
    merged = versions()
    undo(review, None)
    undone = versions()

    assert before[0] < merged[0] < undone[0]
    assert before[1] == merged[1] == undone[1]
