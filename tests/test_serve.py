"""`manage.py serve` as a person meets it: one address, one password, and nothing left behind.

The tests run in order on one data folder, for making it takes seconds.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served(NamedTuple):
    """A start of Ratecard: its process, where it listens, and what it had written once it was up."""

    process: subprocess.Popen[str]
    port: int
    output: str

    def get(self, path: str) -> int:
        called = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            called.request("GET", path)
            return called.getresponse().status
        finally:
            called.close()

    def children(self) -> dict[str, int]:
        """The ids of its two halves by name."""
        found = {}
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_text()
            found["web server" if "gunicorn" in command else "worker"] = int(child)
        return found

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; its exit code and all that it wrote since it was up."""
        self.process.send_signal(number)
        return self.rest()

    def rest(self) -> tuple[int, str]:
        output = self.process.communicate(timeout=20)[0]
        return self.process.returncode, output


def environment(var: Path, port: int) -> dict[str, str]:
    """Settings of a new installation, whatever the environment or `.env` of whoever runs this says."""
    own = {"PRODUCTION": "0", "SECRET_KEY": "", "CREDENTIAL_KEYS": "", "REDIS_URL": "", "HOST": "127.0.0.1"}
    own |= {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{var}/ratecard.sqlite3",
    }
    return os.environ | own | {"VAR_DIR": str(var), "PORT": str(port), "LOG_LEVEL": "WARNING", "WEB_WORKERS": "1"}


def processes_of(var: Path) -> list[str]:
    """The commands of all processes that use this data folder, those that lost their parent too."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(var).encode() in (process / "environ").read_bytes() and (process / "cmdline").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it ended meanwhile
            continue
    return found


def gone(var: Path, seconds: float) -> bool:
    """Wait until no process uses the data folder."""
    end = time.monotonic() + seconds
    while processes_of(var) and time.monotonic() < end:
        time.sleep(0.05)
    return not processes_of(var)


def start(var: Path) -> Served:
    """Start Ratecard without a terminal and wait for the line with its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(var, port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = ""
    assert process.stdout is not None
    for line in process.stdout:
        output += line
        if "Ratecard is at" in line:
            return Served(process, port, output)
    raise AssertionError(f"It did not come up, exit code {process.wait()}:\n{output}")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Served]]:
    """The first start on a new data folder."""
    var = tmp_path_factory.mktemp("serve") / "var"
    served = start(var)
    yield var, served
    with served.process:
        served.process.kill()
    assert gone(var, 10)


@pytest.fixture
def var(first: tuple[Path, Served]) -> Path:
    """The data folder after the first start has ended."""
    if first[1].process.poll() is None:
        first[1].end(signal.SIGTERM)
    return first[0]


def test_the_first_start_gives_address_catalog_and_password_once(first: tuple[Path, Served]) -> None:
    var, served = first
    assert f"Ratecard is at http://127.0.0.1:{served.port}/" in served.output
    assert served.get("/healthz") == 200
    assert re.search(r"reference: stored \(2,\d\d\d offers", served.output)
    (password,) = re.findall(r"password: +(\S{12,})", served.output)
    assert [path for path in var.rglob("*") if path.is_file() and password.encode() in path.read_bytes()] == []


def test_ctrl_c_stops_both_and_leaves_nothing(first: tuple[Path, Served]) -> None:
    var, served = first
    assert served.children().keys() == {"web server", "worker"}
    assert served.end(signal.SIGINT) == (0, "Stopped.\n")
    assert processes_of(var) == []


def test_a_later_start_is_short_and_says_no_password(var: Path) -> None:
    served = start(var)
    assert served.output.splitlines() == [f"Ratecard is at http://127.0.0.1:{served.port}/  (Ctrl-C stops it)"]
    assert served.end(signal.SIGHUP) == (0, "Stopped.\n")
    assert processes_of(var) == []


@pytest.mark.parametrize(("killed", "other"), [("worker", "web server"), ("web server", "worker")])
def test_if_one_half_dies_the_other_stops_and_it_says_why(killed: str, other: str, var: Path) -> None:
    served = start(var)
    assert other in served.children()
    os.kill(served.children()[killed], signal.SIGKILL)
    code, output = served.rest()
    assert code == 1
    assert f"The {killed} was killed by SIGKILL and wrote nothing." in output
    assert processes_of(var) == []


def wait_until_it_handles(number: signal.Signals, pid: int) -> None:
    """Wait until a process has a handler of its own for a signal (https://man7.org/linux/man-pages/man5/proc.5.html)."""
    for _ in range(400):
        caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        if caught and int(caught[1], 16) >> (number - 1) & 1:
            return
        time.sleep(0.05)
    raise AssertionError(f"Process {pid} does not handle {number.name}.")


@pytest.mark.parametrize("half", ["worker", "web server"])
def test_each_half_ends_by_itself_when_it_is_asked_to(half: str, var: Path) -> None:
    served = start(var)
    pid = served.children()[half]
    wait_until_it_handles(signal.SIGTERM, pid)
    os.kill(pid, signal.SIGTERM)
    code, output = served.rest()
    assert code == 1
    assert f"The {half} ended with exit code 0" in output
    assert processes_of(var) == []


def test_a_half_that_cannot_start_is_named_with_its_last_lines(var: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(var, free_port()) | {"GUNICORN_CMD_ARGS": "--no-such-option"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    why = result.stderr[result.stderr.index("The web server ended with exit code 2; its last lines:") :]
    assert "unrecognized arguments: --no-such-option" in why
    assert processes_of(var) == []


def test_killing_it_outright_leaves_no_orphan(var: Path) -> None:
    served = start(var)
    with served.process:
        served.process.kill()
    assert gone(var, 8), processes_of(var)


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "serve"]
        result = subprocess.run(
            command, cwd=ROOT, env=environment(tmp_path, port), capture_output=True, text=True, check=False
        )
    assert result.returncode == 1
    assert result.stderr == f"Port {port} is in use; choose another: PORT={port % 65535 + 1} make run\n"
    assert result.stdout == ""
