"""Health checks, error pages and the headers that every answer has."""

from contextlib import closing

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

application = get_wsgi_application()


def test_the_process_answers_without_a_database(client):
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_with_all_migrations(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client):
    with connection.cursor() as cursor:
        last = "SELECT MAX(id) FROM django_migrations WHERE app = 'catalog'"
        cursor.execute(f"DELETE FROM django_migrations WHERE id = ({last})")
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"1 migrations are missing.\n")


@pytest.mark.django_db
def test_an_unknown_address_is_a_page_of_ours(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert b"Nothing here" in response.content


@pytest.mark.django_db
def test_security_headers(client):
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    html = response.content.decode()
    assert " style=" not in html
    assert " onclick=" not in html
    assert "<style" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/healthz", "/readyz", "/offers/1/"])
def test_get_never_writes(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    assert not [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("address", ["/", "/offers/1/", "/healthz"])
def test_pages_are_only_read(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere/", "/export/offers.csv"])
def test_head_is_answered_without_a_body(path):
    """Through the application itself: the client of other tests takes the body of a HEAD away."""
    answers = {}
    for method in ("GET", "HEAD"):
        asked = RequestFactory().generic(method, path).environ
        body = application(asked, lambda status, headers, method=method: answers.update({method: (status, headers)}))
        with closing(body):
            assert (b"".join(body) == b"") == (method == "HEAD")
    (status, headers), (same, others) = answers["GET"], answers["HEAD"]
    assert same == status
    assert {name for name, _ in others} == {name for name, _ in headers}
