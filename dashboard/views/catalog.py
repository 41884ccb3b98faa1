"""A catalog's page: how it is, what it offers in its own order, what is held back, and its syncs."""

from django.contrib.messages import get_messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.filters import OfferFilter
from catalog.services.asked import offers_asked
from catalog.services.catalogs import Catalog, catalogs_visible_to
from catalog.services.offers import offer_lines
from catalog.services.sorting import default_sort
from catalog.services.status import statuses
from catalog.services.syncs import held_offers, syncs_of, waits
from dashboard.access import known_catalog, rights_of
from dashboard.address import Address
from dashboard.forms.offers import TableView
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.tables.catalogs import announced, digest, line
from dashboard.tables.offers import contracts, rows
from dashboard.tables.syncs import sync_row

FIRST = 50
COLUMNS = ("provider", "input", "output", "cache_read", "context", "state", "updated")


@require_safe
def catalog(request: Request, slug: str) -> HttpResponseBase:
    """The page, or for htmx its body: nothing while it is the one that the browser has already."""
    now = timezone.now()
    catalog = known_catalog(request, slug)
    part = part_asked_for(request, "body")
    known, may = request.user.is_authenticated, rights_of(request.user)
    (status,) = statuses([catalog], now)
    shown_line = line(status, now, known=known, may_change=may.change)
    seen = digest([shown_line])
    if part and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    told = [] if part else [(message.level_tag, str(message)) for message in get_messages(request)]
    shown = frame(request, catalogs_visible_to(request.user), now)
    etag = version(request, shown, [catalog], part, (seen, told, may))
    if response := not_modified(request, etag):
        return response

    page = request.GET.get("page", "")
    syncs = syncs_of(catalog, max(int(page[:9]), 1) if page.isascii() and page.isdigit() else 1)
    view = TableView(columns=COLUMNS, sort=default_sort([catalog]), per=FIRST)
    offers = _offers(catalog, request.GET.get("as_of", ""))
    lines, held = offer_lines(offers, view.sort, 0, view.per), held_offers(catalog)
    by_id = {catalog.pk: (catalog.mark, catalog.name)}
    reasons = {} if offers.moment else {one.offer.pk: one.reason for one in held}
    day = [request.GET["as_of"].strip()] if offers.moment else []
    context = {
        "frame": shown,
        "told": told,
        "line": shown_line,
        "catalog": catalog,
        "may": may,
        "known": known,
        "rows": rows(lines, by_id, view, now, reasons),
        "contracts": contracts(lines, by_id),
        "in_own_order": view.sort != TableView().sort,
        "held": held,
        "syncs": [sync_row(sync, waits=waits(sync), known=known) for sync in syncs.rows],
        "page": syncs,
        "address": Address(reverse("catalog", args=[slug]), {}),
        "here": Address(reverse("catalog", args=[slug]), {"as_of": day}),
        "as_of": offers.moment,
        "problems": offers.problems,
        "first": FIRST,
        "seen": seen,
        "part": part,
        "announcement": announced([shown_line], request.GET.getlist("busy")),
    }
    response = render_page(request, "catalogs/detail.html", context, part)
    stamp(response, etag)
    return response


def _offers(catalog: Catalog, as_of: str) -> OfferFilter:
    """The offers that tables list, as the Offers page would show them for this catalog alone, now or on a day."""
    asked = QueryDict(mutable=True)
    asked["as_of"] = as_of
    return offers_asked(asked, [catalog])
