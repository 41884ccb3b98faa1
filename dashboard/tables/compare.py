"""Rows of the comparison: every field of the offers, one row each, which of them differ and where the best value is."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from catalog.pricing.rates import meant
from catalog.services.compare import Side
from dashboard.formats import day_text, moment_text
from dashboard.tables.cells import INFERRED, PRICE_STATE_WORDS

LONGEST_TEXT = 240
ALWAYS = ("Input", "Output")
"""Rows that are there even if nobody knows the prices: that is what one comes to see."""


class Cell(NamedTuple):
    """One value. ``kind`` says how it is written; None is unknown. ``state`` is the price state where it is a price.

    ``contract`` says how a price came from ``listed``, the catalog's own; "" where it is that.
    """

    kind: str
    value: Any
    note: str = ""
    state: str = ""
    best: bool = False
    listed: int | None = None
    contract: str = ""


class Row(NamedTuple):
    """One field of all offers; ``differs``: not all have the same value."""

    label: str
    cells: Sequence[Cell]
    differs: bool


class Section(NamedTuple):
    """Rows under one heading."""

    title: str
    rows: Sequence[Row]


def made_row(label: str, cells: Sequence[Cell], best: Callable[[Iterable[Any]], Any] | None = None) -> Row:
    """A row; ``best`` (min or max) marks what is best where there are several known values to choose from."""
    values = [_comparable(cell) for cell in cells]
    known = {value for value in values if value is not None}
    if best and len(known) > 1:
        found = best(known)
        cells = [
            cell._replace(best=value is not None and value == found) for cell, value in zip(cells, values, strict=True)
        ]
    return Row(label, cells, len({(cell.kind, cell.value, cell.state == "free") for cell in cells}) > 1)


def _comparable(cell: Cell) -> Any:
    """What counts when the best is looked for: a 0 that need not be meant does not."""
    if cell.kind in ("absent", "why") or (cell.state and meant(cell.value, cell.state) is None):
        return None
    return Decimal(cell.value) if cell.kind == "usd" and cell.value is not None else cell.value


def sections(sides: Sequence[Side], prices: Sequence[Section], now: datetime) -> tuple[list[Section], list[str]]:
    """All rows, with those of ``prices`` first; and the names of those that no catalog says anything of."""
    made = [*prices, limits(sides), *abilities(sides), dates(sides, now), identity(sides), origin(sides, now)]
    untold = [row.label for one in made for row in one.rows if not is_told(row)]
    told = [one._replace(rows=[row for row in one.rows if is_told(row)]) for one in made]
    return [section for section in told if section.rows], list(dict.fromkeys(untold))


def is_told(row: Row) -> bool:
    """Whether any of the catalogs says something of it."""
    return row.label in ALWAYS or any(cell.value is not None for cell in row.cells)


def differing(sections: Sequence[Section]) -> tuple[list[Section], int]:
    """The sections with only the rows that differ, and how many rows that leaves out."""
    kept = [section._replace(rows=[row for row in section.rows if row.differs]) for section in sections]
    left_out = sum(len(one.rows) for one in sections) - sum(len(one.rows) for one in kept)
    return [section for section in kept if section.rows], left_out


def limits(sides: Sequence[Side]) -> Section:
    """Three sizes, in tokens; the largest is best."""
    fields = (
        ("Context window", "context_tokens"),
        ("Longest input", "max_input_tokens"),
        ("Longest output", "max_output_tokens"),
    )
    rows = [made_row(label, _of(sides, "tokens", name), max) for label, name in fields]
    return Section("Limits, in tokens", rows)


def abilities(sides: Sequence[Side]) -> list[Section]:
    """What each can do, as far as its catalog names it, takes and gives."""
    named = sorted({name for side in sides if side.revision for name in side.revision.capabilities})
    rows = []
    for name in named:
        cells = []
        for side in sides:
            has = side.revision.capabilities if side.revision else []
            cells.append(Cell("flag", name in has if has else None))
        rows.append(made_row(name.replace("_", " ").capitalize(), cells))
    taken = [
        made_row(label, [Cell("text", ", ".join(sorted(_get(side, name) or ())) or None) for side in sides])
        for label, name in (("Takes", "modalities_in"), ("Gives", "modalities_out"))
    ]
    return [Section("Capabilities", rows), Section("Modalities", taken)]


def dates(sides: Sequence[Side], now: datetime) -> Section:
    """Days as the catalogs give them, and since when the values hold."""
    fields = (
        ("Released", "released_on"),
        ("Deprecated from", "deprecates_on"),
        ("Knowledge up to", "knowledge_cutoff"),
    )
    rows = [made_row(label, _of(sides, "text", name)) for label, name in fields]
    since = [
        _moment(side.revision.valid_from, now) if side.revision and side.revision.start_known else Cell("text", None)
        for side in sides
    ]
    rows.append(made_row("These values since", since))
    rows.append(made_row("First read", [_moment(side.offer.first_seen_at, now) for side in sides]))
    return Section("Dates", rows)


def identity(sides: Sequence[Side]) -> Section:
    """Whose model it is, which one, and how that was found out."""
    links = [side.link for side in sides]
    apart = [
        ", ".join(filter(None, [one.variant, one.region, one.snapshot, "a moving name" if one.moving else ""]))
        if one
        else None
        for one in links
    ]
    rows = [
        made_row("Model family", [Cell("family", side.family.slug if side.family else None) for side in sides]),
        made_row(
            "How it was matched",
            [Cell("prose", f"{one.state.capitalize()}. {one.sentence}" if one else None) for one in links],
        ),
        made_row("Set apart by", [Cell("text", text or None) for text in apart]),
        made_row("Provider", [_provider(side) for side in sides]),
        made_row("Lifecycle", _of(sides, "text", "lifecycle")),
        made_row("Description", [Cell("prose", _short(_get(side, "description"))) for side in sides]),
    ]
    return Section("Model", rows)


def origin(sides: Sequence[Side], now: datetime) -> Section:
    """Where each comes from."""
    upstream = [_get(side, "upstream_ids") for side in sides]
    owners = [_get(side, "scope") for side in sides]
    scopes = {"own": "your organization", "predefined": "the catalog’s predefined models"}
    read = [_moment(side.catalog.read_at, now) if side.catalog.read_at else Cell("text", None) for side in sides]
    rows = [
        made_row("Catalog", [Cell("catalog", (side.catalog.mark, side.catalog.name)) for side in sides]),
        made_row("Id in the catalog", [Cell("code", side.offer.ref) for side in sides]),
        made_row("Known upstream as", [Cell("code", ", ".join(ids or ()) or None) for ids in upstream]),
        made_row("Belongs to", [Cell("text", scopes.get(one or "", one) or None) for one in owners]),
        made_row("Last read", read),
        made_row("Notes", [Cell("prose", " ".join(_get(side, "notes") or ()) or None) for side in sides]),
    ]
    return Section("Source", rows)


def price_words(sides: Sequence[Side]) -> Row:
    """The price state, in words."""
    words = [PRICE_STATE_WORDS.get(side.price_state or "") for side in sides]
    by_hour = ["; other prices at certain hours" if _get(side, "by_hour") else "" for side in sides]
    return made_row(
        "What is known",
        [Cell("text", word and word.capitalize() + more) for word, more in zip(words, by_hour, strict=True)],
    )


def _get(side: Side, name: str) -> Any:
    return getattr(side.revision, name) if side.revision else None


def _of(sides: Sequence[Side], kind: str, name: str) -> list[Cell]:
    values = [_get(side, name) for side in sides]
    return [Cell(kind, None if value == "" else value) for value in values]


def _moment(moment: datetime, now: datetime) -> Cell:
    return Cell("day", day_text(moment, now.date()), moment_text(moment))


def _provider(side: Side) -> Cell:
    name = _get(side, "provider_name")
    return Cell("text", name or None, INFERRED if name and _get(side, "provider_inferred") else "")


def _short(text: str | None) -> str | None:
    if not text:
        return None
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1].rstrip()}…"
