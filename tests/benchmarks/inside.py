"""What a page asks of the database, measured without a web server."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypedDict

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

TIMES = 7


class Statement(TypedDict):
    """One statement: its text, milliseconds to run it and fetch all it finds, and how the database goes about it."""

    sql: str
    ms: float
    plan: list[str]


class Asked(NamedTuple):
    """A statement as sent, with its values."""

    sql: str
    values: Any


@contextmanager
def listening() -> Iterator[list[Asked]]:
    """Collect what is asked of the database meanwhile."""
    asked: list[Asked] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append(Asked(sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield asked


def client(*, signed_in: bool = False) -> Client:
    """A visitor's browser, or that of someone with an account who is no staff."""
    browser = Client(SERVER_NAME="localhost")
    if signed_in:
        browser.force_login(get_user_model().objects.get_or_create(username="bench")[0])
    return browser


def asked_by(browser: Client, path: str) -> list[Asked]:
    """What one request for ``path`` asks of the database, after one that fills the process's caches."""
    browser.get(path)
    with listening() as asked:
        response = browser.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} was answered with {response.status_code} instead of 200.")
    return asked


def timed(asked: Asked) -> Statement:
    """Run a statement a few times more. Reading all rows counts: SQLite finds most of them only then."""
    times = []
    with connection.cursor() as cursor:
        for _ in range(TIMES):
            started = time.perf_counter()
            cursor.execute(*asked)
            cursor.fetchall()
            times.append((time.perf_counter() - started) * 1000)
        cursor.execute(f"EXPLAIN QUERY PLAN {asked.sql}", asked.values)
        plan = [str(row[-1]) for row in cursor.fetchall()]
    return Statement(sql=asked.sql, ms=statistics.median(times), plan=plan)
