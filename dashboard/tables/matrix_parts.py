"""What stands around the rows of the catalog matrix: tabs, headings and the summary."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from catalog.services.catalogs import Catalogs
from catalog.services.matrix import Line, Matrix, Totals
from catalog.services.matrix_unmatched import CONFLICTS, UNMATCHED
from catalog.services.matrix_whole import Whole
from catalog.services.sorting import SortKey
from dashboard.address import Address
from dashboard.formats import counted, money_text
from dashboard.forms import matrix as form
from dashboard.forms.matrix import MatrixView
from dashboard.tables.matrix import RowView, gap_text

STATES = {form.UNMATCHED: UNMATCHED, form.CONFLICTS: CONFLICTS}
"""Of the tabs that list offers, the states of link that they hold."""
EXACT = 10**6


class Tab(NamedTuple):
    """A tab with the number of its rows; ``aside`` ones stand at the other end."""

    key: str
    label: str
    rows: int
    href: str
    aside: bool = False


class Heading(NamedTuple):
    """A column's heading: where its sort link leads, and how the table is sorted by it."""

    href: str
    direction: str
    mark: int = 0
    name: str = ""
    note: str = ""


class Share(NamedTuple):
    """A catalog and a figure of the summary."""

    mark: int
    name: str
    text: str


class Summary(NamedTuple):
    """The matrix in a few figures; ``savings`` are empty without a workload."""

    shared: int
    rated: int
    cheapest: Sequence[Share]
    median: str
    savings: Sequence[Share]


def tab_labels(catalogs: Catalogs) -> dict[str, str]:
    """What the tabs are called, in their order."""
    several = len(catalogs) > form.LEAST
    return {
        form.MATCHED: "Matched" if several else "In both",
        **({form.ALL: f"In all {len(catalogs)}", form.SOME: "In some"} if several else {}),
        **{form.ONLY + catalog.slug: f"Only in {catalog.name}" for catalog in catalogs},
        form.UNMATCHED: "Unmatched",
        form.CONFLICTS: "Conflicts",
    }


def tabs(found: Matrix, catalogs: Catalogs, address: Address) -> list[Tab]:
    """The tabs, each with its count."""
    shared, everywhere = len(found.matched), len(found.in_all())
    counts = {form.MATCHED: shared, form.ALL: everywhere, form.SOME: shared - everywhere}
    for catalog, alone in zip(catalogs, found.alone, strict=True):
        counts[form.ONLY + catalog.slug] = len(alone)
    for key, states in STATES.items():
        counts[key] = sum(found.without_family.get(state, 0) for state in states)
    return [
        # A tab has columns and an order of its own.
        Tab(key, label, counts[key], address.to(tab="" if key == form.MATCHED else key, sort=None), key in STATES)
        for key, label in tab_labels(catalogs).items()
    ]


def lines_of(found: Matrix, tab: str, catalogs: Catalogs) -> Sequence[Line]:
    """The lines of a tab that lists families."""
    if tab.startswith(form.ONLY):
        place = [catalog.slug for catalog in catalogs].index(tab.removeprefix(form.ONLY))
        return found.alone[place]
    return {form.ALL: found.in_all, form.SOME: found.in_some}.get(tab, lambda: found.matched)()


def sorted_lines(whole: Whole, view: MatrixView, catalogs: Catalogs) -> list[Line]:
    """The lines of a tab that lists families, in the order that the view asks for."""
    lines = lines_of(whole.matrix, view.tab, catalogs)
    order = [form.PRICE + catalog.slug for catalog in catalogs]
    if view.sort.name == "gap":
        gaps = whole.gaps if view.against is None else whole.gaps_against(view.against)
        # What is free here and paid elsewhere has an endless gap: wider than any percentage.
        values: dict[int, Any] = {family: gap.ratio for family, gap in gaps.items()}
    else:
        place = order.index(view.sort.name) if view.sort.name in order else 0
        values = {line.family: price for line in lines if (price := line.prices[place]) is not None}
    return whole.sorted(lines, view.sort, values)


def repeated_names(rows: Sequence[RowView]) -> set[str]:
    """The slugs of those rows of a page that another one is called like: only their slugs tell them apart."""
    names = Counter((row.title.casefold(), row.vendor) for row in rows)
    return {row.slug for row in rows if names[row.title.casefold(), row.vendor] > 1}


def headings(
    found: Matrix, totals: Totals, catalogs: Catalogs, view: MatrixView, address: Address
) -> dict[str, Heading]:
    """The headings by sort key."""
    made = {key: _heading(key, view.sort, address) for key in ("model", "gap")}
    for place, catalog in enumerate(catalogs):
        many = found.offered_by(place)
        note = counted(many, "model")
        note += f", lowest in {totals.cheapest[place]:,}" if totals.cheapest[place] else ""
        key = form.PRICE + catalog.slug
        made[key] = _heading(key, view.sort, address)._replace(mark=catalog.mark, name=catalog.name, note=note)
    return made


def _heading(key: str, sort: SortKey, address: Address) -> Heading:
    on = sort.name == key
    default = form.WIDEST.name == key
    if not on:
        following = "" if default else key
    elif default:  # back and forth: without it nothing would be left to sort by
        following = key if sort.descending else ""
    else:
        following = "" if sort.descending else f"-{key}"
    return Heading(address.to(sort=following), "" if not on else "descending" if sort.descending else "ascending")


def summary(found: Matrix, totals: Totals, costs: Totals | None, requests: int, catalogs: Catalogs) -> Summary:
    """The summary; ``costs`` are the totals of a workload of so many requests a month."""
    cheapest = [
        Share(catalog.mark, catalog.name, f"{count:,}")
        for catalog, count in zip(catalogs, totals.cheapest, strict=True)
        if count
    ]
    savings = (
        [
            Share(catalog.mark, catalog.name, f"${money_text(saved * requests, 2)} on {counted(count, 'model')}")
            for catalog, saved, count in zip(catalogs, costs.savings, costs.counted, strict=True)
            if saved
        ]
        if costs
        else []
    )
    return Summary(len(found.matched), totals.rated, cheapest, _median(totals), savings)


def _median(totals: Totals) -> str:
    if totals.median_ratio is None:
        return ""
    text = gap_text(EXACT, EXACT + round(totals.median_ratio * EXACT))
    return "0%, the same" if text == "=" else text
