"""A real Chromium against the running app. Every page is watched: a console error or a CSP violation fails its test.

Without a browser these tests are skipped with a loud line, unless REQUIRE_BROWSER=1.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Of two such lists the last one counts, so those of Playwright's that matter here come again. The address bar's
    # two hidden pages and a renderer in reserve, made with each window, took half of its time.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,PaintHolding,"
    "OptimizationHints,WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
]
expect.set_options(timeout=10_000)  # milliseconds: a machine that does other work at the same time is slow
PASSWORD = "correct horse 9"
SET_UP = f"""
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
call_command("catalog_first_run", no_examples=True)
for name in ("dana", "robin"):
    User.objects.create_user(name, password="{PASSWORD}")
"""

PREPARE = """
import json
from django.contrib.auth.models import User
from django.test import Client
from catalog.management.commands.catalog_first_run import EXAMPLES, SHARED
from catalog.models import Catalog
from catalog.sources.saved import FileDoor
from catalog.sync.connect import EXAMPLES as ANSWERS
from catalog.sync.run import sync_catalog
for example in EXAMPLES:
    sync_catalog(Catalog.objects.create(**example, **SHARED, is_example=True))
failing = Catalog.objects.create(name="Failing", slug="failing", kind="freddy", organization="org_7")
assert sync_catalog(failing).outcome == "failed"
held = Catalog.objects.create(name="Held", slug="held", kind="galtea")
rows = json.loads((ANSWERS / "galtea.json").read_text())
sync_catalog(held, door=FileDoor("saved", json.dumps(rows).encode()))
rows[1]["inputCostPerToken"] = 0.000003
assert sync_catalog(held, door=FileDoor("saved", json.dumps(rows[:3]).encode())).outcome == "held"
user, _ = User.objects.get_or_create(username="casey", defaults={"is_staff": True, "is_superuser": True})
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and keep it on one worker: one browser is enough."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_terminal_summary(terminalreporter) -> None:
    """Say loudly that the browser tests did not run."""
    if any("no Chromium" in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(
            "!!! NO BROWSER: the browser tests were skipped. Install Debian's chromium.", red=True
        )


def chromium_path() -> str | None:
    """Where Chromium is: named by CHROMIUM, or on the PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests."""
    path = chromium_path()
    if not path:
        message = "There is no Chromium here: install Debian's chromium, or name one with CHROMIUM=/path."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(f"no Chromium: {message}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


class Site(str):
    """The address of the running app, and the ``folder`` that holds its data."""

    folder: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a new Ratecard with the reference prices, served by gunicorn as in production.

    ``dana`` may sign in, and ``robin``, whose password a test changes; both with PASSWORD.
    """
    folder = tmp_path_factory.mktemp("site")
    env = environment(str(folder))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", SET_UP]
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    server = subprocess.Popen([*command, "--no-control-socket", "--log-level", "warning"], cwd=ROOT, env=env)
    address = Site(f"http://127.0.0.1:{port}")
    address.folder = str(folder)
    for _ in range(100):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            break
        time.sleep(0.1)
    yield address
    server.terminate()
    server.wait()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator:
    """Open a path in a fresh browser: ``visit("/", width=375, theme="dark", scripts=False)``; returns its Page."""
    contexts, complaints = [], []

    def open_page(path: str = "/", *, width: int = 1440, theme: str = "light", scripts: bool = True, **options) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            java_script_enabled=scripts,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.complaints = complaints
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


LISTEN = """
import contextlib, io, json, sys
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(json.loads(line), {})
    print(json.dumps(said.getvalue()), flush=True)
"""


@pytest.fixture(scope="session")
def shell(site: str) -> Iterator[Callable[[str], str]]:
    """Run Python in the site's own Django, as the worker or a person in a shell would; the value is what it prints.

    One process does all of it: to start one takes over a second.
    """
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", LISTEN]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(site.folder), **pipes) as process:

        def run(code: str) -> str:
            process.stdin.write(json.dumps(code) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            assert line, "The code failed; what it says stands above."
            return json.loads(line)

        yield run


def environment(folder: str) -> dict[str, str]:
    """What a process of the site runs with."""
    env = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    env.pop("DATABASE_URL", None)
    return env


@pytest.fixture
def staff(visit, shell, site):
    """Open a page as staff, in a site with examples, a catalog whose sync is held, and one that fails."""
    try:
        session = {"name": "sessionid", "value": shell(PREPARE).split()[-1], "domain": "127.0.0.1", "path": "/"}
        session |= {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        yield lambda path, **options: visit(path, storage_state={"cookies": [session], "origins": []}, **options)
    finally:
        shell('from catalog.models import Catalog; Catalog.objects.exclude(slug="reference").delete()')


def sign_in(page: Page, path: str = "/") -> None:
    """Sign Dana in, from any page to the one that ``path`` ends with."""
    page.goto(f"/sign-in/?next={path}")
    page.get_by_label("User name").fill("dana")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(re.escape(path) + "$"))
