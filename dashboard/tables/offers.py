"""Rows and headings of the Offers table, ready for its template."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.pricing.rates import PriceState
from catalog.pricing.units import Unit, exact_text, price_text
from catalog.services.offers import OfferLine
from catalog.services.sorting import SortKey, next_sort
from dashboard.address import Address
from dashboard.charts.glyph import Glyph, glyph
from dashboard.formats import day_text, floor_text, moment_text, paddings, size_text, times_text
from dashboard.forms.offers import COLUMNS, TableView

PRICES = ("input", "output", "cache_read", "cache_write")
UNIT_WORDS = {Unit.MILLION: "1M tokens", Unit.THOUSAND: "1K tokens", Unit.TOKEN: "token"}
LIFECYCLE_BADGES = {
    "preview": "line",
    "deprecated": "warn",
    "hidden": "",
    "deleted": "bad",
    "retired": "bad",
}
PRICE_STATE_WORDS = {
    "priced": "priced",
    "free": "free",
    "variable": "price varies",
    "unknown": "price unknown",
    "not_token_priced": "not priced per token",
    "zero_unconfirmed": "zero, unconfirmed",
}
UNKNOWN_TITLE = "Not published by this catalog"
ONE_PRICE = "One price for all tokens, whether input or output"
INFERRED = "* The catalog does not name the provider; Ratecard concluded it from the model's name or tokenizer"


class Cell(NamedTuple):
    """One price: figures, hidden zeros behind them, the exact US dollars per token, and a note on where it is from."""

    text: str
    padding: str
    exact: str
    note: str


class Badge(NamedTuple):
    """A label with its class and the sentence behind it."""

    text: str
    kind: str
    title: str


class Row(NamedTuple):
    """One offer as the table shows it."""

    offer_id: int
    mark: int
    catalog: str
    name: str
    same: bool
    ref: str
    provider: str
    provider_title: str
    prices: Mapping[str, Cell]
    glyph: Glyph | None
    context: str
    context_exact: int | None
    max_output: str
    max_output_exact: int | None
    long_prompt: str
    badges: Sequence[Badge]
    updated: str
    updated_title: str


class Heading(NamedTuple):
    """A column's heading: where its sort links lead and how the table is sorted by it now."""

    key: str
    label: str
    href: str
    add_href: str
    direction: str
    rank: int


def rows(
    lines: Sequence[OfferLine], catalogs: Mapping[int, tuple[int, str]], view: TableView, now: datetime
) -> list[Row]:
    """Rows for ``lines``; ``catalogs`` gives each catalog's mark and name by id."""
    cells = {key: _cells(lines, key, view.unit) for key in PRICES if key in view.columns}
    by_model = view.sort[0].name == "model"
    made = []
    for i, line in enumerate(lines):
        mark, catalog = catalogs[line.catalog_id]
        made.append(
            Row(
                offer_id=line.offer_id,
                mark=mark,
                catalog=catalog,
                name=line.name,
                same=by_model and i > 0 and lines[i - 1].name == line.name,
                ref=line.ref,
                provider=f"{line.provider_name}*" if line.provider_inferred else line.provider_name,
                provider_title=INFERRED if line.provider_inferred else "",
                prices={key: column[i] for key, column in cells.items()},
                glyph=glyph(line.input, line.output, line.cache_read) if "spread" in view.columns else None,
                context=size_text(line.context_tokens),
                context_exact=line.context_tokens,
                max_output=size_text(line.max_output_tokens),
                max_output_exact=line.max_output_tokens,
                long_prompt=_long_prompt(line),
                badges=_badges(line),
                updated=day_text(line.valid_from, now) if line.valid_from.year > 1970 else "—",
                updated_title=_since(line.valid_from),
            )
        )
    return made


def _cells(lines: Sequence[OfferLine], key: str, unit: Unit) -> list[Cell]:
    amounts = [getattr(line, key) for line in lines]
    texts = [price_text(amount, unit) for amount in amounts]
    return [
        Cell(text, padding, "" if amount is None else exact_text(amount), _note(line, key))
        for line, amount, text, padding in zip(lines, amounts, texts, paddings(texts), strict=True)
    ]


def _note(line: OfferLine, key: str) -> str:
    if line.blended is not None and key in ("input", "output"):
        return ONE_PRICE
    if key not in line.inherited.split():
        return ""
    return "Taken from the base tier" if line.above else "Taken from the standard mode"


def _long_prompt(line: OfferLine) -> str:
    if line.up_to is None:
        return ""
    times = f" {times_text(line.next_input, line.input)}" if line.next_input and line.input else ""
    return f"{floor_text(line.up_to)}{times}"


def _badges(line: OfferLine) -> list[Badge]:
    badges = []
    if line.lifecycle != "active":
        badges.append(
            Badge(line.lifecycle, LIFECYCLE_BADGES.get(line.lifecycle, ""), f"Its catalog says: {line.lifecycle}")
        )
    if line.price_state != PriceState.PRICED:
        kind = "ok" if line.price_state == PriceState.FREE else "line"
        badges.append(Badge(PRICE_STATE_WORDS[line.price_state], kind, "What the catalog says of the price"))
    if line.blended is not None:
        badges.append(Badge("one price", "line", ONE_PRICE))
    if line.by_hour:
        badges.append(Badge("varies by hour", "warn", "Other prices hold at certain hours: see the offer's page"))
    return badges


def _since(start: datetime) -> str:
    if start.year == 1970:
        return "The catalog does not say since when these values hold"
    return f"These values hold since {moment_text(start)}"


def headings(view: TableView, address: Address) -> dict[str, Heading]:
    """The headings of model and the shown columns, by key."""
    ranks = {key.name: (rank, key) for rank, key in enumerate(view.sort, 1)}
    labels = {"model": "Model", **{column.key: column.label for column in COLUMNS if column.key in view.columns}}
    made = {}
    for key, label in labels.items():
        rank, own = ranks.get(key, (0, SortKey(key)))
        made[key] = Heading(
            key=key,
            label=label,
            href=address.to(sort=next_sort(view.sort, key)),
            add_href=address.to(sort=next_sort(view.sort, key, add=True)),
            direction="" if not rank else "descending" if own.descending else "ascending",
            rank=rank if len(view.sort) > 1 else 0,
        )
    return made
