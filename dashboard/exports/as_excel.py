"""Excel: the rows, as numbers, dates and text, and a sheet that says what they are.

XlsxWriter keeps no row: each goes to a temporary file, from which the sheet is packed at the end.
"""

from collections.abc import Callable, Iterator
from datetime import UTC
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter

from dashboard.exports.table import ExportColumn, Kind, Row, Table, Value

MOST_ROWS = 1_048_575
"""Below the heading (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""
SHARE_UNITS = ("%", "times")
"""Units of figures that are no amounts."""
MOST_TEXT = 32_767
MOST_LINK = 2_079
WIDTHS = {Kind.TEXT: 24, Kind.NUMBER: 14, Kind.DATE: 18, Kind.DAY: 12, Kind.MIXED: 24}
# Two decimals at least and all there are, up to a pico-dollar: a price per token shows as 0.000002, not as 0.00. Excel
# keeps doubles, so of a number with more than 15 digits the last ones are lost; no price has as many.
DOLLARS = "#,##0.00##########"
NUMBERS = "#,##0"
SHARES = "0.0#####"


def write(table: Table, out: IO[bytes], most_rows: int = MOST_ROWS) -> None:
    """Write ``table`` to ``out``; each ``most_rows`` rows begin another sheet."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True})
    book.set_properties(
        {"title": table.title, "comments": table.link, "created": table.moment.astimezone(UTC).replace(tzinfo=None)}
    )
    formats = _formats(book)
    rows = table.rows
    number = 1
    first: list[Row] = []
    while number == 1 or first:
        title = table.title[:25] if number == 1 else f"{table.title[:25]} {number}"
        _rows(book.add_worksheet(title), table.columns, chain(first, islice(rows, most_rows - len(first))), formats)
        first = list(islice(rows, 1))
        number += 1
    _about(book.add_worksheet("About"), table, formats)
    book.close()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "dollars": book.add_format({"num_format": DOLLARS}),
        "number": book.add_format({"num_format": NUMBERS}),
        "share": book.add_format({"num_format": SHARES}),
        "date": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _rows(sheet: Any, columns: tuple[ExportColumn, ...], rows: Iterator[Row], formats: dict[str, Any]) -> None:
    """A heading that stays in sight, and below it the rows."""
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[column.kind] + (12 if place == 0 else 0))
        sheet.write_string(0, place, column.heading, formats["heading"])
    put = [_put(sheet, column, formats) for column in columns]
    number = 0
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if value is not None and value != "":
                put[place](number, place, value)
    sheet.autofilter(0, 0, number, len(columns) - 1)


def _put(sheet: Any, column: ExportColumn, formats: dict[str, Any]) -> Callable[[int, int, Value], None]:
    """What writes the cells of a column. Text is stored as text, so that nothing in it is calculated."""
    if column.kind == Kind.TEXT:
        return lambda row, place, text: sheet.write_string(row, place, str(text)[:MOST_TEXT])
    if column.kind in (Kind.DATE, Kind.DAY):
        shown = formats[column.kind.value]
        return lambda row, place, moment: sheet.write_datetime(row, place, moment, shown)
    if column.kind == Kind.MIXED:
        return lambda row, place, value: _put_any(sheet, formats, row, place, value)
    shown = formats["dollars" if "USD" in column.unit else "share" if column.unit in SHARE_UNITS else "number"]
    return lambda row, place, number: sheet.write_number(row, place, number, shown)


def _put_any(sheet: Any, formats: dict[str, Any], row: int, place: int, value: Value) -> None:
    """A cell of a column whose rows hold different things: amounts, sizes, words."""
    if isinstance(value, Decimal | int):
        sheet.write_number(row, place, value, formats["dollars" if isinstance(value, Decimal) else "number"])
    else:
        sheet.write_string(row, place, str(value)[:MOST_TEXT])


def _about(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 100)
    lines = [("Table", table.title), *table.about]
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, formats["heading"])
        sheet.write_string(row, 1, text[:MOST_TEXT], formats["wrap"])
    sheet.write_string(len(lines), 0, "Link", formats["heading"])
    as_link = sheet.write_url if len(table.link) <= MOST_LINK else sheet.write_string
    as_link(len(lines), 1, table.link)
