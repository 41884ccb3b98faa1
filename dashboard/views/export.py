"""Tables as files, as they are on their pages: the same parameters, all rows."""

from django.http import Http404, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_visible_to, known_at
from dashboard.exports.answer import file_response
from dashboard.exports.formats import FORMATS
from dashboard.exports.tables import TABLES, NoTable, Wanted
from dashboard.parts import Request


@require_safe
def export_offers(request: Request, ending: str) -> HttpResponseBase:
    """The Offers table."""
    return _file(request, ending, "export_offers")


@require_safe
def export_costs(request: Request, ending: str) -> HttpResponseBase:
    """The ranking by what a workload costs, or several together."""
    return _file(request, ending, "export_costs")


@require_safe
def export_matrix(request: Request, ending: str) -> HttpResponseBase:
    """The tab of the catalog matrix."""
    return _file(request, ending, "export_matrix")


@require_safe
def export_compare(request: Request, ending: str) -> HttpResponseBase:
    """Offers side by side."""
    return _file(request, ending, "export_compare")


@require_safe
def export_model(request: Request, slug: str, ending: str) -> HttpResponseBase:
    """The offers of a model."""
    return _file(request, ending, "export_model", slug)


@require_safe
def export_changes(request: Request, ending: str) -> HttpResponseBase:
    """What has changed."""
    return _file(request, ending, "export_changes")


@require_safe
def export_audit(request: Request, ending: str) -> HttpResponseBase:
    """The findings of the audit."""
    return _file(request, ending, "export_audit")


def _file(request: Request, ending: str, table: str, of: str = "") -> HttpResponseBase:
    """The table as a file. Where part of the address makes no sense: why, as a page would be saved as the file."""
    if ending not in FORMATS:
        raise Http404("There is no file of that format.")
    catalogs = catalogs_visible_to(request.user)
    now = known_at(catalogs) or timezone.now()
    try:
        wanted = Wanted(request.GET, catalogs, of, request.build_absolute_uri, now, known=request.user.is_authenticated)
        made = TABLES[table](wanted)
    except NoTable as error:
        return HttpResponseBadRequest(f"No file was made. {error}\n", content_type="text/plain; charset=utf-8")
    return file_response(made, FORMATS[ending])
