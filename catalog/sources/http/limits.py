"""What one answer may cost, and how much of that is left."""

import time
from dataclasses import dataclass

from catalog.sources.base import Watch
from catalog.sources.errors import SourceUnavailable
from catalog.sources.http import faults


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one `get` may take. Times are seconds, sizes are bytes.

    ``connect`` holds for finding the address, for each address tried and for the TLS handshake; ``read`` for each
    silence of the server; ``total`` for everything together, further attempts and the waits between them included.
    ``backoff`` is the first wait, which doubles; ``longest_wait`` is how long a server may ask to be left alone before
    the attempt is given up. ``wire`` counts bytes as they arrive, ``body`` after decompression; ``depth`` is how far
    objects and lists may lie in each other.
    """

    connect: float = 5
    read: float = 30
    total: float = 120
    attempts: int = 3
    backoff: float = 0.5
    longest_wait: float = 20
    redirects: int = 5
    wire: int = 32 * 2**20
    body: int = 64 * 2**20
    depth: int = 64


class Budget:
    """What is left of the limits for the answer under way; the sockets of a door draw on it as bytes arrive."""

    deadline: float
    bytes_left: int
    watch: Watch | None = None

    def __init__(self, limits: Limits, host: str) -> None:
        self.limits = limits
        self.host = host

    def start(self) -> None:
        """Begin a `get`: its time runs through every attempt and redirect."""
        self.deadline = time.monotonic() + self.limits.total

    def refill(self) -> None:
        """Begin an answer: its bytes are counted from 0."""
        self.bytes_left = self.limits.wire

    def left(self) -> float:
        """Seconds until the whole must be done."""
        return self.deadline - time.monotonic()

    def step(self, most: float) -> float:
        """Seconds that the next step may take, at most ``most``. Raises SourceUnavailable when there are none."""
        if (left := self.left()) <= 0:
            raise faults.not_done(self.host, self.limits.total)
        return min(most, left)

    def silence(self) -> SourceUnavailable:
        """What to raise when a read had no answer in its time."""
        if self.left() <= 0:
            return faults.not_done(self.host, self.limits.total)
        return faults.silent(self.host, self.limits.read)

    def took(self, count: int) -> None:
        """Count bytes that arrived. Raises SourceUnreadable when there were too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise faults.too_large(self.limits.wire, "as sent")
        if self.watch is not None:
            self.watch(self.limits.wire - self.bytes_left)
