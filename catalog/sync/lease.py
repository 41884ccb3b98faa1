"""One sync of a catalog at a time, across processes and machines: a lease on the catalog's row.

A lease ends when its sync does. One left behind by a killed process is taken over at once on the same machine, where
the process is seen to be gone, and after LEASE elsewhere.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from catalog.models import Catalog, Outcome, Sync

LEASE = timedelta(minutes=10)


class Leased(Exception):
    """Another sync of this catalog is under way."""


@contextmanager
def lease(catalog: Catalog) -> Iterator[None]:
    """Hold the catalog for one sync. Raises Leased if another process has it."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    if not _take(catalog, holder):
        raise Leased(f"{catalog.name} is being synced already.")
    try:
        Sync.objects.filter(catalog=catalog, outcome=Outcome.RUNNING).update(
            outcome=Outcome.FAILED,
            finished_at=timezone.now(),
            message="The process was stopped before it had stored anything.",
        )
        yield
    finally:
        Catalog.objects.filter(pk=catalog.pk, lease_holder=holder).update(lease_holder="", lease_until=None)


def _take(catalog: Catalog, holder: str) -> bool:
    now = timezone.now()
    row = Catalog.objects.filter(pk=catalog.pk)
    before = row.values_list("lease_holder", flat=True).first() or ""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    if before and _is_gone(before):
        free |= Q(lease_holder=before)
    return row.filter(free).update(lease_holder=holder, lease_until=now + LEASE) == 1


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
