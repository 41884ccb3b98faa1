"""axe finds nothing on any page, in either theme and at each width; and nothing is cut off."""

import pytest

from tests.browser.look import assert_looks_right, faults

PAGES = {
    "offers": "/?per=25",
    "filtered": "/?provider=openai&sort=-input,output&min_context=128k&as_of=2026-11-01&page=-1&per=25",
    "nothing found": "/?q=zzzz",
    "offer": "/?q=openai/o3&provider=openai&col=input",
    "offer before": "/?q=openai/o3&provider=openai&as_of=2025-06-01",
    "changes": "/changes/?kind=down&preset=coding&page=-1",
    "no changes": "/changes/?q=zzzz",
    "not found": "/nowhere/",
    "sign in": "/sign-in/",
}


@pytest.mark.parametrize("name", PAGES)
def test_it_looks_right(visit, name):
    page = visit(PAGES[name])
    if name in ("offer", "offer before"):
        page.locator("tbody a.name").first.click()
        page.wait_for_selector("text=Where the numbers come from")
    assert_looks_right(page)
    page.complaints[:] = [text for text in page.complaints if "404" not in text]


def test_open_menus_and_sheets_are_accessible(visit):
    page = visit("/")
    page.get_by_text("Columns", exact=True).click()
    assert faults(page) == []
    page.get_by_label("Account and theme").click()
    assert faults(page) == []
    phone = visit("/", width=375, has_touch=True)
    phone.get_by_role("button", name="Filters").click()
    assert faults(phone) == []
