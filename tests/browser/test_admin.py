"""The admin in a browser: axe on its pages in either theme, and the way from a key to the models that it opens."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.look import faults
from tests.browser.test_catalogs import WORK, line
from tests.serve import Answer, Request, serving

SERIOUS = ("serious", "critical")
PATHS = (
    "/admin/",
    "/admin/catalog/catalog/",
    "/admin/catalog/catalog/add/",
    "/admin/catalog/catalog/add/?kind=freddy",
    "/admin/catalog/catalog/add/?kind=galtea",
    "/admin/catalog/credential/",
    "/admin/catalog/credential/add/",
    "/admin/catalog/sync/",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(staff, theme):
    page = staff("/admin/catalog/catalog/", theme=theme)
    own = page.locator("th.field-name a").first.get_attribute("href")
    page.goto("/admin/catalog/sync/")
    sync = page.locator("#result_list tbody a").first.get_attribute("href")
    for path in (*PATHS, own, sync):
        page.goto(path)
        before = len(page.complaints)
        assert faults(page, impacts=SERIOUS) == []
        del page.complaints[before:]  # axe styles some of the admin's fields to measure them, which the policy refuses


def test_it_is_ratecard_s_and_leads_to_the_catalog_s_page_and_back(staff):
    page = staff("/admin/catalog/catalog/?q=held")
    expect(page).to_have_title(re.compile("Ratecard admin"))
    expect(page.locator("#result_list")).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"))
    page.get_by_role("link", name="Held", exact=True).click()
    page.get_by_role("link", name="View on site").click()
    expect(page).to_have_url(re.compile(r"/catalogs/held/$"))
    page.get_by_role("link", name="Edit in the admin").click()
    expect(page).to_have_url(re.compile(r"/admin/catalog/catalog/\d+/change/$"))


KEY = "sk-live-THE-SECRET-9876"
WRONG = "sk-wrong-NEVER-SHOWN-1234"
MINUTE = f"from catalog.sync.tasks import sync_due\nsync_due.call_local()\n{WORK}"
"""What the worker does each minute."""
MODELS = (Path(__file__).parent.parent / "sources" / "answers" / "freddy.json").read_bytes()


def freddy(request: Request) -> Answer:
    """Freddy as its contract has it: models for the right key, 401 for any other."""
    if request.headers["Authorization"] == f"Bearer {KEY}":
        return Answer(MODELS)
    return Answer(b'{"error": "unauthorized"}', status=401)


def test_from_a_key_to_its_models_on_the_offers_page(staff, shell):
    """Add a credential and a Freddy catalog, try it, read it, see its models; no page ever holds the key."""
    with serving(freddy) as address:
        page = staff("/admin/catalog/credential/add/")

        def clean():
            assert KEY not in page.content()
            assert WRONG not in page.content()

        page.get_by_label("Label").fill("Our Freddy key")
        page.locator("input[name=secret]").fill(WRONG)
        page.get_by_role("button", name="Save", exact=True).click()
        clean()
        page.goto("/admin/catalog/catalog/add/?kind=freddy")
        page.get_by_label("Name", exact=False).first.fill("Our Freddy")
        page.locator("#id_slug").fill("our-freddy")
        page.locator("#id_base_url").fill(address)
        page.locator("#id_organization").fill("org_abc123")
        page.locator("#id_credential").select_option(label=page.locator("#id_credential option").last.inner_text())
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).to_have_url(re.compile(r"/change/$"))
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator(".messagelist, .messages").first).to_contain_text("key")
        clean()

        shell(MINUTE)
        page.goto("/catalogs/")
        expect(page.locator("main")).to_contain_text("refused the key")
        clean()

        page.goto("/admin/catalog/credential/")
        page.get_by_role("link", name="Our Freddy key").click()
        page.locator("input[name=secret]").fill(KEY)
        page.get_by_role("button", name="Save", exact=True).click()
        clean()
        page.goto("/admin/catalog/catalog/?q=freddy")
        page.get_by_role("link", name="Our Freddy", exact=True).click()
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator(".messagelist, .messages").first).to_contain_text("It answers with")
        clean()

        page.goto("/catalogs/")
        page.get_by_label("Sync Our Freddy now").click()
        expect(line(page, "Our Freddy")).to_contain_text("Waiting for the worker")
        shell(WORK)
        expect(line(page, "Our Freddy")).to_contain_text("Read just now")
        page.goto("/?catalog=our-freddy")
        clean()
        rows = page.locator("#results tbody tr")
        total = rows.count()
        assert total > 1
        page.locator("#facets input[name=provider]").first.check()
        page.wait_for_url("**provider=**")
        expect(rows).not_to_have_count(total)
        rows.first.get_by_role("link").first.click()
        clean()
