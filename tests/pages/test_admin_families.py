"""Families in the admin: merged, split and found; decisions undone together; and addresses that make no sense."""

from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Family, Link, Review
from catalog.services import matching
from tests.make import catalog, record, sync
from tests.pages.test_offers import text

pytestmark = pytest.mark.django_db
DECIDE = "/admin/catalog/link/decide/"
FAMILIES = "/admin/catalog/family/"
MERGE = f"{FAMILIES}merge/"
REVIEWS = "/admin/catalog/review/"


@pytest.fixture(autouse=True)
def _team():
    sync(catalog("Team"), record("gpt-4.1"), record("gpt-4o"), record("o3"), record("o4"))


def family(slug):
    return Family.objects.get(slug=slug)


def link(ref):
    return Link.objects.select_related("offer", "family").get(offer__ref=ref, valid_to=None)


def undone(client, *reviews):
    chosen = {"action": "undo_chosen", "_selected_action": [str(one.pk) for one in reviews], "index": "0"}
    return client.post(REVIEWS, chosen, follow=True)


class TestMerge:
    def test_it_leads_to_the_family_that_is_meant(self, admin_client):
        address = f"{MERGE}?family={family('openai/gpt-4o').pk}"
        response = admin_client.post(address, {"into": " openai/GPT-4.1"})
        assert response["Location"] == f"{FAMILIES}{family('openai/gpt-4.1').pk}/change/"
        assert link("gpt-4o").family.slug == "openai/gpt-4.1"
        logged = LogEntry.objects.filter(change_message="openai/gpt-4o merged into openai/gpt-4.1.")
        assert sorted(one.object_repr for one in logged) == ["openai/gpt-4.1", "openai/gpt-4o"]

    @pytest.mark.parametrize("into", ["nonsense", "a\0/b", "v" * 101 + "/b", "openai/" + "n" * 750, "openai/gpt-4o"])
    def test_what_cannot_be_is_told_of(self, admin_client, into):
        response = admin_client.post(f"{MERGE}?family={family('openai/gpt-4o').pk}", {"into": into}, follow=True)
        assert response.status_code == 200
        assert "Nothing was decided." in text(response)
        assert not Review.objects.exists()

    @pytest.mark.parametrize(("query", "found"), [("4o", 1), ("4%00o", 0), ("4o+" * 1_500, 1)])
    def test_any_words_can_be_searched_for(self, admin_client, query, found):
        address = f"{MERGE}?family={family('openai/o3').pk}&q={query}"
        assert admin_client.get(address).content.decode().count('name="into" value="openai/gpt-4o"') == found


class TestUndo:
    def test_several_are_undone_the_latest_first_and_offers_linked_once(self, admin_client):
        first = matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)
        second = matching.merge(["openai/gpt-4.1"], "openai/o3", None)
        stale = matching.reject([link("o4")], None)
        matching.release([link("o4")], None)
        with CaptureQueriesContext(connection) as queries:
            page = unescape(text(undone(admin_client, first, second, stale)))
        assert "Undone: Merged openai/gpt-4.1 into openai/o3." in page
        assert "Undone: Merged openai/gpt-4o into openai/gpt-4.1." in page
        assert "Rejected o4 of Team: Somebody has decided otherwise since. Undo that decision first." in page
        assert {ref: link(ref).family.slug for ref in ("gpt-4o", "gpt-4.1", "o4")} == {
            "gpt-4o": "openai/gpt-4o",
            "gpt-4.1": "openai/gpt-4.1",
            "o4": "openai/o4",
        }
        assert sum('FROM "catalog_revision"' in one["sql"] for one in queries) == 1

    def test_no_more_than_a_hundred(self, admin_client):
        for _ in range(101):
            review = Review.objects.create(action="Merged", at=Link.objects.latest("pk").valid_from)
        response = undone(admin_client, *Review.objects.all())
        review.refresh_from_db()
        assert "Choose 100 at most" in text(response)
        assert review.undone_at is None


@pytest.mark.parametrize("number", ["²", "٣", "9" * 30, "x"])
def test_a_number_that_is_none_is_ignored(admin_client, number):
    assert admin_client.get(f"{FAMILIES}{number}/change/")["Location"] == FAMILIES
    for address in (f"{MERGE}?family={number}", f"{DECIDE}?link={number}"):
        assert admin_client.get(address, follow=True).status_code == 200
    response = admin_client.post(DECIDE, {"do": "reject", "link": number, "of": number}, follow=True)
    assert "Nothing was decided" in text(response)
