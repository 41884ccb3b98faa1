"""The cells of the catalog matrix, each drawn by its macro once and remembered: whoever turns tabs sees most again."""

from collections.abc import Sequence
from functools import lru_cache

from django.template import engines
from markupsafe import Markup

from dashboard.charts.multiples import Dot
from dashboard.tables.matrix import CellView, RowView

REMEMBERED = 20_000


def row_cells(row: RowView, places: Sequence[int], path: str, tail: str, *, with_gap: bool) -> Markup:
    """The cells of a row behind its name, of the catalogs at these places; ``path`` and ``tail`` stand around an id."""
    drawn = [_cell(row.cells[place], path, tail, with_gap) for place in places]
    if with_gap:
        drawn += [_spread(tuple(row.dots), row.prices), _widest(row.gap, row.amount)]
    return Markup("".join([*drawn, _matched(row.matched, row.because)]))  # noqa: S704 (each drawn by a macro that escapes)


@lru_cache(maxsize=REMEMBERED)
def _cell(one: CellView, path: str, tail: str, with_gap: bool) -> Markup:
    return _drawn("cell", one, path, tail, with_gap)


@lru_cache(maxsize=REMEMBERED)
def _spread(dots: tuple[Dot, ...], title: str) -> Markup:
    return _drawn("spread", dots, title)


@lru_cache(maxsize=REMEMBERED)
def _widest(gap: str, amount: str) -> Markup:
    return _drawn("widest", gap, amount)


@lru_cache(maxsize=REMEMBERED)
def _matched(words: str, because: str) -> Markup:
    return _drawn("matched", words, because)


def _drawn(name: str, *values: object) -> Markup:
    macros = engines["jinja2"].env.get_template("matrix/cells.html").module  # type: ignore[attr-defined]
    made: Markup = getattr(macros, name)(*values)
    return made
