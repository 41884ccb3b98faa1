"""The Offers page: every offer that the viewer may see, filtered, sorted, page by page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import OfferFilter
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.costs import breakdown
from catalog.services.facets import Counted, count_facets, count_groups
from catalog.services.groups import Grouped, grouped
from catalog.services.offer_line import OfferLine
from catalog.services.offers import held_reasons, lines_of, offer_lines
from dashboard.address import Address
from dashboard.exports.formats import export_links
from dashboard.forms.asked import Asked, read_offers
from dashboard.forms.filters import TYPED, has_defaults
from dashboard.forms.offers import CHARTS, COLUMNS, PAGE_SIZES, TableView, table_parameters
from dashboard.forms.picks import read_picks
from dashboard.forms.workload import PARAMETERS, WorkloadView
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables import facets as parts
from dashboard.tables.costs import cost_cells
from dashboard.tables.groups import Section, sections
from dashboard.tables.offers import UNIT_WORDS, contracts, headings, marks, rows
from dashboard.tables.scatter import ScatterView, scatter_view


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    read = read_offers(data, catalogs)
    return read.address, read.problems


@require_safe
@keeps_views("offers", "Offers", "All offers", _read)
def offers(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results", "pick")
    shown = frame(request, catalogs, now)
    etag = version(request, shown, catalogs, part)
    if response := not_modified(request, etag):
        return response

    read = read_offers(request.GET, catalogs)
    offers, view, counts, workload = read.offers, read.view, read.counts, read.workload
    asked = workload.workload
    picks = read_picks(request.GET, catalogs)
    problems = [*read.problems, *picks.problems, *said_of_view(request.GET)]
    values = offers.values
    narrowed = count_groups(offers, with_rates=offers.seeks and not view.group) if offers.narrows else None
    facets = count_facets(narrowed.groups, values) if narrowed else counts.count(values)
    paginator = Paginator(range(facets.total), view.per)
    page = paginator.get_page(view.page)
    if view.page > paginator.num_pages:
        problems.append(f"There is no page {view.page:,}; this is the last one.")
        view = view._replace(page=page.number)
    address = picks.on(read.address_of(view)).with_plain(request.plain)
    if not part and not problems and has_defaults(request.GET, address, _KNOWN):
        return HttpResponseRedirect(str(address))

    start = (page.number - 1) * view.per
    stop = min(start + view.per, facets.total)
    found = grouped(offers, catalogs, view.sort, asked) if view.group else None
    lines = _lines(read, found, narrowed, start, stop)
    ids = [line.offer_id for line in lines]
    costs = cost_cells(ids, breakdown(ids, asked, offers.moment, offers.terms)) if asked and ids else []
    held = {} if offers.moment else held_reasons(catalogs)
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    by_id = {catalog.pk: (catalog.mark, catalog.name) for catalog in catalogs}
    words = parts.words_for(counts.provider_names, by_slug)
    chosen = offers.values["catalog"]
    found_in = Counter({slug: n for slug, n in facets.counts["catalog"].items() if not chosen or slug in chosen})
    day = address.parameters.get("as_of", [""])[0]
    shown_rows = rows(lines, by_id, view, now, held, costs, day)
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
        "with_hidden": parts.with_hidden(offers.allowed, facets, values),
        "chips": [*parts.chips(offers.values, words, address), *_workload_chip(workload, view, address)],
        "workload": workload,
        "costs_address": _on_costs(workload, offers, address),
        "sizes": parts.prompt_sizes(_tier_floors(catalogs), offers.values["prompt"]),
        "contexts": parts.CONTEXTS,
        "columns": COLUMNS,
        "charts": CHARTS,
        "page_sizes": PAGE_SIZES,
        "unit_words": UNIT_WORDS[view.unit],
        "headings": headings(view, address, with_cost=asked is not None),
        "rows": shown_rows,
        "groups": found,
        "scatter_view": _chart(request, read, by_id) if view.chart and facets.total else None,
        "sections_of_rows": (
            sections(shown_rows, lines, found, start, view.unit, day) if found else [Section(None, shown_rows)]
        ),
        "marks": marks(lines, view),
        "exports": export_links("export_offers", read.address_of(view)),
        "contracts": contracts(lines, by_id),
        "page": page,
        "first": start + 1,
        "part": part,
        "picks": picks,
        "on_page": set(ids) if picks.picked else (),
    }
    if part == "pick":
        response = render_page(request, "parts/tray.html", context)
    else:
        response = render_page(request, "offers/list.html", context, part)
    if part:
        typed = part == "pick" or request.htmx.trigger_name in TYPED
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response


def _lines(read: Asked, found: Grouped | None, narrowed: Counted | None, start: int, stop: int) -> list[OfferLine]:
    """Rows ``start`` to ``stop`` of the table: of ``found``, where it is grouped, or of what is ``narrowed`` to."""
    view, with_next = read.view, "long_prompt" in read.view.columns
    if found:
        return lines_of(read.offers, found.rates[start:stop], with_next=with_next)
    if start == stop:
        return []
    with_families, asked = "family" in view.columns, read.workload.workload
    few = narrowed.few(read.offers.values) if narrowed else None
    return offer_lines(
        read.offers, view.sort, start, stop, few, with_next=with_next, with_families=with_families, workload=asked
    )


def _chart(request: Request, read: Asked, catalogs: Mapping[int, tuple[int, str]]) -> ScatterView:
    """The chart that the address asks for. A shared page has no filters, so it can list no fewer offers."""
    offers, view = read.offers, read.view
    return scatter_view(offers, view.chart, view.unit, catalogs, read.address, lists=not hasattr(request, "shared"))


_KNOWN = {*OfferFilter.base_filters, *table_parameters(TableView()), *PARAMETERS, "was", "o"}


def _workload_chip(workload: WorkloadView, view: TableView, address: Address) -> list[parts.Chip]:
    """The chip that names the workload and takes it away, with the sort by its cost."""
    if not workload.workload:
        return []
    sort = ",".join(str(key) for key in view.sort if key.name != "cost") if view.sort != view.default else ""
    without = {**dict.fromkeys(PARAMETERS, None), "mode": address.parameters.get("mode"), "sort": sort}
    return [parts.Chip("Workload", workload.summary, address.to(**without))]


def _on_costs(workload: WorkloadView, offers: OfferFilter, address: Address) -> str:
    """The Costs page with the same filters, and with the workload if there is one."""
    kept = {name: address.parameters[name] for name in offers.values if name in address.parameters and name != "prompt"}
    return str(Address(reverse("costs"), {**workload.parameters, **kept}))


def _tier_floors(catalogs: list[Any]) -> list[int]:
    """Prompt sizes above which prices change, those of most offers first."""
    return list(dict.fromkeys(floor for catalog in catalogs for floor in catalog.tier_floors))
