"""The Costs page: what a workload costs on every offer that the viewer may see, cheapest first, each sum explained."""

from collections.abc import Sequence
from typing import Any

from django.contrib.messages import get_messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import OfferFilter
from catalog.pricing.cost import Cost
from catalog.pricing.presets import PRESETS
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.costs import breakdown
from catalog.services.facets import Facets
from catalog.services.kept import LONGEST_NAME
from catalog.services.ranking import lines_of, ranking
from catalog.services.workloads import workloads_visible_to
from dashboard.address import Address
from dashboard.charts.bars import bars, legend
from dashboard.exports.formats import export_links
from dashboard.forms.asked_costs import BESIDE, DEFAULT, Asked, read_costs
from dashboard.forms.baseline import BaselineView, baseline_parameters
from dashboard.forms.costs import sliders
from dashboard.forms.filters import TYPED, has_defaults
from dashboard.forms.offers import PAGE_SIZES, TableView, table_parameters
from dashboard.forms.workload import FIELDS, PARAMETERS
from dashboard.pages import Frame, frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables import facets as parts
from dashboard.tables.baseline import savings
from dashboard.tables.costs import cost_rows, dollars, marks
from dashboard.tables.offers import UNIT_WORDS
from dashboard.tables.together import compared
from dashboard.views.costs_parts import baseline_context, together_context, with_saved

BARS = 20
SIDE_BY_SIDE = ("w", "add", "rename", "to", "saved")
KNOWN = {
    *(*OfferFilter.base_filters, *PARAMETERS, *table_parameters(TableView()), "excluded", "was", "o"),
    *(*SIDE_BY_SIDE, *baseline_parameters(BaselineView())),
}
NOT_THERE = ("page", "excluded", "w", *baseline_parameters(BaselineView()))
"""Parameters of this page that the Offers page does not have."""


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    asked = read_costs(data, catalogs)
    return asked.address, asked.problems


