"""Statements that Django has written once, to be run again: to write one takes as long as to run it.

What a page of offers asks of the database follows from its filters, its order and its columns, of which those that
people use are few. Only the words of a search are new each time, and what it finds.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
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
"""Statements that a process keeps: 4 KB each."""
VALUES = 1_000
"""Values of a column whose conversion is remembered: the rows of a table share moments and flags."""

Row = Sequence[Any]


class Statement:
    """The SELECT of a query for a list of values (``values_list``), whose `Bound` parameters may change."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        """What Django writes for ``rows``."""
        compiler = rows.query.get_compiler(connection=connection)
        try:
            self._sql, self._values = compiler.as_sql()
        except EmptyResultSet:
            self._sql = ""
            return
        found = compiler.get_converters([column for column, _, _ in compiler.select])
        self._converters = [(place, _converter(*each)) for place, each in found.items()]

    def run(self, bound: Iterable[Bound]) -> Sequence[Row]:
        """What it finds with these in the place of its bound parameters, which repeat them in this order."""
        if not self._sql:
            return []
        new = cycle(bound)
        values = [next(new) if isinstance(value, Bound) else value for value in self._values]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            rows: Sequence[Row] = cursor.fetchall()
        if not self._converters:
            return rows
        converted = [list(row) for row in rows]
        for place, convert in self._converters:
            for row in converted:
                row[place] = convert(row[place])
        return converted


def _converter(steps: Sequence[Callable[[Any, Any, Any], Any]], column: Any) -> Callable[[Any], Any]:
    """The steps from a value of the database to that of the column, in one."""

    @lru_cache(VALUES)
    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return convert


_statements: Memory[Statement] = Memory(REMEMBERED)


def rows_of(
    offers: OfferFilter, shown: Hashable, make: Callable[[], QuerySet[Any, Any]], bound: Iterable[Bound] | None = None
) -> Sequence[Row]:
    """What the query that ``make`` builds from ``offers`` finds.

    ``shown`` tells what it follows from besides the filters, ``bound`` what is new in it each time: the words of the
    search unless told.
    """
    shape = offers.shape
    statement = Statement(make()) if shape is None else _statements.get((shape, shown), lambda: Statement(make()))
    return statement.run(typed(offers.words, connection) if bound is None else bound)
