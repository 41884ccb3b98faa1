"""An installation of its own for tests with real processes: a folder, a database that processes can share, a queue."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
REDIS = os.environ.get("REDIS_URL", "")


class Installation:
    """Runs our code in processes that see this installation alone."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.env = os.environ | {
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{folder / 'ratecard.sqlite3'}",
            "REDIS_URL": "",
            **env,
        }

    def manage(self, *args: str) -> str:
        """What a management command prints."""
        return self._output([sys.executable, "manage.py", *args])

    def python(self, code: str, *args: str) -> str:
        """What a script prints."""
        return self._output([sys.executable, "-c", code, *args])

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """A process of Python under way, whose output can be read line by line."""
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def _output(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """The folder of an empty installation on SQLite, to be copied: to migrate one takes seconds."""
    made = Installation(tmp_path_factory.mktemp("migrated"))
    made.manage("migrate", "-v0")
    return made.folder


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request, tmp_path):
    """An empty installation on either database: PostgreSQL, and Redis if there is one, where DATABASE_URL names it."""
    if request.param == "sqlite":
        yield Installation(shutil.copytree(request.getfixturevalue("migrated"), tmp_path, dirs_exist_ok=True))
        return
    if not SERVER.startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL server")
    name = f"ratecard_processes_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            made = Installation(tmp_path, DATABASE_URL=urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")))
            made.env["REDIS_URL"] = REDIS
            made.manage("migrate", "-v0")
            yield made
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
