"""The Changes page as a feed; with a token in the address, of the catalogs that its owner may see."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse

from catalog.services.catalogs import Catalog, Viewer, catalogs_visible_to, fingerprint
from catalog.services.changes import latest_changes, stored_change_groups
from catalog.services.feeds import reader_with
from dashboard.address import Address
from dashboard.feeds import change_feed
from dashboard.forms.changes import change_parameters, read_changes
from dashboard.pages import RELEASE, not_modified, stamp
from dashboard.parts import Request
from dashboard.tables.change_filters import chips, words_for

NEWEST = 100


@login_not_required
def feed(request: Request) -> HttpResponseBase:
    """The newest changes that pass the filters of the address: those that Ratecard learned of last.

    A reader shows no message, so a feed of which a filter makes no sense does not exist, rather than be one of all.

    Readers sign in nowhere, so a token in the address says who asks; one that is nobody's is answered like an address
    that does not exist. Without one a closed dashboard wants to know who it is.
    """
    token = request.GET.get("token")
    viewer: Viewer | None = request.user if token is None else reader_with(token)
    if viewer is None:
        raise Http404
    if not viewer.is_authenticated and not settings.PUBLIC_DASHBOARD:
        return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    catalogs = catalogs_visible_to(viewer)
    made_of = (RELEASE, request.build_absolute_uri(), viewer.pk, fingerprint(catalogs))
    etag = f'"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:24]}"'
    response = not_modified(request, etag) or _written(request, catalogs, etag)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _written(request: Request, catalogs: list[Catalog], etag: str) -> HttpResponseBase:
    groups = stored_change_groups(catalogs)
    changes = read_changes(request.GET, catalogs, groups)
    if changes.problems:
        raise Http404(" ".join(changes.problems))
    words = words_for(groups, {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs})
    filters = change_parameters(changes)
    made = change_feed(
        latest_changes(changes, NEWEST),
        catalogs,
        request.build_absolute_uri,
        page=str(Address(reverse("changes"), filters)),
        filters=[f"{chip.label} {chip.text}" for chip in chips(changes.values, words, Address("", {}))],
        address=str(Address(reverse("feed"), filters)),  # without the token, which whoever is shown the feed would get
    )
    response = HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
    stamp(response, etag)
    return response
