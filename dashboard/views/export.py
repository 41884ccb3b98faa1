"""Tables as files, as they are on their pages: the same parameters, all rows."""

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.services.catalogs import catalogs_visible_to
from dashboard.exports.answer import file_response
from dashboard.exports.formats import FORMATS
from dashboard.exports.offers import offers_table
from dashboard.forms.asked import read_offers
from dashboard.parts import Request


@require_safe
def export_offers(request: Request, ending: str) -> HttpResponseBase:
    """The Offers table. Where part of the address makes no sense, the page that says so: a file could not."""
    if ending not in FORMATS:
        raise Http404("There is no file of that format.")
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    asked = read_offers(request.GET, catalogs)
    if asked.problems:
        return HttpResponseRedirect(f"{reverse('offers')}?{request.GET.urlencode()}")
    return file_response(offers_table(asked, catalogs, request.build_absolute_uri, now), FORMATS[ending])
