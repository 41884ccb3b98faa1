"""Saved views in a browser: what Offers shows is kept, the page opens with it, and is plain again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.look import assert_looks_right


def open_menu(page):
    page.locator("#views-menu > summary").click()
    expect(page.locator("#view-name")).to_be_visible()


@pytest.fixture
def dana(visit, shell):
    yield lambda **options: visit("/sign-in/", **options)
    shell("from catalog.models import SavedView; SavedView.objects.all().delete()")


def test_filter_choose_columns_save_as_default_open_afresh_and_unset(dana):
    page = dana()
    sign_in(page)
    page.locator("[name=provider][value=openai]").check()
    expect(page.locator(".chips")).to_contain_text("OpenAI")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Cache write").uncheck()
    expect(page.locator("#sort-cache_write")).to_have_count(0)
    open_menu(page)
    page.locator("#view-name").fill("OpenAI, few columns")
    page.locator("#views").get_by_label("Open Offers with it").check()
    page.locator("#view-save").click()
    expect(page.locator("#views")).to_contain_text("“OpenAI, few columns” is saved.")
    star = page.get_by_label("Open Offers with “OpenAI, few columns”")
    expect(star).to_have_attribute("aria-pressed", "true")
    saved = page.url

    page.goto("/")
    assert page.url == saved
    expect(page.locator(".chips")).to_contain_text("OpenAI")
    expect(page.locator("#sort-cache_write")).to_have_count(0)
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator(".chips")).to_have_count(0)
    open_menu(page)
    page.locator("#views").get_by_role("link", name="All offers").click()
    expect(page).to_have_url(re.compile(r"/\?view=none$"))
    expect(page.locator("#sort-cache_write")).to_be_visible()
    page.go_back()
    expect(page.locator("#sort-cache_write")).to_have_count(0)

    page.goto("/?per=25&view=none")
    open_menu(page)
    assert_looks_right(page)
    star.press("Enter")
    expect(page.locator("#views")).to_contain_text("opens without “OpenAI, few columns”")
    expect(star).to_be_focused()
    expect(star).to_have_attribute("aria-pressed", "false")
    page.goto("/")
    expect(page.locator("#sort-cache_write")).to_be_visible()
    assert page.url.endswith("/")


def test_the_same_without_a_script_on_the_page_of_all_views(dana):
    page = dana(scripts=False, width=375)
    sign_in(page)
    page.goto("/?q=gpt&per=25")
    page.get_by_role("link", name="Views", exact=True).click()
    page.get_by_label("Save what is shown as").fill("GPT")
    page.get_by_label("Open Offers with it").check()
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_text("“GPT” is saved.")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/\?q=gpt&per=25$"))
    page.get_by_role("link", name="Views", exact=True).click()
    page.get_by_text("Change GPT").click()
    page.get_by_label("Name", exact=True).fill("All of GPT")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_text("It is called “All of GPT” now.")).to_be_visible()
    page.get_by_text("Change All of GPT").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“All of GPT” is deleted.")).to_be_visible()


def test_the_page_of_all_views_looks_right(dana):
    page = dana()
    sign_in(page)
    page.goto("/views/?from=/%3Fq%3Dgpt")
    page.get_by_label("Save what is shown as").fill("A name as long as there is room for, which is sixty letters!")
    page.locator("#view-with").select_option("Everyone who is signed in")
    page.get_by_role("button", name="Save the view").click()
    page.get_by_text("Change A name as long").click()
    assert_looks_right(page)
