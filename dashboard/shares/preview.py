"""What a chat shows beside a link: words and a picture of the first rows, by the same rights as the page."""

from collections.abc import Callable
from decimal import Decimal
from itertools import islice

from django.utils import timezone

from catalog.services.memory import Memory
from dashboard import address
from dashboard.exports.table import Table, Value, written
from dashboard.exports.tables import TABLES, NoTable, Wanted
from dashboard.pictures import MOST_ROWS, draw_preview
from dashboard.shares.shown import Shared

REMEMBERED = 30
MOST_FIGURES = 4
LONGEST_FRACTION = 6
NAMES = ("model", "offer", "field")
FIGURES = ("catalog", "price", "per_month", "workload", "offer_", "kind", "before", "after", "input", "output")
"""Beginnings of the keys of the columns that fit a picture, those first that say most; one of NAMES stands before."""
Cells = tuple[list[str], list[list[str]]]
_pictures: Memory[bytes] = Memory(REMEMBERED)


def preview(shared: Shared, absolute: Callable[[str], str]) -> bytes:
    """The picture, as a PNG."""
    key = (shared.version, shared.query.urlencode(), timezone.now().date())  # terms begin and end with days

    def draw() -> bytes:
        headings, rows = _cells(shared, absolute)
        return draw_preview(shared.share.title, shared.described, headings, rows, f"Shared by {shared.author}")

    return _pictures.get(key, draw)


def _cells(shared: Shared, absolute: Callable[[str], str]) -> Cells:
    """The headings and the first rows."""
    if shared.asked is None:
        return [], []
    build = TABLES[shared.page.table]
    try:
        with address.shown(shared.elsewhere):
            wanted = Wanted(shared.query, shared.shown.then, shared.argument, absolute, timezone.now())
            return _of_table(build(wanted))
    except NoTable:
        return [], []


def _of_table(table: Table) -> Cells:
    keys = [column.key for column in table.columns]
    named = [place for key in NAMES for place in range(len(keys)) if keys[place] == key][:1]
    figures = [place for start in FIGURES for place in range(len(keys)) if keys[place].startswith(start)]
    shown = [*named, *figures[:MOST_FIGURES]]
    rows = [[_text(row[place]) for place in shown] for row in islice(table.rows, MOST_ROWS)]
    return [table.columns[place].label.replace(" per month", "/month") for place in shown], rows


def _text(value: Value) -> str:
    if value is None:
        return "—"
    if not isinstance(value, Decimal):
        return f"{value:,}" if isinstance(value, int) else written(value, str)
    whole, _, fraction = f"{value.normalize():,f}".partition(".")
    return f"{whole}.{fraction[:LONGEST_FRACTION].ljust(2, '0')}"