@require_safe
@keeps_views("costs", "Workload costs", "All offers, coding agent", _read)
def costs(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results", "pick")
    shown = frame(request, catalogs, now)
    saved = workloads_visible_to(request.user)
    told = [(message.level_tag, str(message)) for message in get_messages(request)]
    kept = [(one.pk, one.name, one.owner_id, one.changed_at) for one in saved]
    # Breakdowns tell when a price was read.
    etag = version(request, shown, catalogs, part, ([catalog.read_at for catalog in catalogs], kept, told))
    if response := not_modified(request, etag):
        return response
    data, picked = with_saved(request.GET, saved)
    asked = read_costs(data, catalogs)
    problems = [*asked.problems, *said_of_view(request.GET)]
    asked = asked._replace(problems=problems, address=asked.address.with_plain(request.plain))
    if not part and not asked.problems and has_defaults(request.GET, asked.address, KNOWN):
        return HttpResponseRedirect(str(asked.address))
    context = page_context(asked, catalogs, shown)
    context |= {"part": part, "usage": "", "usage_problem": "", "saved": saved, "told": told, "picked": picked}
    # Another preset brings its numbers into the fields; else these are what counts, and the preset follows them.
    context["new_numbers"] = picked or (data.get("preset") and data.get("preset") != data.get("was"))
    if part == "pick":
        response = render_page(request, "parts/tray.html", context)
    else:
        response = render_page(request, "costs/page.html", context, part)
    if part:
        by = request.htmx.trigger_name
        typed = part == "pick" or (by in (*TYPED, *FIELDS) and by != "mode")
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(context["address"])
    stamp(response, etag)
    return response


def page_context(asked: Asked, catalogs: Catalogs, shown: Frame) -> dict[str, Any]:
    """Everything that the page shows."""
    offers, view = asked.offers, asked.view
    allowed = offers.allowed
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    words = parts.words_for(asked.counts.provider_names, by_slug)
    context: dict[str, Any] = {
        "frame": shown,
        "address": asked.address,
        "picks": asked.picks,
        "on_page": (),
        "catalogs": catalogs,
        "values": offers.values,
        "workload": asked.workload,
        "presets": PRESETS,
        "default": DEFAULT,
        "modes": sorted({*allowed["mode"], "standard", asked.workload.texts["mode"]} - {""}),
        "sliders": sliders(asked.workload),
        "view": view,
        "with_excluded": asked.with_excluded,
        "boxes": parts.boxes,
        "contexts": parts.CONTEXTS,
        "page_sizes": PAGE_SIZES,
        "unit_words": UNIT_WORDS[view.unit],
        "problems": asked.problems,
        "chips": [chip for chip in parts.chips(offers.values, words, asked.address) if chip.label != "Mode"],
        "offers_address": _on_offers(asked),
        "compared": compared(asked.several, asked.address, PARAMETERS),
        "longest_name": LONGEST_NAME,
        "savings": {},
        "together": [],
    }
    workload = asked.workload.workload
    context |= baseline_context(asked, catalogs)
    context["exports"] = export_links("export_costs", asked.address, *BESIDE) if asked.ranked else []
    if asked.several:
        context |= together_context(
            offers, asked.several, catalogs, asked.counts, view, with_excluded=asked.with_excluded
        )
        if view.page > context["page"].paginator.num_pages:
            context["problems"] = [*asked.problems, _no_page(view.page)]
        context["savings"] = savings(context["totals"], context["baseline"])
        context["on_page"] = {row.offer.offer_id for row in context["rows"]}
        return context | {"found": None} | _filters(allowed, context["facets"], offers.values, words, by_slug)
    if workload is None:
        facets = asked.counts.count(offers.values)
        return context | {"found": None} | _filters(allowed, facets, offers.values, words, by_slug)
    found = ranking(offers, workload, catalogs)
    held = len(found.order) if asked.with_excluded else found.listed
    paginator = Paginator(range(held), view.per)
    page = paginator.get_page(view.page)
    if view.page > paginator.num_pages:
        context["problems"] = [*asked.problems, _no_page(view.page)]
    start = (page.number - 1) * view.per
    shown_places = range(start, min(start + view.per, held))
    charted = range(found.free, min(found.free + BARS, found.counts.priced))
    lines = lines_of(found, sorted({*shown_places, *charted}), workload)
    ids = [ranked.offer.offer_id for ranked in lines.values()]
    sums = breakdown(ids, workload, offers.moment, offers.terms) if ids else {}
    costs_of = {offer: own for offer, own in sums.items() if isinstance(own, Cost)}
    by_pk = {catalog.pk: catalog for catalog in catalogs}
    on_page = [lines[place] for place in shown_places if place in lines]
    rows = cost_rows(on_page, costs_of, found, workload, by_pk, view.unit)
    in_chart = [lines[place].offer for place in charted if place in lines and lines[place].offer.offer_id in costs_of]
    drawn = [costs_of[offer.offer_id] for offer in in_chart]
    return context | {
        "found": found,
        "counts": found.counts,
        "facets": found.facets,
        "savings": savings(((one.offer.offer_id, one.per_month) for one in on_page), context["baseline"]),
        **_filters(allowed, found.facets, offers.values, words, by_slug),
        "rows": rows,
        "on_page": {row.offer.offer_id for row in rows},
        "marks": marks(rows),
        "chart": list(zip(in_chart, bars(drawn), drawn, strict=True)),
        "legend": legend(drawn),
        "labels": {catalog.pk: (catalog.mark, catalog.name) for catalog in catalogs},
        "lowest": dollars(None if found.lowest is None else found.lowest * workload.requests),
        "lowest_paid": dollars(None if found.lowest_paid is None else found.lowest_paid * workload.requests),
        "median": dollars(found.median(workload.requests)),
        "page": page,
        "first": start + 1,
        "first_excluded": found.listed // view.per + 1,
    }


def _no_page(number: int) -> str:
    return f"There is no page {number:,}; this is the last one."


def _filters(allowed: Any, facets: Facets, values: Any, words: Any, catalogs: Any) -> dict[str, Any]:
    """The facets without the mode, which is the workload's, and the lifecycles with those that are hidden."""
    sections = [one for one in parts.sections(allowed, facets, values, words, catalogs) if one.name != "mode"]
    return {"sections": sections, "with_hidden": parts.with_hidden(allowed, facets, values)}


def _on_offers(asked: Asked) -> str:
    """The Offers page with the same filters and this workload."""
    kept = {name: values for name, values in asked.address.parameters.items() if name not in NOT_THERE}
    return str(Address(reverse("offers"), {**kept, **asked.workload.parameters}))
