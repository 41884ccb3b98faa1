"""Theme and row height are cookies, set by a form that works without JavaScript."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_choice_is_kept_and_leads_back(client):
    response = client.post("/appearance/", {"theme": "dark", "rows": "tight", "next": "/?q=opus"})
    assert response.status_code == 302
    assert response["Location"] == "/?q=opus"
    html = client.get("/?q=opus").content.decode()
    assert '<html lang="en" data-theme="dark">' in html


def test_system_takes_the_choice_back(client):
    client.post("/appearance/", {"theme": "dark"})
    client.post("/appearance/", {"theme": "auto"})
    assert "data-theme" not in client.get("/").content.decode()


def test_htmx_needs_no_page(client):
    assert client.post("/appearance/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204


def test_nonsense_is_not_kept(client):
    client.post("/appearance/", {"theme": "pink"})
    assert "theme" not in client.cookies
    client.cookies["theme"] = '"><script>'
    assert "<script>&" not in client.get("/").content.decode()
    assert "data-theme" not in client.get("/").content.decode()


def test_it_leads_to_no_other_site(client):
    response = client.post("/appearance/", {"theme": "dark", "next": "https://example.com/"})
    assert response["Location"] == "/"


def test_reading_sets_nothing():
    assert Client().get("/appearance/").status_code == 405


def test_another_site_cannot_post_it():
    assert Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"}).status_code == 403
