"""Makes .venv and keeps it in step with the lock: `python3 dashboard/bootstrap.py run` (`dev` for tests and checks).

The machine's own Python runs this before anything is installed, so it uses the standard library alone. Its syntax is
that of Python 3.4, so that an old Python can still say what is wrong: hence no f-strings and no `[*list]`.
"""
# ruff: noqa: RUF005, UP032, S603 (the commands are lists of our own, no shell)

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # no POSIX: two set-ups at the same time are then not kept apart
    fcntl = None  # type: ignore[assignment]

PYTHON_NEEDED = (3, 11)
SQLITE_NEEDED = (3, 34)  # the first with the trigram index that the search uses
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.txt"
LOCKS = {"run": ("requirements.txt",), "dev": ("requirements.txt", "requirements-dev.txt")}  # the last is installed
PIP = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]


def say(text: str) -> None:
    """Tell the person who waits what is going on, at once even where the output is a pipe."""
    print(text, flush=True)


def dotted(version: "tuple[int, ...]") -> str:
    """(3, 11) as "3.11"."""
    return ".".join(str(number) for number in version)


def check_python() -> None:
    """Exit with a sentence if this Python is too old."""
    if sys.version_info[:2] < PYTHON_NEEDED:
        sys.exit(
            "Ratecard needs Python {} or newer; this is {} ({}). "
            "Install a newer one and name it: make run PYTHON=python3.11".format(
                dotted(PYTHON_NEEDED), dotted(sys.version_info[:3]), sys.executable
            )
        )


def check_modules() -> None:
    """Exit with a sentence if this Python lacks what Debian and others ship in packages of their own."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            "Ratecard needs Python's venv module, which {} lacks; "
            "on Debian and Ubuntu: apt install python3-venv".format(sys.executable)
        )
    try:
        import sqlite3
    except ImportError:
        sys.exit("Ratecard needs Python's sqlite3 module, which {} lacks.".format(sys.executable))
    if sqlite3.sqlite_version_info[:2] < SQLITE_NEEDED:
        sys.exit(
            "Ratecard needs SQLite {} or newer; {} has {}.".format(
                dotted(SQLITE_NEEDED), sys.executable, sqlite3.sqlite_version
            )
        )


def check_folder() -> None:
    """Exit with a sentence if .venv cannot be written."""
    try:
        VENV.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=str(VENV)):
            pass
    except OSError as error:
        sys.exit(
            "Ratecard keeps its packages in {}, which cannot be written ({}); "
            "move Ratecard to a folder of your own.".format(VENV, error.strerror)
        )


def wanted(kind: str) -> str:
    """What the stamp holds once ``kind`` is installed: each lock file with its SHA-256, one a line."""
    lines = ("{} {}\n".format(name, hashlib.sha256((ROOT / name).read_bytes()).hexdigest()) for name in LOCKS[kind])
    return "".join(lines)


def venv_fits() -> bool:
    """Tell whether .venv belongs to this version of Python and its interpreter still exists."""
    try:
        notes, there = (VENV / "pyvenv.cfg").read_text(), VENV_PYTHON.exists()
    except OSError:  # it is not there, or out of this user's reach
        return False
    return there and "version = {}.".format(dotted(sys.version_info[:2])) in notes


def is_current(kind: str) -> bool:
    """Tell whether nothing is left to do; a `dev` set-up has all that `run` wants."""
    return STAMP.exists() and STAMP.read_text().startswith(wanted(kind)) and venv_fits()


@contextlib.contextmanager
def alone() -> "Iterator[None]":
    """Keep a second set-up waiting until this one is done. The lock is on the folder itself, so it leaves no file."""
    if fcntl is None:
        yield
        return
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another set-up is at work here; waiting for it ...")
        fcntl.flock(folder, fcntl.LOCK_EX)
    except OSError:  # some network file systems have no locks
        pass
    try:
        yield
    finally:
        os.close(folder)


def call(command: "list[str]", failed: str) -> None:
    """Run a command out of sight; if it fails, show its last lines and exit with the sentence ``failed``."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit("{}\n{}".format("\n".join(done.stdout.splitlines()[-15:]), failed))


def has_pip() -> bool:
    """Tell whether .venv was finished: an interrupted one has no pip yet."""
    return subprocess.run(PIP + ["--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def set_up(kind: str) -> None:
    """Make .venv if there is none that works, and install the lock. The stamp is written last."""
    start = time.monotonic()
    check_modules()
    check_folder()
    with contextlib.suppress(FileNotFoundError):
        STAMP.unlink()
    if not (venv_fits() and has_pip()):
        say("Making .venv with Python {} ...".format(dotted(sys.version_info[:3])))
        call([sys.executable, "-m", "venv", "--clear", str(VENV)], "Python's venv could not make {}.".format(VENV))
    lock = LOCKS[kind][-1]
    say("Installing the packages of {}; this is needed once and takes about half a minute ...".format(lock))
    call(
        PIP + ["install", "--require-hashes", "--progress-bar", "off", "-r", str(ROOT / lock)],
        "pip could not install {}; its last lines are above. Is the package registry reachable?".format(lock),
    )
    draft = STAMP.with_suffix(".new")
    draft.write_text(wanted(kind))
    draft.replace(STAMP)
    say("Done in {:.0f} s.".format(time.monotonic() - start))


def main(arguments: "list[str]") -> None:
    """Bring .venv up to date for `run` or `dev`; say nothing if it already is."""
    check_python()
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        sys.exit("usage: python3 dashboard/bootstrap.py run|dev")
    if is_current(arguments[0]):
        return
    with alone():
        if not is_current(arguments[0]):
            set_up(arguments[0])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Stopped; the next start goes on from here.")
