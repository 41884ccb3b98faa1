"""Which pages have saved views, how their addresses are read, and how a bare address leads to the viewer's default.

A view's query is never shown as it is: it is read anew for whoever opens it, as the page would, over the catalogs that
they may see. What is left out is not named, as it may come from a catalog that they may not know of.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers

from catalog.pricing.rates import STANDARD
from catalog.services.catalogs import Catalogs, Viewer, catalogs_visible_to
from catalog.services.facets import stored_counts
from catalog.services.saved_views import SavedView, default_view
from dashboard.address import Address
from dashboard.parts import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
Read = Callable[[QueryDict, Catalogs], tuple[Address, Sequence[str]]]
"""Reads a page's address: its canonical form, and a sentence for each part that was ignored."""
PLAIN, PART = "none", "part"
"""Values of ``view`` in an address: the page without any view, and a view of which a part was left out."""
PLAIN_QUERY = f"view={PLAIN}"
NOT_KEPT = ("page", "o", "view")
"""Parameters that say where somebody is rather than how a page is shown."""


class Page(NamedTuple):
    """A page that has saved views: the name of its route, what it and its plain state are called, how it is read."""

    name: str
    title: str
    plain: str
    read: Read
    not_kept: Sequence[str]

    @property
    def path(self) -> str:
        """Its path; "" if that depends on what it is about."""
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


PAGES: dict[str, Page] = {}
"""By the names of their routes, in the order in which `dashboard.urls` imports them."""


def keeps_views(
    name: str, title: str, plain: str, read: Read, not_kept: Sequence[str] = NOT_KEPT
) -> Callable[[View[P]], View[P]]:
    """Let the page of this route have saved views, and let its bare address lead to the viewer's default.

    The plain page is then at ``?view=none``, so that Back and bookmarks keep their meaning. Who has no default never
    comes to see that: it leads to the bare address. Whether there is a default is asked for at these two alone.
    """
    page = PAGES[name] = Page(name, title, plain, read, not_kept)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def opened(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.plain = f"?{PLAIN_QUERY}" if request.user.is_authenticated else ""
            if not request.plain:
                return view(request, *args, **kwargs)
            path = reverse(name, args=args, kwargs=kwargs)
            query = request.GET.urlencode()
            if query in ("", PLAIN_QUERY):
                whole = not request.htmx or request.htmx.boosted or request.htmx.history_restore_request
                default = default_view(request.user, name)
                if default is None:
                    request.plain = ""
                if whole and query and default is None:
                    return HttpResponseRedirect(path)
                if whole and not query and default is not None:
                    return HttpResponseRedirect(address_for(request.user, default, page, path))
                return view(request, *args, **kwargs)
            return _without_default(request, name, path, view(request, *args, **kwargs))

        return opened

    return decorate


def _without_default(request: Request, name: str, path: str, response: HttpResponseBase) -> HttpResponseBase:
    """Where a part of the plain page is answered, push its bare address if that leads there."""
    for header in ("HX-Push-Url", "HX-Replace-Url"):
        plain = response.headers.get(header) == path + request.plain
        if plain and default_view(request.user, name) is None:
            response.headers[header] = path
            del response.headers["ETag"]  # it does not know of defaults
            add_never_cache_headers(response)
    return response


def page_at(path: str) -> Page | None:
    """The page at this path, if it has saved views."""
    try:
        return PAGES.get(resolve(path).url_name or "")
    except Resolver404:
        return None


def shown_by(page: Page, data: QueryDict) -> str:
    """The query of an address of ``page`` without what is not kept."""
    left = {name: values for name, values in data.lists() if name not in page.not_kept}
    return Address("", left).to().removeprefix("?")


def query_of(user: Viewer, page: Page, query: str) -> str:
    """What a view keeps of the query of an address, as the page writes it."""
    read, _ = _read(page, QueryDict(query), catalogs_visible_to(user))
    return Address("", read).to().removeprefix("?")


def address_for(user: Viewer, view: SavedView, page: Page, path: str) -> str:
    """The address of ``view`` at ``path``, of what ``user`` may see alone. It is never a bare one."""
    read, whole = _read(page, QueryDict(view.query), catalogs_visible_to(user))
    mark = [] if whole and any(read.values()) else [PLAIN if whole else PART]
    return str(Address(path, {**read, "view": mark}))


def said_of_view(data: QueryDict) -> list[str]:
    """What is to be said of the ``view`` of an address, as sentences on what was ignored."""
    mark = data.get("view", "")
    if mark == PART:
        return ["The saved view holds more, which is no longer there or not yours to see."]
    return [] if mark in ("", PLAIN) else [f"“{mark[:40]}” is no view."]


def _read(page: Page, data: QueryDict, catalogs: Catalogs) -> tuple[Mapping[str, Sequence[str]], bool]:
    """The parameters that hold, and whether those are all."""
    kept = data.copy()
    for name in page.not_kept:
        kept.pop(name, None)
    # A mode may be of a hidden catalog too, and pages write a workload that they cannot read back as it was typed.
    modes = {*stored_counts(catalogs).values["mode"], STANDARD, ""}
    given = kept.pop("mode", [])
    if known := [mode for mode in given if mode in modes]:
        kept.setlist("mode", known)
    address, problems = page.read(kept, catalogs)
    return address.parameters, known == given and not problems
