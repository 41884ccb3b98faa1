"""A sync's page: what it did, the rows that it left out and why, and of a held one what it would change."""

from django.contrib.messages import get_messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_visible_to
from catalog.services.syncs import Outdated, held_diff, sync_of, waits
from dashboard.access import known_catalog, rights_of
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, render_page
from dashboard.tables.syncs import sync_row


@require_safe
def sync(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """The page of one sync. What it would change is for those who may decide about it."""
    now = timezone.now()
    catalog = known_catalog(request, slug)
    found = sync_of(catalog, pk)
    if found is None:
        raise Http404("There is no such sync of this catalog.")
    known, may = request.user.is_authenticated, rights_of(request.user)
    told = [(message.level_tag, str(message)) for message in get_messages(request)]
    shown = frame(request, catalogs_visible_to(request.user), now)
    state = (found.outcome, found.message, found.decision, catalog.read_at, told, may)
    etag = version(request, shown, [catalog], also=state)
    if response := not_modified(request, etag):
        return response

    diff, ended = None, ""
    if may.change and found.outcome == "held" and not found.decision:
        try:
            diff = held_diff(found)
        except Outdated as error:
            ended = str(error)
    context = {
        "frame": shown,
        "told": told,
        "catalog": catalog,
        "sync": found,
        "row": sync_row(found, waits=waits(found), known=known),
        "may": may,
        "known": known,
        "diff": diff,
        "ended": ended,
    }
    response = render_page(request, "catalogs/sync.html", context)
    stamp(response, etag)
    return response
