"""Which model an offer is, in the admin: looked at, decided in bulk and one by one, written down, and undone."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Family, Link
from catalog.services import matching
from tests.make import catalog, record, row, sync
from tests.pages.test_offers import text

pytestmark = pytest.mark.django_db
LINKS = "/admin/catalog/link/"
DECIDE = f"{LINKS}decide/"
FAMILIES = "/admin/catalog/family/"
MERGE = f"{FAMILIES}merge/"
REVIEWS = "/admin/catalog/review/"
NOBODY = {"provider": "", "provider_name": ""}


@pytest.fixture(autouse=True)
def _two():
    sync(
        catalog("Team"),
        record("gpt-4.1", rates=(row(input=2_500_000),)),
        record("odd", key="gpt-4.1", upstream_ids=("gpt-4o",)),
        record("gpt-4o", context_tokens=64_000),
        record("databricks-gpt-4o", provider="databricks", price_state="zero_unconfirmed", rates=(row(input=0),)),
        record("house-model", **NOBODY),
    )
    sync(catalog("Members", visibility="members"), record("house-model", **NOBODY), record("GPT 4.1", key="gpt-4.1"))


def link(ref, slug="team"):
    found = Link.objects.select_related("family", "offer__catalog")
    return found.get(valid_to=None, offer__ref=ref, offer__catalog__slug=slug)


def told(ref, slug="team"):
    found = link(ref, slug)
    return found.state, found.family.slug if found.family else None


def family(slug):
    return Family.objects.get(slug=slug)


def refs(client, query=""):
    return sorted(one.offer.ref for one in client.get(LINKS + query).context["cl"].result_list)


def act(client, action, *links, query=""):
    chosen = {"action": action, "_selected_action": [str(one.pk) for one in links], "index": "0"}
    return client.post(LINKS + query, chosen, follow=True)


def staff(client, *codenames):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


class TestList:
    def test_it_holds_what_is_not_certain_and_filters_by_state_catalog_and_words(self, admin_client):
        unsure = ["databricks-gpt-4o", "house-model", "house-model", "odd"]
        assert refs(admin_client) == unsure
        matching.reject([link("odd")], None)
        assert refs(admin_client) == ["databricks-gpt-4o", "house-model", "house-model"]
        for query, found in {
            "?state=manual": ["odd"],
            "?state=probable": ["databricks-gpt-4o"],
            "?state=certain": ["GPT 4.1", "gpt-4.1", "gpt-4o"],
            "?state=unmatched&offer__catalog__id__exact=" + str(link("odd").offer.catalog_id): ["house-model"],
            "?q=databricks": ["databricks-gpt-4o"],
            "?state=all&q=openai/gpt-4.1": ["GPT 4.1", "gpt-4.1"],
        }.items():
            assert refs(admin_client, query) == found, query
        page = text(admin_client.get(LINKS))
        assert "Not certain (3)" in page
        assert "Manual (1)" in page

    def test_a_row_tells_the_reason_the_names_and_the_figures_side_by_side(self, admin_client):
        page = unescape(text(admin_client.get(f"{LINKS}?state=conflict")))
        assert "Conflict Its own ids name different models." in page
        assert "id at the vendor gpt-4o → openai/gpt-4o" in page
        assert "key gpt-4.1 → openai/gpt-4.1" in page
        assert "This offer 128,000 2.00 8.00" in page
        assert "openai/gpt-4o 2 offers 64,000 – 128,000 2.00 8.00 Accept" in page  # an unconfirmed 0 is no price
        assert "openai/gpt-4.1 2 offers 128,000 2.00 – 2.50 8.00 Accept" in page

    def test_a_zero_that_need_not_be_meant_is_none(self, admin_client):
        assert "This offer 128,000 0, unconfirmed 8.00" in text(admin_client.get(f"{LINKS}?state=probable"))

    @pytest.mark.parametrize("address", [LINKS, f"{FAMILIES}?merged=all", "/admin/catalog/alias/", REVIEWS])
    def test_as_many_queries_for_fifty_rows_as_for_one(self, admin_client, address):
        team = link("odd").offer.catalog

        def queries(number):
            sync(
                team,
                *(
                    record(f"databricks-gpt-{i}", key=f"databricks-gpt-{i}", upstream_ids=(f"gpt-{i}x",))
                    for i in range(number)
                ),
                *(record(f"gpt-{i}") for i in range(number)),
                approve=True,
            )
            for name in range(number):
                matching.assign([link(f"gpt-{name}")], f"acme/m{name}", User.objects.get(), by_name=True)
            with CaptureQueriesContext(connection) as found:
                response = admin_client.get(address)
            return len(response.context["cl"].result_list), len(found)

        (few, asked), (many, asked_again) = queries(1), queries(12)
        assert few + 10 < many
        assert asked == asked_again
