"""The findings of the audit as files, and as Markdown to copy: what the page lists, in its words."""

from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.models import Dismissal
from catalog.sources.errors import SourceError
from tests.make import failing_sync, sync
from tests.pages.files import assert_all_formats_hold_the_same, assert_no_file, facts_of, rows_of, told
from tests.pages.test_audit import PAGE, beta_offers, digests, sentences, two_catalogs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two():
    return two_catalogs()


@pytest.mark.parametrize("query", ["", "?sort=model", "?tab=context", "?catalog=alpha", "?q=groq", "?q=zzz"])
def test_the_file_is_the_page_row_for_row(client, query):
    assert [row["finding"] for row in rows_of(client, "audit", query)] == sentences(client.get(f"{PAGE}{query}"))


def test_a_row_names_the_kind_the_model_and_every_offer(client):
    row = rows_of(client, "audit", "?tab=context")[0]
    assert row["kind"] == "Context differs"
    assert row["about"] == "openai/o3"
    assert row["offers"] == "o3 (Alpha); o3 (Beta)"
    assert row["catalogs"] == "Alpha; Beta"


def test_it_says_what_it_is_and_its_link_shows_the_same_tomorrow(client, two):
    query = "?tab=disagree&provider=openai&sort=model"
    before = told(client, "audit", query)
    assert f"as_of={before['as_of']}" in before["link"]
    facts = facts_of(client, "audit", query)
    assert (facts["Findings"], facts["Provider"], facts["Sorted by"]) == ("Catalogs disagree", "OpenAI", "Model")
    sync(two[1], *beta_offers(price=9))
    later = told(client, "audit", f"?{before['link'].partition('?')[2]}")
    assert later["rows"] == before["rows"]
    assert rows_of(client, "audit", query) != before["rows"]


def test_of_a_catalog_itself_it_says_that_no_past_is_kept(client, two):
    failing_sync(two[0], SourceError("The key was refused."))
    rows = rows_of(client, "audit", "?tab=failing")
    assert [row["about"] for row in rows] == ["Alpha"]
    assert "of this moment alone" in facts_of(client, "audit", "?tab=failing")["Catalogs"]
    assert "Catalogs" not in facts_of(client, "audit", "?tab=context")


def test_what_was_dismissed_stands_with_its_reason(client):
    manager = Client()
    manager.force_login(User.objects.create_superuser("casey"))
    digest = digests(manager.get(f"{PAGE}?tab=context"))[0]
    manager.post("/audit/dismiss/", {"digest": digest, "reason": "A smaller\nhost"})
    row = rows_of(client, "audit", "?tab=dismissed")[0]
    assert "reason" not in row
    assert rows_of(manager, "audit", "?tab=dismissed") == [row | {"reason": "A smaller host"}]
    assert row["dismissed"].startswith(Dismissal.objects.get().at.isoformat()[:19])
    assert "casey" not in str(row)
    assert len(rows_of(client, "audit")) == 2


@pytest.mark.parametrize("query", ["", "?tab=disagree&as_of=2026-01-01"])
def test_all_formats_hold_the_same(client, query):
    assert_all_formats_hold_the_same(client, "audit", query)


def test_the_page_leads_to_files_and_to_the_text_to_copy(client):
    page = unescape(client.get(f"{PAGE}?tab=context").content.decode())
    assert 'href="/export/audit.xlsx?tab=context"' in page
    assert 'data-copy="/export/audit.txt?tab=context"' in page
    part = client.get(f"{PAGE}?tab=output", headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert 'data-copy="/export/audit.txt?tab=output"' in part


def test_what_makes_no_sense_gives_no_file(client):
    assert "nonsense" in assert_no_file(client, "/export/audit.md?tab=nonsense")
