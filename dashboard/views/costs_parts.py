"""Parts of the Costs page that an address asks for: a baseline, several workloads, and saved ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from catalog.filters import OfferFilter
from catalog.pricing.workload import Workload
from catalog.services.baseline import PricedOffer
from catalog.services.catalogs import Catalogs
from catalog.services.costs_together import MOST_WORKLOADS, count_together, rank_together
from catalog.services.facets import Stored, count_facets, counted_groups
from catalog.services.workloads import SavedWorkload
from dashboard.forms.baseline import BaselineView
from dashboard.forms.offers import TableView
from dashboard.forms.workload import PARAMETERS, parameters_of
from dashboard.forms.workloads import NamedWorkload
from dashboard.tables.baseline import baseline_of, break_even_of
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


def known_baseline(view: BaselineView, priced: Mapping[int, PricedOffer]) -> tuple[BaselineView, list[str]]:
    """The view without offers that are not in ``priced``, and a sentence for each."""
    problems = []
    if view.base is not None and view.base not in priced:
        problems.append("The baseline is not on record among the offers that you may see.")
        view = BaselineView()
    elif view.other is not None and view.other not in priced:
        problems.append("What to compare the baseline with is not on record among the offers that you may see.")
        view = BaselineView(view.base)
    return view, problems


def baseline_context(
    view: BaselineView,
    priced: Mapping[int, PricedOffer],
    catalogs: Catalogs,
    current: Workload | None,
    several: Sequence[NamedWorkload],
) -> dict[str, Any]:
    """The baseline for what the page ranks, and the break-even panel for the workload of the form."""
    by_pk = {catalog.pk: catalog for catalog in catalogs}
    ranked = list(several) or ([NamedWorkload("", current)] if current else [])
    baseline = baseline_of(priced[view.base], by_pk, ranked) if view.base is not None and ranked else None
    return {"baseline": baseline, "break_even": break_even_of(view, priced, by_pk, current), "against": view}


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
        "facets": count_facets(counted_groups(offers) if offers.narrows else stored.groups, offers.values),
        "rows": together_rows(lines, several, by_pk, start + 1),
        "totals": [(line.offer.offer_id, line.total) for line in lines],
        "page": page,
        "first": start + 1,
        "first_excluded": listed // view.per + 1,
        "together": [one.name for one in several],
        "most_workloads": MOST_WORKLOADS,
    }
