"""The door that a sync reads through: it keeps the lease, and tells how far the reading has come."""

import time

from catalog.models import Sync
from catalog.sources.base import Door, Parameters, Watch
from catalog.sync.lease import Lease

TELLS_EVERY = 1.0
"""Seconds between two notes of how much of an answer has arrived."""


class LeasedDoor:
    """Renews the lease before each request and while an answer arrives, so that a catalog of many pages keeps it.

    A sync that was stopped has lost its lease, so that its reading ends here too.
    """

    def __init__(self, door: Door, lease: Lease, sync: Sync) -> None:
        self.door = door
        self.lease = lease
        self.sync = sync
        self._told_at = time.monotonic()
        self._before = 0
        door.watched_by(self._heard)

    def address(self, path: str) -> str:
        """The full address of ``path``, without parameters."""
        return self.door.address(path)

    def get(self, path: str, parameters: Parameters = ()) -> bytes:
        """The body of a successful answer. Raises SourceError or LeaseLost."""
        self.lease.renew()
        self._before = self.sync.size
        body = self.door.get(path, parameters)
        self.sync.pages += 1
        self._tell()
        return body

    def count(self, rows: int, total: int | None = None) -> None:
        """Note how many rows were read."""
        self.sync.rows, self.sync.rows_in_all = rows, total
        self._tell()

    def watched_by(self, watch: Watch) -> None:
        """Nothing: this door itself watches the one that it reads through."""

    def close(self) -> None:
        """Let go of what is open; no `get` follows."""
        self.door.close()

    def _heard(self, size: int) -> None:
        self.sync.size = self._before + size
        if time.monotonic() - self._told_at >= TELLS_EVERY:
            self.lease.renew()
            self._tell()

    def _tell(self) -> None:
        sync = self.sync
        Sync.objects.filter(pk=sync.pk).update(
            pages=sync.pages, rows=sync.rows, rows_in_all=sync.rows_in_all, size=sync.size
        )
        self._told_at = time.monotonic()
