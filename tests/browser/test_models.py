"""A model's page and the scatter in a browser: switches, a chart's table, an offer and back, looks, and no script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.look import assert_looks_right
from tests.browser.test_offers import address, box

MODEL = "/models/google/gemini-2.5-pro/"


def test_workload_tier_chart_as_a_table_an_offer_and_back(visit):
    page = visit(MODEL)
    page.get_by_text("Workload cost", exact=True).click()
    page.locator("[name=preset][value=chat]").check()
    address(page, f"{MODEL}?preset=chat")
    expect(page.locator("#sort-cost")).to_be_visible()
    before = page.locator("#table tbody td").all_inner_texts()
    box(page, "prompt", "200001").check()
    address(page, f"{MODEL}?preset=chat&prompt=200001")
    expect(page.locator("#table thead")).to_contain_text("prompts of 200,001")
    assert page.locator("#table tbody td").all_inner_texts() != before
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("region", name="Price history")).to_be_visible()
    page.locator("#table tbody a.name").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.go_back()
    address(page, f"{MODEL}?preset=chat&prompt=200001")
    expect(box(page, "prompt", "200001")).to_be_checked()


def test_a_mark_of_the_scatter_leads_to_its_model_and_back(visit):
    page = visit("/?q=gemini-2.5-pro&chart=context")
    mark = page.locator(".scatter a").first
    mark.click()
    expect(page).to_have_url(re.compile(r"/models/google/gemini"))
    expect(page.get_by_role("heading", name="Price history")).to_be_visible()
    page.go_back()
    address(page, "/?q=gemini-2.5-pro&chart=context")
    expect(mark).to_be_visible()


def test_without_javascript(visit):
    page = visit("/?q=gemini-2.5-pro&chart=prices", scripts=False)
    page.locator(".scatter a").first.click()
    expect(page).to_have_url(re.compile(r"/models/google/gemini"))
    page.goto(MODEL)
    page.locator("[name=unit][value='1k']").check()
    page.locator("#as_of").fill("2026-11-01")
    page.locator("#view > .tools > button").click()
    address(page, f"{MODEL}?as_of=2026-11-01&unit=1k")
    expect(page.locator("#results")).to_contain_text("As of 1 November 2026")
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("region", name="Price history")).to_be_visible()
    page.get_by_role("link", name="Show as Markdown").click()
    expect(page.locator("body")).to_contain_text("google/gemini-2.5-pro")


@pytest.mark.parametrize("path", [f"{MODEL}?preset=chat", "/?q=gemini&chart=context&per=25"], ids=["model", "scatter"])
def test_it_looks_right(visit, path):
    assert_looks_right(visit(path))
