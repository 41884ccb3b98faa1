"""Changes in a real browser: filter, page, see the effect on costs, subscribe; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.look import assert_fits, faults


def test_filter_by_kind_and_words_and_go_back(visit):
    page = visit("/changes/?provider=openai")
    page.get_by_text("Kinds", exact=True).click()
    page.get_by_label("Price down").check()
    expect(page).to_have_url(re.compile(r"provider=openai&kind=down$"))
    expect(page.locator("#count")).to_contain_text("4 changes")
    expect(page.locator("#n-kind-up")).to_have_text("0")
    page.keyboard.press("Escape")
    page.locator("#q").fill("luna")
    expect(page.locator("#count")).to_contain_text("1 change")
    page.get_by_role("link", name="Remove filter Kind Price down").click()
    expect(page).to_have_url(re.compile(r"\?q=luna&provider=openai$"))
    page.go_back()
    expect(page.locator("#q")).to_have_value("luna")


def test_the_price_of_o3_fell_on_its_day(visit):
    page = visit("/changes/?q=openai/o3&kind=down&until=2025-12-31")
    row = page.locator("tbody tr", has=page.get_by_role("link", name="o3", exact=True)).first
    expect(page.locator("tbody")).to_contain_text("10 June 2025")
    expect(row).to_contain_text("−80%")


def test_the_effect_on_a_workload_and_an_older_page(visit):
    page = visit("/changes/")
    page.get_by_text("Effect on costs", exact=True).click()
    page.get_by_label("Coding agent").check()
    expect(page.get_by_role("columnheader", name="$ a month")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Older").click()
    expect(page).to_have_url(re.compile(r"preset=coding&page=2$"))
    expect(page.locator("#table")).to_be_focused()
    expect(page.locator(".pager")).to_contain_text("51–100 of")


def test_the_feed_follows_the_filters_and_a_private_address_is_made(visit):
    page = visit("/changes/")
    sign_in(page, "/changes/")
    page.get_by_text("Kinds", exact=True).click()
    page.get_by_label("Price up").check()
    expect(page).to_have_url(re.compile(r"kind=up$"))
    page.get_by_text("Subscribe", exact=True).click()
    feed = page.get_by_role("link", name="Feed of this view")
    expect(feed).to_have_attribute("href", "/changes/feed/?kind=up")
    page.get_by_role("link", name="A private address for it").click()
    page.get_by_role("button", name="Make a private address").click()
    address = page.locator("#private").input_value()
    assert "kind=up&token=" in address
    assert faults(page) == []
    assert page.request.get(address).headers["content-type"].startswith("application/atom+xml")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You have no private address.")).to_be_visible()
    assert page.request.get(address).status == 404


def test_without_javascript(visit):
    page = visit("/changes/", scripts=False)
    page.get_by_text("Kinds", exact=True).click()
    page.get_by_label("Price down").check()
    page.locator("#q").fill("openai")
    page.locator("#view").get_by_role("button", name="Apply").first.click()
    expect(page).to_have_url(re.compile(r"/changes/\?q=openai&kind=down$"))
    page.get_by_role("link", name="Clear all").click()
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".pager")).to_contain_text("51–100 of")
    page.locator("tbody a.name").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()


@pytest.mark.parametrize("menu", ["Kinds", "Providers", "Days", "Effect on costs"])
def test_menus_on_a_phone(visit, menu):
    page = visit("/changes/", width=375, has_touch=True)
    page.get_by_text(menu, exact=True).click()
    assert faults(page) == []
    assert_fits(page)
