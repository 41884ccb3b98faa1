"""A table as a file holds it: its columns, its rows one after the other, and what they are and where they are from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

Value = str | int | Decimal | datetime | date | None
"""One cell. None is unknown and becomes an empty cell, which 0 never does."""
Row = tuple[Value, ...]
Line = TypeVar("Line")


class Kind(StrEnum):
    """What the cells of a column are, besides None; in a mixed one each is what it is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DAY = "day"
    MIXED = "mixed"


class ExportColumn(NamedTuple):
    """One column. ``key`` is what programs call it, ``unit`` what its numbers count, such as ``USD per 1M tokens``."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    unit: str = ""

    @property
    def heading(self) -> str:
        """The label with its unit, since a cell holds the bare number."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


class Table(NamedTuple):
    """A whole table. ``rows`` are read once, while the file is written, and hold a value for each column.

    ``moment`` is when the rows were true, ``link`` the address that shows them again. ``filters`` (label and text) say
    which rows there are, ``facts`` what else they depend on, such as a workload. ``name`` is part of the file's name.
    """

    name: str
    title: str
    columns: tuple[ExportColumn, ...]
    rows: Iterator[Row]
    moment: datetime
    unit: str
    link: str
    filters: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def filter_words(self) -> str:
        """The filters in words: ``Catalog: Team; Search: gpt``, or ``none``."""
        return "; ".join(f"{label}: {text}" for label, text in self.filters) or "none"

    @property
    def about(self) -> list[tuple[str, str]]:
        """What a reader has to know of the rows, line by line, but for the link."""
        first = [("Prices", self.unit), ("As of", moment_iso(self.moment)), ("Filters", self.filter_words)]
        return [*first, *self.facts]


Columns = Sequence[tuple[ExportColumn, Callable[[Line], Value]]]
"""Columns, each with what reads its cell from a line of the table."""


def columns_of(columns: Columns[Line]) -> tuple[ExportColumn, ...]:
    """The columns alone."""
    return tuple(column for column, _ in columns)


def rows_of(lines: Iterable[Line], columns: Columns[Line]) -> Iterator[Row]:
    """The rows of these lines, one after the other."""
    reads = [read for _, read in columns]
    return (tuple(read(line) for read in reads) for line in lines)


def written(value: Value, text: Callable[[str], str]) -> str:
    """A cell in a file of text; ``text`` makes harmless what comes from elsewhere."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime):
        return moment_iso(value)
    return value.isoformat() if isinstance(value, date) else plain(value)


def plain(number: int | Decimal) -> str:
    """A number with all its digits and no exponent: ``0.000002``, ``100``."""
    return str(number) if isinstance(number, int) else f"{number.normalize():f}"


def moment_iso(moment: datetime) -> str:
    """A moment in UTC by ISO 8601, to the microsecond where it has any: ``2026-11-25T09:30:00Z``."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
