"""Who may do what on the pages, beyond seeing the catalogs that `visible_to` gives."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from catalog.services.catalogs import Catalog, catalogs_known_to
from dashboard.parts import Request

P = ParamSpec("P")


class StaffRequest(Request):
    """A request of someone who is staff."""

    user: User


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


class Rights(NamedTuple):
    """What a viewer may do with catalogs: the same permissions as in the admin, and those of staff alone."""

    add: bool = False
    change: bool = False
    delete: bool = False


def rights_of(user: User | AnonymousUser) -> Rights:
    """The rights of ``user``. No query unless they are staff."""
    if not getattr(user, "is_staff", False):
        return Rights()
    return Rights(*(user.has_perm(f"catalog.{right}_catalog") for right in Rights._fields))


def only_with(right: str) -> Callable[[StaffView[P]], Callable[Concatenate[Request, P], HttpResponseBase]]:
    """Let those with this one of Rights pass.

    Others who are signed in get a 403, and who is not signs in and comes back to the catalogs.
    """

    def decorate(view: StaffView[P]) -> Callable[Concatenate[Request, P], HttpResponseBase]:
        @wraps(view)
        def checked(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(reverse("catalogs"))
            if not getattr(rights_of(request.user), right):
                raise PermissionDenied
            return view(cast(StaffRequest, request), *args, **kwargs)

        return checked

    return decorate


def to_sign_in(request: Request, otherwise: str = "/") -> HttpResponseBase:
    """The way to the sign-in page and back to the page left, to ``otherwise`` after what cannot be asked for again.

    htmx would follow a redirect and put the sign-in page where rows belong, so it is told to leave the page.
    """
    if request.htmx:
        return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or otherwise).url)
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else otherwise)


class MemberRequest(Request):
    """A request of someone who is signed in."""

    user: User


MemberView = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def members_only(otherwise: str) -> Callable[[MemberView[P]], Callable[Concatenate[Request, P], HttpResponseBase]]:
    """Let those who are signed in pass.

    Who is not signs in, and comes back; to the page of the route ``otherwise`` after what cannot be asked for again.
    """

    def decorate(view: MemberView[P]) -> Callable[Concatenate[Request, P], HttpResponseBase]:
        @wraps(view)
        def checked(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request, reverse(otherwise))
            return view(cast(MemberRequest, request), *args, **kwargs)

        return checked

    return decorate


def known_catalog(request: Request, slug: str) -> Catalog:
    """The catalog of this name, if the viewer may look at it. Raises Http404."""
    found = next((catalog for catalog in catalogs_known_to(request.user) if catalog.slug == slug), None)
    if found is None:
        raise Http404("There is no such catalog among those that you may see.")
    return found
