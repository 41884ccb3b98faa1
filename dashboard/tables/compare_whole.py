"""The whole table of offers side by side, as its page and its files show it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.services.costs import breakdown
from dashboard.forms.asked_compare import Asked
from dashboard.tables.compare import Section, differing, sections
from dashboard.tables.compare_costs import cost_section
from dashboard.tables.compare_prices import price_sections


class Comparison(NamedTuple):
    """The sections that are shown. ``untold`` names rows of which no catalog says anything.

    ``left_out`` counts the equal ones that the address leaves out; ``costs`` are those of its workload, by offer, and
    ``starred`` tells whether a price carries an asterisk.
    """

    sections: Sequence[Section]
    untold: Sequence[str]
    left_out: int
    costs: Mapping[int, Cost | Reason]
    starred: bool


def comparison(asked: Asked, now: datetime) -> Comparison:
    """The table of what the address asks for; one query, for its workload."""
    sides, view, workload = asked.sides, asked.view, asked.workload.workload
    if not sides:
        return Comparison([], [], 0, {}, starred=False)
    costs = breakdown(asked.ids, workload, view.as_of, asked.terms) if workload else {}
    prices = price_sections(sides, view.mode, view.unit)
    rows, untold = sections(sides, [cost_section(sides, asked.workload, costs), *prices], now)
    shown, left_out = differing(rows) if view.differing else (rows, 0)
    starred = any(cell.note and cell.kind == "price" for one in prices for row in one.rows for cell in row.cells)
    return Comparison(shown, untold, left_out, costs, starred)
