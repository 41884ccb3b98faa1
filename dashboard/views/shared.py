"""A shared link as whoever has it sees it: its page, its files, its picture, read-only and by the same rights."""

import re
from collections.abc import Callable
from copy import copy
from functools import wraps
from http import HTTPStatus
from urllib.parse import unquote

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from catalog.services.shares import Audience, Share, share_opened, share_with
from dashboard import address
from dashboard.access import to_sign_in
from dashboard.exports.formats import FORMATS
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.shares.limits import SECONDS, is_flooded, is_guessing
from dashboard.shares.pages import PAGES, file_path
from dashboard.shares.preview import preview
from dashboard.shares.shown import Shared

OPENED, VISIT = "opened", 30 * 60
"""The cookie by which a visit is counted once, and how long one lasts, in seconds."""
LINKS = re.compile(r' (?:href|hx-get|data-add)="(/[^"]*)"')
View = Callable[[Request, Shared], HttpResponseBase]


def _opens(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open the link of ``token`` for ``view``; what opens nothing is answered alike, whatever it was."""

    @login_not_required
    @require_safe
    @wraps(view)
    def opened(request: Request, token: str, **kwargs: str) -> HttpResponseBase:
        share = share_with(token)
        if share is None or share.page not in PAGES:
            response = _nothing(request)
        elif share.audience == Audience.MEMBERS and not request.user.is_authenticated:
            response = to_sign_in(request)
            add_never_cache_headers(response)
        else:
            response = _answered(view, request, share, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return opened


def _answered(view: Callable[..., HttpResponseBase], request: Request, share: Share, **kwargs: str) -> HttpResponseBase:
    try:
        return view(request, Shared(share, request.user, request.GET), **kwargs)
    except Http404 as error:  # answered here, so that it gets the headers of all other answers
        response = page_not_found(request, error)
        add_never_cache_headers(response)
        return response


def _nothing(request: Request) -> HttpResponseBase:
    if is_guessing(request):
        response: HttpResponseBase = TemplateResponse(request, "shares/too_many.html", {"seconds": SECONDS}, status=429)
        response.headers["Retry-After"] = str(SECONDS)
    else:
        response = TemplateResponse(request, "shares/gone.html", status=404)
    add_never_cache_headers(response)
    return response


@_opens
def shared_page(request: Request, shared: Shared) -> HttpResponseBase:
    """The page as its author shared it, or for htmx its results."""
    response = _empty(request, shared) if shared.asked is None else _inner(request, shared, shared.own_path)
    if isinstance(response, HttpResponse) and response.status_code == 200:
        if not shared.linked:
            response.content = LINKS.sub(lambda found: _kept(found, shared.path), response.content.decode()).encode()
        if request.method == "GET" and not part_asked_for(request, "results") and OPENED not in request.COOKIES:
            if not is_flooded(shared.share.pk):
                share_opened(shared.share)
            response.set_cookie(
                OPENED, "1", max_age=VISIT, path=shared.path, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
    return response


@_opens
def shared_file(request: Request, shared: Shared, ending: str) -> HttpResponseBase:
    """The table of the page as a file."""
    if ending not in FORMATS:
        raise Http404("There is no file of that format.")
    response = _inner(request, shared, file_path(shared.page, shared.argument, ending)) if shared.asked else None
    if response is None or response.status_code != HTTPStatus.OK:
        raise Http404("There is no table here.")
    return response


@_opens
def shared_picture(request: Request, shared: Shared) -> HttpResponseBase:
    """What a chat shows beside the link."""
    etag = version(request, frame(request, shared.shown.then, timezone.now()), shared.shown.then, also=shared.version)
    if response := not_modified(request, etag):
        return response
    made = HttpResponse(preview(shared, request.build_absolute_uri), content_type="image/png")
    stamp(made, etag)
    return made


def _inner(request: Request, shared: Shared, path: str) -> HttpResponseBase:
    """The answer of the view at ``path`` to the request of whoever may see what is shared and do nothing."""
    inner = copy(request)
    inner.GET = shared.query  # type: ignore[assignment]  # nobody writes into it
    inner.user, inner.shared = shared.shown.reader, shared
    inner._messages = ()  # type: ignore[attr-defined]  # those of the visitor are for another page
    found = resolve(unquote(path))
    with address.shown(shared.elsewhere):
        response: HttpResponseBase = found.func(inner, *found.args, **found.kwargs)
    return response


def _empty(request: Request, shared: Shared) -> HttpResponseBase:
    """The page that says that nothing of it is left to be seen."""
    catalogs = shared.shown.then
    shown = frame(request, catalogs, timezone.now())
    etag = version(request, shown, catalogs, also=shared.version)
    if response := not_modified(request, etag):
        return response
    request.shared = shared
    made = render_page(request, "shares/page.html", {"frame": shown, "catalogs": catalogs, "exports": [], "part": ""})
    stamp(made, etag)
    return made


def _kept(found: re.Match[str], path: str) -> str:
    """A link that stays for whoever may not see all of it: none leads to a page of ours but the shared one."""
    ours = (path, static(""), reverse("sign-in"))
    return found[0] if found[1].startswith(ours) else ""
