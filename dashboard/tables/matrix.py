"""Rows of the catalog matrix, ready for its template: figures on their decimal point, gaps, marks and words."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from catalog.pricing.rates import PriceState
from catalog.pricing.units import Unit, exact_text, price_text
from catalog.services.catalogs import Catalogs
from catalog.services.family import vendor_name
from catalog.services.matrix import Gap, gap_of
from catalog.services.matrix_rows import Cell, CellOffer, Row
from dashboard.charts.multiples import Dot, Scale, dots, scale
from dashboard.formats import money_text
from dashboard.tables.cells import flat_text
from dashboard.tables.matrix_words import matched_words, no_price_sentence

FAR = 0.5
"""From this part of the base on a gap is far."""
NAMED = 4
"""Other offers of a cell that its title names."""
ZERO = "0*"
"""A zero that need not be meant."""


class Figures(NamedTuple):
    """How amounts are written: per 1M tokens, or for so many ``requests`` a month."""

    requests: int | None = None

    def text(self, pico: int) -> str:
        """Dollars without a sign."""
        return price_text(pico) if self.requests is None else money_text(pico * self.requests, 2)

    def exact(self, pico: int) -> str:
        """Every digit, per token or request."""
        return exact_text(pico)


class CellView(NamedTuple):
    """A cell: ``text`` is "" where nothing is offered. ``gap`` is told in letters, ``more`` counts other offers.

    ``seller`` is who sells it there, if not the model's own vendor.
    """

    text: str = ""
    value: str = ""
    padding: str = ""
    kind: str = ""
    title: str = ""
    offer_id: int = 0
    gap: str = ""
    far: bool = False
    best: bool = False
    more: int = 0
    seller: str = ""


class RowView(NamedTuple):
    """A row of the table: the family, its cells, the marks of its range, its widest gap and how it was matched."""

    slug: str
    title: str
    vendor: str
    cells: Sequence[CellView]
    dots: Sequence[Dot]
    prices: str
    gap: str
    amount: str
    matched: str
    because: str


def row_views(
    rows: Sequence[Row], catalogs: Catalogs, figures: Figures, against: int | None, providers: Mapping[str, str]
) -> tuple[list[RowView], Scale]:
    """The rows, and the scale of their ranges. ``providers`` are names by slug."""
    on = scale(multiple for row in rows for _, multiple in _multiples(row))
    texts = [_texts(row, figures) for row in rows]
    widest = tuple(max(map(_decimals, column)) for column in zip(*texts, strict=True))
    labels = tuple((catalog.mark, catalog.name) for catalog in catalogs)
    look = Look(labels, figures, against, widest, on)
    return [_row(row, vendor_name(row.vendor, providers), look) for row in rows], on


class Look(NamedTuple):
    """How the rows of one page are shown: marks and names of the catalogs, and what columns have in common."""

    labels: tuple[tuple[int, str], ...]
    figures: Figures
    against: int | None
    widest: tuple[int, ...]
    scale: Scale


# A row is shown as it was until a catalog changes: two thirds of the time of a page.
@lru_cache(maxsize=2_000)
def _row(row: Row, vendor: str, look: Look) -> RowView:
    prices = row.line.prices
    low = min((price for price in prices if price is not None), default=None)
    base = low if look.against is None else prices[look.against]
    gap, span = gap_of(prices, look.against), gap_of(prices)
    texts = _texts(row, look.figures)
    told = [
        (name, text, cell.offer) for (_, name), text, cell in zip(look.labels, texts, row.cells, strict=True) if cell
    ]
    marks = [(look.labels[place][0], multiple) for place, multiple in _multiples(row)]
    return RowView(
        slug=row.slug,
        title=row.title,
        vendor=vendor,
        cells=[
            _cell(cell, text, places, look.figures, base, span)
            for cell, text, places in zip(row.cells, texts, look.widest, strict=True)
        ],
        dots=dots(marks, look.scale) if span and span.other > span.base else (),
        prices=", ".join(f"{name} {text}" for name, text, _ in told),
        gap=row_gap_text(gap),
        amount="" if gap is None or not gap.amount else f"${look.figures.text(abs(gap.amount))}",
        matched=matched_words(one for _, _, one in told),
        because=" ".join(f"{name}: {one.rule.sentence}" for name, _, one in told),
    )


def _multiples(row: Row) -> list[tuple[int, float]]:
    """The place of each catalog that asks a price, and how many times the lowest it is."""
    prices = row.line.prices
    low = min((price for price in prices if price is not None), default=None)
    return [(place, price / low) for place, price in enumerate(prices) if low and price]


@lru_cache(maxsize=2_000)
def _texts(row: Row, figures: Figures) -> tuple[str, ...]:
    return tuple(_text(cell, figures) for cell in row.cells)


def _text(cell: Cell | None, figures: Figures) -> str:
    if cell is None:
        return ""
    one = cell.offer
    if one.price is None:
        if one.blended is not None and figures.requests is None:
            return flat_text(one.blended, Unit.MILLION, one.price_state)
        return ZERO if one.stated == 0 else "—"
    return "free" if one.price == 0 and one.price_state == PriceState.FREE else figures.text(one.price)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _cell(cell: Cell | None, text: str, places: int, figures: Figures, base: int | None, span: Gap | None) -> CellView:
    if cell is None:
        return CellView()
    one = cell.offer
    gap = "" if base is None or span is None or one.price is None else gap_text(base, one.price)
    best = span is not None and span.other > span.base == one.price
    return CellView(
        text=text,
        value="" if one.price is None else figures.exact(one.price),
        padding="0" * (places - _decimals(text)),
        kind="none" if text == "—" else "free" if text == "free" else "",
        title=_title(cell, figures),
        offer_id=one.offer_id,
        gap="" if best and gap == "=" else gap,
        far=bool(base is not None and one.price is not None and one.price > base * (1 + FAR)),
        best=best,
        more=len(cell.others),
        seller=one.provider_name if one.resold else "",
    )


def _title(cell: Cell, figures: Figures) -> str:
    """Which offer stands here, what its price is, and which others there are."""
    one = cell.offer
    parts = [one.ref, one.provider_name, *_apart(one)]
    sentences = [" · ".join(filter(None, parts)), _price_sentence(one, figures)]
    if cell.others:
        names = ", ".join(cell.others[:NAMED])
        left = len(cell.others) - NAMED
        sentences.append(f"Other offers here: {names}{f' and {left} more' if left > 0 else ''}")
    return ". ".join(filter(None, sentences))


def _apart(one: CellOffer) -> list[str]:
    date = f"{one.snapshot[:4]}-{one.snapshot[4:6]}-{one.snapshot[6:]}" if one.snapshot else ""
    return [
        *([f"variant {one.variant}"] if one.variant else []),
        *([f"region {one.region}"] if one.region else []),
        *([f"snapshot {date}"] if date else []),
        *(["a name that moves to the newest"] if one.moving else []),
    ]


def _price_sentence(one: CellOffer, figures: Figures) -> str:
    if one.price is None:
        return no_price_sentence(one)
    per = "request" if figures.requests is not None else "token"
    own = f"{exact_text(one.price)} US dollars per {per}"
    if one.listed is not None and one.listed != one.stated:
        return f"{own} by contract, {exact_text(one.listed)} by the catalog's list"
    return own


def says_flat(rows: Iterable[RowView]) -> bool:
    """Whether one price for all tokens is among them."""
    return any(cell.text.startswith("flat ") for row in rows for cell in row.cells)


def says_zero(rows: Iterable[RowView]) -> bool:
    """Whether a zero that need not be meant is among them."""
    return any(cell.text.endswith(ZERO) for row in rows for cell in row.cells)


@lru_cache(maxsize=20_000)
def gap_text(base: int, price: int) -> str:
    """How far a price is from its base: ``+10%``, ``−2.5%``, ``×18``, ``=``; ``paid`` where the base is free."""
    if price == base:
        return "="
    if base == 0:
        return "paid"
    if price >= 4 * base:
        return f"×{_rounded(Decimal(price) / base)}"
    percent = Decimal(abs(price - base)) * 100 / base
    sign = "+" if price > base else "−"
    return f"{sign}<0.1%" if percent < Decimal("0.05") else f"{sign}{_rounded(percent)}%"


def _rounded(number: Decimal) -> str:
    """One decimal below 10."""
    short = number.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{short:f}".removesuffix(".0") if short < 10 else f"{number.quantize(Decimal(1), ROUND_HALF_UP):,f}"


def row_gap_text(gap: Gap | None) -> str:
    """The gap of a whole row: in words where a percentage says nothing."""
    if gap is None:
        return ""
    text = gap_text(gap.base, gap.other)
    return {"=": "same", "paid": "free to paid"}.get(text, text)
