"""Every setting is listed where people look for it, production needs its own keys, and home makes them."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard import keys

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = (ROOT / ".env.example").read_text()

# Imports the settings as they are without the `.env` of whoever runs this, and prints those that can be compared.
SHOW = """
import environ, json, pathlib
environ.Env.read_env = lambda *_: None
from dashboard import settings
shown = {name: getattr(settings, name) for name in dir(settings) if name.isupper() and name != "BASE_DIR"}
shown["DATABASES"]["default"]["NAME"] = pathlib.Path(shown["DATABASES"]["default"]["NAME"]).absolute()
shown["ALLOWED_HOSTS"] = sorted(set(shown["ALLOWED_HOSTS"]))
print(json.dumps(shown, default=str))
"""


def names_read() -> set[str]:
    """The names that settings.py reads: first arguments of env(...), env.<type>(...) and _required(...)."""
    calls = [
        node for node in ast.walk(ast.parse((ROOT / "dashboard/settings.py").read_text())) if isinstance(node, ast.Call)
    ]
    return {
        str(call.args[0].value)
        for call in calls
        if re.fullmatch(r"env(\.\w+)?|_required|_whole", ast.unparse(call.func))
        and isinstance(call.args[0], ast.Constant)
    }


def run(*command: str, cwd: Path = ROOT, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Python with an environment of these settings alone."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )


def test_settings_are_those_of_the_example() -> None:
    assert names_read() == set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def test_settings_are_those_of_the_readme() -> None:
    table = re.findall(r"^\| *`([A-Z_]+)` *\|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(names_read())


def test_each_line_of_the_example_has_its_explanation() -> None:
    lines = EXAMPLE.splitlines()
    unexplained = [line for above, line in pairwise(lines) if re.match("#[A-Z]", line) and above[:2] != "# "]
    assert unexplained == []


def test_uncommenting_the_whole_example_changes_nothing(tmp_path: Path) -> None:
    example = dict(line[1:].split("=", 1) for line in EXAMPLE.splitlines() if re.match(r"#[A-Z]", line))
    bare = run("-c", SHOW, cwd=tmp_path, VAR_DIR=str(tmp_path / "var"))
    full = run("-c", SHOW, cwd=tmp_path, **example)
    assert json.loads(full.stdout) == json.loads(bare.stdout), full.stderr + bare.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "CREDENTIAL_KEYS", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without_its_own(missing: str, tmp_path: Path) -> None:
    own = {"SECRET_KEY": "s" * 60, "CREDENTIAL_KEYS": keys.credential_key(), "ALLOWED_HOSTS": "ratecard.example"}
    result = run("manage.py", "check", PRODUCTION="1", VAR_DIR=str(tmp_path), **(own | {missing: ""}))
    assert result.returncode == 1
    assert result.stderr.startswith(f"PRODUCTION=1 needs {missing}: ")
    assert len(result.stderr.splitlines()) == 1


def test_production_starts_with_its_own(tmp_path: Path) -> None:
    own = {"SECRET_KEY": "s" * 60, "CREDENTIAL_KEYS": keys.credential_key(), "ALLOWED_HOSTS": "ratecard.example"}
    result = run("manage.py", "check", PRODUCTION="1", VAR_DIR=str(tmp_path / "new"), **own)
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / "new" / "secret_key").exists()


@pytest.mark.parametrize("given", ["not-a-key-of-ours", f"{'A' * 43}=,shorter-than-one"])
def test_a_credential_key_that_is_none_is_said_but_not_shown(given: str, tmp_path: Path) -> None:
    result = run("manage.py", "check", VAR_DIR=str(tmp_path), CREDENTIAL_KEYS=given)
    assert result.returncode == 1
    assert re.match(r"CREDENTIAL_KEYS: key [12] is not a Fernet key: ", result.stderr)
    assert len(result.stderr.splitlines()) == 1
    assert given.split(",")[-1] not in result.stderr


def test_blanks_among_credential_keys_are_no_keys() -> None:
    one, two = keys.credential_key(), keys.credential_key()
    assert keys.credential_keys([f" {one}", "", f"{two}\n"]) == [one, two]
    with pytest.raises(ValueError, match="there is no key in it"):
        keys.credential_keys(["", " "])


def test_debug_pages_are_never_on(tmp_path: Path) -> None:
    code = "import django.conf; print(django.conf.settings.DEBUG)"
    own = {"DJANGO_SETTINGS_MODULE": "dashboard.settings", "VAR_DIR": str(tmp_path), "DEBUG": "1"}
    assert run("-c", code, **own).stdout == "False\n"


def test_with_redis_all_web_processes_count_together(tmp_path: Path) -> None:
    own = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    code = "from django.core.cache import caches; print(type(caches['default']).__name__)"
    assert run("-c", code, **own).stdout == "LocMemCache\n"
    assert run("-c", code, REDIS_URL="redis://127.0.0.1:6379/0", **own).stdout == "RedisCache\n"


@pytest.mark.parametrize("name", ["PORT", "WEB_WORKERS", "WORKER_THREADS"])
def test_a_number_that_is_none_is_named(name: str, tmp_path: Path) -> None:
    result = run("manage.py", "check", VAR_DIR=str(tmp_path), **{name: "abc"})
    assert (result.returncode, result.stderr) == (1, f"{name} is not a whole number: 'abc'.\n")


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("manage.py", "check", VAR_DIR=str(tmp_path / "file" / "var"))
    assert result.returncode == 1
    assert result.stderr.startswith(f"The data folder {tmp_path}/file/var cannot be written: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_kept_key_is_its_owners_alone_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    first = keys.kept(path, keys.secret_key)
    assert len(first) >= 50
    assert keys.kept(path, keys.secret_key) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_many_that_start_together_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        got = set(pool.map(lambda _: keys.kept(tmp_path / "var" / "key", keys.credential_key), range(64)))
    assert len(got) == 1
