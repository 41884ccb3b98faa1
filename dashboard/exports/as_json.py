"""JSON: what the table is about, then a row a line, its values under the keys of the columns."""

from datetime import datetime
from decimal import Decimal
from typing import IO, Any

import msgspec

from dashboard.exports.table import Table, Value, moment_iso, plain

_encode = msgspec.json.Encoder().encode


def write(table: Table, out: IO[bytes]) -> None:
    """Write ``table`` to ``out``, row by row."""
    keys = [column.key for column in table.columns]
    head = {
        "title": table.title,
        "unit": table.unit,
        "as_of": moment_iso(table.moment),
        "filters": [{"label": label, "text": text} for label, text in table.filters],
        "facts": [{"label": label, "text": text} for label, text in table.facts],
        "link": table.link,
        "columns": [column._asdict() for column in table.columns],
    }
    out.write(_encode(head)[:-1] + b',"rows":[')
    before = b"\n"
    for row in table.rows:
        out.write(before + _encode(dict(zip(keys, map(_value, row), strict=True))))
        before = b",\n"
    out.write(b"\n]}\n")


def _value(value: Value) -> Any:
    if isinstance(value, Decimal):  # its digits as they are: a float would add 0.30000000000000004
        return msgspec.Raw(plain(value).encode())
    return moment_iso(value) if isinstance(value, datetime) else value
