"""The offers of a model as a file: the columns on its page, with the exact figures behind what it rounds or draws."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.services.catalogs import Catalogs
from catalog.services.facets import stored_counts
from catalog.services.family import Seen, title_of
from catalog.services.offer_line import OfferLine
from catalog.services.offers import held_reasons
from dashboard.exports.figures import dollars
from dashboard.exports.formats import again
from dashboard.exports.offers import offer_columns, sorted_by
from dashboard.exports.table import Columns, ExportColumn, Kind, Table, Value, columns_of, rows_of
from dashboard.exports.words import workload_text
from dashboard.forms.model import Asked
from dashboard.tables.facets import chips, words_for
from dashboard.tables.model import called
from dashboard.tables.model_offers import Listed, listed
from dashboard.tables.offers import UNIT_WORDS


class Own(NamedTuple):
    """An offer with how far it is from the lowest, and what the workload costs on it, if there is one."""

    line: OfferLine
    gap: str
    cost: Cost | Reason | None


COSTS: Columns[Own] = [
    (
        ExportColumn("cost", "Cost per month", Kind.NUMBER, "USD"),
        lambda one: dollars(one.cost.per_month) if isinstance(one.cost, Cost) else None,
    ),
    (
        ExportColumn("reason", "Why there is no cost"),
        lambda one: one.cost.sentence if isinstance(one.cost, Reason) else None,
    ),
]


def model_table(asked: Asked, catalogs: Catalogs, seen: Seen, absolute: Callable[[str], str], now: datetime) -> Table:
    """What ``asked`` lists of the family, in the page's order; ``absolute`` makes a path of ours an address."""
    found = listed(asked, catalogs, seen)
    held = {} if asked.moment else held_reasons(catalogs)
    lines = [line._replace(held=held.get(line.offer_id)) for line in found.lines]
    costs = found.costs or {}
    columns = _columns(asked, catalogs, found)
    workload = asked.workload.workload
    words = words_for(stored_counts(catalogs).provider_names, {one.slug: (one.mark, one.name) for one in catalogs})
    return Table(
        name=f"model-{seen.name}",
        title=title_of(seen.vendor, seen.name, called(found.every)),
        columns=columns_of(columns),
        rows=rows_of(map(Own, lines, found.gaps, map(costs.get, found.ids)), columns),
        moment=asked.moment or now,
        unit=f"US dollars per {UNIT_WORDS[asked.view.unit]}, before tax",
        link=absolute(again(asked.address, asked.moment, now)),
        filters=tuple((one.label, one.text) for one in chips(asked.filters, words, asked.address)),
        facts=(
            ("Model", seen.slug),
            ("Mode", asked.mode),
            ("Sorted by", f"{sorted_by(asked.view.sort)}; what is gone comes last"),
            *([("Workload", workload_text(asked.workload.name, workload))] if workload else []),
        ),
    )


def _columns(asked: Asked, catalogs: Catalogs, found: Listed) -> Columns[Own]:
    names = {catalog.pk: catalog.name for catalog in catalogs}
    own = [
        (column, _of_line(read))
        for column, read in offer_columns(("catalog", *asked.view.columns), asked.view.unit, names)
    ]
    lowest = ExportColumn("to_lowest", f"To the lowest, by {found.gap_of.replace('_', ' ')}")
    costs = COSTS if found.costs is not None else []
    return [*own[:4], *costs, *own[4:], (lowest, lambda one: one.gap or None)]


def _of_line(read: Callable[[OfferLine], Value]) -> Callable[[Own], Value]:
    return lambda one: read(one.line)
