"""Parts of the Costs page that an address asks for: a baseline, several workloads, and saved ones."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from catalog.filters import OfferFilter
from catalog.services.catalogs import Catalogs
from catalog.services.costs_together import MOST_WORKLOADS, count_together, rank_together
from catalog.services.facets import Stored, count_facets, count_groups
from catalog.services.workloads import SavedWorkload
from dashboard.forms.asked_costs import Asked
from dashboard.forms.offers import TableView
from dashboard.forms.workload import PARAMETERS, parameters_of
from dashboard.forms.workloads import NamedWorkload
from dashboard.tables.baseline import break_even_of, chosen_baseline
from dashboard.tables.together import together_rows


def with_saved(data: QueryDict, saved: Sequence[SavedWorkload]) -> tuple[QueryDict, bool]:
    """The address with the numbers of the workload that it picks by ``saved``, and whether it picks one."""
    if not data.get("saved"):
        return data, False
    taken = data.copy()
    del taken["saved"]
    chosen = next((one for one in saved if str(one.pk) == data["saved"]), None)
    if chosen is None:
        return taken, False
    for name in (*PARAMETERS, "was"):
        taken.pop(name, None)
    for name, values in parameters_of(chosen.workload).items():
        taken.setlist(name, values)
    return taken, True


def baseline_context(asked: Asked, catalogs: Catalogs) -> dict[str, Any]:
    """The baseline for what the page ranks, and the break-even panel for the workload of the form."""
    by_pk = {catalog.pk: catalog for catalog in catalogs}
    return {
        "baseline": chosen_baseline(asked.against, asked.priced, by_pk, asked.ranked),
        "break_even": break_even_of(asked.against, asked.priced, by_pk, asked.workload.workload),
        "against": asked.against,
    }


def together_context(
    offers: OfferFilter,
    several: Sequence[NamedWorkload],
    catalogs: Catalogs,
    stored: Stored,
    view: TableView,
    *,
    with_excluded: bool,
) -> dict[str, Any]:
    """The ranking by what all of ``several`` cost together: its page, its counts, its facets."""
    workloads = [one.workload for one in several]
    counts = count_together(offers, workloads)
    listed = counts.priced + sum(counts.unpriced.values())
    held = listed + (sum(counts.excluded.values()) if with_excluded else 0)
    page = Paginator(range(held), view.per).get_page(view.page)
    start = (page.number - 1) * view.per
    lines = rank_together(offers, workloads, start, start + view.per, with_excluded=with_excluded) if held else []
    by_pk = {catalog.pk: catalog for catalog in catalogs}
    return {
        "counts": counts,
        "facets": count_facets(count_groups(offers).groups if offers.narrows else stored.groups, offers.values),
        "rows": together_rows(lines, several, by_pk, start + 1),
        "totals": [(line.offer.offer_id, line.total) for line in lines],
        "page": page,
        "first": start + 1,
        "first_excluded": listed // view.per + 1,
        "together": [one.name for one in several],
        "most_workloads": MOST_WORKLOADS,
    }
