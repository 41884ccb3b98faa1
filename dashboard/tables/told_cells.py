"""Cells of tables that tell what catalogs say, each drawn by its macro once and remembered: see `tables/cells.py`."""

from functools import lru_cache

from markupsafe import Markup

from catalog.pricing.units import Unit
from dashboard.macros import drawn
from dashboard.tables.cells import REMEMBERED
from dashboard.tables.compare import Cell


@lru_cache(maxsize=REMEMBERED)
def told(cell: Cell, unit: Unit, beside: str = "") -> Markup:
    """The cell of a value, by its kind; ``beside`` stands behind it."""
    return drawn("compare/cells.html", "td", cell, unit, beside)
