"""Runs the halves of Ratecard as children that end together: none outlives the other, nor this process.

One thread and one loop, woken by signals and by what the children write: so it is safe to fork, and no signal is
lost between a look and a wait.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 4.5  # what the children get to finish before they are killed
START_SECONDS = 60.0
LOOK_SECONDS = 0.05
TAIL_LINES = 10
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ChildError(Exception):
    """A child ended that should have gone on; the text says which, how, and what it wrote last."""


@dataclass
class Child:
    """One half: its process, which leads a group of its own, and the last lines that it wrote."""

    name: str
    process: subprocess.Popen[bytes]
    output: int
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL_LINES))

    def pass_on(self) -> bool:
        """Copy what it wrote to our standard error and remember its end; False if there was nothing."""
        with contextlib.suppress(BlockingIOError):
            data = os.read(self.output, 65536)
            with contextlib.suppress(OSError):  # our own terminal may be gone
                sys.stderr.buffer.write(data)
                sys.stderr.flush()
            self.tail.extend(data.decode(errors="replace").splitlines())
            return bool(data)
        return False

    def ended(self, code: int) -> ChildError:
        """Why the whole stops now, ``code`` being the return code of its process."""
        while self.pass_on():
            pass
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        last = "".join(f"\n  {line}" for line in self.tail)
        return ChildError(f"The {self.name} {how}" + (f"; its last lines:{last}" if last else " and wrote nothing."))


def supervise(
    commands: Mapping[str, Sequence[str]], *, folder: Path, ready: Callable[[], bool], on_ready: Callable[[], None]
) -> None:
    """Run ``commands`` in ``folder`` until a signal asks to stop. Raises ChildError if one ends by itself.

    ``on_ready`` is called once, when ``ready()`` first holds. All children are gone when this returns or raises.
    """
    with _signals() as (woken, asked), selectors.DefaultSelector() as selector:
        selector.register(woken, selectors.EVENT_READ)
        children: list[Child] = []
        try:
            for name, command in commands.items():
                child = _start(name, command, folder)
                children.append(child)
                selector.register(child.output, selectors.EVENT_READ, child)
            _watch(children, selector, asked, ready, on_ready)
        finally:
            _stop(children, selector)


def _watch(
    children: list[Child],
    selector: selectors.BaseSelector,
    asked: list[int],
    ready: Callable[[], bool],
    on_ready: Callable[[], None],
) -> None:
    deadline = time.monotonic() + START_SECONDS
    look: float | None = time.monotonic()  # when to ask again whether all is ready; None once it was
    while not asked:
        _wait(selector, None if look is None else max(look - time.monotonic(), 0))
        for child in children:
            if (code := child.process.poll()) is not None:
                raise child.ended(code)
        if look is None or time.monotonic() < look:
            continue
        if ready():
            look = None
            on_ready()
        elif look > deadline:
            raise ChildError(f"Ratecard did not answer within {START_SECONDS:.0f} s.")
        else:
            look = time.monotonic() + LOOK_SECONDS


def _wait(selector: selectors.BaseSelector, seconds: float | None) -> None:
    """Sleep until a signal comes or a child writes, and pass its words on."""
    for key, _ in selector.select(seconds):
        if key.data is None:
            os.read(key.fd, 4096)  # one byte a signal
        elif not key.data.pass_on():
            selector.unregister(key.fd)


def _stop(children: list[Child], selector: selectors.BaseSelector) -> None:
    """Ask all to finish, and kill what is left of them and of what they started."""
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while any(child.process.poll() is None for child in children) and (left := deadline - time.monotonic()) > 0:
        _wait(selector, left)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        child.pass_on()
        os.close(child.output)


def _start(name: str, command: Sequence[str], folder: Path) -> Child:
    """Start a child in a session of its own, so that the terminal's Ctrl-C reaches this process alone."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    try:
        process = subprocess.Popen(  # noqa: S603 (a command of our own)
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()) if sys.platform == "linux" else None,
        )
    finally:
        os.close(writing)
    return Child(name, process, reading)


def _die_with(parent: int) -> Callable[[], None]:
    """What a new child calls so that Linux ends it when its parent goes, even by SIGKILL."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def ask() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it went before we asked
            os._exit(1)

    return ask


@contextlib.contextmanager
def _signals() -> Iterator[tuple[int, list[int]]]:
    """Collect signals instead of acting on them: a descriptor that wakes the loop, and which asked us to stop."""
    asked: list[int] = []
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    stopping = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # `nohup` stays in force
        stopping.append(signal.SIGHUP)
    old = {number: signal.signal(number, lambda got, _: asked.append(got)) for number in stopping}
    old[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the loop
    old_descriptor = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading, asked
    finally:
        signal.set_wakeup_fd(old_descriptor)
        for number, handler in old.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
