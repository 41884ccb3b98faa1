"""The Costs table as a file: what each offer costs, exact, and where there is no cost, why."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from catalog.pricing.cost import Cost
from catalog.pricing.term_text import term_text
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalog, Catalogs
from catalog.services.costs_together import TogetherLine, every_line_together
from catalog.services.offer_names import OfferName
from catalog.services.ranking import RankedLine
from catalog.services.ranking_whole import every_ranked_line, whole_ranking
from dashboard.exports.figures import dollars, share
from dashboard.exports.formats import again
from dashboard.exports.table import Columns, ExportColumn, Kind, Row, Table, Value, columns_of, rows_of
from dashboard.exports.words import workload_text
from dashboard.forms.asked_costs import BESIDE, Asked
from dashboard.forms.workloads import NamedWorkload
from dashboard.tables import cells
from dashboard.tables.baseline import Baseline, chosen_baseline
from dashboard.tables.contracts import contract_text
from dashboard.tables.costs import PARTS, fallbacks, notes, part_of
from dashboard.tables.facets import chips, words_for
from dashboard.tables.together import why_not

THOUSAND = 1_000


class CostLine(NamedTuple):
    """One offer of the ranking; ``own`` is None where it has no cost. ``per_month`` is pico-dollars, of all workloads.

    ``rank`` is its place among those with a cost.
    """

    offer: OfferName
    rank: int | None
    per_month: int | None
    own: Cost | None
    contract: str
    reason: str
    remarks: str
    together: TogetherLine | None = None
    above: int = 0


Column = tuple[ExportColumn, Callable[[CostLine], Value]]


def costs_table(asked: Asked, catalogs: Catalogs, absolute: Callable[[str], str], now: datetime) -> Table:
    """What ``asked`` ranks, which must be a workload or several; ``absolute`` makes a path of ours an address."""
    by_pk = {catalog.pk: catalog for catalog in catalogs}
    baseline = chosen_baseline(asked.against, asked.priced, by_pk, asked.ranked)
    columns, rows = (_several if asked.several else _single)(asked, catalogs, baseline, now)
    words = words_for(asked.counts.provider_names, {one.slug: (one.mark, one.name) for one in catalogs})
    filters = [chip for chip in chips(asked.offers.values, words, asked.address) if chip.label != "Mode"]
    return Table(
        name="costs",
        title="Workload costs",
        columns=columns,
        rows=rows,
        moment=asked.offers.moment or now,
        unit="US dollars, before tax",
        link=absolute(again(asked.address, asked.offers.moment, now, *BESIDE)),
        filters=tuple((chip.label, chip.text) for chip in filters),
        facts=(
            ("Sorted by", "Total per month" if asked.several else "Cost per month"),
            *(("Workload", workload_text(one.name or asked.workload.name, one.workload)) for one in asked.ranked),
            *([("Baseline", _baseline_text(baseline))] if baseline else []),
            *([("Offers that cannot do it", "at the end")] if asked.with_excluded else []),
        ),
    )


def _single(
    asked: Asked, catalogs: Catalogs, baseline: Baseline | None, now: datetime
) -> tuple[tuple[ExportColumn, ...], Iterator[Row]]:
    workload = asked.ranked[0].workload
    found = whole_ranking(asked.offers, workload, catalogs)
    every = every_ranked_line(found, asked.offers, workload, now, with_excluded=asked.with_excluded)
    columns: list[Column] = [
        *_identity(catalogs),
        (ExportColumn("per_month", "Cost per month", Kind.NUMBER, "USD"), lambda line: dollars(line.per_month)),
        *(_part(name, label, workload.requests) for name, label in PARTS.items()),
        (ExportColumn("per_request", "Cost per request", Kind.NUMBER, "USD"), partial(_requests, number=1)),
        (ExportColumn("per_1000", "Cost per 1,000 requests", Kind.NUMBER, "USD"), partial(_requests, number=THOUSAND)),
        *(_beside(baseline) if baseline else [_to_lowest(found.lowest_paid)]),
        (ExportColumn("above", "Prices of prompts above", Kind.NUMBER, "tokens"), lambda line: line.above or None),
        *_words(),
    ]
    return columns_of(columns), rows_of((_ranked(line, own, workload) for line, own in every), columns)


def _ranked(line: RankedLine, own: Cost | None, workload: Workload) -> CostLine:
    return CostLine(
        offer=line.offer,
        rank=line.rank,
        per_month=line.per_month,
        own=own,
        contract=term_text(own.term) if own and own.term else "",
        reason=line.reason.sentence if line.reason else "",
        remarks=" ".join([*(f"{one}." for one in fallbacks(own)), *notes(line, own, workload)]) if own else "",
        above=line.above if own else 0,
    )


def _several(
    asked: Asked, catalogs: Catalogs, baseline: Baseline | None, now: datetime
) -> tuple[tuple[ExportColumn, ...], Iterator[Row]]:
    workloads = asked.ranked
    every = every_line_together(
        asked.offers, [one.workload for one in workloads], now, with_excluded=asked.with_excluded
    )
    columns: list[Column] = [
        *_identity(catalogs),
        *(_workload(place, one) for place, one in enumerate(workloads)),
        (ExportColumn("per_month", "Total per month", Kind.NUMBER, "USD"), lambda line: dollars(line.per_month)),
        *(_beside(baseline) if baseline else []),
        *_words()[:-1],
    ]
    lines = (
        CostLine(
            offer=line.offer,
            rank=None if line.total is None else rank,
            per_month=line.total,
            own=None,
            contract=contract_text(line.costs),
            reason=why_not(line, workloads),
            remarks="",
            together=line,
        )
        for rank, line in enumerate(every, 1)
    )
    return columns_of(columns), rows_of(lines, columns)


def _identity(catalogs: Catalogs) -> Columns[CostLine]:
    names: Mapping[int, Catalog] = {catalog.pk: catalog for catalog in catalogs}
    return [
        (ExportColumn("rank", "Rank", Kind.NUMBER), lambda line: line.rank),
        (ExportColumn("model", "Model"), lambda line: line.offer.name),
        (ExportColumn("ref", "Id"), lambda line: line.offer.ref),
        (ExportColumn("catalog", "Catalog"), lambda line: names[line.offer.catalog_id].name),
        (ExportColumn("provider", "Provider"), lambda line: line.offer.provider_name),
    ]


def _words() -> list[Column]:
    return [
        (ExportColumn("contract", "Contract"), lambda line: line.contract),
        (ExportColumn("reason", "Why there is no cost"), lambda line: line.reason),
        (ExportColumn("remarks", "Remarks"), _remarks),
    ]


def _part(name: str, label: str, requests: int) -> Column:
    """What a part of it costs; empty where one price holds for all tokens, or it is no part of this workload."""

    def read(line: CostLine) -> Decimal | None:
        part = part_of(line.own, name) if line.own and not line.own.blended else None
        return None if part is None else dollars(part.amount * requests)

    return ExportColumn(name, f"{label} per month", Kind.NUMBER, "USD"), read


def _requests(line: CostLine, number: int) -> Decimal | None:
    return dollars(line.own.per_request * number) if line.own else None


def _workload(place: int, named: NamedWorkload) -> Column:
    def read(line: CostLine) -> Decimal | None:
        found = line.together.costs[place] if line.together else None
        return dollars(found.per_month) if isinstance(found, Cost) else None

    return ExportColumn(f"workload_{place + 1}", named.name, Kind.NUMBER, "USD per month"), read


def _beside(baseline: Baseline) -> list[Column]:
    """What it costs more than the baseline, and less below 0: money and percent."""

    def more(line: CostLine) -> int | None:
        return None if line.per_month is None or baseline.total is None else line.per_month - baseline.total

    return [
        (
            ExportColumn("to_baseline", "More than the baseline per month", Kind.NUMBER, "USD"),
            lambda line: dollars(more(line)),
        ),
        (
            ExportColumn("to_baseline_percent", "More than the baseline", Kind.NUMBER, "%"),
            lambda line: share(more(line), baseline.total),
        ),
    ]


def _to_lowest(lowest: int | None) -> Column:
    def read(line: CostLine) -> Decimal | None:
        part = share(line.own.per_request or None, lowest) if line.own else None
        return None if part is None else part / 100

    return ExportColumn("to_lowest", "Times the lowest that is not free", Kind.NUMBER, "times"), read


def _remarks(line: CostLine) -> str:
    inferred = f"{cells.INFERRED}." if line.offer.provider_inferred else ""
    return " ".join(filter(None, [line.remarks, inferred]))


def _baseline_text(baseline: Baseline) -> str:
    offer = baseline.offer
    cost = f"{baseline.text} per month" if baseline.total is not None else " ".join(baseline.reasons)
    by_contract = f", by contract: {baseline.contract}" if baseline.contract else ""
    return f"{offer.name} ({offer.ref}, {baseline.catalog[1]}): {cost}{by_contract}"
