"""The Changes page: what came, went and moved in the catalogs that the viewer may see, day by day."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.change_filters import MOVES, ChangeFilter
from catalog.pricing.presets import PRESETS
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.changes import (
    change_lines,
    count_change_facets,
    counted_change_groups,
    day_counts,
)
from catalog.services.effects import effects
from dashboard.address import Address
from dashboard.exports.formats import export_links
from dashboard.forms.changes import change_parameters, read_asked, read_page
from dashboard.forms.filters import has_defaults
from dashboard.forms.workload import PARAMETERS
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables import change_filters as parts
from dashboard.tables.changes import days

PER_PAGE = 50
KNOWN = {*ChangeFilter.base_filters, *PARAMETERS, "was", "page", "as_of"}
TYPED = ("q",)
"""Filters that people type: each keystroke replaces the address instead of adding to the history."""


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    asked = read_asked(data, catalogs)
    return asked.address, asked.problems


@require_safe
@keeps_views("changes", "Changes", "All changes", _read)
def changes(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results")
    shown = frame(request, catalogs, now)
    etag = version(request, shown, catalogs, part)
    if response := not_modified(request, etag):
        return response

    asked = read_asked(request.GET, catalogs)
    groups, changes, workload = asked.groups, asked.changes, asked.workload
    problems = [*asked.problems, *said_of_view(request.GET)]
    facets = count_change_facets(counted_change_groups(changes) if changes.narrows else groups, changes.values)
    paginator = Paginator(range(facets.total), PER_PAGE)
    page = paginator.get_page(read_page(request.GET, paginator.num_pages, problems))
    address = Address(
        asked.address.path,
        {**asked.address.parameters, "page": [str(page.number)] if page.number > 1 else []},
    ).with_plain(request.plain)
    if not part and not problems and has_defaults(request.GET, address, KNOWN):
        return HttpResponseRedirect(str(address))

    filters = change_parameters(changes)
    start = (page.number - 1) * PER_PAGE
    counts = day_counts(changes) if facets.total else {}
    lines = change_lines(changes, counts, start, min(start + PER_PAGE, facets.total))
    moved = effects(lines, workload.workload) if lines and workload.workload else {}
    by_id = {catalog.pk: (catalog.mark, catalog.name, catalog.slug) for catalog in catalogs}
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    words = parts.words_for(groups, by_slug)
    context: dict[str, Any] = {
        "frame": shown,
        "address": address,
        "feed": Address(reverse("feed"), filters),
        "private_feed": Address(reverse("feed-address"), filters),
        "catalogs": catalogs,
        "values": changes.values,
        "moves": list(MOVES),
        "problems": problems,
        "facets": facets,
        "menus": parts.menus(facets, changes.values, words, by_slug),
        "chips": parts.chips(changes.values, words, address),
        "days": days(lines, counts, by_id, moved, now.date()),
        "rows": len(lines),
        "workload": workload,
        "presets": PRESETS,
        "without_workload": address.to(**dict.fromkeys(PARAMETERS)),
        "page": page,
        "first": start + 1,
        "part": part,
        "exports": export_links("export_changes", asked.address),
    }
    response = render_page(request, "changes/list.html", context, part)
    if part:
        typed = request.htmx.trigger_name in TYPED
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response
