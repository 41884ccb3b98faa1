"""Rows of several workloads side by side, ready for their template."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.services.catalogs import Catalog
from catalog.services.costs_together import TogetherLine
from catalog.services.offer_names import OfferName
from dashboard.address import Address
from dashboard.formats import money_text, size_text
from dashboard.forms.workload import parameters_of
from dashboard.forms.workloads import NamedWorkload, written
from dashboard.tables.contracts import contract_text


class Cell(NamedTuple):
    """A month of one workload: figures, or a dash and why."""

    text: str
    reason: str


class TogetherRow(NamedTuple):
    """One offer. ``place`` is None where there is no total; ``why`` says which workloads it is for.

    ``contract`` says by which terms its costs are ours, "" if all are by list prices.
    """

    offer: OfferName
    place: int | None
    catalog: tuple[int, str]
    cells: Sequence[Cell]
    total: str
    why: str
    contract: str


class Compared(NamedTuple):
    """One of the workloads: its numbers in words, and where its links lead."""

    name: str
    about: str
    edit: str
    without: str


def together_rows(
    lines: Sequence[TogetherLine], workloads: Sequence[NamedWorkload], catalogs: Mapping[int, Catalog], first: int
) -> list[TogetherRow]:
    """Rows for ``lines``, of which the first is number ``first`` of the ranking."""
    rows = []
    for place, line in enumerate(lines, first):
        catalog = catalogs[line.offer.catalog_id]
        rows.append(
            TogetherRow(
                offer=line.offer,
                place=None if line.total is None else place,
                catalog=(catalog.mark, catalog.name),
                cells=[_cell(found) for found in line.costs],
                total=money_text(line.total, 2),
                why=why_not(line, workloads),
                contract=contract_text(line.costs),
            )
        )
    return rows


def why_not(line: TogetherLine, workloads: Sequence[NamedWorkload]) -> str:
    """Why there is no total: a sentence for each workload that has no cost."""
    pairs = zip(workloads, line.costs, strict=True)
    return " ".join(f"{one.name}: {found.sentence}" for one, found in pairs if isinstance(found, Reason))


def compared(workloads: Sequence[NamedWorkload], address: Address, parameters: Sequence[str]) -> list[Compared]:
    """The workloads of the comparison; ``parameters`` are those of the form's own workload."""
    made = []
    for place, one in enumerate(workloads):
        numbers = one.workload
        cached = f", {size_text(numbers.cached_read)} of it cached" if numbers.cached_read else ""
        mode = "" if numbers.mode == "standard" else f", {numbers.mode}"
        others = [written(other) for at, other in enumerate(workloads) if at != place]
        made.append(
            Compared(
                name=one.name,
                about=f"{numbers.requests:,} a month, {size_text(numbers.prompt)} in{cached}, "
                f"{size_text(numbers.output)} out{mode}",
                edit=address.to(**{**dict.fromkeys(parameters), **parameters_of(numbers)}),
                without=address.to(w=others),
            )
        )
    return made


def _cell(found: Cost | Reason) -> Cell:
    return Cell("—", found.sentence) if isinstance(found, Reason) else Cell(money_text(found.per_month, 2), "")
