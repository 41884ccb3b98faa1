"""Offers are linked to families with each sync, and what a person decided stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import BEGINNING, Alias, Assignment, Catalog, Family, Link, Offer
from catalog.sync.links import link_offers
from tests import make

pytestmark = pytest.mark.django_db


def link_of(ref: str, slug: str = "team") -> Link:
    return Link.objects.select_related("family").get(offer__ref=ref, offer__catalog__slug=slug, valid_to=None)


def state_of(ref: str) -> tuple[str, str | None]:
    link = link_of(ref)
    return link.state, link.family.slug if link.family else None


def test_every_offer_of_a_sync_has_a_link() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"), make.record("no-such-thing", provider="", provider_name=""))

    assert state_of("gpt-4.1") == ("certain", "openai/gpt-4.1")
    assert state_of("no-such-thing") == ("unmatched", None)
    assert link_of("gpt-4.1").valid_from == BEGINNING


def test_the_same_model_in_two_catalogs_is_one_family() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"))
    make.sync(make.catalog("Router"), make.record("openai/GPT-4.1", key="openai/gpt-4.1", provider="azure"))

    assert link_of("openai/GPT-4.1", "router").family == link_of("gpt-4.1").family


def test_ids_that_name_different_models_are_a_conflict_and_lead_nowhere() -> None:
    # As in the answer that Freddy documents.
    make.sync(
        make.catalog(),
        make.record("gpt-4.1", upstream_ids=("gpt-4-turbo-preview",)),
        make.record("gpt-4-turbo-preview"),
    )

    assert state_of("gpt-4.1") == ("conflict", None)
    assert sorted(link_of("gpt-4.1").candidates) == ["openai/gpt-4-turbo-preview", "openai/gpt-4.1"]


def test_a_second_sync_with_the_same_names_writes_no_link() -> None:
    team = make.catalog()
    make.sync(team, make.record("gpt-4.1"))
    before = list(Link.objects.values_list("pk", flat=True))

    make.sync(team, make.record("gpt-4.1", rates=(make.row(input=3 * make.DOLLAR),)))

    assert list(Link.objects.values_list("pk", flat=True)) == before
    assert link_offers(timezone.now()) == 0


def test_a_new_name_is_a_new_link_and_the_old_one_ends() -> None:
    team = make.catalog()
    make.sync(team, make.record("deployment-1", key="gpt-4.1"))
    first = link_of("deployment-1")

    make.sync(team, make.record("deployment-1", key="gpt-4.1-mini", name="GPT-4.1 mini"))

    first.refresh_from_db()
    second = link_of("deployment-1")
    assert second.family is not None
    assert second.family.slug == "openai/gpt-4.1-mini"
    assert first.valid_to == second.valid_from


def test_a_persons_decision_beats_the_rules_and_survives_syncs() -> None:
    team = make.catalog()
    make.sync(team, make.record("gpt-4.1"), make.record("house-model", provider="", provider_name=""))
    gpt = Family.objects.get(slug="openai/gpt-4.1")
    Alias.objects.create(name="house-model", family=gpt)
    Assignment.objects.create(offer=Offer.objects.get(ref="gpt-4.1"), family=None)

    link_offers(timezone.now())
    make.sync(team, make.record("gpt-4.1"), make.record("house-model"), make.record("gpt-4o"))

    assert state_of("house-model") == ("manual", "openai/gpt-4.1")
    assert state_of("gpt-4.1") == ("manual", None)


def test_a_merged_family_is_followed_to_where_it_went() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"), make.record("gpt-4.1-nano"))
    one, other = Family.objects.get(slug="openai/gpt-4.1-nano"), Family.objects.get(slug="openai/gpt-4.1")
    one.merged_into = other
    one.save()

    assert link_offers(timezone.now()) == 1
    assert link_of("gpt-4.1-nano").family == other


def test_links_of_one_moment_replace_each_other() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"))
    moment = timezone.now() + timedelta(hours=1)
    offer = Offer.objects.get()
    Assignment.objects.create(offer=offer, family=None)
    link_offers(moment)
    Assignment.objects.all().delete()
    link_offers(moment)

    assert state_of("gpt-4.1") == ("certain", "openai/gpt-4.1")
    assert list(Link.objects.order_by("valid_from").values_list("valid_from", "valid_to")) == [
        (BEGINNING, moment),
        (moment, None),
    ]


def test_a_sync_that_began_before_a_decision_leaves_one_link_for_each_moment() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"))
    began, decided = timezone.now(), timezone.now() + timedelta(minutes=1)
    Assignment.objects.create(offer=Offer.objects.get(), family=None)
    link_offers(decided)
    Assignment.objects.all().delete()

    link_offers(began)

    assert list(Link.objects.order_by("valid_from").values_list("valid_from", "valid_to")) == [
        (BEGINNING, decided),
        (decided, None),
    ]


def test_a_changed_link_changes_what_pages_carry_as_etag() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"))
    before = Catalog.objects.get().links_version
    Assignment.objects.create(offer=Offer.objects.get(), family=None)

    link_offers(timezone.now())

    assert Catalog.objects.get().links_version == before + 1


def test_a_family_is_called_as_its_vendor_calls_it() -> None:
    make.sync(make.catalog(), make.record("gpt-4.1", name="GPT-4.1"))
    make.sync(
        make.catalog("Router"),
        make.record("azure/gpt-4.1", name="Azure GPT 4.1", key="gpt-4.1", provider="azure"),
        make.record("eu/gpt-4.1", name="Azure GPT 4.1", key="gpt-4.1", provider="azure"),
    )

    assert Family.objects.get(slug="openai/gpt-4.1").title == "GPT-4.1"


@pytest.mark.parametrize(("state", "with_family"), [("certain", False), ("conflict", True)])
def test_the_database_holds_family_and_state_together(state: str, with_family: bool) -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"))
    family = Family.objects.get() if with_family else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.update(state=state, family=family)


@pytest.mark.parametrize("name", ["gpt-" + "ß" * 296, "gpt-4.1" + "-fp8" * 73, "openai/" + "gpt-" * 73, "x" * 300])
def test_the_longest_names_are_linked_too(name: str) -> None:
    make.sync(make.catalog(), make.record("gpt-4.1"), make.record("long", name=name, key=name))

    assert Link.objects.filter(valid_to=None).count() == 2
