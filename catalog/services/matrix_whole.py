"""The catalog matrix as its page needs it, remembered: the next tab, order or page of it reads new rows alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from catalog.filters import OfferFilter
from catalog.models import Family
from catalog.services.catalogs import Catalogs
from catalog.services.matrix import Gap, Line, Matrix, Measure, Totals, gap_of, matrix, plain
from catalog.services.matrix_rows import Row, matrix_rows
from catalog.services.memory import Memory, rates_key
from catalog.services.sorting import SortKey

REMEMBERED = 8
"""Matrices that a process keeps: half a megabyte each at 9,000 offers."""

MOST_ROWS = 500
"""Rows that it keeps of each."""


class Whole(NamedTuple):
    """A matrix with its totals, the gap of each family that has one, and where each stands in the order of names.

    ``read`` holds the rows that pages have shown, by family.
    """

    matrix: Matrix
    totals: Totals
    gaps: Mapping[int, Gap]
    places: Mapping[int, int]
    read: dict[int, Row]

    def gaps_against(self, catalog: int) -> dict[int, Gap]:
        """By family, the gap between this catalog's price (by its place) and the one farthest from it."""
        lines = self.matrix.matched
        return {line.family: gap for line in lines if (gap := gap_of(line.prices, catalog))}

    def sorted(self, lines: Iterable[Line], key: SortKey, values: Mapping[int, Any]) -> list[Line]:
        """Lines of it by ``values`` (by family; what has none comes last, both ways round), and of one value by name.

        The key "model" sorts by name alone.
        """
        by_name = sorted(lines, key=lambda line: self.places[line.family])
        if key.name == "model":
            return by_name[::-1] if key.descending else by_name
        known = [line for line in by_name if line.family in values]
        known.sort(key=lambda line: values[line.family], reverse=key.descending)  # stable: by name within
        return known + [line for line in by_name if line.family not in values]


_wholes: Memory[Whole] = Memory(REMEMBERED)


def whole_matrix(offers: OfferFilter, catalogs: Catalogs, measure: Measure) -> Whole:
    """The matrix of all that passes the filters over ``catalogs``, in three queries or from memory."""
    key = (*rates_key(offers, catalogs, sorted(offers.values)), measure)
    return _wholes.get(key, lambda: _whole(matrix(offers, [catalog.pk for catalog in catalogs], measure)))


def _whole(found: Matrix) -> Whole:
    # Of all families, for to name a thousand takes longer than to read a few thousand more.
    ordered = sorted((name.casefold(), pk) for name, pk in plain(Family.objects.order_by().values_list("name", "pk")))
    gaps = {line.family: gap for line in found.matched if (gap := gap_of(line.prices))}
    return Whole(found, found.totals(), gaps, {pk: place for place, (_, pk) in enumerate(ordered)}, {})


def whole_rows(
    whole: Whole, offers: OfferFilter, catalogs: Catalogs, measure: Measure, lines: Sequence[Line]
) -> list[Row]:
    """The rows of these lines of it, in two queries or from memory; the others are what the matrix was made of."""
    new = [line for line in lines if line.family not in whole.read]
    rows = {line.family: whole.read[line.family] for line in lines if line.family in whole.read}
    if new:
        rows |= {row.line.family: row for row in matrix_rows(offers, [one.pk for one in catalogs], measure, new)}
        if len(whole.read) + len(new) <= MOST_ROWS:
            whole.read.update(rows)
    return [rows[line.family] for line in lines if line.family in rows]
