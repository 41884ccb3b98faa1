"""Decisions about which model an offer is: each beats the rules, holds, and can be undone."""

import pytest
from django.contrib.auth.models import User

from catalog.models import Alias, Family, Link, Review
from catalog.services import matching
from catalog.services.matching import Impossible
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def links() -> dict[str, Link]:
    """A team's catalog: one sure link, one conflict, one that no rule knows."""
    make.sync(
        make.catalog(),
        make.record("gpt-4.1"),
        make.record("odd", key="gpt-4.1", upstream_ids=("gpt-4o",)),
        make.record("gpt-4o"),
        make.record("house-model", provider="", provider_name=""),
    )
    return current()


def current() -> dict[str, Link]:
    return {link.offer.ref: link for link in Link.objects.filter(valid_to=None).select_related("offer", "family")}


def told(ref: str) -> tuple[str, str | None]:
    link = current()[ref]
    return link.state, link.family.slug if link.family else None


def test_an_accepted_link_stands_by_name(links: dict[str, Link]) -> None:
    matching.accept([links["gpt-4.1"]], None)

    assert told("gpt-4.1") == ("manual", "openai/gpt-4.1")
    assert Alias.objects.get().name == links["gpt-4.1"].name


def test_only_a_link_that_leads_somewhere_can_be_accepted(links: dict[str, Link]) -> None:
    with pytest.raises(Impossible, match="Assign the others"):
        matching.accept([links["house-model"], links["gpt-4.1"]], None)

    assert not Review.objects.exists()


def test_a_conflict_is_settled_for_the_offer_itself(links: dict[str, Link]) -> None:
    matching.assign([links["odd"]], "openai/GPT-4O", None)

    assert told("odd") == ("manual", "openai/gpt-4o")
    assert told("gpt-4.1") == ("certain", "openai/gpt-4.1")


def test_a_rejected_offer_is_of_no_family(links: dict[str, Link]) -> None:
    matching.reject([links["gpt-4.1"]], None)

    assert told("gpt-4.1") == ("manual", None)


def test_a_name_can_be_assigned_for_all_that_are_called_so(links: dict[str, Link]) -> None:
    matching.assign([links["house-model"]], "acme/house", None, by_name=True)
    make.sync(make.catalog("Other"), make.record("house-model", provider="", provider_name=""))

    found = Link.objects.filter(valid_to=None, offer__ref="house-model").values_list("state", "family__slug")
    assert list(found) == [("manual", "acme/house")] * 2


def test_merge_and_undo(links: dict[str, Link]) -> None:
    review = matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)
    assert told("gpt-4o") == ("certain", "openai/gpt-4.1")

    matching.undo(review, None)
    assert told("gpt-4o") == ("certain", "openai/gpt-4o")


def test_families_cannot_be_merged_in_a_circle(links: dict[str, Link]) -> None:
    matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)

    with pytest.raises(Impossible, match="before"):
        matching.merge(["openai/gpt-4.1"], "openai/gpt-4o", None)

    assert Review.objects.count() == 1


def test_split_makes_a_new_family_alone(links: dict[str, Link]) -> None:
    matching.split([links["gpt-4.1"]], "openai/gpt-4.1-eu", None)
    assert told("gpt-4.1") == ("manual", "openai/gpt-4.1-eu")

    with pytest.raises(Impossible, match="already"):
        matching.split([links["odd"]], "openai/gpt-4o", None)


def test_release_leaves_it_to_the_rules_again(links: dict[str, Link]) -> None:
    matching.reject([links["gpt-4.1"]], None)

    matching.release([current()["gpt-4.1"]], None)

    assert told("gpt-4.1") == ("certain", "openai/gpt-4.1")


def test_undo_restores_what_stood_and_only_once(links: dict[str, Link]) -> None:
    first = matching.assign([links["house-model"]], "acme/house", None)
    second = matching.assign([links["house-model"]], "acme/other", None)

    with pytest.raises(Impossible, match="since"):
        matching.undo(first, None)
    matching.undo(second, None)
    assert told("house-model") == ("manual", "acme/house")

    with pytest.raises(Impossible, match="already"):
        matching.undo(second, None)


def test_a_decision_says_what_when_and_by_whom(links: dict[str, Link]) -> None:
    user = User.objects.create_user("dana")
    matching.reject([links["gpt-4.1"]], user)

    review = Review.objects.get()
    assert (review.action, review.by) == ("Rejected gpt-4.1", user)


@pytest.mark.parametrize("slug", ["gpt-4.1", "/gpt-4.1", "openai/", "openai/gpt 4", "a/b/c", ""])
def test_a_family_is_vendor_and_name(links: dict[str, Link], slug: str) -> None:
    with pytest.raises(Impossible, match="vendor/name"):
        matching.assign([links["odd"]], slug, None)

    assert not Family.objects.filter(slug=slug).exists()
