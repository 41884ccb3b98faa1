"""Tables as files, as they are on their pages: the same parameters, all rows."""

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_visible_to
from catalog.services.facets import stored_counts
from catalog.services.family import family_seen
from dashboard.exports.answer import file_response
from dashboard.exports.audit import audit_table
from dashboard.exports.changes import changes_table
from dashboard.exports.compare import compare_table
from dashboard.exports.costs import costs_table
from dashboard.exports.formats import FORMATS, Format
from dashboard.exports.matrix import matrix_table
from dashboard.exports.model import model_table
from dashboard.exports.offers import offers_table
from dashboard.forms.asked import read_offers
from dashboard.forms.asked_compare import read_comparison
from dashboard.forms.asked_costs import read_costs
from dashboard.forms.audit import read_audit
from dashboard.forms.changes import read_asked
from dashboard.forms.matrix import read_matrix
from dashboard.forms.model import read_model
from dashboard.parts import Request


@require_safe
def export_offers(request: Request, ending: str) -> HttpResponseBase:
    """The Offers table."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_offers(request.GET, catalogs)
    if asked.problems:
        return _page_that_says_why(request, "offers")
    return file_response(offers_table(asked, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_costs(request: Request, ending: str) -> HttpResponseBase:
    """The ranking by what a workload costs, or several together."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_costs(request.GET, catalogs)
    if asked.problems or not asked.ranked:
        return _page_that_says_why(request, "costs")
    return file_response(costs_table(asked, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_matrix(request: Request, ending: str) -> HttpResponseBase:
    """The tab of the catalog matrix."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_matrix(request.GET, catalogs)
    measure = asked.measure
    if asked.problems or measure is None or not asked.comparable:
        return _page_that_says_why(request, "catalog-matrix")
    return file_response(matrix_table(asked, measure, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_compare(request: Request, ending: str) -> HttpResponseBase:
    """Offers side by side."""
    made_as, now = _format(ending), timezone.now()
    asked = read_comparison(request.GET, catalogs_visible_to(request.user))
    if asked.problems or not asked.comparable:
        return _page_that_says_why(request, "compare")
    return file_response(compare_table(asked, request.build_absolute_uri, now), made_as)


@require_safe
def export_changes(request: Request, ending: str) -> HttpResponseBase:
    """What has changed."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_asked(request.GET, catalogs)
    if asked.problems:
        return _page_that_says_why(request, "changes")
    return file_response(changes_table(asked, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_audit(request: Request, ending: str) -> HttpResponseBase:
    """The findings of the audit."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_audit(request.GET, catalogs, stored_counts(catalogs))
    if asked.problems:
        return _page_that_says_why(request, "audit")
    return file_response(audit_table(asked, catalogs, request.build_absolute_uri, now), made_as)


@require_safe
def export_model(request: Request, slug: str, ending: str) -> HttpResponseBase:
    """The offers of a model."""
    made_as, now = _format(ending), timezone.now()
    catalogs = catalogs_visible_to(request.user)
    seen = family_seen(slug, catalogs)
    if seen is None:
        raise Http404("There is no such model in the catalogs that you may see.")
    asked = read_model(request.GET, catalogs, seen)
    if asked.problems:
        return _page_that_says_why(request, "model", seen.slug)
    return file_response(model_table(asked, catalogs, seen, request.build_absolute_uri, now), made_as)


def _format(ending: str) -> Format:
    if ending not in FORMATS:
        raise Http404("There is no file of that format.")
    return FORMATS[ending]


def _page_that_says_why(request: Request, route: str, *of: str) -> HttpResponseBase:
    """Where part of the address makes no sense: a file could not say so."""
    return HttpResponseRedirect(f"{reverse(route, args=of)}?{request.GET.urlencode()}")
