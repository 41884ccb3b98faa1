"""`python -m tests.benchmarks [--only pages|costs|compare|sync|matching|exports] [--sizes 1000,10000] …`."""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import matching, places, report, rival, syncing

SIZES = "1000,10000,100000"
ROUNDS = 30
QUICK_SIZES, QUICK_ROUNDS = "1000", 5
LEAST_OFFERS = 200
ALONE = ("sync", "matching")
"""What needs no pages."""


def main() -> None:
    """Measure syncs and each size of the pages in processes of their own, then print."""
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    places.BENCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        matched = matched_or_not(asked)
        syncs = synced(asked) if asked.only in (None, "sync") else ""
        datasette, release = datasette_or_reason() if asked.only in (None, "pages") else (None, "left out")
        sizes = [measured(offers, asked, datasette) for offers in asked.sizes] if asked.only not in ALONE else []
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    plans = report.slow_statements(sizes, asked.plans) if asked.plans is not None else ""
    parts = [
        report.machine(release),
        syncs,
        matched,
        *(report.size_report(size) for size in sizes),
        report.growth_report(sizes),
        plans,
    ]
    print("\n\n".join(filter(None, parts)))


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=sys.modules["tests.benchmarks"].__doc__
    )
    parser.add_argument("--only", choices=("pages", "costs", "compare", "exports", *ALONE), help="measure these alone")
    parser.add_argument("--sizes", help=f"numbers of offers, by default {SIZES}")
    parser.add_argument("--rounds", type=int, help=f"how often each page is asked for, by default {ROUNDS}")
    parser.add_argument("--quick", action="store_true", help="a first look: 1,000 offers, 5 rounds, no Chromium")
    parser.add_argument("--labels", default=os.environ.get("MATCHING_LABELS"), help="labelled names, as JSON")
    parser.add_argument("--plans", type=float, metavar="MS", help="print the plans of statements that take that long")
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    try:
        asked.sizes = [int(size) for size in (asked.sizes or (QUICK_SIZES if asked.quick else SIZES)).split(",")]
    except ValueError:
        parser.error("--sizes takes whole numbers separated by commas, such as 1000,10000")
    if min(asked.sizes) < LEAST_OFFERS or asked.rounds < 1:
        parser.error(f"it takes {LEAST_OFFERS} offers and one round at the least")
    return asked


def synced(asked: argparse.Namespace) -> str:
    """The report on syncs of one large catalog."""
    offers = syncing.QUICK_OFFERS if asked.quick else syncing.OFFERS
    print(f"Syncing {offers:,} offers", file=sys.stderr, flush=True)
    return report.sync_report(syncing.measured(offers, places.BENCH / "sync"))


def matched_or_not(asked: argparse.Namespace) -> str:
    """The report on matching, if it was asked for."""
    return report.matching_report(matching.measured(asked.labels)) if asked.only in (None, "matching") else ""


def datasette_or_reason() -> tuple[Path | None, str]:
    """Datasette's Python and version, or None and why it is left out."""
    print("Preparing Datasette", file=sys.stderr)
    try:
        python = rival.install(places.BENCH / "datasette-venv")
    except (subprocess.SubprocessError, OSError):
        return None, "left out: it could not be installed"
    return python, rival.release(python)


def measured(offers: int, asked: argparse.Namespace, datasette: Path | None) -> dict[str, Any]:
    """The figures of one size. Raises SystemExit when its process fails, which has said why."""
    folder = places.folder_for(offers)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    places.prune(folder)
    out = folder / "figures.json"
    command = [sys.executable, "-m", "tests.benchmarks.measure", "--offers", str(offers)]
    command += ["--rounds", str(asked.rounds), "--out", str(out)]
    command += ["--datasette", str(datasette)] if datasette else []
    command += [] if asked.quick else ["--browser"]
    command += [f"--{asked.only}"] if asked.only in ("costs", "compare", "exports") else []
    print(f"{offers:,} offers", file=sys.stderr, flush=True)
    process = subprocess.Popen(command, cwd=places.ROOT, env=places.environment(folder))
    try:
        if process.wait():
            sys.exit(f"Measuring {offers:,} offers failed.")
    finally:
        process.terminate()
        process.wait()
    figures: dict[str, Any] = json.loads(out.read_text())
    return figures


if __name__ == "__main__":
    main()
