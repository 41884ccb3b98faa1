"""The cells of the catalog matrix, each drawn by its macro once and remembered: whoever turns tabs sees most again."""

from collections.abc import Sequence
from functools import lru_cache, partial

from markupsafe import Markup

from dashboard.charts.multiples import Dot
from dashboard.macros import drawn
from dashboard.tables.matrix import CellView, RowView

REMEMBERED = 20_000
_drawn = partial(drawn, "matrix/cells.html")


def row_cells(row: RowView, places: Sequence[int], path: str, tail: str, *, with_gap: bool) -> Markup:
    """The cells of a row behind its name, of the catalogs at these places; ``path`` and ``tail`` stand around an id."""
    made = [_cell(row.cells[place], path, tail, with_gap) for place in places]
    if with_gap:
        made += [_spread(tuple(row.dots), row.prices), _widest(row.gap, row.amount)]
    return Markup("".join([*made, _matched(row.matched, row.because)]))  # noqa: S704 (each drawn by a macro that escapes)


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
