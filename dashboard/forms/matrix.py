"""What an address asks of the catalog matrix: which catalogs, filters and tab, and how its prices are compared."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.services.asked import offers_asked
from catalog.services.catalogs import Catalog, Catalogs
from catalog.services.facets import Stored, offers_listed, stored_counts
from catalog.services.matrix import Measure
from catalog.services.sorting import SortKey
from dashboard.address import Address
from dashboard.forms.filters import filter_parameters
from dashboard.forms.offers import TableView, read_table, table_parameters
from dashboard.forms.workload import WorkloadView, read_workload

LEAST, MOST = 2, 6
MEASURES = {"input": "Input", "output": "Output", "cost": "Workload cost"}
PRESET = "coding"
"""The workload that is compared where an address asks for costs and names none."""
NOT_HERE = ("catalog", "sort", "col", "unit", "group", "chart")
"""Parameters of the Offers page that this one has others for."""
MATCHED, ALL, SOME, UNMATCHED, CONFLICTS, ONLY = "matched", "all", "some", "unmatched", "conflicts", "only:"
PRICE = "in:"
"""Before a catalog's slug: the key to sort by its price."""
WIDEST = SortKey("gap", descending=True)


class MatrixView(NamedTuple):
    """How the matrix is shown: one of MEASURES, the place of the catalog that gaps are told against, tab, order, page.

    ``against`` is None where that is the lowest price. ``page`` counts from 1.
    """

    measure: str = "output"
    against: int | None = None
    tab: str = MATCHED
    sort: SortKey = WIDEST
    page: int = 1
    per: int = TableView().per


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored, ``plain`` as `Address` has it."""

    chosen: Sequence[Catalog]
    offers: OfferFilter
    counts: Stored
    workload: WorkloadView
    view: MatrixView
    problems: Sequence[str]
    plain: str = ""

    @property
    def measure(self) -> Measure | None:
        """What the matrix compares; None where the workload cannot be."""
        return self.workload.workload if self.view.measure == "cost" else self.view.measure

    @property
    def comparable(self) -> bool:
        """Whether there is something to compare: two catalogs, and by what."""
        return self.measure is not None and len(self.chosen) >= LEAST

    def address_of(self, view: MatrixView) -> Address:
        """The page's address of the same catalogs and filters, shown as ``view`` says."""
        own = self.workload.parameters
        if view.measure == "cost" and self.workload.preset == PRESET:
            own = {}
        shown = table_parameters(TableView(page=view.page, per=view.per))
        return Address(
            reverse("catalog-matrix"),
            {
                "c": [catalog.slug for catalog in self.chosen],
                **own,
                **filter_parameters(self.offers.data, self.offers),
                **({"mode": own.get("mode", [])} if view.measure == "cost" else {}),
                "measure": [] if view.measure == "output" else [view.measure],
                "gap": [] if view.against is None else [self.chosen[view.against].slug],
                "tab": [] if view.tab == MATCHED else [view.tab],
                "sort": [] if view.sort == WIDEST else [str(view.sort)],
                "per": shown["per"],
                "page": shown["page"],
            },
        ).with_plain(self.plain)


def read_matrix(data: QueryDict, catalogs: Catalogs) -> Asked:
    """Read an address of the matrix over these catalogs. What makes no sense is ignored, and named in a sentence."""
    problems: list[str] = []
    chosen = _chosen(data, catalogs, problems)
    kept = data.copy()
    measure = _one_of(data, "measure", list(MEASURES), "output", "measure", problems)
    for name in (*NOT_HERE, *(("mode", "prompt") if measure == "cost" else ())):  # the workload has its own
        kept.pop(name, None)
    counts = stored_counts(chosen)
    offers = offers_asked(kept, chosen)
    problems += offers.problems
    workload = read_workload(data, default=PRESET if measure == "cost" else "", modes=counts.values["mode"])
    problems += [problem.sentence for problem in workload.problems]
    table, wrong = read_table(kept)
    problems += wrong
    order = [catalog.slug for catalog in chosen]
    tabs = [MATCHED, *([ALL, SOME] if len(chosen) > LEAST else []), *(ONLY + slug for slug in order)]
    sorts = ["gap", "model", *(PRICE + slug for slug in order)]
    sort = data.get("sort", "") or str(WIDEST)
    if sort.removeprefix("-") not in sorts:
        problems.append(f"“{sort[:60]}” is no column to sort by.")
        sort = str(WIDEST)
    against = _one_of(data, "gap", order, "", "compared catalog", problems)
    view = MatrixView(
        measure,
        order.index(against) if against else None,
        _one_of(data, "tab", [*tabs, UNMATCHED, CONFLICTS], MATCHED, "tab", problems),
        SortKey(sort.removeprefix("-"), sort.startswith("-")),
        table.page,
        table.per,
    )
    return Asked(chosen, offers, counts, workload, view, list(dict.fromkeys(problems)))


def _chosen(data: QueryDict, catalogs: Catalogs, problems: list[str]) -> list[Catalog]:
    """The catalogs of the address in its order; without any those with most offers."""
    by_slug = {catalog.slug: catalog for catalog in catalogs}
    asked = list(dict.fromkeys(slug for slug in data.getlist("c") if slug))
    if unknown := [slug for slug in asked if slug not in by_slug]:
        problems.append(f"There is no catalog {_quoted(unknown)} here.")
    known = [by_slug[slug] for slug in asked if slug in by_slug]
    if left_out := known[MOST:]:
        names = ", ".join(catalog.name for catalog in left_out)
        problems.append(f"{MOST} catalogs are compared at a time; left out: {names}.")
    return known[:MOST] if known else by_size(catalogs)[:MOST]


def by_size(catalogs: Catalogs) -> list[Catalog]:
    """The catalogs with most offers first."""
    return sorted(catalogs, key=lambda catalog: (-offers_listed(catalog), catalog.name))


def _one_of(data: QueryDict, name: str, values: Sequence[str], default: str, noun: str, problems: list[str]) -> str:
    given = data.get(name, "") or default
    if given == default or given in values:
        return given
    problems.append(f"There is no {noun} {_quoted([given])} here.")
    return default


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text[:60]}”" for text in texts[:3])
