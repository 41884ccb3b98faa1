"""Reading a table from end to end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.db import connection

CHUNK = 1_000
"""Rows to take from the database at a time."""
LITTLE = {"mmap_size": 0, "cache_size": -2_000}
"""SQLite's own defaults, in bytes and, below 0, in kilobytes (https://www.sqlite.org/pragma.html)."""
Item = TypeVar("Item")


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, CHUNK at a time: as many as one query is asked for more about."""
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


@contextmanager
def little_memory() -> Iterator[None]:
    """Read without mapping the database's file into memory, where SQLite does so, and without a large cache of pages.

    For a page both save time. Whoever reads all rows would hold all of them, 150 MB at 100,000 offers, no quicker.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = {name: cursor.execute(f"PRAGMA {name}").fetchone() for name in LITTLE}
        for name, value in LITTLE.items():
            cursor.execute(f"PRAGMA {name}={value}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, was in usual.items():
                if was:  # a database in memory has no file to map
                    cursor.execute(f"PRAGMA {name}={was[0]:d}")
