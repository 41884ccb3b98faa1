"""The range glyph of the catalog matrix: each catalog's price as a multiple of the row's lowest, on a log scale."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LEFT, RIGHT = 8, 140
SCALES = ((2, ""), (3, "2"), (5, "2"), (10, "3"), (30, "5"), (100, "10"), (1_000, "30"))
"""The multiple at the right end, and one between to name."""
MIDDLE, STEP, NEAR = 12, 7, 8
TALLEST = 3
"""Marks that fit above each other in a row; more of one place lie closer together."""


class Scale(NamedTuple):
    """Which multiple is at the right end; ``between`` and ``at`` name one in the middle and say where it is."""

    top: int
    between: str
    at: float | None

    def place(self, multiple: float) -> float:
        """Pixels from the left; what is beyond the scale stands at its end."""
        part = math.log(min(max(multiple, 1), self.top)) / math.log(self.top)
        return round(LEFT + (RIGHT - LEFT) * part, 1)


class Dot(NamedTuple):
    """A catalog's mark and its place in pixels."""

    mark: int
    x: float
    y: float


def scale(multiples: Iterable[float]) -> Scale:
    """The smallest scale that holds these multiples, infinite ones aside."""
    most = max((one for one in multiples if math.isfinite(one)), default=1)
    top, between = next((one for one in SCALES if one[0] >= most), SCALES[-1])
    made = Scale(top, between, None)
    return made._replace(at=made.place(float(between))) if between else made


def dots(multiples: Sequence[tuple[int, float]], on: Scale) -> list[Dot]:
    """The marks of these catalogs (mark, multiple); those of nearly the same place stand above each other."""
    piles: list[list[tuple[int, float]]] = []
    for mark, x in sorted(((mark, on.place(multiple)) for mark, multiple in multiples), key=lambda one: one[1]):
        if piles and x - piles[-1][0][1] < NEAR:
            piles[-1].append((mark, x))
        else:
            piles.append([(mark, x)])
    return [Dot(mark, x, y) for pile in piles for (mark, x), y in zip(pile, _heights(len(pile)), strict=True)]


def _heights(many: int) -> list[float]:
    step = min(STEP, STEP * (TALLEST - 1) / (many - 1)) if many > 1 else 0
    return [round(MIDDLE + step * (place - (many - 1) / 2), 1) for place in range(many)]
