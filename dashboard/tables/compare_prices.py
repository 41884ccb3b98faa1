"""Prices of the comparison: the tiers of all offers laid over each other, other prices, and how all came to be."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from catalog.pricing.rates import STANDARD, meant
from catalog.pricing.term_text import reach_text, term_text
from catalog.pricing.units import Unit
from catalog.services.compare import Side
from dashboard.charts.steps import Series
from dashboard.formats import day_text, floor_text, moment_text
from dashboard.tables.compare import Cell, Section, made_row, price_words
from dashboard.tables.offers import UNIT_WORDS

LABELS = {
    "input": "Input",
    "output": "Output",
    "cache_read": "Cache read",
    "cache_write": "Cache write",
    "blended": "All tokens, one price",
    "request": "Each request, US dollars",
}
RARE = ("blended", "request")
"""Rows that are there only if an offer has such a price."""
FROM_LOWER, FROM_STANDARD = "Taken from the base tier", "Taken from the standard mode"
GONE = ("retired", "deleted")


class Step(NamedTuple):
    """One line of the history: the offer's prices from a moment on (None: nobody tells since when)."""

    since: str
    title: str
    name: str
    catalog: tuple[int, str]
    state: str
    prices: Sequence[int | None]
    gone: bool


def price_sections(sides: Sequence[Side], mode: str, unit: Unit) -> list[Section]:
    """A section for each range of prompts between any two floors, so that all prices of one row hold for the same."""
    floors = sorted({0, *(rate.above for side in sides for rate in side.rates if rate.mode == mode)})
    ends = [*floors[1:], None]
    words = f"US dollars per {UNIT_WORDS[unit]}{'' if mode == STANDARD else f', {mode} mode'}"
    ours = [own.row for side in sides for own in side.own.values()]
    rare = [name for name in RARE if any(getattr(row, name) is not None for row in ours)]
    labels = {name: label for name, label in LABELS.items() if name not in RARE or name in rare}
    made = []
    for floor, end in zip(floors, ends, strict=True):
        rows = [
            made_row(label, [price_cell(side, mode, floor, name) for side in sides], min)
            for name, label in labels.items()
        ]
        made.append(Section(words + _prompts(floor, end), rows))
    made[0] = made[0]._replace(rows=[price_words(sides), *made[0].rows])
    if len(floors) > 1:
        flat = [Cell("text", _floors(side, mode) or "same for all prompts") for side in sides]
        made[0] = made[0]._replace(rows=[*made[0].rows, made_row("Long prompts", flat)])
    return [*made, other_prices(sides)]


def contracts(sides: Sequence[Side]) -> list[str]:
    """The contract terms that have changed prices, each with its catalog's name."""
    found = {own.term.id: (own.term, side) for side in sides for own in side.own.values() if own.term}
    return [f"{term_text(term)} ({side.catalog.name}: {reach_text(term)})" for _, (term, side) in sorted(found.items())]


def other_prices(sides: Sequence[Side]) -> Section:
    """Prices of other units, of certain hours or announced: those of the same thing in one row, the lowest is best."""
    things: dict[tuple[Any, ...], None] = {}
    told = [{_thing(other): other["usd"] for other in _others(side)} for side in sides]
    for own in told:
        things |= dict.fromkeys(own)
    rows = [made_row(_thing_text(thing), [Cell("usd", own.get(thing)) for own in told], min) for thing in things]
    return Section("Other prices, US dollars: no workload cost uses them", rows)


def series(sides: Sequence[Side], mode: str, component: str) -> list[Series]:
    """The history of one base price of each offer, for the step chart."""
    return [
        Series(
            side.name,
            side.catalog.mark,
            [
                (
                    revision.valid_from if revision.start_known else None,
                    _sold_at(revision, rates, mode, component),
                )
                for revision, rates in side.history
            ],
        )
        for side in sides
    ]


def steps(sides: Sequence[Side], mode: str, today: datetime) -> list[Step]:
    """The same and the cache price in a table, the latest first; what changed no price is left out."""
    found = []
    for side in sides:
        before: object = None
        for revision, rates in side.history:
            gone = revision.lifecycle in GONE
            prices = [_base(rates, mode, name) for name in ("input", "output", "cache_read")]
            if (prices, gone) == before:
                continue
            before = (prices, gone)
            start = revision.valid_from if revision.start_known else None
            text = day_text(start, today.date()) if start else "not recorded"
            title = moment_text(start) if start else "The catalog does not say since when"
            label = (side.catalog.mark, side.catalog.name)
            found.append((revision.valid_from, Step(text, title, side.name, label, revision.price_state, prices, gone)))
    return [step for _, step in sorted(found, key=lambda one: one[0], reverse=True)]


def price_cell(side: Side, mode: str, floor: int, name: str) -> Cell:
    """The price that holds just above ``floor`` tokens."""
    own = [rate for rate in side.rates if rate.mode == mode]
    rate = next((one for one in own if one.above <= floor and (one.up_to is None or one.up_to > floor)), None)
    if rate is None:
        return Cell("absent", None, f"Not offered in {mode} mode" if side.revision else "Not on record for that moment")
    ours = side.own[rate.pk]
    note = ""
    if name in ours.row.inherited:
        first = side.own[min(own, key=lambda one: one.above).pk]
        note = FROM_STANDARD if mode != STANDARD and name in first.row.inherited else FROM_LOWER
    price, listed = getattr(ours.row, name), getattr(rate, name)
    contract = f"By contract: {term_text(ours.term)}" if ours.term and price != listed else ""
    kind = "request" if name == "request" else "price"
    return Cell(kind, price, note, ours.state, listed=listed, contract=contract)


def _prompts(floor: int, end: int | None) -> str:
    if floor and end:
        return f", prompts of {floor + 1:,} to {end:,} tokens"
    return f", prompts above {floor:,} tokens" if floor else f", prompts up to {end:,} tokens" if end else ""


def _floors(side: Side, mode: str) -> str:
    floors = [rate.above for rate in side.rates if rate.mode == mode and rate.above]
    return f"other prices {', '.join(map(floor_text, floors))}" if floors else ""


def _base(rates: Iterable[Any], mode: str, component: str) -> int | None:
    price: int | None = next((getattr(one, component) for one in rates if one.mode == mode and not one.above), None)
    return price


def _sold_at(revision: Any, rates: Iterable[Any], mode: str, component: str) -> int | None:
    """The base price that was asked: none of what was no longer sold, nor a 0 that need not be meant."""
    price = None if revision.lifecycle in GONE else _base(rates, mode, component)
    return meant(price, revision.price_state)


def _others(side: Side) -> Sequence[dict[str, Any]]:
    return side.revision.other_prices if side.revision else ()


def _thing(other: dict[str, Any]) -> tuple[Any, ...]:
    return other["name"], other["per"], other["mode"], other["above"], other["when"]


def _thing_text(thing: tuple[Any, ...]) -> str:
    name, per, mode, above, when = thing
    about = [mode if mode != STANDARD else "", floor_text(above) if above else "", when]
    return f"{name.capitalize()}, per {per}{''.join(f', {one}' for one in about if one)}"
