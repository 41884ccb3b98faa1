"""A model's page: every catalog that offers it, what each asks, how prices moved, and why they are one model."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import OfferFilter
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import STANDARD
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.changes import last_changes
from catalog.services.compare import side_by_side
from catalog.services.costs import breakdown
from catalog.services.facets import stored_counts
from catalog.services.family import Seen, aliases_of, family_seen, title_of
from catalog.services.offers import held_reasons, offer_lines
from dashboard.address import Address
from dashboard.charts.steps import drawn_lines, step_chart
from dashboard.formats import age_text, moment_text
from dashboard.forms.asked_compare import modes_of
from dashboard.forms.compare import CompareView
from dashboard.forms.filters import has_defaults
from dashboard.forms.history import history_links, history_start
from dashboard.forms.model import Asked, read_model
from dashboard.forms.picks import MOST, Picks, read_picks
from dashboard.forms.workload import PARAMETERS
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.tables import changes as change_rows
from dashboard.tables import facets as parts
from dashboard.tables import model as own
from dashboard.tables.compare_prices import GONE, series, steps
from dashboard.tables.costs import cost_cells
from dashboard.tables.offers import PRICES, UNIT_WORDS, contracts, headings, marks, rows

CHARTED = {"output": "Output", "input": "Input"}
CHANGES = 10
KNOWN = {*OfferFilter.base_filters, *PARAMETERS, "unit", "sort", "history", "was", "o"}


@require_safe
def model(request: Request, slug: str) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results", "pick")
    shown = frame(request, catalogs, now)
    read = [(age_text(each.read_at, now), moment_text(each.read_at)) for each in catalogs if each.read_at]
    etag = version(request, shown, catalogs, part, also=read)
    if response := not_modified(request, etag):
        return response

    seen = family_seen(slug, catalogs)
    if seen is None:
        raise Http404("There is no such model in the catalogs that you may see.")
    if seen.slug != slug:  # it was merged into another one
        return HttpResponseRedirect(str(Address(reverse("model", args=[seen.slug]), dict(request.GET.lists()))))
    asked = read_model(request.GET, catalogs, seen)
    picks = read_picks(request.GET, catalogs)
    problems = [*asked.problems, *picks.problems]
    address = picks.on(asked.address)
    if not part and not problems and has_defaults(request.GET, address, KNOWN):
        return HttpResponseRedirect(str(address))
    context: dict[str, Any] = {
        "frame": shown,
        "part": part,
        "address": address,
        "catalogs": catalogs,
        "problems": problems,
        "picks": picks,
        "seen": seen,
        "presets": PRESETS,
        **_results(asked, catalogs, seen, picks, now),
    }
    if part == "pick":
        response = render_page(request, "parts/tray.html", context)
    else:
        response = render_page(request, "models/page.html", context, part)
    if part:
        response.headers["HX-Replace-Url" if part == "pick" else "HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response


def _results(asked: Asked, catalogs: Catalogs, seen: Seen, picks: Picks, now: datetime) -> dict[str, Any]:
    """What changes with the address."""
    offers, view, workload, moment = asked.offers, asked.view, asked.workload.workload, asked.moment
    linked = side_by_side(seen.offers_at(moment), catalogs, moment, offers.terms)
    every = [side for side in linked if side.revision]
    sides_of = {side.offer.pk: side for side in every}
    lines = offer_lines(offers, view.sort, 0, len(every), workload=workload) if every else []
    lines.sort(key=lambda line: line.lifecycle in GONE)  # what is gone comes last, however cheap it was
    ids = [line.offer_id for line in lines]
    sides = [sides_of[pk] for pk in ids]
    costs = breakdown(ids, workload, moment, offers.terms) if workload and ids else None
    cells = cost_cells(ids, costs) if costs else []
    held = {} if moment else held_reasons(catalogs)
    by_id = {catalog.pk: (catalog.mark, catalog.name) for catalog in catalogs}
    with_slugs = {catalog.pk: (catalog.mark, catalog.name, catalog.slug) for catalog in catalogs}
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    providers = stored_counts(catalogs).provider_names
    address, until = picks.on(asked.address), moment or now
    component = view.sort[0].name if view.sort[0].name in PRICES else "output"
    tier_headings, tier_rows = own.tiers(sides)
    charted = {
        label: step_chart(lines_of, until, view.unit, history_start(asked.history, until))
        for label, lines_of in own.together(
            {label: series(own.labelled(sides), asked.mode, name) for name, label in CHARTED.items()}
        ).items()
    }
    charts = {label: chart for label, chart in charted.items() if chart}
    listed = [side.offer.pk for side in sides if side.revision and side.revision.lifecycle not in GONE]
    on_sale = {side.catalog.pk for side in every if side.revision and side.revision.lifecycle not in GONE}
    return {
        "title": title_of(seen.vendor, seen.name, own.called(every)),
        "vendor": providers.get(seen.vendor, seen.vendor),
        "values": asked.filters,
        "view": CompareView(view.unit, asked.mode),
        "chips": parts.chips(asked.filters, parts.words_for(providers, by_slug), address),
        "workload": asked.workload,
        "every": every,
        "sides": sides,
        "context_sizes": own.sizes_text(every, "context_tokens"),
        "output_sizes": own.sizes_text(every, "max_output_tokens").rpartition("–")[2],
        "abilities": own.abilities_of(sides),
        "modes": sorted({*modes_of(every), asked.mode}, key=lambda mode: (mode != STANDARD, mode)),
        "sizes": parts.prompt_sizes(own.floors(every, asked.mode), offers.values["prompt"]),
        "in_menu": [catalog for catalog in catalogs if catalog in {side.catalog for side in every}],
        "selling": [catalog for catalog in catalogs if catalog.pk in on_sale],
        "missing": [catalog for catalog in catalogs if catalog.pk not in on_sale],
        "headings": headings(view, address, with_cost=workload is not None),
        "rows": list(zip(lines, rows(lines, by_id, view, now, held, cells), strict=True)),
        "gaps": own.gaps(lines, costs, component),
        "gap_of": "cost" if costs is not None else component,
        "marks": marks(lines, view),
        "contracts": contracts(lines, by_id),
        "by_id": by_id,
        "unit_words": UNIT_WORDS[view.unit],
        "on_page": set(ids),
        "compare": Address(reverse("compare"), {**asked.shared, "o": [str(pk) for pk in (listed or ids)[:MOST]]}),
        "charts": charts,
        "drawn": drawn_lines(charts.values()),
        "history": history_links(asked.history, address),
        "steps": steps([side._replace(name=side.offer.ref) for side in sides], asked.mode, until),
        "tier_headings": tier_headings,
        "tiers": tier_rows,
        "facts": own.facts(sides, now),
        "changes": change_rows.rows(last_changes(ids, moment, CHANGES), with_slugs, {}),
        "changes_address": _changes(asked, seen),
        "aliases": aliases_of(seen),
        "matched": own.matched(seen, set(sides_of), by_id, moment, now.date()),
    }


def _changes(asked: Asked, seen: Seen) -> Address:
    """All changes of the model, up to the moment asked for."""
    until = [str(asked.moment.date())] if asked.moment else []
    return Address(reverse("changes"), {"family": [seen.slug], "until": until, **asked.workload.parameters})
