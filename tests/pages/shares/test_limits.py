"""How many links and visits there may be, who is told to wait, and what the log holds of tokens."""

import logging
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.test import Client
from huey.contrib.djhuey import HUEY

from catalog.models import Share
from dashboard.shares.limits import MOST_GUESSES, MOST_VISITS
from tests.pages.shares.shared import share
from tests.pages.world import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_world")]
LONG_AGO, LATELY = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def test_guesses_are_slowed_down_and_a_right_one_is_not(client):
    path = share(browser_of("member"), "/")
    answers = [client.get(f"/s/{number}/").status_code for number in range(MOST_GUESSES + 2)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert client.get("/s/0/")["Retry-After"] == "60"
    assert client.get(path).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/s/0/").status_code == 404


def test_one_without_such_a_file_says_so_as_privately_and_the_log_tells_no_token(client, monkeypatch):
    written = StringIO()
    stderr = next(one for one in logging.getLogger().handlers if one.get_name() == "stderr")
    monkeypatch.setattr(stderr, "stream", written)
    path = share(browser_of("member"), "/")
    for tail, status in (("", 200), ("export.exe", 404)):
        answer = client.get(path + tail)
        assert answer.status_code == status
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert client.get("/s/guessed-well/").status_code == 404
    told = written.getvalue()
    assert "Not Found: /s/…/export.exe" in told
    assert "Not Found: /s/…/\n" in told


@pytest.mark.parametrize("over", [{"revoked_at": LATELY}, {"created_at": LONG_AGO, "expires_at": LATELY}])
def test_one_that_opens_nothing_any_more_stays_so_and_leaves_room_for_another(client, monkeypatch, over):
    monkeypatch.setattr("catalog.services.shares.MOST_KEPT", 1)
    member = browser_of("member")
    path = share(member, "/", title="Mine")
    full = member.post("/shares/new/", {"from": "/", "title": "A", "lasts": "7", "audience": "link"})
    assert "You have 1 links already" in full.content.decode()
    Share.objects.update(**over)
    prolonged = {"title": "Ours", "note": "", "audience": "link", "lasts": ""}
    told = member.post(f"/shares/{Share.objects.get().pk}/edit/", prolonged, follow=True).content.decode()
    assert "This link opens nothing any more" in told
    assert Share.objects.get().title == "Mine"
    assert client.get(path).status_code == 404
    assert client.get(share(member, "/")).status_code == 200


def test_a_flood_of_visits_does_not_fill_the_queue():
    path = share(browser_of("member"), "/")
    other = share(browser_of("member"), "/?q=1")
    HUEY.flush()
    assert {Client().get(path).status_code for _ in range(MOST_VISITS + 5)} == {200}
    assert HUEY.pending_count() == MOST_VISITS
    Client().get(other)
    assert HUEY.pending_count() == MOST_VISITS + 1
