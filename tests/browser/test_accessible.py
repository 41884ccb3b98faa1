"""axe finds nothing on any page, in either theme and at each width; and nothing is cut off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "offers": "/",
    "filtered": "/?provider=openai&sort=-input,output&min_context=128k&as_of=2026-11-01&page=-1",
    "nothing found": "/?q=zzzz",
    "offer": "/?q=openai/o3&provider=openai&col=input",
    "offer before": "/?q=openai/o3&provider=openai&as_of=2025-06-01",
    "changes": "/changes/?kind=down&preset=coding&page=-1",
    "no changes": "/changes/?q=zzzz",
    "not found": "/nowhere/",
    "sign in": "/sign-in/",
}


@pytest.mark.parametrize("width", [375, 768, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_and_width(visit, theme, width):
    for name, path in PAGES.items():
        page = visit(path, theme=theme, width=width)
        if name in ("offer", "offer before"):
            page.locator("tbody a.name").first.click()
            page.wait_for_selector("text=Where the numbers come from")
        found = Axe().run(page).response["violations"]
        assert [(name, v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.complaints[:] = [text for text in page.complaints if "404" not in text]


def test_open_menus_and_sheets_are_accessible(visit):
    page = visit("/")
    page.get_by_text("Columns", exact=True).click()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Account and theme").click()
    assert Axe().run(page).response["violations"] == []
    phone = visit("/", width=375, has_touch=True)
    phone.get_by_role("button", name="Filters").click()
    assert Axe().run(phone).response["violations"] == []
