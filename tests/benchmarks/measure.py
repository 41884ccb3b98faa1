"""Measures one size, in a process of its own whose environment names that size's data folder."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

import django


def main() -> None:
    """Build, serve, measure; the figures go to the file that is named."""
    options = argparse.ArgumentParser()
    options.add_argument("--offers", type=int, required=True)
    options.add_argument("--rounds", type=int, required=True)
    options.add_argument("--datasette", type=Path)
    options.add_argument("--browser", action="store_true")
    options.add_argument("--costs", action="store_true", help="these alone")
    options.add_argument("--compare", action="store_true", help="these alone")
    options.add_argument("--exports", action="store_true", help="these alone")
    options.add_argument("--out", type=Path, required=True)
    asked = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an exit stops the servers, a death would not
    django.setup()

    from tests.benchmarks.figures import compare_figures, cost_figures, export_figures, figures

    try:
        if asked.costs:
            found = cost_figures(asked.offers, rounds=asked.rounds, say=say)
        elif asked.compare:
            found = compare_figures(asked.offers, rounds=asked.rounds, say=say)
        elif asked.exports:
            found = export_figures(asked.offers, say=say)
        else:
            choice = {"datasette": asked.datasette, "browser": asked.browser}
            found = figures(asked.offers, rounds=asked.rounds, **choice, say=say)
    except KeyboardInterrupt:
        sys.exit(130)
    asked.out.write_text(json.dumps(found))


def say(line: str) -> None:
    """Tell how far it is."""
    print(f"  {time.strftime('%H:%M:%S')}  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
