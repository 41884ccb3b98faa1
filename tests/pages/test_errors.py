"""Pages that say that something went wrong: in the look, with a way on, and without details for strangers."""

import pytest
from django.conf import settings as ours
from django.test import Client

from tests.make import catalog

pytestmark = pytest.mark.django_db


def page(response, status, title):
    html = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in html
    assert "ratecard.css" in html
    assert 'class="sign-in"' in html
    assert "Content-Security-Policy" in response.headers
    for detail in ("Traceback", "Exception", "Django", "DEBUG", "SECRET_KEY", "dashboard/"):
        assert detail not in html
    return html


def test_details_are_never_shown():
    assert ours.DEBUG is False


def test_not_found(client):
    html = page(client.get("/nowhere/?q=<script>"), 404, "Nothing here")
    assert "/nowhere/" not in html
    assert page(client.get("/offers/1/"), 404, "Nothing here") == html


def test_not_allowed(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("dana"))
    page(client.get("/admin/", follow=True), 403, "Not for this account")


def test_a_form_without_its_token(client):
    html = page(Client(enforce_csrf_checks=True).post("/sign-in/"), 403, "That form was too old")
    assert "Go back, reload the page and send it again." in html


def test_a_host_name_that_is_not_ours(client):
    html = page(client.get("/", headers={"Host": "evil.example"}), 400, "That request made no sense")
    assert "evil.example" not in html


def test_a_failure_of_ours(monkeypatch):
    monkeypatch.setattr("dashboard.views.offers.catalogs_visible_to", lambda user: 1 / 0)
    html = page(Client(raise_request_exception=False).get("/"), 500, "Ratecard failed")
    assert "division" not in html


def test_they_ask_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/nowhere/")
    catalog("Inner", visibility="members")
    assert "Inner" not in client.get("/nowhere/").content.decode()
