"""Take the README's picture of a running Ratecard: `python -m tests.picture http://127.0.0.1:8000 docs/offers.png`."""

import sys

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, chromium_path

PATH = "/?provider=anthropic&provider=google&provider=openai&min_in=0.05&sort=provider,-input"


def main(site: str, file: str) -> None:
    """Open the Offers page and keep what is on the screen."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = chromium.new_page(base_url=site, viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto(PATH)
        page.screenshot(path=file)
        chromium.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
