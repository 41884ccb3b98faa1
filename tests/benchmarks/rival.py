"""Datasette, installed for the benchmark alone, on the same rows (`flat.py`).

It gets what helps it: keyset paging, no suggested facets, no time limit that would cut its facets short.
"""

import subprocess
import sys
from pathlib import Path

INSTALL_SECONDS = 300
FACETS = ("catalog", "provider", "price_state", "lifecycle")
SETTINGS = {
    "default_page_size": "100",
    "max_returned_rows": "1000",
    "sql_time_limit_ms": "60000",
    "facet_time_limit_ms": "60000",
    "suggest_facets": "off",
    "default_cache_ttl": "0",
    "allow_download": "off",
}


def install(folder: Path) -> Path:
    """The Python of Datasette's own environment. Raises SubprocessError or OSError where it cannot be installed."""
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        _output(sys.executable, "-m", "venv", "--clear", str(folder))
        _output(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "datasette")
        asked = "from importlib.metadata import version; print(version('datasette'))"
        (folder / "installed").write_text(_output(str(python), "-c", asked))
    return python


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS).stdout


def release(python: Path) -> str:
    """Which Datasette that is."""
    return (python.parents[1] / "installed").read_text().strip()


def command(python: Path, path: Path, port: int) -> list[str]:
    """Serve it as Datasette does: uvicorn, one process."""
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, value)]
    return [str(python), "-m", "datasette", "serve", str(path), "--host", "127.0.0.1", "--port", str(port), *settings]
