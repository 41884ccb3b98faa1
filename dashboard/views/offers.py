"""The Offers page: every offer that the viewer may see, filtered, sorted, page by page."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import FACETS, OfferFilter
from catalog.services.catalogs import catalogs_visible_to
from catalog.services.facets import count_facets, counted_groups, stored_counts
from catalog.services.offers import held_reasons, offer_lines, rates_of
from catalog.services.sorting import default_sort
from catalog.services.terms import terms_of
from dashboard.address import Address
from dashboard.forms.offers import COLUMNS, PAGE_SIZES, TableView, read_table, table_parameters
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.tables import facets as parts
from dashboard.tables.offers import UNIT_WORDS, contracts, headings, marks, rows

TYPED = ("q", "min_in", "max_in", "min_out", "max_out", "min_context")
"""Filters that people type: each keystroke replaces the address instead of adding to the history."""


@require_safe
def offers(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results")
    shown = frame(request, catalogs, now)
    etag = version(request, shown, catalogs, part)
    if response := not_modified(request, etag):
        return response

    counts = stored_counts(catalogs)
    slugs = {catalog.slug: catalog.pk for catalog in catalogs}
    terms = terms_of(catalogs)
    offers = OfferFilter(request.GET, rates_of(catalogs), allowed=counts.values, catalog_ids=slugs, terms=terms)
    chosen = [catalog for catalog in catalogs if catalog.slug in offers.values["catalog"]]
    view, problems = read_table(request.GET, default_sort(chosen))
    problems = [*offers.problems, *problems]
    values = offers.values
    facets = count_facets(counted_groups(offers), values) if offers.narrows else counts.count(values)
    paginator = Paginator(range(facets.total), view.per)
    page = paginator.get_page(view.page)
    if view.page > paginator.num_pages:
        problems.append(f"There is no page {view.page:,}; this is the last one.")
        view = view._replace(page=page.number)
    address = Address(reverse("offers"), {**_filter_parameters(request, offers), **table_parameters(view)})
    if not part and not problems and _has_defaults(request, address):
        return HttpResponseRedirect(str(address))

    start = (page.number - 1) * view.per
    stop = min(start + view.per, facets.total)
    lines = offer_lines(offers, view.sort, start, stop, with_next="long_prompt" in view.columns) if facets.total else []
    held = {} if offers.moment else held_reasons(catalogs)
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    by_id = {catalog.pk: (catalog.mark, catalog.name) for catalog in catalogs}
    words = parts.words_for(counts.provider_names, by_slug)
    chosen = offers.values["catalog"]
    found_in = Counter({slug: n for slug, n in facets.counts["catalog"].items() if not chosen or slug in chosen})
    context: dict[str, Any] = {
        "frame": shown,
        "address": address,
        "catalogs": catalogs,
        "found_in": [catalog.name for catalog in catalogs if found_in[catalog.slug]],
        "values": offers.values,
        "problems": problems,
        "view": view,
        "facets": facets,
        "sections": parts.sections(offers.allowed, facets, values, words, by_slug),
        "boxes": parts.boxes,
        "chips": parts.chips(offers.values, words, address),
        "sizes": parts.prompt_sizes(_tier_floors(catalogs), offers.values["prompt"]),
        "contexts": parts.CONTEXTS,
        "columns": COLUMNS,
        "page_sizes": PAGE_SIZES,
        "unit_words": UNIT_WORDS[view.unit],
        "headings": headings(view, address),
        "rows": rows(lines, by_id, view, now, held),
        "marks": marks(lines, view),
        "contracts": contracts(lines, by_id),
        "page": page,
        "first": start + 1,
        "part": part,
    }
    response = render_page(request, "offers/list.html", context, part)
    if part:
        typed = request.htmx.trigger_name in TYPED
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response


def _filter_parameters(request: Request, offers: OfferFilter) -> dict[str, list[str]]:
    """The filters of the address that hold, as they were written."""
    parameters = {}
    for name, value in offers.values.items():
        if name in FACETS:
            parameters[name] = [] if name == "mode" and not request.GET.getlist("mode") else list(value)
        else:
            parameters[name] = [] if value in (None, "") else [request.GET[name].strip()]
    if parameters["mode"] == ["standard"]:
        parameters["mode"] = []
    return parameters


def _has_defaults(request: Request, address: Address) -> bool:
    """Whether the address holds empty parameters or defaults, as a form without JavaScript sends them."""
    return {name for name in request.GET if name in _KNOWN} != set(address.parameters) or any(
        "" in values for values in request.GET.lists()
    )


_KNOWN = {*OfferFilter.base_filters, *table_parameters(TableView())}


def _tier_floors(catalogs: list[Any]) -> list[int]:
    """Prompt sizes above which prices change, those of most offers first."""
    return list(dict.fromkeys(floor for catalog in catalogs for floor in catalog.tier_floors))
