"""One sync of a catalog at a time, across processes and machines: a lease on the catalog's row.

A lease ends when its sync does. One left behind by a killed process is taken over at once on the same machine, where
the process is seen to be gone, and after LEASE elsewhere. Whoever works under a lease renews it with every request and
once more in the transaction that stores, so that no two of them ever store.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.models import Catalog, Outcome, Sync

LEASE = timedelta(minutes=10)
"""Longer than any single request may take (see `sources.http`)."""


class Leased(Exception):
    """Another sync of this catalog is under way."""


class LeaseLost(Exception):
    """The lease ran out and somebody else took it, or a person ended the sync that held it."""

    def __init__(self) -> None:
        super().__init__("It took too long, and another sync has begun meanwhile. Nothing was stored.")


class Lease:
    """A catalog held for one sync."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def take(self) -> bool:
        """Whether the catalog was free, or held by a process that is gone, and is now ours."""
        now = timezone.now()
        row = Catalog.objects.filter(pk=self.catalog.pk)
        before = row.values_list("lease_holder", flat=True).first() or ""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        if before and _is_gone(before):
            free |= Q(lease_holder=before)
        return row.filter(free).update(lease_holder=self.holder, lease_until=now + LEASE) == 1

    def renew(self) -> None:
        """Hold it for another LEASE from now on. Raises LeaseLost."""
        if not self._ours().update(lease_until=timezone.now() + LEASE):
            raise LeaseLost

    def end(self) -> None:
        """Let the next one in."""
        self._ours().update(lease_holder="", lease_until=None)

    def _ours(self) -> QuerySet[Catalog]:
        return Catalog.objects.filter(pk=self.catalog.pk, lease_holder=self.holder)


@contextmanager
def lease(catalog: Catalog) -> Iterator[Lease]:
    """Hold the catalog for one sync. Raises Leased if another process has it."""
    held = Lease(catalog)
    if not held.take():
        raise Leased(f"{catalog.name} is being synced already.")
    try:
        Sync.objects.filter(catalog=catalog, outcome=Outcome.RUNNING).update(
            outcome=Outcome.FAILED,
            finished_at=timezone.now(),
            message="The process was stopped before it had stored anything.",
        )
        yield held
    finally:
        held.end()


def _is_gone(holder: str) -> bool:
    """Whether the process that holds a lease ran on this machine and runs no more."""
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
