"""Where the benchmark keeps what it builds: below var/bench, named by the code that builds it."""

import hashlib
import os
import shutil
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "var" / "bench"
BUILDERS = ("catalog/models", "catalog/migrations", "catalog/sync", "catalog/sources", "catalog/pricing")
KEPT = 2  # older sets of databases that are not removed


def folder_for(offers: int) -> Path:
    """The data folder with this many offers; a change of the code that fills databases leads to another one."""
    digest = hashlib.sha256(version("genai-prices").encode())
    for part in BUILDERS:
        for path in sorted((ROOT / part).rglob("*.py")):
            digest.update(path.read_bytes())
    for name in ("rows.py", "build.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    return BENCH / f"db-{digest.hexdigest()[:12]}" / str(offers)


def prune(current: Path) -> None:
    """Remove all sets of databases but the newest few and the ``current`` one."""
    others = [path for path in BENCH.glob("db-*") if path != current.parent]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a fresh installation on one machine whose data folder this is, whatever ours says."""
    return os.environ | {
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'ratecard.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "PRODUCTION": "0",
        "PUBLIC_DASHBOARD": "1",
        "REDIS_URL": "",
        "LOG_LEVEL": "WARNING",
    }
