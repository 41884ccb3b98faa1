"""The Catalogs pages in a browser: a sync with live progress, held ones, examples; with JavaScript and without."""

import re

from playwright.sync_api import expect

from tests.browser.look import assert_looks_right

WORK = """
from huey.contrib.djhuey import HUEY
import catalog.tasks
while task := HUEY.dequeue():
    HUEY.execute(task)
"""


def line(page, name):
    return page.locator("#rows tr").filter(has=page.get_by_role("link", name=name, exact=True))


def test_sync_now_shows_how_it_goes_and_says_so_to_those_who_listen(staff, shell):
    page = staff("/catalogs/")
    page.get_by_label("Sync Freddy example now").click()
    expect(line(page, "Freddy example")).to_contain_text("Waiting for the worker")
    expect(page.locator("#announcement")).to_have_text("Freddy example: Waiting for the worker.")
    expect(page.get_by_label("Sync Freddy example now")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/catalogs/$"))
    shell(WORK)
    expect(line(page, "Freddy example")).to_contain_text("Read just now")
    expect(page.locator("#announcement")).to_have_text("Freddy example: Read just now.")
    expect(page.get_by_label("Sync Freddy example now")).to_be_focused()
    assert page.locator("#rows").get_attribute("hx-get") is None


def test_the_catalog_s_page_follows_too(staff, shell):
    page = staff("/catalogs/galtea-example/")
    page.get_by_role("button", name="Sync Galtea example now").click()
    expect(page.locator("#body")).to_contain_text("Waiting for the worker")
    shell(WORK)
    expect(page.locator("#syncs")).to_contain_text("unchanged")
    expect(page.locator("#announcement")).to_have_text("Galtea example: Read just now.")


def test_without_javascript(staff, shell):
    page = staff("/catalogs/", scripts=False)
    page.get_by_label("Sync Freddy example now").click()
    expect(page.locator(".notice").first).to_contain_text("Freddy example is to be synced.")
    shell(WORK)
    page.reload()
    expect(line(page, "Freddy example")).to_contain_text("Read just now")
    page.get_by_role("button", name="Remove Freddy example").first.click()
    expect(page.locator(".notice").first).to_contain_text("Freddy example is gone")
    page.get_by_role("link", name="Held", exact=True).click()
    page.get_by_role("link", name="See what it would change, and decide").click()
    page.get_by_role("button", name="Discard it and keep the old one").click()
    expect(page.locator(".notice").first).to_contain_text("The new list of Held is discarded.")


def test_a_held_sync_is_looked_at_and_approved(staff):
    page = staff("/catalogs/")
    expect(page.locator(".diff")).to_contain_text("Input 2.00 → 3.00")
    page.get_by_role("button", name="Approve the new list").click()
    expect(page.locator(".notice").first).to_contain_text("The new list of Held is stored: 1 changed, 3 retired.")
    expect(line(page, "Held")).to_contain_text("Read just now")


def test_it_looks_right(staff):
    page = staff("/catalogs/")
    sync = page.get_by_role("link", name="See everything that it would change").get_attribute("href")
    for path in ("/catalogs/", "/catalogs/freddy-example/", "/catalogs/failing/", "/catalogs/held/", sync):
        page.goto(path)
        assert_looks_right(page)
