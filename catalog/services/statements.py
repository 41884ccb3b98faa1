"""Statements that Django has written once, to be run again: to write one takes as long as to run it.

What a page of offers asks of the database follows from its filters, its order and its columns, of which those that
people use are few. Only the words of a search are new each time, and what it finds.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import cycle
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from catalog.filters import OfferFilter
from catalog.models.among import Bound
from catalog.models.search import typed
from catalog.services.memory import Memory

REMEMBERED = 300
"""Statements that a process keeps: 10 KB each, 50 KB and more under dozens of contract terms."""

Row = Sequence[Any]


class Statement:
    """The SELECT of a query for a list of values (``values_list``), whose `Bound` parameters may change.

    It holds nothing of a connection, so that any thread may run it.
    """

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        """What Django writes for ``rows``."""
        compiler = rows.query.get_compiler(connection=connection)
        try:
            self._sql, self._values = compiler.as_sql()
        except EmptyResultSet:
            self._sql = ""
            return
        columns = [column for column, _, _ in compiler.select]
        self._converted = [(place, columns[place]) for place in compiler.get_converters(columns)]

    def run(self, bound: Iterable[Bound]) -> Sequence[Row]:
        """What it finds with these in the place of its bound parameters, which repeat them in this order."""
        if not self._sql:
            return []
        new = cycle(bound)
        values = [next(new) if isinstance(value, Bound) else value for value in self._values]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            rows: Sequence[Row] = cursor.fetchall()
        if not self._converted:
            return rows
        converted = [list(row) for row in rows]
        for place, column in self._converted:
            _convert(converted, place, column)
        return converted


def _convert(rows: Iterable[list[Any]], place: int, column: Any) -> None:
    """Make values of the column of what the database gave; rows share moments and flags, so each is made once."""
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    known: dict[Any, Any] = {}
    for row in rows:
        given = row[place]
        if given not in known:
            value = given
            for step in steps:
                value = step(value, column, connection)
            known[given] = value
        row[place] = known[given]


_statements: Memory[Statement] = Memory(REMEMBERED)


def read_rows(
    offers: OfferFilter, shown: Hashable, make: Callable[[], QuerySet[Any, Any]], bound: Iterable[Bound] | None = None
) -> Sequence[Row]:
    """What the query that ``make`` builds from ``offers`` finds.

    ``shown`` tells what it follows from besides the filters, ``bound`` what is new in it each time: the words of the
    search unless told.
    """
    shape = offers.shape
    statement = Statement(make()) if shape is None else _statements.get((shape, shown), lambda: Statement(make()))
    return statement.run(typed(offers.words, connection) if bound is None else bound)
