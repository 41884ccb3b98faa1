"""Offers side by side as a file: a field in each row, an offer in each column."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from catalog.pricing.units import Unit, usd
from catalog.services.compare import Side
from dashboard.exports.figures import dollars
from dashboard.exports.formats import again
from dashboard.exports.table import ExportColumn, Kind, Row, Table, Value
from dashboard.exports.words import workload_text
from dashboard.forms.asked_compare import Asked
from dashboard.tables.compare import Cell, Section
from dashboard.tables.compare_prices import contracts
from dashboard.tables.compare_whole import comparison
from dashboard.tables.offers import UNIT_WORDS

MONEY = ("money", "fine_money", "request")
"""Kinds of cells that hold pico-dollars, not of a token."""
PRICES = ("price", "request")


def compare_table(asked: Asked, absolute: Callable[[str], str], now: datetime) -> Table:
    """The rows that ``asked`` shows; ``absolute`` makes a path of ours an address."""
    view, sides = asked.view, asked.sides
    shown, workload = comparison(asked, now), asked.workload.workload
    return Table(
        name="compare",
        title="Side by side",
        columns=(ExportColumn("section", "Section"), ExportColumn("field", "Field"), *map(_column, sides)),
        rows=_rows(shown.sections, view.unit),
        moment=view.as_of or now,
        unit=f"US dollars per {UNIT_WORDS[view.unit]} where a row says no other, before tax",
        link=absolute(again(asked.address, view.as_of, now, "add")),
        filters=(("Rows", "only those that differ"),) if view.differing else (),
        facts=(
            ("Mode", view.mode),
            *([("Workload", workload_text(asked.workload.name, workload))] if workload else []),
            *(("Contract", text) for text in contracts(sides)),
            *([("None of their catalogs tells", ", ".join(shown.untold))] if shown.untold else []),
        ),
    )


def _column(side: Side) -> ExportColumn:
    gone = "" if side.revision else ", not on record"
    return ExportColumn(f"offer_{side.offer.pk}", f"{side.name} ({side.catalog.name}){gone}", Kind.MIXED)


def _rows(sections: Sequence[Section], unit: Unit) -> Iterator[Row]:
    """The rows of the page, and below each that needs them what its asterisks and list prices say."""
    for section in sections:
        for row in section.rows:
            yield (section.title, row.label, *(_value(cell, unit) for cell in row.cells))
            if any(cell.contract for cell in row.cells):
                yield (section.title, f"{row.label}, list price", *(_listed(cell, unit) for cell in row.cells))
            if any(map(_note, row.cells)):
                yield (section.title, f"{row.label}, remarks", *(_note(cell) or None for cell in row.cells))


def _value(cell: Cell, unit: Unit) -> Value:
    """What the cell holds; a row that no offer has is not there, one that this offer has not is empty."""
    value = cell.value
    if value is None:
        return None
    if cell.kind in MONEY:
        return dollars(int(value))
    reads: dict[str, Callable[[], Value]] = {
        "price": lambda: usd(value, unit),
        "usd": lambda: _number(str(value)),
        "tokens": lambda: int(value),
        "flag": lambda: "yes" if value else "not named",
        "catalog": lambda: str(value[1]),
        "day": lambda: cell.note,
    }
    return reads[cell.kind]() if cell.kind in reads else str(value)


def _listed(cell: Cell, unit: Unit) -> Value:
    return _value(cell._replace(value=cell.listed), unit) if cell.contract else None


def _note(cell: Cell) -> str:
    """Why it is not, or not quite, the offer's own; of an unknown price there is nothing to say."""
    return "" if cell.kind == "day" or (cell.kind in PRICES and cell.value is None) else cell.note


def _number(text: str) -> Value:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
