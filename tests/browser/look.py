"""How every page must look: axe finds nothing on it in either theme, and nothing is cut off at any width.

Axe takes its time with each row of a table: pages are asked for with few of them.
"""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (375, 768, 1440)
ASKED = {375: "dark", 1440: "light"}
"""The theme in which axe is asked at a width: its rules of structure see both layouts, those of colour both themes."""


def faults(page: Page, *, impacts: Sequence[str] = ()) -> list[tuple[str, str, list[str]]]:
    """What axe finds on the page as it is: its address, the rule, and the first elements.

    ``impacts`` leaves out what weighs less. None means all.
    """
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (page.url, one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
        if not impacts or one["impact"] in impacts
    ]


def assert_fits(page: Page) -> None:
    """Nothing lies beside the page."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def assert_looks_right(page: Page) -> None:
    """At each width the page fits, and axe finds nothing in light or in dark."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        if theme := ASKED.get(width):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # or colours were still on their way
            assert faults(page) == [], (width, theme)
