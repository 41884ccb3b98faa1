"""Render a page, or for htmx only the part that is swapped: a block of the same template, with the same context."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django_htmx.middleware import HtmxDetails
from markupsafe import Markup

from dashboard.macros import environment

if TYPE_CHECKING:
    from dashboard.shares.shown import Shared


class Request(HttpRequest):
    """A request as django-htmx's middleware leaves it.

    ``plain`` is the query of the page without parameters, where the bare path may lead to a view of the viewer's.
    ``shared`` is there where the page is shown through a link.
    """

    htmx: HtmxDetails
    plain: str
    shared: "Shared"


def part_asked_for(request: Request, *parts: str) -> str:
    """Which of these parts htmx will swap in, or "" for the whole page: also on the way back and for boosted links."""
    htmx = request.htmx
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return ""
    return htmx.target if htmx.target and htmx.target in parts else ""


def piece(template: str, context: Mapping[str, Any]) -> Markup:
    """What this template draws of a context that says nothing of the viewer, to be remembered and put into a page."""
    return Markup(environment().get_template(template).render(context))  # noqa: S704 (templates escape)


def render_page(request: HttpRequest, template: str, context: Mapping[str, Any], part: str = "") -> HttpResponse:
    """The whole page; or, with ``part``, that block of it alone. What is shared is shown in the page of shared ones."""
    shared = getattr(request, "shared", None)
    page = environment().get_template("shares/page.html" if shared else template)
    values = {
        **context,
        "shared": shared,
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }
    pieces = page.blocks[part](page.new_context(values)) if part else page.generate(values)
    # Encoded piece by piece, since one dash somewhere would make Python encode the whole page by its slow way.
    return HttpResponse(b"".join([piece.encode() for piece in pieces]))
