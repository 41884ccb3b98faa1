"""The catalog matrix in a browser: with JavaScript, without it, and for axe."""

import json
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.look import assert_looks_right, faults
from tests.browser.test_offers import address
from tests.services.test_matrix_real import packaged

BOTH = "/compare/catalogs/?c=reference&c=models-list"


@pytest.fixture(scope="module", autouse=True)
def _models_list(site, tmp_path_factory):
    """A second catalog beside the reference prices, taken away again for the tests of other pages."""
    saved = tmp_path_factory.mktemp("saved") / "api.json"
    saved.write_text(json.dumps(packaged()))
    env = {**os.environ, "VAR_DIR": site.folder, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    env.pop("DATABASE_URL", None)

    def manage(*command: str) -> None:
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)

    manage("catalog_add", "--kind", "models_dev", "--name", "Models list", "--visibility", "public")
    manage("catalog_import", "models-list", str(saved))
    yield
    gone = "from catalog.models import Catalog; Catalog.objects.get(slug='models-list').delete()"
    manage("shell", "-v0", "-c", gone)


def models(page):
    return page.locator("tbody .model .name").all_inner_texts()


def test_two_catalogs_only_in_one_sorted_by_gap(visit):
    page = visit("/")
    page.get_by_role("link", name="Catalog matrix").click()
    expect(page.get_by_role("heading", name="Catalog matrix")).to_be_visible()
    expect(page.locator("#tab-matched")).to_have_attribute("aria-current", "page")
    page.locator("#tab-only-reference").click()
    address(page, f"{BOTH}&tab=only:reference")
    expect(page.locator("thead")).not_to_contain_text("Widest gap")
    page.locator("#tab-matched").click()
    address(page, BOTH)
    widest = models(page)
    page.locator("#sort-gap").click()
    address(page, f"{BOTH}&sort=gap")
    assert models(page) != widest
    page.go_back()
    address(page, BOTH)
    expect(page.locator("#sort-gap")).to_be_visible()
    assert models(page) == widest


def test_switches_and_menus(visit):
    page = visit(BOTH)
    page.locator("[name=measure][value=input]").check()
    address(page, f"{BOTH}&measure=input")
    expect(page.locator("thead")).to_contain_text("Input, US dollars per 1M tokens, and gap to the lowest")
    page.locator("#gap").select_option("reference")
    address(page, f"{BOTH}&measure=input&gap=reference")
    expect(page.locator("thead")).to_contain_text("and gap to Reference")
    page.locator("[name=measure][value=cost]").check()
    expect(page.locator("#results")).to_contain_text("Saving a month at the lowest price")
    page.get_by_text("2 catalogs").click()
    page.locator("[name=c][value=models-list]").uncheck()
    expect(page.locator("#results")).to_contain_text("A comparison takes two catalogs")
    expect(page.locator("#how-many")).to_have_text("1 catalog")
    page.locator("[name=c][value=models-list]").check()
    expect(page.locator("#tab-matched")).to_be_visible()


def test_filters_and_search(visit):
    page = visit(BOTH)
    page.get_by_role("button", name="Filters").click()
    page.locator("#facets [name=provider][value=openai]").check()
    address(page, f"{BOTH}&provider=openai")
    page.keyboard.press("Escape")
    page.locator("#q").fill("gpt-4o-mini")
    address(page, f"{BOTH}&q=gpt-4o-mini&provider=openai")
    expect(page.locator("tbody tr").first).to_contain_text("mini")
    page.get_by_role("link", name="Remove filter Search").click()
    address(page, f"{BOTH}&provider=openai")


def test_without_javascript(visit):
    page = visit(BOTH, scripts=False)
    page.get_by_text("2 catalogs").click()
    expect(page.locator("[name=c][value=reference]")).to_be_checked()
    page.locator("#q").fill("gemini")
    page.locator("[name=measure][value=input]").check()
    page.locator("#view").get_by_role("button", name="Apply").first.click()
    expect(page).to_have_url(re.compile(r"\?c=reference&c=models-list&q=gemini&measure=input$"))
    page.locator("#tab-only-reference").click()
    page.locator("#sort-model").click()
    expect(page).to_have_url(re.compile(r"tab=only:reference&sort=model$"))
    page.get_by_role("button", name="Filters").click()
    page.locator("#facets [name=provider][value=google]").check()
    page.locator("#facets").get_by_role("button", name="Show the matrix").click()
    expect(page).to_have_url(re.compile(r"provider=google"))
    assert len(models(page)) > 1


PAGES = {
    "matched": BOTH,
    "against one": f"{BOTH}&gap=reference&measure=cost",
    "alone": f"{BOTH}&tab=only:reference&as_of=2026-11-01",
    "unmatched": f"{BOTH}&tab=unmatched",
    "one": "/compare/catalogs/?c=reference&c=nowhere",
    "nothing": f"{BOTH}&q=zzzz",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_it_looks_right(visit, path):
    assert_looks_right(visit(f"{path}&per=25"))


def test_open_menus_and_sheets_are_accessible(visit):
    page = visit(BOTH)
    page.get_by_text("2 catalogs").click()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filters").click()
    assert faults(page) == []
    phone = visit(f"{BOTH}&tab=unmatched", width=375)
    phone.locator("tbody summary").first.click()
    assert faults(phone) == []
