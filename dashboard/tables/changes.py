"""Rows of the Changes page by day, ready for its template."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from django.urls import reverse
from markupsafe import Markup

from catalog.pricing.cost import Reason
from catalog.pricing.rates import meant
from catalog.pricing.units import Unit
from catalog.services.changes import ChangeLine, DayCount
from catalog.services.effects import Effect
from dashboard.address import Address
from dashboard.formats import money_text, weekday_text
from dashboard.macros import drawn
from dashboard.tables.cells import REMEMBERED, decimals
from dashboard.tables.change_words import DASH, KIND_LABELS, Detail, Move, details, move

_drawn = partial(drawn, "changes/cells.html")
COUNT_WORDS = {
    **{name: name for name in KIND_LABELS},
    "pricing": "price known or gone",
    "limits": "of limits",
    "lifecycle": "of lifecycle",
    "reading": "first read",
}
BADGES = {"new": "ok", "retired": "bad", "returned": "ok"}
MOST_DETAILS = 3


class PriceChange(NamedTuple):
    """The cells of one price: what it was and is (pico-dollars per token) and the zeros that set it on its point.

    ``had`` and ``has`` tell whether there is anything to say: a new offer had no price.
    """

    had: bool
    was: int | None
    was_state: str
    was_padding: str
    has: bool
    now: int | None
    now_state: str
    now_padding: str
    move: Move | None


class Monthly(NamedTuple):
    """What a change does to a month of the workload, in words, and what it cost before and after."""

    text: str
    direction: str
    title: str


class Row(NamedTuple):
    """One change. Without an ``offer_id`` it tells of a catalog's first reading, whose offers are at ``href``.

    ``cells`` are those of its prices, ``told`` is the one of all else.
    """

    line: ChangeLine
    catalog: tuple[int, str]
    href: str
    badges: Sequence[tuple[str, str]]
    cells: Markup
    told: Markup
    effect: Monthly | None = None


class Day(NamedTuple):
    """One day: its rows on this page, how many it has in all, and how many of each kind: (direction, text)."""

    title: str
    day: date
    rows: Sequence[Row]
    total: int
    counts: Sequence[tuple[str, str]]


def days(
    lines: Sequence[ChangeLine],
    counts: Mapping[date, DayCount],
    catalogs: Mapping[int, tuple[int, str, str]],
    moved: Mapping[int, Effect],
    today: date,
) -> list[Day]:
    """The days of ``lines``; ``catalogs`` gives a catalog's mark, name and slug by id.

    ``moved`` are their effects on the cost of a workload, by the ids of the changes.
    """
    return [
        Day(
            title=weekday_text(day, today),
            day=day,
            rows=list(own),
            total=counts[day].total,
            counts=[_count(name, number) for name, number in counts[day].kinds.items()],
        )
        for day, own in groupby(rows(lines, catalogs, moved), key=lambda row: row.line.day)
    ]


def rows(
    lines: Sequence[ChangeLine], catalogs: Mapping[int, tuple[int, str, str]], moved: Mapping[int, Effect]
) -> list[Row]:
    """A row for each of ``lines``; see `days`."""
    widest = {name: _widest(lines, name) for name in ("input", "output")}
    return [_row(line, catalogs, moved.get(line.pk), widest) for line in lines]


def _row(
    line: ChangeLine, catalogs: Mapping[int, tuple[int, str, str]], effect: Effect | None, widest: Mapping[str, int]
) -> Row:
    mark, name, slug = catalogs[line.catalog_id]
    if line.offer_id is None:
        href = str(
            Address(reverse("offers"), {"catalog": [slug], "as_of": [line.at.isoformat().replace("+00:00", "Z")]})
        )
        return Row(line, (mark, name), href, (), Markup(""), Markup(""))
    names, told = line.kind_names, list(details(line))
    prices = [_price(line, names, name, widest[name]) for name in ("input", "output")]
    return Row(
        line=line,
        catalog=(mark, name),
        href=offer_path(line.offer_id),
        badges=[(kind, BADGES[kind]) for kind in names if kind in BADGES],
        cells=Markup("").join(map(price_cells, prices)),
        told=told_cell(tuple(told[:MOST_DETAILS]), len(told[MOST_DETAILS:]), offer_path(line.offer_id)),
        effect=_monthly(effect) if effect else None,
    )


def offer_path(offer_id: int) -> str:
    """The address of an offer's page."""
    return f"{_offers_path()}{offer_id}/"


@cache
def _offers_path() -> str:
    return reverse("offer", args=[0]).removesuffix("0/")


@lru_cache(maxsize=REMEMBERED)
def price_cells(price: PriceChange) -> Markup:
    """The three cells of a price, drawn once: most prices are those of many offers."""
    return _drawn("prices", price)


def told_cell(shown: tuple[Detail, ...], more: int, href: str) -> Markup:
    """The cell of all else that changed; ``more`` of it is on the offer's page."""
    return _drawn("told", shown, more, href) if more else _told(shown)


@lru_cache(maxsize=REMEMBERED)
def _told(shown: tuple[Detail, ...]) -> Markup:
    return _drawn("told", shown, 0, "")


def _price(line: ChangeLine, kinds: Sequence[str], name: str, widest: int) -> PriceChange:
    was, now = getattr(line, f"{name}_before"), getattr(line, name)
    had = "new" not in kinds and (was != now or "retired" in kinds)
    has = "retired" not in kinds
    moved = None
    if had and has:
        moved = move(meant(was, line.price_state_before), meant(now, line.price_state))
    elif has and now is not None and {"up", "down", "pricing"}.intersection(kinds):
        moved = Move("same", "same")
    return PriceChange(
        had=had,
        was=was,
        was_state=line.price_state_before,
        was_padding=_padding(was, line.price_state_before, widest),
        has=has,
        now=now,
        now_state=line.price_state,
        now_padding=_padding(now, line.price_state, widest),
        move=moved,
    )


def _padding(pico: int | None, state: str, widest: int) -> str:
    own = decimals(pico, Unit.MILLION, state)
    return "0" * (widest - own if own >= 0 else max(widest, 0))


def _widest(lines: Sequence[ChangeLine], name: str) -> int:
    shown = [(getattr(line, name), line.price_state) for line in lines]
    shown += [(getattr(line, f"{name}_before"), line.price_state_before) for line in lines]
    return max((decimals(pico, Unit.MILLION, state) for pico, state in shown), default=-1)


def _monthly(effect: Effect) -> Monthly:
    sides = [(word, getattr(effect, word)) for word in ("before", "after")]
    reasons = [f"{word.capitalize()}: {cost.sentence}" for word, cost in sides if isinstance(cost, Reason)]
    difference = effect.difference
    if difference is None:
        return Monthly(DASH, "", " ".join(reasons))
    was, now = (f"${money_text(cost, 2)}" if cost else "free" for _, cost in sides)
    if not difference:
        return Monthly("same", "", f"{now} a month")
    sign, direction = ("+", "up") if difference > 0 else ("−", "down")
    return Monthly(f"{sign}{money_text(abs(difference), 2)}", direction, f"From {was} to {now} a month")


def _count(name: str, number: int) -> tuple[str, str]:
    sign = {"up": "▲ ", "down": "▼ "}.get(name, "")
    return name if sign else "flat", f"{sign}{number:,} {COUNT_WORDS[name]}"
