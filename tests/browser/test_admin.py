"""The admin's pages of catalogs, credentials and syncs: axe finds nothing serious on them in either theme."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

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
def test_axe(staff, theme):
    page = staff("/admin/catalog/catalog/", theme=theme)
    own = page.locator("th.field-name a").first.get_attribute("href")
    page.goto("/admin/catalog/sync/")
    sync = page.locator("#result_list tbody a").first.get_attribute("href")
    for path in (*PATHS, own, sync):
        page.goto(path)
        before = len(page.complaints)
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
        del page.complaints[before:]  # axe styles some of the admin's fields to measure them, which the policy refuses
        assert [(path, v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found] == []


def test_it_is_ratecard_s_and_leads_to_the_catalog_s_page_and_back(staff):
    page = staff("/admin/catalog/catalog/?q=held")
    expect(page).to_have_title(re.compile("Ratecard admin"))
    expect(page.locator("#result_list")).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"))
    page.get_by_role("link", name="Held", exact=True).click()
    page.get_by_role("link", name="View on site").click()
    expect(page).to_have_url(re.compile(r"/catalogs/held/$"))
    page.get_by_role("link", name="Edit in the admin").click()
    expect(page).to_have_url(re.compile(r"/admin/catalog/catalog/\d+/change/$"))
