"""Times whole responses over kept-alive connections, one kind after the other in turns."""

import http.client
import math
import statistics
import time
from collections.abc import Callable, Mapping
from email.message import Message
from http.cookies import SimpleCookie
from typing import NamedTuple

TIMEOUT_SECONDS = 60
WARM_UP_CONNECTIONS = 8  # enough that every process of a server gets some
WARM_UPS = 12


class AnswerError(Exception):
    """A server answered with something else than was asked for."""


class Answer(NamedTuple):
    """A response read to its end, ``ms`` after the request was sent."""

    status: int
    headers: Message
    body: bytes
    ms: float


class Caller:
    """One kept-alive connection to a server of this machine, of someone whose browser keeps cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self.cookies: dict[str, str] = {}

    def get(self, path: str, *statuses: int, **headers: str) -> Answer:
        """The answer, which must have one of ``statuses``, else 200. A connection closed meanwhile is opened again."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for last in (False, True):
            if self.connection.sock is None:
                self.connection.connect()
            started = time.perf_counter()
            try:
                self.connection.request("GET", path, headers=sent)
                response = self.connection.getresponse()
                body = response.read()
                passed = (time.perf_counter() - started) * 1000
                break
            except ConnectionError:
                self.connection.close()
                if last:
                    raise
        if response.status not in (statuses or (200,)):
            raise AnswerError(f"{path} was answered with {response.status}.")
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, response.headers, body, passed)


def warm(port: int, path: str) -> Answer:
    """Ask a few times, through several connections at once too, so that every process has seen it; the last answer."""
    callers = [Caller(port) for _ in range(WARM_UP_CONNECTIONS)]
    for caller in callers:
        caller.connection.request("GET", path)
    for caller in callers:
        caller.connection.getresponse().read()
        caller.connection.close()
    caller = Caller(port)
    return [caller.get(path) for _ in range(WARM_UPS)][-1]


def in_turns(runs: Mapping[str, Callable[[], float]], rounds: int, most_seconds: float) -> dict[str, list[float]]:
    """Milliseconds of each run, called in turns: A B C A B C …; fewer rounds than asked for when time is up."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    deadline = time.monotonic() + most_seconds
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(run())
        if time.monotonic() > deadline:
            break
    return times


def p95(times: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def median(times: list[float]) -> float:
    """The value in the middle."""
    return statistics.median(times)
