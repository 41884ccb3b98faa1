"""CSV by RFC 4180, of which every line is a row, so that any reader takes it as it is.

Lines of comment would break most readers. So the unit stands in the headings and the rest in columns at the end: the
moment in every row, since rows of several files get mixed, the rest and the link in the first, since they are long.

It begins with the mark of UTF-8: without it Excel shows "é" as "Ã©", and pandas, R and LibreOffice take it off.
"""

import csv
from io import TextIOWrapper
from typing import IO

from dashboard.exports.harmless import csv_text
from dashboard.exports.table import Table, moment_iso, written

ORIGIN = ("As of", "About", "Link")


def write(table: Table, out: IO[bytes]) -> None:
    """Write ``table`` to ``out``, row by row."""
    text = TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([*(csv_text(column.heading) for column in table.columns), *ORIGIN])
    moment = moment_iso(table.moment)
    about = "; ".join(f"{label}: {words}" for label, words in table.about)
    origin = [moment, about, table.link]
    for row in table.rows:
        writer.writerow([*(written(value, csv_text) for value in row), *origin])
        origin = [moment, "", ""]
    text.flush()
    text.detach()  # else it would close ``out`` with itself
