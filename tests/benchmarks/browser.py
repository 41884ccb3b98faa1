"""What a person in Chromium waits for: the first visit and a click on a heading."""

from pathlib import Path
from typing import Any, TypedDict

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
HEADINGS = ("sort-input", "sort-output", "sort-context", "sort-provider", "sort-model")
WARM_UPS = 3
CLICKS = 15
# From the click until the new table is in the page and two frames later, when it has been painted.
CLICK = """(id) => new Promise((resolve) => {
  const started = performance.now();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - started)));
  });
  observer.observe(document.getElementById("results").parentElement, { childList: true });
  document.getElementById(id).click();
})"""


class Visit(TypedDict):
    """A first visit: requests, and bytes as they came over the wire, headers included; then milliseconds per click."""

    requests: list[str]
    bytes: int
    clicks: list[float]


def visited(address: str, table: str) -> Visit:
    """Open ``address`` with an empty cache, then sort the table at ``table`` by clicks."""
    if not Path(CHROMIUM).exists():
        raise FileNotFoundError(f"There is no {CHROMIUM}.")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        try:
            page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
            requests, size = _first_visit(page, address)
            page.goto(table, wait_until="networkidle")
            clicks = [page.evaluate(CLICK, HEADINGS[i % len(HEADINGS)]) for i in range(WARM_UPS + CLICKS)]
            return Visit(requests=requests, bytes=size, clicks=clicks[WARM_UPS:])
        finally:
            chromium.close()


def _first_visit(page: Page, address: str) -> tuple[list[str], int]:
    sent: dict[str, str] = {}
    received: list[float] = []

    def note(event: dict[str, Any]) -> None:
        sent[event["requestId"]] = event["request"]["url"]

    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", note)
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    wire.detach()
    return [url for url in sent.values() if url.startswith("http")], round(sum(received))
