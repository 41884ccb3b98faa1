"""The moments that are written down, in one order with what has been committed by then.

A shared page shows for ever what was known at its moment. So whatever is committed after that moment must be stamped
later, also by a sync that was under way: writers take their stamp in the transaction that writes, and who pins a moment
waits for those.
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone

LOCK = 7_245_002
"""PostgreSQL's advisory lock, shared by writers. SQLite has one writer at a time anyway, from a transaction's start."""


def writing() -> datetime:
    """The moment of what this transaction writes. Call it first in the transaction, before any other lock."""
    return _after("pg_advisory_xact_lock_shared")


def pinned() -> datetime:
    """A moment up to which all is committed and after which all else will be stamped; within a short transaction."""
    return _after("pg_advisory_xact_lock")


def _after(lock: str) -> datetime:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [LOCK])
    return timezone.now()
