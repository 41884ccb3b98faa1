"""Tables as files, as they are on their pages: the same parameters, all rows."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_visible_to
from dashboard.exports.answer import file_response
from dashboard.exports.changes import changes_table
from dashboard.exports.compare import compare_table
from dashboard.exports.costs import costs_table
from dashboard.exports.formats import FORMATS, Format
from dashboard.exports.matrix import matrix_table
from dashboard.exports.offers import offers_table
from dashboard.forms.asked import read_offers
from dashboard.forms.asked_compare import read_comparison
from dashboard.forms.asked_costs import read_costs
from dashboard.forms.changes import read_asked
from dashboard.forms.matrix import read_matrix
from dashboard.parts import Request


@require_safe
def export_offers(request: Request, ending: str) -> HttpResponseBase:
    """The Offers table."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_offers(request.GET, catalogs)
    if asked.problems:
        return _no_file(asked.problems)
    return file_response(offers_table(asked, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_costs(request: Request, ending: str) -> HttpResponseBase:
    """The ranking by what a workload costs, or several together."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_costs(request.GET, catalogs)
    if asked.problems or not asked.ranked:
        return _no_file(asked.problems or ["There is no workload to rank by."])
    return file_response(costs_table(asked, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_matrix(request: Request, ending: str) -> HttpResponseBase:
    """The tab of the catalog matrix."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_matrix(request.GET, catalogs)
    measure = asked.measure
    if asked.problems or measure is None or not asked.comparable:
        return _no_file(asked.problems or ["A comparison takes two catalogs."])
    return file_response(matrix_table(asked, measure, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_compare(request: Request, ending: str) -> HttpResponseBase:
    """Offers side by side."""
    made_as, now = _format(ending), timezone.now()
    asked = read_comparison(request.GET, catalogs_visible_to(request.user))
    if asked.problems or not asked.comparable:
        return _no_file(asked.problems or ["A comparison takes two offers."])
    return file_response(compare_table(asked, request.build_absolute_uri, now), made_as)


@require_safe
def export_changes(request: Request, ending: str) -> HttpResponseBase:
    """What has changed."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_asked(request.GET, catalogs)
    if asked.problems:
        return _no_file(asked.problems)
    return file_response(changes_table(asked, catalogs, request.build_absolute_uri, now), made_as)


def _format(ending: str) -> Format:
    if ending not in FORMATS:
        raise Http404("There is no file of that format.")
    return FORMATS[ending]


def _no_file(problems: Sequence[str]) -> HttpResponse:
    """The answer where part of the address makes no sense: whoever saves it must not take it for the file."""
    return HttpResponseBadRequest(f"No file was made. {' '.join(problems)}\n", content_type="text/plain; charset=utf-8")
