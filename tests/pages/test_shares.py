"""Links that share a view: what they show to whom, now and after everything has changed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.models import Share
from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.world import browser_of

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "results"}


@pytest.fixture
def dana():
    User.objects.create_user("dana")
    return browser_of("dana")


def share(client, address, **fields):
    """Share what this address shows, with anyone and pinned unless told otherwise; the link."""
    asked = {"from": address, "title": "For you", "lasts": "30", "audience": "link", **fields}
    made = client.post("/shares/new/", asked)
    assert made.status_code == 302, made.content.decode()

    return f"/s/{Share.objects.latest('pk').token}/"


def text(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_slice(dana, client):
    team = catalog()
    sync(team, record("a"), record("b"))
    pinned, live = share(dana, "/?q=a&sort=-input"), share(dana, "/?q=a", live="1")
    sync(team, record("a", rates=(row(input=3 * DOLLAR),)), record("b"))
    print(text(client, pinned))
    assert "3.00" not in text(client, pinned)
    assert "3.00" in text(client, live)
