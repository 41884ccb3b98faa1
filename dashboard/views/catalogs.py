"""The Catalogs page: where prices are read from, how fresh they are, and what to do where something is wrong."""

from contextlib import suppress

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_known_to
from catalog.services.status import Status, statuses
from catalog.services.syncs import HeldDiff, Outdated, held_diff
from dashboard.access import rights_of
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.tables.catalogs import announced, digest, line

MOST_DIFFS = 3
"""Held syncs whose difference is on the page itself; the others are a link away."""
FEW_ROWS = 8


@require_safe
def catalogs(request: Request) -> HttpResponseBase:
    """The page, or for htmx its rows: nothing while they are those that the browser has already."""
    now = timezone.now()
    catalogs = catalogs_known_to(request.user)
    part = part_asked_for(request, "rows")
    may = rights_of(request.user)
    found = statuses(catalogs, now)
    lines = [line(status, now, known=request.user.is_authenticated, may_change=may.change) for status in found]
    seen = digest(lines)
    if part and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    told = [] if part else [(message.level_tag, str(message)) for message in get_messages(request)]
    shown = frame(request, [catalog for catalog in catalogs if catalog.enabled], now)
    etag = version(request, shown, catalogs, part, (seen, told, may))
    if response := not_modified(request, etag):
        return response

    context = {
        "frame": shown,
        "told": told,
        "lines": lines,
        "may": may,
        "diffs": _diffs(found) if may.change else {},
        "seen": seen,
        "busy": [each.slug for each in lines if each.busy],
        "own": any(not catalog.is_example and catalog.kind != "reference" for catalog in catalogs),
        "part": part,
        "announcement": announced(lines, request.GET.getlist("busy")),
    }
    response = render_page(request, "catalogs/list.html", context, part)
    stamp(response, etag)
    return response


def _diffs(found: list[Status]) -> dict[str, HeldDiff]:
    """What the first held syncs would change, by the catalog's slug."""
    diffs = {}
    for status in [status for status in found if status.waiting][:MOST_DIFFS]:
        with suppress(Outdated):  # decided while this page was made
            diffs[status.catalog.slug] = held_diff(status.waiting, FEW_ROWS) if status.waiting else None
    return {slug: diff for slug, diff in diffs.items() if diff}
