"""What those with the right to do from the Catalogs pages: sync, decide about what is held, remove an example.

Each is a POST.
"""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from catalog.services.catalogs import catalogs_known_to
from catalog.services.syncs import (
    Leased,
    NotRunning,
    Outdated,
    accept_offer,
    approve,
    did_text,
    discard,
    dismiss_offer,
    held_offers,
    stop,
    sync_of,
)
from catalog.services.upkeep import remove_example, request_sync
from dashboard.access import StaffRequest, known_catalog, only_with
from dashboard.address import Address, back
from dashboard.parts import Request

WAITS = "The worker takes it up now; this page shows how it goes."


@require_POST
@only_with("change")
def sync_now(request: StaffRequest, slug: str) -> HttpResponseBase:
    """Have one catalog synced."""
    catalog = known_catalog(request, slug)
    if not catalog.enabled:
        messages.warning(request, f"{catalog.name} is disabled. Enable it in the admin first.")
        return _back(request)
    request_sync([catalog])
    if not request.htmx:
        messages.info(request, f"{catalog.name} is to be synced. {WAITS}")
    return _back(request, slug)


@require_POST
@only_with("change")
def stop_sync(request: StaffRequest, slug: str, pk: int) -> HttpResponseBase:
    """End a sync that is under way; nothing of it is stored."""
    catalog = known_catalog(request, slug)
    sync = sync_of(catalog, pk)
    if sync is None:
        raise Http404("There is no such sync of this catalog.")
    try:
        stop(sync, request.user)
        if not request.htmx:
            messages.success(request, f"The sync of {catalog.name} is stopped. Nothing of it was stored.")
    except NotRunning as error:
        if not request.htmx:
            messages.warning(request, str(error))
    return _back(request, slug)


@require_POST
@only_with("change")
def sync_all(request: StaffRequest) -> HttpResponseBase:
    """Have every enabled catalog synced."""
    request_sync(catalogs_known_to(request.user))
    if not request.htmx:
        messages.info(request, f"All catalogs are to be synced. {WAITS}")
    return _back(request)


@require_POST
@only_with("delete")
def remove(request: StaffRequest, slug: str) -> HttpResponseBase:
    """Remove an example for good."""
    catalog = known_catalog(request, slug)
    if not catalog.is_example:
        raise Http404("Only examples are removed here.")
    try:
        remove_example(catalog)
    except Leased as error:
        messages.warning(request, f"{error} Try again in a moment.")
    else:
        messages.success(request, f"{catalog.name} is gone, with its offers and their history.")
    return HttpResponseRedirect(reverse("catalogs"))


@require_POST
@only_with("change")
def decide_sync(request: StaffRequest, slug: str, pk: int, decision: str) -> HttpResponseBase:
    """Approve or discard a held sync."""
    catalog = known_catalog(request, slug)
    sync = sync_of(catalog, pk)
    if sync is None or decision not in ("approve", "discard"):
        raise Http404("There is no such sync of this catalog.")
    try:
        if decision == "approve":
            stored = approve(sync, request.user)
            messages.success(request, f"The new list of {catalog.name} is stored: {did_text(stored)}.")
        else:
            discard(sync, request.user)
            messages.success(request, f"The new list of {catalog.name} is discarded. The next sync looks again.")
    except (Outdated, Leased) as error:
        messages.warning(request, str(error))
    return _back(request)


@require_POST
@only_with("change")
def decide_offer(request: StaffRequest, slug: str, pk: int, decision: str) -> HttpResponseBase:
    """Accept the new price of an offer that is held back, or dismiss it."""
    catalog = known_catalog(request, slug)
    if decision not in ("accept", "dismiss"):
        raise Http404("A held price is accepted or dismissed.")
    held = next((one for one in held_offers(catalog) if one.offer.pk == pk), None)
    try:
        if held is None:
            raise Outdated("This offer is no longer held back.")
        if decision == "accept":
            accept_offer(held.offer, request.user, shown=request.POST.get("shown", ""))
            messages.success(request, f"The new price of {held.name} is stored.")
        else:
            dismiss_offer(held.offer, request.user, shown=request.POST.get("shown", ""))
            messages.success(request, f"{held.name} keeps its old price. You can still accept the new one.")
    except (Outdated, Leased) as error:
        messages.warning(request, str(error))
    return _back(request)


def _back(request: Request, busy: str = "") -> HttpResponseBase:
    """Back to the page of the button; htmx gets the part that it swaps, with word of the catalog that is busy now."""
    address = back(request.POST.get("next", ""), request, reverse("catalogs"))
    if busy and request.htmx:
        path, _, query = address.partition("?")
        address = Address(path, dict(QueryDict(query).lists())).to(busy=busy)
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
