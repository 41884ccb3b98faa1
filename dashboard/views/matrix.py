"""The catalog matrix: the same model in several catalogs, what each asks for it, and what one alone has."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import OfferFilter
from catalog.pricing.presets import PRESETS
from catalog.pricing.units import Unit
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.facets import count_facets, count_groups, offers_listed
from catalog.services.matrix import Matrix, Measure, Totals
from catalog.services.matrix_unmatched import unmatched
from catalog.services.matrix_whole import Whole, whole_matrix, whole_rows
from dashboard.address import Address
from dashboard.exports.formats import export_links
from dashboard.forms.filters import TYPED, has_defaults
from dashboard.forms.matrix import MEASURES, MOST, ONLY, Asked, by_size, read_matrix
from dashboard.forms.offers import PAGE_SIZES
from dashboard.forms.workload import PARAMETERS
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables import facets as parts
from dashboard.tables.cells import flat_text
from dashboard.tables.matrix import Figures, row_views, says_flat, says_zero
from dashboard.tables.matrix_cells import row_cells
from dashboard.tables.matrix_parts import STATES, headings, repeated_names, sorted_lines, summary, tabs
from dashboard.tables.matrix_words import unpriced_sentence

KNOWN = {*OfferFilter.base_filters, *PARAMETERS, "was", "c", "measure", "gap", "tab", "sort", "per", "page"} - {
    "catalog"
}


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    asked = read_matrix(data, catalogs)
    return asked.address_of(asked.view), asked.problems


@require_safe
@keeps_views("catalog-matrix", "Catalog matrix", "The largest catalogs", _read)
def catalog_matrix(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results")
    shown = frame(request, catalogs, now)
    etag = version(request, shown, catalogs, part)
    if response := not_modified(request, etag):
        return response

    asked = read_matrix(request.GET, catalogs)
    asked = asked._replace(problems=[*asked.problems, *said_of_view(request.GET)], plain=request.plain)
    address = asked.address_of(asked.view)
    data = request.GET.copy()
    if not data.get("c") and asked.chosen:  # to leave them out is no default to write out
        data.setlist("c", [one.slug for one in asked.chosen])
    if not part and not asked.problems and has_defaults(data, address, KNOWN):
        return HttpResponseRedirect(str(address))
    context: dict[str, Any] = {
        "frame": shown,
        "part": part,
        "catalogs": catalogs,
        "in_menu": [*asked.chosen, *(one for one in by_size(catalogs) if one not in asked.chosen)],
        "sizes": {catalog.slug: offers_listed(catalog) for catalog in catalogs},
        "measures": MEASURES,
        "presets": PRESETS,
        "page_sizes": PAGE_SIZES,
        "most": MOST,
        **_results(asked, catalogs),
    }
    response = render_page(request, "matrix/page.html", context, part)
    if part:
        typed = request.htmx.trigger_name in TYPED
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(context["address"])
    stamp(response, etag)
    return response


def _results(asked: Asked, catalogs: Catalogs) -> dict[str, Any]:
    """What changes with the address."""
    offers, view, measure = asked.offers, asked.view, asked.measure
    address = asked.address_of(view)
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in asked.chosen}
    words = parts.words_for(asked.counts.provider_names, by_slug)
    facets = (
        count_facets(count_groups(offers).groups, offers.values)
        if offers.narrows
        else asked.counts.count(offers.values)
    )
    left_out = ("catalog", "mode") if view.measure == "cost" else ("catalog",)
    every = parts.sections(offers.allowed, facets, offers.values, words, by_slug)
    context: dict[str, Any] = {
        "chosen": asked.chosen,
        "values": offers.values,
        "view": view,
        "workload": asked.workload,
        "address": address,
        "problems": asked.problems,
        "sections": [one for one in every if one.name not in left_out],
        "boxes": parts.boxes,
        "contexts": parts.CONTEXTS,
        "prompts": parts.prompt_sizes(_tier_floors(asked.chosen), offers.values["prompt"]),
        "chips": parts.chips(offers.values, words, address),
        "found": None,
        "exports": export_links("export_matrix", address) if asked.comparable else [],
        "by_id": {catalog.pk: (catalog.mark, catalog.name) for catalog in catalogs},
    }
    if measure is None or not asked.comparable:
        return context
    whole = whole_matrix(offers, asked.chosen, measure)
    found, totals = whole.matrix, whole.totals
    costs, requests = _costs(asked, whole)
    context |= {
        "found": found,
        "tabs": tabs(found, asked.chosen, address),
        "headings": headings(found, totals, asked.chosen, view, address),
        "summary": summary(found, totals, costs, requests, asked.chosen),
        "aside": view.tab in STATES,
        "alone": view.tab.startswith(ONLY),
    }
    if view.tab in STATES:
        return context | _offers(asked, found, catalogs, measure)
    return context | _families(asked, whole, measure)


def _costs(asked: Asked, whole: Whole) -> tuple[Totals | None, int]:
    """The totals by the active workload, if there is one, and the requests of its month."""
    workload = asked.workload.workload
    if workload is None:
        return None, 0
    by_cost = whole if asked.view.measure == "cost" else whole_matrix(asked.offers, asked.chosen, workload)
    return by_cost.totals, workload.requests


def _families(asked: Asked, whole: Whole, measure: Measure) -> dict[str, Any]:
    """The page of rows of a tab that lists families."""
    view = asked.view
    lines = sorted_lines(whole, view, asked.chosen)
    shown = _page(asked, len(lines))
    rows = whole_rows(whole, asked.offers, asked.chosen, measure, lines[shown["start"] : shown["stop"]])
    figures = Figures(measure.requests if isinstance(measure, Workload) else None)
    views, scale = row_views(rows, asked.chosen, figures, view.against, asked.counts.provider_names)
    return shown | {
        "rows": views,
        "scale": scale,
        "row_cells": row_cells,
        "repeated": repeated_names(views),
        "says_flat": says_flat(views),
        "says_zero": says_zero(views),
    }


def _offers(asked: Asked, found: Matrix, catalogs: Catalogs, measure: Measure) -> dict[str, Any]:
    """The page of rows of a tab that lists offers without a family."""
    states = STATES[asked.view.tab]
    shown = _page(asked, sum(found.without_family.get(state, 0) for state in states))
    rows = unmatched(asked.offers, catalogs, measure, states, shown["start"], shown["stop"]) if shown["stop"] else []
    return shown | {"rows": rows, "flat": partial(flat_text, unit=Unit.MILLION), "unpriced": unpriced_sentence}


def _page(asked: Asked, count: int) -> dict[str, Any]:
    view = asked.view
    paginator = Paginator(range(count), view.per)
    page = paginator.get_page(view.page)
    start = (page.number - 1) * view.per
    made: dict[str, Any] = {"page": page, "start": start, "stop": min(start + view.per, count), "first": start + 1}
    if view.page > paginator.num_pages:
        problem = f"There is no page {view.page:,}; this is the last one."
        made["problems"] = [*asked.problems, problem]
        made["address"] = asked.address_of(view._replace(page=page.number))
    return made


def _tier_floors(catalogs: Any) -> list[int]:
    """Prompt sizes above which prices change, those of most offers first."""
    return list(dict.fromkeys(floor for catalog in catalogs for floor in catalog.tier_floors))
