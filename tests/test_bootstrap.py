"""The set-up that the machine's own Python runs: what it says when it cannot, and that it works only when needed."""

import ast
import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from dashboard.bootstrap import venv_fits

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = "dashboard/bootstrap.py"

# Runs the script as a machine would on which `fault` holds.
ON = (
    "import runpy, sys; {fault}; sys.argv = ['bootstrap.py', 'run']; runpy.run_path('"
    + SCRIPT
    + "', run_name='__main__')"
)


def wheel(folder: Path, version: str) -> str:
    """Make a package of one module and give its line for a lock file, with its hash."""
    path = folder / f"ratecard_probe-{version}-py3-none-any.whl"
    info = f"ratecard_probe-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ratecard_probe.py", f"version = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: ratecard-probe\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"ratecard-probe @ {path.as_uri()} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def project(folder: Path, run: str = "", dev: str = "") -> Path:
    """A folder with the script and lock files of its own."""
    (folder / "dashboard").mkdir()
    shutil.copy(ROOT / SCRIPT, folder / SCRIPT)
    (folder / "requirements.txt").write_text(run)
    (folder / "requirements-dev.txt").write_text(dev)
    return folder


def bootstrap(folder: Path, kind: str = "run") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, kind], cwd=folder, capture_output=True, text=True, check=False)


def written(folder: Path) -> dict[Path, int]:
    """When each file in a folder was last written, in nanoseconds."""
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


def probe(folder: Path) -> str:
    """The version of the package as the project's own .venv sees it."""
    command = [".venv/bin/python", "-c", "import ratecard_probe; print(ratecard_probe.version)"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("sys.version_info = (3, 10, 4, 'final', 0)", "Ratecard needs Python 3.11 or newer; this is 3.10.4 ("),
        ("sys.version_info = (3, 4, 0, 'final', 0)", "Ratecard needs Python 3.11 or newer; this is 3.4.0 ("),
        ("sys.modules['ensurepip'] = None", "Ratecard needs Python's venv module, which "),
        ("sys.modules['sqlite3'] = None", "Ratecard needs Python's sqlite3 module, which "),
        ("import sqlite3; sqlite3.sqlite_version_info = (3, 31, 1)", "Ratecard needs SQLite 3.34 or newer; "),
    ],
)
def test_a_machine_that_lacks_something_is_told_what(fault: str, sentence: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", ON.format(fault=fault)]
    result = subprocess.run(command, cwd=project(tmp_path), capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (project(tmp_path) / ".venv").touch()  # a file, for root may write into any folder
    result = bootstrap(tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Ratecard keeps its packages in {tmp_path}/.venv, which cannot be written (")
    assert len(result.stderr.splitlines()) == 1


def test_an_old_python_can_read_it() -> None:
    source = (ROOT / SCRIPT).read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    for node in ast.walk(tree):  # what that parser lets through, though 3.4 would not
        assert not isinstance(node, ast.List | ast.Tuple) or not any(
            isinstance(part, ast.Starred) for part in node.elts
        )
        if isinstance(node, ast.Call):
            starred = [isinstance(part, ast.Starred) for part in node.args]
            assert starred == sorted(starred)
            assert sum(starred) <= 1


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[tuple[int | None, str]]]]:
    """A project that two processes set up at the same moment, and how each of them ended."""
    folder = tmp_path_factory.mktemp("ratecard")
    project(folder, run=wheel(folder, "1.0"))
    together = [
        subprocess.Popen(
            [sys.executable, SCRIPT, "run"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    outputs = [process.communicate()[0] for process in together]
    yield folder, [(process.returncode, output) for process, output in zip(together, outputs, strict=True)]
    shutil.rmtree(folder)


class TestSetUp:
    """In order, on one .venv: making it takes seconds."""

    def test_two_at_once_make_it_once(self, ready: tuple[Path, list[tuple[int | None, str]]]) -> None:
        folder, ends = ready
        assert [code for code, _ in ends] == [0, 0], ends
        assert sorted(output.count("Making .venv") for _, output in ends) == [0, 1], ends
        assert sum("Another set-up is at work" in output for _, output in ends) == 1, ends
        assert probe(folder) == "1.0"

    def test_a_second_time_there_is_nothing_to_do(self, ready: tuple[Path, object]) -> None:
        venv = ready[0] / ".venv"
        before = written(venv)
        result = bootstrap(ready[0])
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
        assert written(venv) == before

    def test_a_changed_lock_is_installed(self, ready: tuple[Path, object]) -> None:
        folder = ready[0]
        (folder / "requirements.txt").write_text(wheel(folder, "2.0"))
        result = bootstrap(folder)
        assert result.returncode == 0
        assert "Making .venv" not in result.stdout
        assert "Installing the packages of requirements.txt" in result.stdout
        assert probe(folder) == "2.0"

    def test_what_pip_says_is_shown_when_it_fails(self, ready: tuple[Path, object]) -> None:
        folder = ready[0]
        good = (folder / "requirements.txt").read_text()
        (folder / "requirements.txt").write_text(wheel(folder, "3.0")[:-10] + "0" * 9 + "\n")
        for _ in range(2):  # the failure is not taken for done the next time
            result = bootstrap(folder)
            assert result.returncode == 1
            assert "DO NOT MATCH THE HASHES" in result.stderr
            assert result.stderr.splitlines()[-1].startswith("pip could not install requirements.txt; ")
        assert probe(folder) == "2.0"
        (folder / "requirements.txt").write_text(good)
        assert bootstrap(folder).returncode == 0

    def test_a_dev_install_is_enough_for_run(self, ready: tuple[Path, object]) -> None:
        folder = ready[0]
        (folder / "requirements-dev.txt").write_text((folder / "requirements.txt").read_text() + "# dev\n")
        assert "requirements-dev.txt" in bootstrap(folder, "dev").stdout
        assert bootstrap(folder, "run").stdout == ""
        assert bootstrap(folder, "dev").stdout == ""

    def test_a_python_out_of_reach_is_none(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "pyvenv.cfg").write_text(f"version = {sys.version_info.major}.{sys.version_info.minor}.1")
        monkeypatch.setattr("dashboard.bootstrap.VENV", tmp_path)
        monkeypatch.setattr("dashboard.bootstrap.VENV_PYTHON", Mock(exists=Mock(side_effect=PermissionError)))
        assert not venv_fits()

    def test_a_venv_of_another_python_is_made_anew(self, ready: tuple[Path, object]) -> None:
        folder = ready[0]
        (folder / ".venv" / "bin" / "python").unlink()
        (folder / ".venv" / "bin" / "python").symlink_to(folder / "a-python-that-was-removed")
        result = bootstrap(folder)
        assert result.returncode == 0
        assert "Making .venv" in result.stdout
        assert probe(folder) == "2.0"
