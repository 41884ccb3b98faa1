"""Who may do what on the pages, beyond seeing the catalogs that `visible_to` gives."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse

from catalog.services.catalogs import Catalog, catalogs_known_to
from dashboard.parts import Request

P = ParamSpec("P")


class StaffRequest(Request):
    """A request of someone who is staff."""

    user: User


def staff_only(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[Request, P], HttpResponseBase]:
    """Let staff pass; others who are signed in get a 403, and who is not signs in and comes back to the catalogs."""

    @wraps(view)
    def checked(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("catalogs"))
        if not getattr(request.user, "is_staff", False):
            raise PermissionDenied
        return view(cast(StaffRequest, request), *args, **kwargs)

    return checked


def known_catalog(request: Request, slug: str) -> Catalog:
    """The catalog of this name, if the viewer may look at it. Raises Http404."""
    found = next((catalog for catalog in catalogs_known_to(request.user) if catalog.slug == slug), None)
    if found is None:
        raise Http404("There is no such catalog among those that you may see.")
    return found
