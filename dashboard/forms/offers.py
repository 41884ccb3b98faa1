"""How the Offers table is shown, as the address says: columns, sort, unit, page. Filters are in `catalog.filters`."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.http import QueryDict

from catalog.pricing.units import Unit
from catalog.services.sorting import DEFAULT, SortKey, parse_sort

PAGE_SIZES = (25, 50, 100, 250)
DEFAULT_SIZE = 50


class Column(NamedTuple):
    """A column that can be shown or left out."""

    key: str
    label: str
    shown: bool = True


COLUMNS = (
    Column("catalog", "Catalog"),
    Column("provider", "Provider"),
    Column("family", "Family", shown=False),
    Column("input", "Input"),
    Column("output", "Output"),
    Column("cache_read", "Cache read"),
    Column("cache_write", "Cache write"),
    Column("spread", "Spread"),
    Column("context", "Context"),
    Column("max_output", "Max output"),
    Column("long_prompt", "Long prompt", shown=False),
    Column("state", "State"),
    Column("updated", "Updated"),
)
UNITS = {"token": Unit.TOKEN, "tokens": Unit.TOKEN, "k": Unit.THOUSAND, "m": Unit.MILLION, "": Unit.MILLION}
"""Other words for units, as people type them into an address."""
GROUPS = ("model",)
CHARTS = {"context": "Context and input price", "prices": "Input and output price"}
"""What the page draws of the offers found, and what it calls that."""
SHOWN = tuple(column.key for column in COLUMNS if column.shown)

MOST_DIGITS = 9


class TableView(NamedTuple):
    """How the table is shown. ``page`` counts from 1; ``default`` is the sort that an address need not name.

    ``group`` is one of GROUPS or "", ``chart`` one of CHARTS or "".
    """

    columns: tuple[str, ...] = SHOWN
    sort: tuple[SortKey, ...] = DEFAULT
    unit: Unit = Unit.MILLION
    page: int = 1
    per: int = DEFAULT_SIZE
    default: tuple[SortKey, ...] = DEFAULT
    group: str = ""
    chart: str = ""


def read_table(
    data: QueryDict, default: tuple[SortKey, ...] = DEFAULT, *, with_cost: bool = False
) -> tuple[TableView, list[str]]:
    """Read the table's parameters, sorted by ``default`` unless they say otherwise; ``with_cost``: there is a workload.

    What makes no sense is ignored, and named in a sentence.
    """
    problems: list[str] = []
    asked = [key for key in data.getlist("col") if key]
    known = {column.key for column in COLUMNS}
    problems += [f"There is no column “{key[:40]}”." for key in asked if key not in known]
    columns = tuple(column.key for column in COLUMNS if column.key in asked) or SHOWN
    sort, ignored = parse_sort(",".join(data.getlist("sort"))[:200], default, with_cost=with_cost)
    problems += ignored
    unit = read_unit(data, problems)
    page = _whole(data.get("page", ""), "page", problems, 1)
    per = _whole(data.get("per", ""), "page size", problems, DEFAULT_SIZE)
    if per not in PAGE_SIZES:
        problems.append(f"{per} is no page size; there are {', '.join(map(str, PAGE_SIZES))}.")
        per = DEFAULT_SIZE
    group = _one_of(data.get("group", ""), GROUPS, "way to group", problems)
    chart = _one_of(data.get("chart", ""), CHARTS, "chart", problems)
    return TableView(columns, sort, unit, page, per, default, group, chart), problems


def read_unit(data: QueryDict, problems: list[str]) -> Unit:
    """The unit that prices are shown in, per 1M tokens unless the address names another."""
    asked = data.get("unit", Unit.MILLION).strip().casefold()
    for unit in Unit:
        if unit == UNITS.get(asked, asked):
            return unit
    problems.append(f"“{data['unit'][:40]}” is no unit; there are 1M, 1K and token.")
    return Unit.MILLION


def _one_of(text: str, known: Collection[str], noun: str, problems: list[str]) -> str:
    if not text or text in known:
        return text
    problems.append(f"“{text[:40]}” is no {noun}; there is {' and '.join(known)}.")
    return ""


def number_of(text: str) -> int:
    """The whole number from 1 to 999,999,999 that an address says, 0 for what is none."""
    return int(text) if len(text) <= MOST_DIGITS and text.isascii() and text.isdigit() else 0


def _whole(text: str, noun: str, problems: list[str], default: int) -> int:
    if not text:
        return default
    if whole := number_of(text):
        return whole
    problems.append(f"“{text[:40]}” is no {noun}.")
    return default


def table_parameters(view: TableView) -> dict[str, Sequence[str]]:
    """The parameters that say how the table is shown, without those at their default."""
    return {
        "unit": [] if view.unit == Unit.MILLION else [view.unit.value],
        "col": [] if view.columns == SHOWN else view.columns,
        "sort": [] if view.sort == view.default else [",".join(map(str, view.sort))],
        "group": [view.group] if view.group else [],
        "chart": [view.chart] if view.chart else [],
        "per": [] if view.per == DEFAULT_SIZE else [str(view.per)],
        "page": [] if view.page == 1 else [str(view.page)],
    }
