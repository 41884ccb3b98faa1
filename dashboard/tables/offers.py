"""Rows and headings of the Offers table, ready for its template."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import repeat, starmap
from operator import attrgetter
from typing import Any, NamedTuple

from markupsafe import Markup

from catalog.pricing.rates import MEANT, TOKEN_COMPONENTS
from catalog.pricing.term_text import reach_text, term_text
from catalog.pricing.units import Unit, price_text
from catalog.services.offer import OfferDetail
from catalog.services.offer_line import OfferLine
from catalog.services.sorting import SortKey, next_sort
from dashboard.address import Address
from dashboard.forms.offers import COLUMNS, TableView
from dashboard.model_pages import model_address
from dashboard.tables import cells

PRICES = ("input", "output", "cache_read", "cache_write")
UNIT_WORDS = {Unit.MILLION: "1M tokens", Unit.THOUSAND: "1K tokens", Unit.TOKEN: "token"}


class Row(NamedTuple):
    """One offer as the table shows it: who it is, and the cells of the shown columns, one after the other."""

    offer_id: int
    name: str
    ref: str
    catalog: Markup
    same: bool
    cells: Markup


class Heading(NamedTuple):
    """A column's heading: where its sort links lead and how the table is sorted by it now."""

    key: str
    label: str
    href: str
    add_href: str
    direction: str
    rank: int


def rows(
    lines: Sequence[OfferLine],
    catalogs: Mapping[int, tuple[int, str]],
    view: TableView,
    now: datetime,
    held: Mapping[int, str],
    costs: Sequence[Markup] = (),
    day: str = "",
) -> list[Row]:
    """Rows for ``lines``; by id, ``catalogs`` gives a catalog's mark and name, ``held`` why an offer is held back.

    ``costs`` are the cells of what a workload costs; they follow who sells the offer and which model it is. ``day`` is
    the moment of the table as its address has it.
    """
    columns = [_column(key, lines, catalogs, view.unit, now, held, day) for key in view.columns]
    if costs:
        columns.insert(sum(key in ("catalog", "provider", "family") for key in view.columns), list(costs))
    by_model = view.sort[0].name == "model"
    names_before = ["", *(line.name for line in lines)][: len(lines)]
    return [
        Row(
            offer_id=line.offer_id,
            name=line.name,
            ref=line.ref,
            catalog=cells.label(*catalogs[line.catalog_id], line.provider_name),
            same=by_model and line.name == before,
            cells=Markup("".join(own)),  # noqa: S704 (each drawn by a macro that escapes)
        )
        for line, before, *own in zip(lines, names_before, *columns, strict=True)
    ]


def _column(
    key: str,
    lines: Sequence[OfferLine],
    catalogs: Mapping[int, tuple[int, str]],
    unit: Unit,
    now: datetime,
    held: Mapping[int, str],
    day: str,
) -> Iterable[Markup]:
    """The cells of one column, from top to bottom.

    Mapped over what the lines hold, so that no step between two of a thousand cells is Python's: half the time.
    """

    def of(name: str) -> Iterator[Any]:
        return map(attrgetter(name), lines)

    if key in PRICES:
        return _prices(lines, key, unit)
    draw: dict[str, Callable[[], Iterable[Markup]]] = {
        "catalog": lambda: starmap(cells.catalog, map(catalogs.__getitem__, of("catalog_id"))),
        "provider": lambda: map(cells.provider, of("provider_name"), of("provider_inferred")),
        "family": lambda: (cells.family(slug, model_address(slug, day)) for slug in of("slug")),
        "spread": lambda: map(cells.spread, of("input"), of("output"), of("cache_read")),
        "context": lambda: map(cells.size, of("context_tokens")),
        "max_output": lambda: map(cells.size, of("max_output_tokens")),
        "long_prompt": lambda: map(cells.long_prompt, of("up_to"), of("input"), of("next_input")),
        "state": lambda: map(
            cells.state,
            *(of(name) for name in ("lifecycle", "price_state", "by_hour", "blended")),
            repeat(unit),
            (held.get(offer_id, "") for offer_id in of("offer_id")),
            *_listed(lines, "blended", unit),
        ),
        "updated": lambda: map(cells.updated, of("valid_from"), repeat(now.date())),
    }
    return draw[key]()


