"""What has changed since a link was pinned, in words: a row for each offer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from catalog.pricing.rates import TOKEN_COMPONENTS
from catalog.pricing.units import Unit, exact_text, price_text
from catalog.services.since import Moved, State
from dashboard.formats import size_text
from dashboard.tables.cells import PRICE_STATE_WORDS
from dashboard.tables.change_words import Detail, move

MOST = 100
"""Rows that are listed at most."""
SIZES = {"context": "Context", "max_input": "Max input", "max_output": "Max output"}


class MovedRow(NamedTuple):
    """An offer, its catalog (mark and name), and what is different."""

    name: str
    ref: str
    catalog: tuple[int, str]
    details: Sequence[Detail]


def moved_rows(moved: Sequence[Moved], catalogs: Mapping[int, tuple[int, str]]) -> list[MovedRow]:
    """The first MOST of them. Prices are in US dollars per 1M tokens, as charged under contracts."""
    return [
        MovedRow(one.offer.name, one.offer.ref, catalogs[one.offer.catalog_id], list(_details(one.before, one.after)))
        for one in moved[:MOST]
    ]


def _details(was: State, now: State | None) -> Iterator[Detail]:
    if now is None:
        yield Detail("No longer on record", "", "")
        return
    if was.lifecycle != now.lifecycle:
        yield Detail("Lifecycle", was.lifecycle, now.lifecycle)
    if was.base.request != now.base.request:
        yield Detail("Per request", _exact(was.base.request), _exact(now.base.request))
    for name in TOKEN_COMPONENTS:
        before, after = getattr(was.base, name), getattr(now.base, name)
        if before != after:
            label = name.replace("_", " ").capitalize()
            yield Detail(label, price_text(before, Unit.MILLION), price_text(after, Unit.MILLION), move(before, after))
    if was.price_state != now.price_state:
        yield Detail("Price", PRICE_STATE_WORDS[was.price_state], PRICE_STATE_WORDS[now.price_state])
    for name, label in SIZES.items():
        before, after = getattr(was.limits, name), getattr(now.limits, name)
        if before != after:
            yield Detail(label, size_text(before), size_text(after))
    if _beside(was) != _beside(now):
        yield Detail("Prices in other modes or tiers", "", "")


def _beside(state: State) -> tuple[object, ...]:
    """Where the base tier ends, and all rows but the base one."""
    rows = {place: prices for place, prices in state.rows.items() if place[:2] != (state.base.mode, state.base.above)}
    return state.base.up_to, rows


def _exact(price: int | None) -> str:
    return "—" if price is None else exact_text(price)
