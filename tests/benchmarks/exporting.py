"""Whole tables as files of each format: seconds, peak memory of the process that answers, bytes.

`python -m tests.benchmarks.exporting TABLE ENDING QUERY OUT` writes one, in a process of its own.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django

from tests.benchmarks import places

ENDINGS = ("csv", "xlsx", "json", "md")
EVERY_COLUMN = "".join(
    f"&col={key}"
    for key in (
        *("catalog", "provider", "input", "output", "cache_read", "cache_write"),
        *("context", "max_output", "long_prompt", "state", "updated"),
    )
)
FIVE = "&".join(
    f"w=Job+{number}:1000:{number * 20_000}:{number * 9_000}:0:{number * 500}:standard" for number in range(1, 6)
)
TABLES = {
    "Offers": ("offers", ""),
    "Offers, every column, by price": ("offers", f"?sort=-output,input{EVERY_COLUMN}"),
    "Costs of one workload": ("costs", "?excluded=1"),
    "Costs of five workloads": ("costs", f"?excluded=1&{FIVE}"),
    "Changes with their effect": ("changes", "?preset=coding"),
}


def measured(folder: Path) -> list[dict[str, Any]]:
    """The figures of each table and format over the database in ``folder``."""
    found = []
    for name, (table, query) in TABLES.items():
        for ending in ENDINGS:
            out = folder / "export.json"
            command = [sys.executable, "-m", "tests.benchmarks.exporting", table, ending, query, str(out)]
            subprocess.run(command, cwd=places.ROOT, env=places.environment(folder), check=True)
            found.append({"name": f"{name}, {ending}", **json.loads(out.read_text())})
    return found


def main(table: str, ending: str, query: str, out: Path) -> None:
    """Ask for one file as a browser would and let go of what comes; the figures go to ``out``."""
    django.setup()
    from tests.benchmarks import inside

    browser = inside.client()
    browser.get("/")
    browser.get(f"/export/{table}.{ending}?catalog=reference&q=no+such+name").getvalue()  # so that all is loaded
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (man 5 proc)
    idle = _megabytes("VmRSS")
    started = time.perf_counter()
    response = browser.get(f"/export/{table}.{ending}{query}")
    size = sum(map(len, response.streaming_content))  # type: ignore[attr-defined]  # it streams
    figures = {
        "seconds": time.perf_counter() - started,
        "idle_mb": idle,
        "peak_mb": _megabytes("VmHWM"),
        "bytes": size,
    }
    out.write_text(json.dumps(figures))


def _megabytes(name: str) -> float:
    """What this process has in memory: not from getrusage, whose peak is at least that of the parent."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:4], Path(sys.argv[4]))
