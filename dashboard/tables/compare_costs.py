"""What a workload costs on each of the compared offers: rows per month, and a bar of each that has a cost."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.services.compare import Side
from dashboard.charts.bars import Bar, bars
from dashboard.forms.workload import WorkloadView
from dashboard.tables.compare import Cell, Section, made_row
from dashboard.tables.costs import LABELS

Costs = Mapping[int, Cost | Reason]


class CostBar(NamedTuple):
    """A bar with whose it is; ``best``: nobody asks less."""

    side: Side
    bar: Bar
    cost: Cost
    best: bool


def cost_section(sides: Sequence[Side], workload: WorkloadView, costs: Costs) -> Section:
    """Total, its parts and one request; where there is no cost, why."""
    asked = workload.workload
    if asked is None:
        return Section("", ())
    months = asked.requests

    def cells(amount: Callable[[Cost], int | None], kind: str = "money") -> list[Cell]:
        found = [costs.get(side.offer.pk) for side in sides]
        return [Cell(kind, amount(own) if isinstance(own, Cost) else None) for own in found]

    total = [
        Cell("why", _why(costs.get(side.offer.pk))) if cell.value is None else cell
        for side, cell in zip(sides, cells(lambda own: own.per_month), strict=True)
    ]
    rows = [made_row("Total", total, min)]
    for name, label in LABELS.items():
        if any(isinstance(own, Cost) and name in _amounts(own) for own in costs.values()):
            rows.append(made_row(f"For {label.lower()}", cells(partial(_part, name=name, months=months))))
    rows.append(made_row("One request", cells(lambda own: own.per_request, "fine_money"), min))
    return Section(f"{workload.name}, US dollars a month", rows)


def cost_bars(sides: Sequence[Side], costs: Costs) -> list[CostBar]:
    """The bars of those that have a cost, in the order of the columns."""
    found = [(side, own) for side in sides if isinstance(own := costs.get(side.offer.pk), Cost)]
    lowest = min((own.per_month for _, own in found), default=0)
    several = len({own.per_month for _, own in found}) > 1
    drawn = bars([own for _, own in found])
    return [
        CostBar(side, bar, own, several and own.per_month == lowest)
        for (side, own), bar in zip(found, drawn, strict=True)
    ]


def _why(own: Cost | Reason | None) -> str:
    return own.sentence if isinstance(own, Reason) else "Not on record for that moment."


def _amounts(own: Cost) -> dict[str, int]:
    return {line.component: line.amount for line in own.lines if line.amount}


def _part(own: Cost, name: str, months: int) -> int | None:
    amount = _amounts(own).get(name)
    return None if amount is None else amount * months
