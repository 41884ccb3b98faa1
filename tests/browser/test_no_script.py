"""Everything again without JavaScript: the same form and links do it."""

import re

from playwright.sync_api import expect


def test_filter_sort_page_and_open(visit):
    page = visit("/", scripts=False)
    page.locator("[name=provider][value=openai]").check()
    page.locator("#q").fill("gpt")
    page.locator("#view").get_by_role("button", name="Apply").first.click()
    expect(page).to_have_url(re.compile(r"/\?q=gpt&provider=openai$"))
    page.locator("#sort-output").click()
    expect(page).to_have_url(re.compile(r"sort=output$"))
    page.locator(".pager").get_by_role("link", name="25", exact=True).click()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"sort=output&per=25&page=2$"))
    expect(page.locator(".pager")).to_contain_text("26–50 of")
    page.get_by_role("link", name="Remove filter Search gpt").click()
    expect(page.locator("#count")).to_contain_text("113 offers")
    page.locator("tbody a.name").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def test_columns_unit_and_second_sort_key(visit):
    page = visit("/", scripts=False)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Cache write").uncheck()
    page.locator("#tools").get_by_role("button", name="Apply").click()
    expect(page.locator("#sort-cache_write")).to_have_count(0)
    page.get_by_text("Sort", exact=True).click()
    page.get_by_role("link", name="Then by output, up").click()
    expect(page).to_have_url(re.compile(r"sort=model,output$"))


def test_theme(visit):
    page = visit("/", scripts=False)
    page.get_by_label("Account and theme").click()
    page.get_by_label("Dark").check()
    page.locator(".topbar").get_by_role("button", name="Apply").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_filters_on_a_phone(visit):
    page = visit("/", width=375, scripts=False)
    page.get_by_role("button", name="Filters").click()
    page.locator("[name=provider][value=openai]").check()
    page.locator("#facets").get_by_role("button", name="Show the offers").click()
    expect(page.locator("#count")).to_contain_text("113 offers")
