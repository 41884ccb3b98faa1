"""A model's page: every catalog that offers it, what each asks, how prices moved, and why they are one model."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import OfferFilter
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import STANDARD
from catalog.services.catalogs import Catalogs, catalogs_visible_to, fingerprint
from catalog.services.changes import last_changes
from catalog.services.facets import stored_counts
from catalog.services.family import Seen, aliases_of, family_seen, family_spelled, title_of, vendor_name
from catalog.services.memory import Memory
from catalog.services.offers import held_reasons
from dashboard.address import Address
from dashboard.charts.steps import drawn_lines, step_chart
from dashboard.exports.formats import export_links, export_path
from dashboard.formats import age_text
from dashboard.forms.asked_compare import modes_of
from dashboard.forms.compare import CompareView
from dashboard.forms.filters import has_defaults
from dashboard.forms.history import history_links, history_start
from dashboard.forms.model import Asked, read_model
from dashboard.forms.picks import MOST, read_picks
from dashboard.forms.workload import PARAMETERS
from dashboard.pages import Frame, frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, piece, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables import changes as change_rows
from dashboard.tables import facets as parts
from dashboard.tables import model as own
from dashboard.tables.compare_prices import GONE, series, steps
from dashboard.tables.costs import cost_cells
from dashboard.tables.model_offers import listed
from dashboard.tables.offers import UNIT_WORDS, contracts, headings, marks, rows
from dashboard.tables.told_cells import told

CHARTED = {"output": "Output", "input": "Input"}
CHANGES = 10
KNOWN = {*OfferFilter.base_filters, *PARAMETERS, "unit", "sort", "history", "was", "o"}


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    asked = read_model(data, catalogs, None)
    return asked.address, asked.problems


class Whole(NamedTuple):
    """The page at an address: the family, and what the template shows, with its rows drawn already as ``body``."""

    address: Address
    seen: Seen
    context: Mapping[str, Any]


REMEMBERED = 8
"""Pages that a process keeps: half a megabyte each for a model that eighty offers are of."""
_models: Memory[Whole] = Memory(REMEMBERED)


@require_safe
@keeps_views("model", "Model", "All offers of the model", _read)
def model(request: Request, slug: str) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results", "pick")
    shown = frame(request, catalogs, now)
    read = tuple((age_text(each.read_at, now), each.read_at) for each in catalogs if each.read_at)
    etag = version(request, shown, catalogs, part, also=read)
    if response := not_modified(request, etag):
        return response

    key = (fingerprint(catalogs), read, request.get_full_path(), request.plain, shown.height, _hour(now))
    if hasattr(request, "shared"):  # each link draws it as it is shared
        whole = _whole(request, slug, catalogs, shown)
    else:
        whole = _models.get(key, lambda: _whole(request, slug, catalogs, shown, drawn=True))
    address = whole.address
    if whole.seen.slug != slug:  # it was merged into another one, or is spelled otherwise
        given = dict(request.GET.lists())
        return HttpResponseRedirect(str(Address(reverse("model", args=[whole.seen.slug]), given)))
    if not part and not whole.context["problems"] and has_defaults(request.GET, address, KNOWN):
        return HttpResponseRedirect(str(address))
    context = {**whole.context, "frame": shown, "part": part}
    if part == "pick":
        response = render_page(request, "parts/tray.html", context)
    else:
        response = render_page(request, "models/page.html", context, part)
    if part:
        response.headers["HX-Replace-Url" if part == "pick" else "HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response


def _whole(request: Request, slug: str, catalogs: Catalogs, shown: Frame, *, drawn: bool = False) -> Whole:
    """All that the address asks for, ``drawn`` or not. Raises Http404."""
    seen = family_seen(slug, catalogs)
    if seen is None and (other := family_spelled(slug, catalogs)):
        seen = family_seen(other, catalogs)
    if seen is None:
        raise Http404("There is no such model in the catalogs that you may see.")
    asked = read_model(request.GET, catalogs, seen)
    picks = read_picks(request.GET, catalogs)
    address = picks.on(asked.address).with_plain(request.plain)
    context: dict[str, Any] = {
        "address": address,
        "catalogs": catalogs,
        "problems": [*asked.problems, *picks.problems, *said_of_view(request.GET)],
        "picks": picks,
        "seen": seen,
        "presets": PRESETS,
        **_results(asked, catalogs, seen, address, shown.now),
    }
    if not drawn:
        return Whole(address, seen, context)
    everyones = shown._replace(viewer=AnonymousUser())  # the rows are remembered for whoever may see these catalogs
    body = piece("models/results.html", {**context, "frame": everyones, "part": "", "shared": None})
    return Whole(address, seen, {**context, "body": body})


def _results(asked: Asked, catalogs: Catalogs, seen: Seen, address: Address, now: datetime) -> dict[str, Any]:
    """What changes with the address."""
    offers, view, workload, moment = asked.offers, asked.view, asked.workload.workload, asked.moment
    found = listed(asked, catalogs, seen)
    every, lines, sides, ids = found.every, found.lines, found.sides, found.ids
    cells = cost_cells(ids, found.costs) if found.costs else []
    held = {} if moment else held_reasons(catalogs)
    by_id = {catalog.pk: (catalog.mark, catalog.name) for catalog in catalogs}
    with_slugs = {catalog.pk: (catalog.mark, catalog.name, catalog.slug) for catalog in catalogs}
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    providers = stored_counts(catalogs).provider_names
    until = moment or _hour(now)
    tier_headings, tier_rows = own.tiers(sides)
    charted = {
        label: step_chart(lines_of, until, view.unit, history_start(asked.history, until))
        for label, lines_of in own.together(
            {label: series(own.labelled(sides), asked.mode, name) for name, label in CHARTED.items()}
        ).items()
    }
    charts = {label: chart for label, chart in charted.items() if chart}
    on_offer = [side.offer.pk for side in sides if side.revision and side.revision.lifecycle not in GONE]
    on_sale = {side.catalog.pk for side in every if side.revision and side.revision.lifecycle not in GONE}
    return {
        "title": title_of(seen.vendor, seen.name, own.called(every)),
        "vendor": vendor_name(seen.vendor, providers),
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
        "ended": own.ended(every),
        "missing": [catalog for catalog in catalogs if catalog.pk not in on_sale],
        "headings": headings(view, address, with_cost=workload is not None),
        "rows": list(zip(lines, rows(lines, by_id, view, now, held, cells), strict=True)),
        "gaps": found.gaps,
        "apart": found.apart,
        "gap_of": found.gap_of,
        "marks": marks(lines, view),
        "contracts": contracts(lines, by_id),
        "by_id": by_id,
        "unit_words": UNIT_WORDS[view.unit],
        "on_page": set(ids),
        "compare": Address(reverse("compare"), {**asked.shared, "o": [str(pk) for pk in (on_offer or ids)[:MOST]]}),
        "charts": charts,
        "drawn": drawn_lines(charts.values()),
        "history": history_links(asked.history, address),
        "steps": steps([side._replace(name=side.offer.ref) for side in sides], asked.mode, until),
        "tier_headings": tier_headings,
        "tiers": tier_rows,
        "facts": own.facts(sides, now),
        "told": told,
        "changes": change_rows.rows(last_changes(ids, moment, CHANGES), with_slugs, {}),
        "exports": export_links("export_model", asked.address, of=seen.slug) if lines else [],
        "as_text": export_path("export_model", "txt", asked.address, of=seen.slug) if lines else "",
        "changes_address": _changes(asked, seen),
        "aliases": aliases_of(seen),
        "matched": own.matched(seen, {side.offer.pk for side in every}, by_id, moment, now.date()),
    }


def _hour(now: datetime) -> datetime:
    """The end of the hour: up to it charts reach, so that a page that is remembered is as one that is drawn anew."""
    return now.replace(minute=59, second=59, microsecond=999_999)


def _changes(asked: Asked, seen: Seen) -> Address:
    """All changes of the model, up to the moment asked for."""
    until = [str(asked.moment.date())] if asked.moment else []
    return Address(reverse("changes"), {"family": [seen.slug], "until": until, **asked.workload.parameters})
