"""How every page must look: axe finds nothing on it in either theme, and nothing is cut off at any width.

Axe takes its time with each row of a table: pages are asked for with few of them.
"""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (375, 768, 1440)
BETWEEN = 768
"""A width that has the parts of the other two: it is looked at for what is cut off alone."""
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""Axe's rules that look at colours. The others find the same in both themes, and are asked in one."""


def faults(page: Page, only: Sequence[str] = (), *, impacts: Sequence[str] = ()) -> list[tuple[str, str, list[str]]]:
    """What axe finds on the page as it is: its address, the rule, and the first elements.

    ``only`` asks these rules alone; ``impacts`` leaves out what weighs less. None means all.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = list(only)
    found = Axe().run(page, options=options).response["violations"]
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
        if width == BETWEEN:
            continue
        page.emulate_media(color_scheme="light", reduced_motion="reduce")  # or colours were still on their way
        assert faults(page) == [], width
        page.emulate_media(color_scheme="dark")
        assert faults(page, OF_COLOUR) == [], width
