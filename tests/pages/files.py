"""Files of our tables, read back by programs that are not ours."""

import json
import re
from decimal import Decimal
from io import BytesIO

import openpyxl
import pandas

from tests.exports.test_writers import by_markdown

BESIDE = 3
"""Columns of a CSV that say where it is from."""


def told(client, table, query=""):
    """All that the JSON holds, its numbers exact."""
    return json.loads(client.get(f"/export/{table}.json{query}").getvalue(), parse_float=Decimal)


def rows_of(client, table, query=""):
    """Its rows, by key."""
    return told(client, table, query)["rows"]


def facts_of(client, table, query=""):
    """What it says of itself, by label."""
    found = told(client, table, query)
    return {fact["label"]: fact["text"] for fact in [*found["filters"], *found["facts"]]}


def assert_no_file(client, address):
    """Nothing that could be saved as if it were the file; the sentence that is there instead."""
    response = client.get(address)
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    words = response.content.decode()
    assert re.fullmatch(r"No file was made\. .+\.\n", words)
    return words


def assert_all_formats_hold_the_same(client, table, query=""):
    """CSV by pandas, Excel by openpyxl and Markdown by markdown-it hold the rows of the JSON, cell by cell."""
    found = told(client, table, query)
    headings = [f"{one['label']} ({one['unit']})" if one["unit"] else one["label"] for one in found["columns"]]
    rows = [[text(value) for value in row.values()] for row in found["rows"]]

    plain = pandas.read_csv(BytesIO(_file(client, table, "csv", query)), dtype=str, keep_default_na=False)
    assert [name.removeprefix("'") for name in plain.columns[:-BESIDE]] == headings
    cells = plain.iloc[:, :-BESIDE].to_numpy().tolist()
    assert [[cell.removeprefix("'") for cell in row] for row in cells] == rows

    book = openpyxl.load_workbook(BytesIO(_file(client, table, "xlsx", query)))
    sheet = [list(row) for row in book.worksheets[0].iter_rows()]
    assert [cell.value for cell in sheet[0]] == headings
    for row, known in zip(sheet[1:], rows, strict=True):
        assert [_without_times(text(cell.value)) for cell in row] == [_without_times(one) for one in known]
    kinds = [one["kind"] for one in found["columns"]]
    wrong = [
        cell.coordinate
        for row in sheet[1:]
        for cell, kind in zip(row, kinds, strict=True)
        if kind == "number" and cell.value is not None and cell.data_type != "n"
    ]
    assert wrong == []

    lines = by_markdown(_file(client, table, "md", query))
    assert lines == [headings, *([" ".join(cell.split("\n")) for cell in row] for row in rows)]
    return rows


def text(value):
    """A value of any of them as a file of text writes it."""
    if value is None:
        return ""
    return f"{Decimal(str(value)).normalize():f}" if isinstance(value, int | float | Decimal) else str(value)


def _file(client, table, ending, query):
    return client.get(f"/export/{table}.{ending}{query}").getvalue()


def _without_times(cell):
    """Excel's moments are rounded to the millisecond: their own test is among those of the writers."""
    return cell[:10] if cell[:3] == "202" else cell
