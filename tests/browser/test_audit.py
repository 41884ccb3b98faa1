"""The audit in a browser: a finding is dismissed with a reason and brought back; looks, and no script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.look import assert_looks_right
from tests.browser.test_offers import address


@pytest.fixture(autouse=True)
def _undone(shell):
    yield
    shell("from catalog.models import Dismissal; Dismissal.objects.all().delete()")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_finding_is_dismissed_with_a_reason_and_brought_back(staff, scripts):
    page = staff("/audit/?tab=output", scripts=scripts)
    first = page.locator(".findings > li").first
    title, finding = first.locator(".name").inner_text(), first.get_attribute("id")
    first.get_by_label(f"Dismiss: {title}").click()
    first.get_by_label("Why it is no error").fill("It embeds.")
    first.get_by_role("button", name="Dismiss the finding").click()
    expect(page.locator("main")).to_contain_text("Dismissed until one of its figures changes")
    expect(page.locator(f"#{finding}")).to_have_count(0)
    page.locator("#tab-dismissed").click()
    expect(page.locator(f"#{finding}")).to_contain_text("It embeds.")
    page.get_by_role("button", name=f"Bring back: {title}").click()
    expect(page.locator("main")).to_contain_text("The finding counts as open again")
    page.goto("/audit/?tab=output")
    expect(page.locator(f"#{finding}")).to_be_visible()


def test_tabs_search_and_back(visit):
    page = visit("/audit/")
    every = page.locator("#count").inner_text()
    page.locator("#tab-output").click()
    address(page, "/audit/?tab=output")
    expect(page.locator("#exports a").first).to_have_attribute("href", "/export/audit.csv?tab=output")
    page.locator("#q").fill("gpt")
    expect(page).to_have_url(re.compile(r"tab=output&q=gpt$"))
    page.go_back()
    expect(page.locator("#count")).to_have_text(every)


@pytest.mark.parametrize("path", ["/audit/?q=mini", "/audit/?q=zzzz"], ids=["findings", "nothing"])
def test_it_looks_right(visit, path):
    assert_looks_right(visit(path))
