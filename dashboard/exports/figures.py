"""Figures as files hold them: exact amounts, and shares that are rounded far behind what a page shows."""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import overload

from catalog.pricing.units import PICO_PER_USD

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
PLACES = Decimal("0.000001")


@overload
def dollars(pico: int) -> Decimal: ...
@overload
def dollars(pico: None) -> None: ...
@overload
def dollars(pico: int | None) -> Decimal | None: ...
def dollars(pico: int | None) -> Decimal | None:
    """Pico-dollars as US dollars, every digit; None stays unknown."""
    return None if pico is None else EXACT.divide(Decimal(pico), Decimal(PICO_PER_USD))


def share(part: int | Decimal | None, whole: int | Decimal | None) -> Decimal | None:
    """``part`` of ``whole`` in percent, to six places; None if either is not known, or there is nothing to share."""
    if part is None or not whole:
        return None
    with localcontext(EXACT):
        return (100 * Decimal(part) / Decimal(whole)).quantize(PLACES)
