"""The Offers table as a file: the columns on the page, with the exact figures behind what it rounds or draws."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from catalog.pricing.rates import MEANT
from catalog.pricing.term_text import term_text
from catalog.pricing.units import Unit, price_text, usd
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs
from catalog.services.offer_line import OfferLine
from catalog.services.offers import every_offer_line
from catalog.services.sorting import SortKey
from dashboard.exports.figures import dollars
from dashboard.exports.formats import again
from dashboard.exports.table import ExportColumn, Kind, Table, Value, columns_of, rows_of
from dashboard.forms.asked import Asked
from dashboard.forms.offers import COLUMNS
from dashboard.tables import cells
from dashboard.tables.facets import chips, words_for
from dashboard.tables.offers import PRICES, UNIT_WORDS, price_note

LABELS = {
    "model": "Model",
    "cost": "Cost per month",
    "order": "The catalog's own order",
    **{column.key: column.label for column in COLUMNS},
}
Read = Callable[[OfferLine], Value]


def offers_table(asked: Asked, catalogs: Catalogs, absolute: Callable[[str], str], now: datetime) -> Table:
    """What ``asked`` is about, in the page's order; ``absolute`` makes a path of ours an address.

    The rows come from one statement and are therefore of one moment. Reading them is up to whoever writes them.
    """
    offers, view = asked.offers, asked.view
    moment = offers.moment or now
    workload = asked.workload.workload
    shown = view.columns if not view.group or "family" in view.columns else ("family", *view.columns)
    columns = offer_columns(shown, view.unit, {catalog.pk: catalog.name for catalog in catalogs})
    if workload:
        columns[2:2] = [_cost(workload)]
    lines = every_offer_line(
        offers,
        view.sort,
        with_next="long_prompt" in view.columns,
        with_held="state" in view.columns and not offers.moment,
        with_families="family" in shown,
        grouped=bool(view.group),
        workload=workload,
    )
    words = words_for(asked.counts.provider_names, {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs})
    return Table(
        name="offers",
        title="Offers",
        columns=columns_of(columns),
        rows=rows_of(lines, columns),
        moment=moment,
        unit=f"US dollars per {UNIT_WORDS[view.unit]}, before tax",
        link=absolute(again(asked.address, offers.moment, now, "chart")),
        filters=tuple((chip.label, chip.text) for chip in chips(offers.values, words, asked.address)),
        facts=(("Sorted by", _order(asked)), *([("Workload", asked.workload.summary)] if workload else [])),
    )


def _order(asked: Asked) -> str:
    sort = sorted_by(asked.view.sort)
    return f"{sort}, the offers of a model together" if asked.view.group else sort


def sorted_by(sort: Sequence[SortKey]) -> str:
    """The order in words: ``Input, falling, Model``."""
    return ", ".join(LABELS[key.name] + (", falling" if key.descending else "") for key in sort)


def offer_columns(shown: tuple[str, ...], unit: Unit, names: dict[int, str]) -> list[tuple[ExportColumn, Read]]:
    """The columns and how each is read, those in ``shown`` by their order; ``names`` are the catalogs', by id.

    The spread is left out: it draws what other columns hold.
    """
    dollars = f"USD per {UNIT_WORDS[unit]}"
    known: dict[str, list[tuple[ExportColumn, Read]]] = {
        "catalog": [(ExportColumn("catalog", "Catalog"), lambda line: names[line.catalog_id])],
        "provider": [(ExportColumn("provider", "Provider"), lambda line: line.provider_name)],
        "family": [(ExportColumn("family", "Family"), lambda line: line.slug)],
        "context": [(ExportColumn("context", "Context", Kind.NUMBER, "tokens"), lambda line: line.context_tokens)],
        "max_output": [
            (ExportColumn("max_output", "Max output", Kind.NUMBER, "tokens"), lambda line: line.max_output_tokens)
        ],
        "long_prompt": [
            (ExportColumn("long_prompt", "Long prompt above", Kind.NUMBER, "tokens"), lambda line: line.up_to),
            (
                ExportColumn("long_prompt_input", "Input of long prompts", Kind.NUMBER, dollars),
                lambda line: _price(line.next_input, unit),
            ),
        ],
        "state": [
            (ExportColumn("state", "State"), lambda line: _state(line, unit)),
            (ExportColumn("flat", "Flat price", Kind.NUMBER, dollars), lambda line: _price(line.blended, unit)),
        ],
        "updated": [(ExportColumn("updated", "Updated", Kind.DATE, "UTC"), _updated)],
    }
    for key in PRICES:
        known[key] = [(ExportColumn(key, LABELS[key], Kind.NUMBER, dollars), _price_of(key, unit))]
    return [
        (ExportColumn("model", "Model"), lambda line: line.name),
        (ExportColumn("ref", "Id"), lambda line: line.ref),
        *(column for key in shown for column in known.get(key, [])),
        (ExportColumn("remarks", "Remarks"), lambda line: _remarks(line, shown)),
    ]


def _cost(workload: Workload) -> tuple[ExportColumn, Read]:
    """The cost of a month, exact; empty where it cannot be told."""

    def read(line: OfferLine) -> Decimal | None:
        return None if line.cost is None else dollars(line.cost * workload.requests)

    return ExportColumn("cost", "Cost per month", Kind.NUMBER, "USD"), read


def _price_of(key: str, unit: Unit) -> Read:
    return lambda line: _price(getattr(line, key), unit)


@lru_cache(maxsize=cells.REMEMBERED)
def _price(pico: int | None, unit: Unit) -> Decimal | None:
    return None if pico is None else usd(pico, unit)


def _state(line: OfferLine, unit: Unit) -> str:
    badges = cells.badges(line.lifecycle, line.price_state, line.by_hour, line.blended, unit, line.held or "")
    return ", ".join(badge.text for badge in badges)


def _updated(line: OfferLine) -> datetime | None:
    return None if line.valid_from.year == cells.BEGINNING_YEAR else line.valid_from


def _listed(line: OfferLine) -> str:
    """The catalog's own prices where the contract has others, in US dollars per 1M tokens."""
    changed = [key for key in (*PRICES, "blended") if getattr(line.listed, key) != getattr(line, key)]
    parts = [f"{key.replace('_', ' ')} {price_text(getattr(line.listed, key), Unit.MILLION)}" for key in changed]
    return f" per 1M tokens: {', '.join(parts)}"


def _remarks(line: OfferLine, shown: tuple[str, ...]) -> str:
    """What the page says by asterisks and titles."""
    found = []
    if line.inherited:
        notes = {key: price_note(line, key) for key in PRICES if key in shown}
        found = [f"{LABELS[key]}: {note}" for key, note in notes.items() if note not in ("", cells.NO_PRICE_OF_ITS_OWN)]
    if line.price_state not in MEANT and 0 in (line.blended, *(getattr(line, key) for key in PRICES if key in shown)):
        found.append(cells.UNMEANT)
    if line.provider_inferred and "provider" in shown:
        found.append(cells.INFERRED)
    if line.term:
        found.append(f"By contract: {term_text(line.term)}; list price{_listed(line)}")
    if line.held:
        found.append(f"{line.held} The old price stays until a person has looked.".rstrip("."))
    return ". ".join(found)
