"""Decisions about which model an offer is: each beats the rules, holds, and can be undone."""

import pytest
from django.contrib.auth.models import User

from catalog.models import Alias, Catalog, Family, Link, Review
from catalog.services import matching
from catalog.services.decisions import Impossible, undo
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


def test_a_suggestion_is_accepted_by_name_too_and_over_what_was_decided_for_the_offer(links: dict[str, Link]) -> None:
    matching.reject([links["house-model"]], None)
    rejected = current()["house-model"]
    make.sync(make.catalog("Other"), make.record("house-model", provider="", provider_name=""))

    matching.accept([rejected], None, "openai/gpt-4o")

    found = Link.objects.filter(valid_to=None, offer__ref="house-model").values_list("state", "family__slug")
    assert list(found) == [("manual", "openai/gpt-4o")] * 2


def test_a_conflict_is_accepted_for_the_offer_and_its_names_stay_what_they_are(links: dict[str, Link]) -> None:
    matching.accept([links["odd"]], None, "openai/gpt-4.1")

    assert told("odd") == ("manual", "openai/gpt-4.1")
    assert told("gpt-4o") == ("certain", "openai/gpt-4o")
    assert not Alias.objects.exists()


def test_ids_that_are_nearly_the_same_are_accepted_for_the_offer() -> None:
    # By name it would be a conflict: a reviewed id against another family's.
    make.sync(
        make.catalog(),
        make.record("proxy", key="gpt-3.5-turbo", upstream_ids=("gpt-3.5-turbo-0125",)),
        make.record("gpt-3.5-turbo"),
        make.record("gpt-3.5-turbo-0125"),
    )
    before = told("proxy")
    assert before[0] == "probable"

    matching.accept([current()["proxy"]], None)

    assert told("proxy") == ("manual", before[1])


def test_a_name_of_several_families_is_accepted_for_the_offer_alone() -> None:
    make.sync(make.catalog(), make.record("opal-1", provider="cohere"), make.record("x/opal-1", provider="mistral"))
    make.sync(make.catalog("Other"), make.record("opal-1", provider="mistral"), make.record("gpt-4o"))
    link = Link.objects.get(valid_to=None, offer__ref="opal-1", offer__catalog__slug="other")

    matching.accept([link], None, "openai/gpt-4o")

    states = Link.objects.filter(valid_to=None, offer__ref="opal-1").order_by("pk").values_list("state", flat=True)
    assert sorted(states) == ["certain", "manual"]


def test_what_others_are_called_since_does_not_move_a_reviewed_offer(links: dict[str, Link]) -> None:
    team = Catalog.objects.get()
    own = make.record("proxy", key="opal-9", upstream_ids=("house-model",), provider="", provider_name="")
    make.sync(team, *(make.record(ref) for ref in ("gpt-4.1", "gpt-4o")), own, approve=True)
    matching.accept([current()["proxy"]], None, "acme/house")
    assert Alias.objects.get().name == "house-model"

    make.sync(make.catalog("Cohere"), make.record("cohere/opal-9", provider="cohere"))

    assert told("cohere/opal-9") == ("certain", "cohere/opal-9")
    assert told("proxy") == ("manual", "acme/house")
    matching.release([current()["proxy"]], None)
    assert told("proxy") == ("probable", "cohere/opal-9")


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


def test_split_makes_a_new_family_alone(links: dict[str, Link]) -> None:
    matching.split([links["gpt-4.1"]], "openai/gpt-4.1-eu", None)
    assert told("gpt-4.1") == ("manual", "openai/gpt-4.1-eu")
    assert Review.objects.get().action == "Split gpt-4.1 of Team off as openai/gpt-4.1-eu"

    with pytest.raises(Impossible, match="already"):
        matching.split([links["odd"]], "openai/gpt-4o", None)


def test_release_leaves_it_to_the_rules_again(links: dict[str, Link]) -> None:
    matching.reject([links["gpt-4.1"]], None)

    matching.release([current()["gpt-4.1"]], None)

    assert told("gpt-4.1") == ("certain", "openai/gpt-4.1")


def test_a_name_is_left_to_the_rules_again(links: dict[str, Link]) -> None:
    matching.accept([links["gpt-4.1"]], None)

    matching.forget([links["gpt-4.1"].name], None)

    assert told("gpt-4.1") == ("certain", "openai/gpt-4.1")


def test_undo_leaves_out_offers_that_are_gone(links: dict[str, Link]) -> None:
    other = make.catalog("Other")
    make.sync(other, make.record("gpt-4.1"))
    every = list(Link.objects.filter(valid_to=None, offer__ref="gpt-4.1"))
    matching.reject(every, None)
    review = matching.release(list(Link.objects.filter(valid_to=None, offer__ref="gpt-4.1")), None)
    other.delete()

    undo(review, None)

    assert told("gpt-4.1") == ("manual", None)


def test_undo_restores_what_stood_and_only_once(links: dict[str, Link]) -> None:
    first = matching.assign([links["house-model"]], "acme/house", None)
    second = matching.assign([links["house-model"]], "acme/other", None)

    with pytest.raises(Impossible, match="since"):
        undo(first, None)
    undo(second, None)
    assert told("house-model") == ("manual", "acme/house")

    with pytest.raises(Impossible, match="already"):
        undo(second, None)


def test_a_decision_says_what_when_and_by_whom(links: dict[str, Link]) -> None:
    user = User.objects.create_user("dana")
    matching.reject([links["gpt-4.1"]], user)

    review = Review.objects.get()
    assert (review.action, review.by) == ("Rejected gpt-4.1 of Team", user)


@pytest.mark.parametrize(
    "slug", ["gpt-4.1", "/gpt-4.1", "openai/", "openai/gpt 4", "a/b/c", "", "a\0/b", "a/b\0", "a/b\x1b"]
)
def test_a_family_is_vendor_and_name(links: dict[str, Link], slug: str) -> None:
    with pytest.raises(Impossible, match="vendor/name"):
        matching.assign([links["odd"]], slug, None)

    assert {family.slug for family in Family.objects.all()} == {"openai/gpt-4.1", "openai/gpt-4o"}


@pytest.mark.parametrize(("vendor", "name", "fits"), [(100, 649, True), (101, 10, False), (100, 650, False)])
def test_a_family_is_no_longer_than_its_columns(links: dict[str, Link], vendor: int, name: int, fits: bool) -> None:
    slug = f"{'v' * vendor}/{'n' * name}"
    if fits:
        matching.assign([links["odd"]], slug, None)
        assert told("odd") == ("manual", slug)
    else:
        with pytest.raises(Impossible, match="characters at most"):
            matching.assign([links["odd"]], slug, None)
