"""Reading a table from end to end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.db import connection

CHUNK = 1_000
"""Rows to take from the database at a time."""
Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, CHUNK at a time: as many as one query is asked for more about."""
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


@contextmanager
def little_memory() -> Iterator[None]:
    """Read without mapping the database's file into memory, where SQLite does so.

    For a page the map saves time. Whoever reads all rows would hold all of it, 150 MB at 100,000 offers, no quicker.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        mapped = cursor.execute("PRAGMA mmap_size").fetchone()
        cursor.execute("PRAGMA mmap_size=0")
    try:
        yield
    finally:
        if mapped:  # a database in memory has no file
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA mmap_size={mapped[0]:d}")
