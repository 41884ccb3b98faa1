"""Pages carry an ETag that changes with what they show and who looks, and answer 304 without building the table."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from catalog.models import Catalog, Offer
from catalog.sync.held_offers import dismiss_offer
from tests.make import catalog, record, row, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    made = catalog()
    sync(made, record("a"), record("b"))
    return made


@pytest.mark.usefixtures("team")
class TestNotModified:
    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "results"}])
    def test_304_after_one_query(self, client, headers, django_assert_num_queries):
        first = client.get("/?sort=-input", headers=headers)
        with django_assert_num_queries(1):  # the catalogs
            again = client.get("/?sort=-input", headers={**headers, "If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert "no-cache" in again["Cache-Control"]

    def test_the_offer_s_page_too(self, client, django_assert_num_queries):
        address = f"/offers/{Offer.objects.get(ref='a').pk}/"
        first = client.get(address)
        with django_assert_num_queries(1):
            assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304

    def test_a_compressed_page_is_known_again(self, client):
        first = client.get("/", headers={"Accept-Encoding": "gzip"})
        assert first["Content-Encoding"] == "gzip"
        again = client.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
        assert again.status_code == 304


def etag(client, address="/", **headers):
    return client.get(address, headers=headers)["ETag"]


class TestChanges:
    def test_stored_data(self, client, team):
        before = etag(client)
        sync(team, record("a", rates=(row(input=5),)), record("b"))
        assert etag(client) != before

    def test_a_held_price(self, client, team):
        before = etag(client)
        sync(team, record("a", rates=(row(input=5 * 10**9),)), record("b"))
        assert etag(client) != before

    def test_an_unchanged_sync_changes_nothing(self, client, team):
        before = etag(client)
        sync(team, record("a"), record("b"))
        assert etag(client) == before

    def test_a_catalog_s_name_visibility_or_error(self, client, team):
        seen = {etag(client)}
        for change in ({"name": "Renamed"}, {"slug": "new"}, {"last_error": "Refused."}, {"enabled": False}):
            Catalog.objects.update(**change)
            seen.add(etag(client))
        assert len(seen) == 5

    def test_a_dismissed_price(self, client, team):
        sync(team, record("a", rates=(row(input=5 * 10**9),)), record("b"))
        offer = Offer.objects.get(ref="a")
        addresses = ("/", f"/offers/{offer.pk}/", "/catalogs/team/")
        before = [etag(client, address) for address in addresses]
        dismiss_offer(offer, User.objects.create_user("dana"))
        for was, address in zip(before, addresses, strict=True):
            assert etag(client, address) != was

    def test_when_the_offer_s_own_catalog_was_read_if_another_is_older(self, client, team):
        sync(other := catalog("Other"), record("x"))
        Catalog.objects.filter(pk=other.pk).update(read_at=team.read_at - timedelta(minutes=50))
        address = f"/offers/{Offer.objects.get(ref='a').pk}/"
        before = etag(client, address)
        Catalog.objects.filter(pk=team.pk).update(read_at=team.read_at - timedelta(minutes=20))
        assert etag(client, address) != before

    def test_age(self, client, team):
        before = etag(client)
        Catalog.objects.update(read_at=team.read_at - timedelta(minutes=5))
        assert etag(client) != before

    def test_viewer_and_rights(self, client, team):
        user = User.objects.create_user("dana")
        member = Client()
        member.force_login(user)
        seen = {etag(client), etag(member)}
        sync(catalog("Inner", visibility="members"), record("x"))
        seen.add(etag(member))
        User.objects.update(is_staff=True)
        seen.add(etag(member))
        assert len(seen) == 4

    def test_rights_given_and_taken(self, client, team):
        group = Group.objects.create(name="team")
        inner = catalog("Inner", visibility="groups")
        inner.groups.set([group])
        sync(inner, record("x"))
        user = User.objects.create_user("dana")
        client.force_login(user)
        without = etag(client)
        for give, take in (
            (lambda: user.groups.add(group), lambda: user.groups.remove(group)),
            (lambda: Catalog.objects.filter(pk=inner.pk).update(visibility="members"), lambda: inner.save()),
            (lambda: inner.groups.set([group, user.groups.create(name="new")]), lambda: user.groups.clear()),
        ):
            give()
            again = client.get("/", headers={"If-None-Match": without})
            assert (again.status_code, b"Inner" in again.content) == (200, True)
            take()
            gone = client.get("/", headers={"If-None-Match": again["ETag"]})
            assert (gone.status_code, b"Inner" in gone.content) == (200, False)
            assert gone["ETag"] == without

    @pytest.mark.usefixtures("team")
    def test_the_forms_of_a_page_kept_from_before_signing_in_anew(self):
        User.objects.create_user("dana", password="correct horse 9")
        client, kept = Client(enforce_csrf_checks=True), None
        for _ in range(2):
            client.get("/sign-in/")
            token = client.cookies["csrftoken"].value
            form = {"username": "dana", "password": "correct horse 9", "csrfmiddlewaretoken": token}
            assert client.post("/sign-in/", form).status_code == 302
            page = client.get("/", headers={"If-None-Match": kept} if kept else {})
            assert page.status_code == 200
            kept = page["ETag"]
            token = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', page.content)[1].decode()
            assert client.post("/sign-out/", {"csrfmiddlewaretoken": token}).status_code == 200

    def test_part_look_and_address(self, client, team):
        seen = {etag(client), etag(client, **{"HX-Request": "true", "HX-Target": "results"}), etag(client, "/?q=a")}
        client.cookies["theme"] = "dark"
        seen.add(etag(client))
        client.cookies["rows"] = "tight"
        seen.add(etag(client))
        assert len(seen) == 5
