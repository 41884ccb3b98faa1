"""The catalog matrix as a file: of a tab with models a column per catalog, of one with offers why each has no model."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from math import isinf

from catalog.pricing.units import Unit, exact_text, usd
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs
from catalog.services.family import vendor_name
from catalog.services.matrix import Gap, Measure, gap_of
from catalog.services.matrix_rows import Cell, Row, matrix_rows
from catalog.services.matrix_unmatched import Unmatched, every_unmatched
from catalog.services.matrix_whole import whole_matrix
from catalog.services.whole import chunks, little_memory
from dashboard.exports.figures import dollars, share
from dashboard.exports.formats import again
from dashboard.exports.table import Columns, ExportColumn, Kind, Table, Value, columns_of, rows_of
from dashboard.exports.words import workload_text
from dashboard.forms.matrix import MEASURES, ONLY, PRICE, Asked
from dashboard.tables.facets import chips, words_for
from dashboard.tables.matrix_parts import STATES, sorted_lines, tab_labels
from dashboard.tables.matrix_words import matched_words, no_price_sentence, unpriced_sentence

Amount = Callable[[int | None], Decimal | None]
Column = tuple[ExportColumn, Callable[[Row], Value]]


def matrix_table(
    asked: Asked, measure: Measure, catalogs: Catalogs, absolute: Callable[[str], str], now: datetime
) -> Table:
    """The tab that ``asked`` shows, compared by ``measure``; ``absolute`` makes a path of ours an address.

    ``catalogs`` are all that the viewer may see.
    """
    view, offers = asked.view, asked.offers
    by_cost = measure if isinstance(measure, Workload) else None
    unit, per = ("USD per month", "month") if by_cost else ("USD per 1M tokens", "1M tokens")
    amount = _per_month(by_cost.requests) if by_cost else _per_million
    words = words_for(asked.counts.provider_names, {one.slug: (one.mark, one.name) for one in asked.chosen})
    address = asked.address_of(view)
    facts = [
        ("Models", tab_labels(asked.chosen)[view.tab]),
        ("Catalogs", ", ".join(one.name for one in asked.chosen)),
        ("Sorted by", "Model" if view.tab in STATES else _sorted_by(asked)),
    ]
    if by_cost:
        facts.append(("Workload", workload_text(asked.workload.name, by_cost)))
    table = Table(
        name="matrix",
        title="Catalog matrix",
        columns=(),
        rows=iter(()),
        moment=offers.moment or now,
        unit=f"{MEASURES[view.measure]} in US dollars per {per}, before tax",
        link=absolute(again(address, offers.moment, now)),
        filters=tuple((chip.label, chip.text) for chip in chips(offers.values, words, address)),
        facts=tuple(facts),
    )
    if view.tab in STATES:
        lines = every_unmatched(offers, catalogs, measure, STATES[view.tab])
        aside = _offer_columns(asked, unit, amount, {one.pk: one.name for one in catalogs})
        return table._replace(columns=columns_of(aside), rows=rows_of(lines, aside))
    columns = _family_columns(asked, unit, amount)
    return table._replace(columns=columns_of(columns), rows=rows_of(_families(asked, measure), columns))


def _per_million(pico: int | None) -> Decimal | None:
    return None if pico is None else usd(pico, Unit.MILLION)


def _per_month(requests: int) -> Amount:
    return lambda pico: None if pico is None else dollars(pico * requests)


def _families(asked: Asked, measure: Measure) -> Iterator[Row]:
    """The rows of the tab, one after the other."""
    with little_memory():
        whole = whole_matrix(asked.offers, asked.chosen, measure)
        for lines in chunks(sorted_lines(whole, asked.view, asked.chosen)):
            yield from matrix_rows(asked.offers, [one.pk for one in asked.chosen], measure, lines)


def _family_columns(asked: Asked, unit: str, amount: Amount) -> Columns[Row]:
    providers = asked.counts.provider_names
    alone = asked.view.tab.removeprefix(ONLY) if asked.view.tab.startswith(ONLY) else ""
    shown = [place for place, one in enumerate(asked.chosen) if alone in ("", one.slug)]
    names = [one.name for one in asked.chosen]
    return [
        (ExportColumn("model", "Model"), lambda row: row.title),
        (ExportColumn("family", "Family"), lambda row: row.slug),
        (ExportColumn("vendor", "Vendor"), lambda row: vendor_name(row.vendor, providers)),
        *(_price(f"price_{asked.chosen[place].slug}", names[place], place, unit, amount) for place in shown),
        *([] if alone else _gap(asked, unit, amount)),
        (
            ExportColumn("matched_by", "Matched by"),
            lambda row: matched_words(cell.offer for cell in row.cells if cell),
        ),
        (ExportColumn("offers", "Offers"), lambda row: _of_cells(row, names, _offer_text)),
        (ExportColumn("remarks", "Remarks"), lambda row: _of_cells(row, names, _remark)),
    ]


def _price(key: str, name: str, place: int, unit: str, amount: Amount) -> Column:
    """The prices of one catalog; empty where they are not known, and where nothing is offered: see the offers."""
    return ExportColumn(key, name, Kind.NUMBER, unit), lambda row: amount(row.line.prices[place])


def _gap(asked: Asked, unit: str, amount: Amount) -> list[Column]:
    """Who asks least, and the gap from there, or from the catalog that gaps are told against, to the farthest price."""
    against = asked.view.against
    base = "lowest" if against is None else asked.chosen[against].name

    def gap(row: Row) -> Gap | None:
        return gap_of(row.line.prices, against)

    def percent(row: Row) -> Decimal | None:
        found = gap(row)
        return None if found is None or isinf(found.ratio) else share(found.amount, found.base or 1)

    def more(row: Row) -> Decimal | None:
        found = gap(row)
        return amount(found.amount) if found else None

    def cheapest(row: Row) -> str:
        span, prices = gap_of(row.line.prices), row.line.prices
        if span is None or span.base == span.other:
            return ""
        return ", ".join(one.name for one, price in zip(asked.chosen, prices, strict=True) if price == span.base)

    return [
        (ExportColumn("cheapest", "Cheapest"), cheapest),
        (ExportColumn("gap_percent", f"Gap to {base}", Kind.NUMBER, "%"), percent),
        (ExportColumn("gap", f"Gap to {base}", Kind.NUMBER, unit), more),
    ]


def _of_cells(row: Row, names: list[str], text: Callable[[Cell], str]) -> str:
    told = ((name, text(cell)) for name, cell in zip(names, row.cells, strict=True) if cell)
    return "; ".join(f"{name}: {words}" for name, words in told if words)


def _offer_text(cell: Cell) -> str:
    return cell.offer.ref + (f" and {len(cell.others)} more" if cell.others else "")


def _remark(cell: Cell) -> str:
    one = cell.offer
    if why := no_price_sentence(one):
        return why
    by_contract = one.listed is not None and one.listed != one.stated
    return f"by contract; list price {exact_text(one.listed, Unit.MILLION)}" if by_contract and one.listed else ""


def _offer_columns(asked: Asked, unit: str, amount: Amount, names: Mapping[int, str]) -> Columns[Unmatched]:
    label = MEASURES[asked.view.measure]
    return [
        (ExportColumn("offer", "Offer"), lambda line: line.name),
        (ExportColumn("ref", "Id"), lambda line: line.ref),
        (ExportColumn("catalog", "Catalog"), lambda line: names[line.catalog_id]),
        (ExportColumn("provider", "Provider"), lambda line: line.provider_name),
        (ExportColumn("price", label, Kind.NUMBER, unit), lambda line: amount(line.price)),
        # Why there is no cost is another question than why there is no price.
        *([] if asked.view.measure == "cost" else [(ExportColumn("remarks", "Remarks"), _unpriced)]),
        (ExportColumn("why", "Why"), lambda line: line.why),
        (ExportColumn("names", "What its names say"), _evidence),
        (ExportColumn("maybe", "Could be"), lambda line: ", ".join(line.maybe)),
    ]


def _unpriced(line: Unmatched) -> str:
    return unpriced_sentence(line.blended, line.price_state) if line.price is None else ""


def _evidence(line: Unmatched) -> str:
    return "; ".join(
        f"{one.role} {one.name}: {f'{one.family}. ' if one.family else ''}{one.sentence}" for one in line.evidence
    )


def _sorted_by(asked: Asked) -> str:
    key = asked.view.sort
    names = {"gap": "Gap", "model": "Model", **{PRICE + one.slug: one.name for one in asked.chosen}}
    return names[key.name] + (", falling" if key.descending else "")
