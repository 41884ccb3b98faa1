"""Tables as files, as they are on their pages: the same parameters, all rows."""

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_visible_to, known_at
from dashboard.exports.answer import file_response
from dashboard.exports.formats import FORMATS
from dashboard.exports.tables import TABLES
from dashboard.parts import Request


@require_safe
def export_offers(request: Request, ending: str) -> HttpResponseBase:
    """The Offers table."""
    return _file(request, ending, "export_offers", "offers")


@require_safe
def export_costs(request: Request, ending: str) -> HttpResponseBase:
    """The ranking by what a workload costs, or several together."""
    return _file(request, ending, "export_costs", "costs")


@require_safe
def export_matrix(request: Request, ending: str) -> HttpResponseBase:
    """The tab of the catalog matrix."""
    return _file(request, ending, "export_matrix", "catalog-matrix")


@require_safe
def export_compare(request: Request, ending: str) -> HttpResponseBase:
    """Offers side by side."""
    return _file(request, ending, "export_compare", "compare")


@require_safe
def export_changes(request: Request, ending: str) -> HttpResponseBase:
    """What has changed."""
    return _file(request, ending, "export_changes", "changes")


def _file(request: Request, ending: str, table: str, page: str) -> HttpResponseBase:
    """The table as a file. Where part of the address makes no sense the page says why: a file could not."""
    if ending not in FORMATS:
        raise Http404("There is no file of that format.")
    catalogs = catalogs_visible_to(request.user)
    now = known_at(catalogs) or timezone.now()
    made = TABLES[table](request.GET, catalogs, request.build_absolute_uri, now)
    if made is None:
        return HttpResponseRedirect(f"{reverse(page)}?{request.GET.urlencode()}")
    return file_response(made, FORMATS[ending])