def _prices(lines: Sequence[OfferLine], key: str, unit: Unit) -> Iterable[Markup]:
    """The cells of one column, set on the decimal point."""
    prices = [getattr(line, key) for line in lines]
    states = [line.price_state for line in lines]
    widest = max(map(cells.decimals, prices, repeat(unit), states), default=-1)
    notes = [price_note(line, key) for line in lines]
    return map(cells.price, prices, repeat(unit), states, repeat(widest), notes, *_listed(lines, key, unit))


def _listed(lines: Sequence[OfferLine], key: str, unit: Unit) -> tuple[Iterable[int | None], Iterable[str]]:
    """By line, the catalog's own price and how a contract has changed it: nothing where none has."""
    if not any(line.listed for line in lines):
        return repeat(None), repeat("")
    return [getattr(line.listed, key, None) for line in lines], [_contract(line, key, unit) for line in lines]


def _contract(line: OfferLine, key: str, unit: Unit) -> str:
    if line.term is None or line.listed is None or getattr(line.listed, key) == getattr(line, key):
        return ""
    return f"By contract: {term_text(line.term)}. List price {price_text(getattr(line.listed, key), unit)}"


def price_note(line: OfferLine, key: str) -> str:
    """Why the price of this column is not the row's own, or is none; "" where it is as any other."""
    if line.blended is not None and key in ("input", "output"):
        return cells.NO_PRICE_OF_ITS_OWN
    if not line.inherited or key not in line.inherited.split():
        return ""
    return "Taken from the base tier" if line.above else "Taken from the standard mode"


def marks(lines: Sequence[OfferLine], view: TableView) -> list[str]:
    """What the asterisks of these rows stand for, a sentence each."""
    shown = [key for key in PRICES if key in view.columns]
    found = {note for line in lines if line.inherited for key in shown if (note := price_note(line, key))}
    found -= {cells.NO_PRICE_OF_ITS_OWN}
    if any(_says_zero(line, shown) for line in lines):
        found.add(cells.UNMEANT)
    if "provider" in view.columns and any(line.provider_inferred for line in lines):
        found.add(cells.INFERRED)
    return [f"* {note}." for note in sorted(found)]


def _says_zero(line: OfferLine, shown: Sequence[str]) -> bool:
    """Whether a 0 of it need not be meant."""
    return line.price_state not in MEANT and 0 in (line.blended, *(getattr(line, key) for key in shown))


def contracts(lines: Sequence[OfferLine], catalogs: Mapping[int, tuple[int, str]]) -> list[str]:
    """The contract terms that have changed prices of these rows, each with its catalog's name."""
    terms = {line.term.id: line.term for line in lines if line.term}
    return [f"{term_text(term)} ({catalogs[term.catalog][1]}: {reach_text(term)})" for _, term in sorted(terms.items())]


def says_zero(detail: OfferDetail) -> bool:
    """Whether a price of 0 in the table of its rates need not be meant."""
    if detail.revision is None or detail.revision.price_state in MEANT:
        return False
    return any(getattr(own.row, name) == 0 for own in detail.own.values() for name in TOKEN_COMPONENTS)


def contracts_of(detail: OfferDetail) -> list[str]:
    """How contracts have changed the prices of one offer, a sentence for each term."""
    modes: dict[str, dict[str, None]] = {}
    for own in detail.own.values():
        if own.term:
            modes.setdefault(f"{term_text(own.term)} ({reach_text(own.term)})", {})[own.row.mode] = None
    every = {own.row.mode for own in detail.own.values()}
    return [
        f"By contract{'' if every == {*names} else f', in {_all_of(names)} mode'}: {text}. "
        "The catalog’s own price stands under each that it changes."
        for text, names in modes.items()
    ]


def _all_of(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def headings(view: TableView, address: Address, *, with_cost: bool = False) -> dict[str, Heading]:
    """The headings of model and the shown columns, by key."""
    ranks = {key.name: (rank, key) for rank, key in enumerate(view.sort, 1)}
    labels = {"model": "Model", **{column.key: column.label for column in COLUMNS if column.key in view.columns}}
    labels |= {"cost": "Cost / month"} if with_cost else {}
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
