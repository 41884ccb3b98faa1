"""All figures of one size: what its pages ask of the database, how quick they are beside others, how they feel."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Error

from dashboard.management.commands.serve import collect_static, web_command
from tests.benchmarks import build, clock, comparing, costing, exporting, flat, inside, rival
from tests.benchmarks.browser import visited
from tests.benchmarks.cases import PER_PAGE, Case, cases_for, placed
from tests.benchmarks.race import raced
from tests.benchmarks.servers import free_port, serving


def figures(
    offers: int, *, rounds: int, datasette: Path | None, browser: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Everything measured with this many offers; ``datasette`` is its Python, None leaves the comparison out."""
    folder = Path(settings.VAR_DIR)
    made = build.built(folder, offers, say)
    collect_static()
    listed = build.listed()
    cases = cases_for(listed)
    rows = folder / "offers.sqlite3"
    if datasette:
        say("copying the rows for Datasette")
        flat.write(rows)
        cases = [placed(case, rows) for case in cases]
    say("ranking by costs")
    costs = costing.measured(cases, rounds)
    say("writing files")
    exports = exporting.measured(folder)
    results = [{"name": case.name, **_queries(case.ours)} for case in cases]
    with contextlib.ExitStack() as stack:
        ports = _serve(stack, folder, datasette, rows, cases)
        for case, result in zip(cases, results, strict=True):
            say(f"timing {case.name}")
            result |= raced(case, ports, rounds)
        say("timing the Costs page")
        costs["page"] = costing.raced(cases, ports["ours"], rounds)
        say("timing the pages that compare")
        compared = _compared(folder, ports["ours"], rounds)
        if browser:
            say("visiting with Chromium")
        visit = _visit(ports["ours"]) if browser else "left out"
    size = (folder / "ratecard.sqlite3").stat().st_size
    return {
        **made,
        "listed": listed,
        "bytes": size,
        "cases": results,
        "visit": visit,
        "costs": costs,
        "compared": compared,
        "exports": exports,
    }


def cost_figures(offers: int, *, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The costs alone."""
    folder = Path(settings.VAR_DIR)
    made = build.built(folder, offers, say)
    collect_static()
    listed = build.listed()
    cases = cases_for(listed)
    say("ranking by costs")
    costs = costing.measured(cases, rounds)
    say("timing the Costs page")
    with contextlib.ExitStack() as stack:
        port = _started(stack, folder, "ratecard", lambda port: web_command(f"127.0.0.1:{port}"))
        costs["page"] = costing.raced(cases, port, rounds)
    size = (folder / "ratecard.sqlite3").stat().st_size
    return {**made, "listed": listed, "bytes": size, "costs": costs}


def compare_figures(offers: int, *, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The pages that compare alone."""
    folder = Path(settings.VAR_DIR)
    made = build.built(folder, offers, say)
    collect_static()
    say("timing the pages that compare")
    with contextlib.ExitStack() as stack:
        port = _started(stack, folder, "ratecard", lambda port: web_command(f"127.0.0.1:{port}"))
        compared = _compared(folder, port, rounds)
    size = (folder / "ratecard.sqlite3").stat().st_size
    return {**made, "listed": build.listed(), "bytes": size, "compared": compared}


def _compared(folder: Path, port: int, rounds: int) -> list[dict[str, Any]]:
    def another() -> contextlib.AbstractContextManager[int]:
        own = free_port()
        return serving("another", web_command(f"127.0.0.1:{own}"), own, folder / "another.log", os.environ)

    return comparing.raced(port, rounds, another)


def export_figures(offers: int, *, say: Callable[[str], None]) -> dict[str, Any]:
    """The files alone."""
    folder = Path(settings.VAR_DIR)
    made = build.built(folder, offers, say)
    collect_static()
    say("writing files")
    size = (folder / "ratecard.sqlite3").stat().st_size
    return {**made, "listed": build.listed(), "bytes": size, "exports": exporting.measured(folder)}


def _queries(path: str) -> dict[str, Any]:
    asked = inside.asked_by(inside.client(), path)
    viewer = inside.asked_by(inside.client(signed_in=True), path)
    return {"statements": [inside.timed(one) for one in asked], "viewer_queries": len(viewer)}


def _serve(
    stack: contextlib.ExitStack, folder: Path, datasette: Path | None, rows: Path, cases: list[Case]
) -> dict[str, int]:
    """Start us, the limit with our pages, and Datasette; the port of each by name."""

    def start(name: str, command: Callable[[int], list[str]], **env: str) -> int:
        return _started(stack, folder, name, command, **env)

    def web(port: int) -> list[str]:
        return web_command(f"127.0.0.1:{port}")

    ports = {"ours": start("ratecard", web)}
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    for case in cases:
        (pages / f"{case.key}.html").write_bytes(clock.Caller(ports["ours"]).get(case.ours).body)
    if datasette:
        ports["datasette"] = start("datasette", lambda port: rival.command(datasette, rows, port))
    ports["limit"] = start("limit", web, DJANGO_SETTINGS_MODULE="tests.benchmarks.settings", BENCH_PAGES=str(pages))
    return ports


def _started(
    stack: contextlib.ExitStack, folder: Path, name: str, command: Callable[[int], list[str]], **env: str
) -> int:
    port = free_port()
    log = folder / f"{name}.log"
    return stack.enter_context(serving(name, command(port), port, log, os.environ | env))


def _visit(port: int) -> Any:
    try:
        return visited(f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/?per={PER_PAGE}")
    except (FileNotFoundError, Error) as error:
        return f"left out: {str(error).splitlines()[0]}"
