"""Rows of the ranking by cost, ready for its template: amounts per month and what they are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from catalog.pricing.cost import Cost, Line, Reason, TakenFrom
from catalog.pricing.term_text import term_text
from catalog.pricing.units import Unit, exact_text, price_text
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalog
from catalog.services.offer_names import OfferName
from catalog.services.ranking import RankedLine, Ranking
from dashboard.formats import REMEMBERED, floor_text, moment_text, money_text, size_text
from dashboard.tables import cells

PARTS = {"cache_read": "Cache read", "cache_write": "Cache write", "input": "Input", "output": "Output"}
"""The parts that have a column, in the order of columns and bars."""
LABELS = {**PARTS, "blended": "All tokens", "request": "Each request"}
TAKEN = {TakenFrom.LOWER_TIER: "price of the lower tier", TakenFrom.STANDARD: "price of the standard mode"}
MONTH = 2
REQUEST = 4


class Amount(NamedTuple):
    """Figures, the hidden digits that set them on the decimal point, and what their asterisk says, if they have one."""

    text: str
    padding: str = ""
    note: str = ""

    @property
    def cell(self) -> Markup:
        """The cell that shows it."""
        return cells.amount(*self)


class Sum(NamedTuple):
    """One line of a breakdown: tokens of a month times a rate, and the amount."""

    label: str
    amount: str


class CostRow(NamedTuple):
    """One offer of the ranking. Amounts are US dollars per month; ``parts`` is empty where one price holds for all."""

    offer: OfferName
    reason: Reason | None
    rank: int | None
    catalog: tuple[int, str]
    tier: str
    total: Amount
    parts: Sequence[Amount]
    per_request: Amount
    per_thousand: Amount
    ratio: str
    sums: Sequence[Sum]
    notes: Sequence[str]
    contract: str = ""


def cost_rows(
    lines: Sequence[RankedLine],
    sums: Mapping[int, Cost],
    found: Ranking,
    workload: Workload,
    catalogs: Mapping[int, Catalog],
    unit: Unit,
) -> list[CostRow]:
    """Rows for ``lines``; ``sums`` holds the cost of each that has one, by offer."""
    costs = [sums.get(ranked.offer.offer_id) for ranked in lines]
    months = workload.requests
    totals = _column([ranked.per_month for ranked in lines], MONTH, [_fee(own) for own in costs])
    columns = [_part_column(costs, name, months) for name in PARTS]
    per_request = _column([ranked.per_request for ranked in lines], REQUEST)
    thousands = [None if ranked.per_request is None else ranked.per_request * 1_000 for ranked in lines]
    per_thousand = _column(thousands, MONTH)
    rows = []
    for place, (ranked, own) in enumerate(zip(lines, costs, strict=True)):
        catalog = catalogs[ranked.offer.catalog_id]
        rows.append(
            CostRow(
                offer=ranked.offer,
                reason=ranked.reason,
                rank=ranked.rank,
                catalog=(catalog.mark, catalog.name),
                tier=floor_text(ranked.above) if ranked.above and own else "",
                total=totals[place],
                parts=() if own is None or own.blended else [column[place] for column in columns],
                per_request=per_request[place],
                per_thousand=per_thousand[place],
                ratio=ratio_text(ranked.per_request, found),
                sums=[_sum(one, workload.requests, unit) for one in own.lines] if own else (),
                notes=[*notes(ranked, own, workload), *_read(catalog.read_at)] if own else (),
                contract=term_text(own.term) if own and own.term else "",
            )
        )
    return rows


def ratio_text(per_request: int | None, found: Ranking) -> str:
    """How many times the lowest cost that is not free: ``1.03×``, ``17.5×``, ``lowest``; "" without one to compare."""
    lowest = found.lowest_paid
    if not per_request or not lowest:
        return ""
    if per_request == lowest:
        return "lowest"
    ratio = Decimal(per_request) / lowest
    places = "0.01" if ratio < 10 else "0.1" if ratio < 100 else "1"
    return f"{ratio.quantize(Decimal(places), ROUND_HALF_UP):,f}×"


def marks(rows: Sequence[CostRow]) -> list[str]:
    """What the asterisks of these rows stand for, a sentence each."""
    found = {amount.note for row in rows for amount in (row.total, *row.parts) if amount.note}
    return [f"* {note}." for note in sorted(found)]


def _column(amounts: Sequence[int | None], places: int, notes: Sequence[str] = ()) -> list[Amount]:
    """The amounts of a column, set on the decimal point; None is left empty."""
    texts = ["" if amount is None else money_text(amount, places) for amount in amounts]
    own = [len(text.partition(".")[2]) for text in texts]
    widest = max(own, default=0)
    notes = notes or [""] * len(texts)
    star = any(notes)
    return [
        Amount(text, "0" * (widest - decimals) + ("*" if star and not note else ""), note)
        for text, decimals, note in zip(texts, own, notes, strict=True)
    ]


def _part_column(costs: Sequence[Cost | None], name: str, months: int) -> list[Amount]:
    lines = [part_of(own, name) if own else None for own in costs]
    amounts = [None if line is None else line.amount * months for line in lines]
    return _column(amounts, MONTH, [_fallback(line) if line and line.falls_back else "" for line in lines])


def _fallback(line: Line) -> str:
    if line.billed_as != line.component:
        return f"No {LABELS[line.component].lower()} price: billed as {LABELS[line.billed_as].lower()}"
    return f"{LABELS[line.component]}: {TAKEN[line.taken_from]}"


def _fee(own: Cost | None) -> str:
    charged = own is not None and any(line.component == "request" and line.amount for line in own.lines)
    return "With a price of each request" if charged else ""


@lru_cache(maxsize=REMEMBERED)
def _sum(line: Line, requests: int, unit: Unit) -> Sum:
    amount = money_text(line.amount * requests, MONTH)
    if line.component == "request":
        listed = "—" if line.list_rate is None else f"${exact_text(line.list_rate)}"
        why = f" (list {listed})" if line.list_rate != line.rate else ""
        return Sum(f"Each request: {requests:,} × ${exact_text(line.rate)}{why}", amount)
    tokens = size_text(line.tokens * requests)
    said = []
    if line.billed_as != line.component:
        said.append(f"{LABELS[line.billed_as].lower()} price")
    if line.taken_from is not TakenFrom.OWN:
        said.append(TAKEN[line.taken_from])
    if line.list_rate != line.rate:
        said.append(f"list {price_text(line.list_rate, unit)}")
    why = f" ({', '.join(said)})" if said else ""
    return Sum(f"{LABELS[line.component]}: {tokens} × {price_text(line.rate, unit)}{why}", amount)


def part_of(own: Cost, name: str) -> Line | None:
    """The line of this component, if it is charged."""
    return next((line for line in own.lines if line.component == name), None)


def fallbacks(own: Cost) -> list[str]:
    """Which parts are billed by another price than their own, a phrase each."""
    return [_fallback(line) for line in own.lines if line.falls_back]


def notes(ranked: RankedLine, own: Cost, workload: Workload) -> list[str]:
    """What else there is to know of a cost, a sentence each."""
    found = []
    if own.term:
        found.append(f"By contract: {term_text(own.term)}.{_at_list(own, workload)}")
    if own.above:
        found.append(f"Prompts {floor_text(own.above)} have prices of their own, for all tokens of the request.")
    elif own.up_to is not None:
        found.append(f"Prompts {floor_text(own.up_to)} would have other prices.")
    if own.blended:
        found.append("This catalog publishes one price for all tokens, cached ones included.")
    if own.above_window:
        both = workload.prompt + workload.output
        found.append(
            f"Prompt and output together, {both:,} tokens, exceed the context window of "
            f"{ranked.offer.context_tokens:,}; some vendors refuse that."
        )
    if ranked.conditional:
        listed = "; ".join(
            f"{price['name']} ${price['usd']} per {price['per']}, {price['when']}" for price in ranked.conditional[:6]
        )
        found.append(f"Not used, since they depend: {listed}.")
    elif ranked.offer.by_hour:
        found.append("Other prices hold at certain hours; they are not used.")
    return found


def _read(read_at: datetime | None) -> list[str]:
    return [f"Read from its catalog on {moment_text(read_at)}."] if read_at else []


def _at_list(own: Cost, workload: Workload) -> str:
    if own.list_per_request is None:
        return ""
    return f" At list prices it would be ${money_text(own.list_per_request * workload.requests, MONTH)} per month."


def dollars(pico: int | None) -> str:
    """A monthly amount on its own: ``$1,234.50``, ``free``, ``—``."""
    text = money_text(pico, MONTH)
    return f"${text}" if pico else text


def cost_cells(offers: Sequence[int], costs: Mapping[int, Cost | Reason]) -> list[Markup]:
    """The cells of what a month costs for these offers (ids); where there is no cost, a dash that says why."""
    found = [costs.get(offer) for offer in offers]
    amounts = _column([own.per_month if isinstance(own, Cost) else None for own in found], MONTH)
    return [
        amount.cell if isinstance(own, Cost) else cells.no_cost(own.sentence if own else "")
        for own, amount in zip(found, amounts, strict=True)
    ]
