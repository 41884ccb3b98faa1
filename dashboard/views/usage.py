"""A pasted usage record becomes the workload of the Costs page."""

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.pricing.presets import PRESETS
from catalog.pricing.usage import workload_of_usage
from catalog.pricing.usage_forms import UsageError
from catalog.pricing.workload import WorkloadError
from catalog.services.catalogs import catalogs_visible_to
from catalog.services.workloads import workloads_visible_to
from dashboard.forms.asked_costs import DEFAULT, read_costs
from dashboard.forms.workload import PARAMETERS, parameters_of
from dashboard.pages import frame
from dashboard.parts import Request, render_page
from dashboard.views.costs import page_context

LONGEST_ADDRESS = 4_000


@require_POST
def usage(request: Request) -> HttpResponseBase:
    """Make the workload of a pasted usage record and lead to its address; a text that is none comes back with why.

    It is posted so that the record stays out of the address; nothing is stored.
    """
    catalogs = catalogs_visible_to(request.user)
    asked = read_costs(QueryDict(request.POST.get("from", "")[:LONGEST_ADDRESS]), catalogs)
    text = request.POST.get("usage", "")
    now = asked.workload.workload or PRESETS[DEFAULT].workload
    try:
        found = workload_of_usage(text, requests=now.requests, mode=now.mode)
    except (UsageError, WorkloadError) as error:
        context = page_context(asked, catalogs, frame(request, catalogs, timezone.now()))
        saved = workloads_visible_to(request.user)
        context |= {"part": "", "usage": text, "usage_problem": str(error), "saved": saved, "told": [], "picked": False}
        response: HttpResponse = render_page(request, "costs/page.html", context)
        response.status_code = 422
        return response
    taken = {**dict.fromkeys(PARAMETERS, None), **parameters_of(found)}
    return HttpResponseRedirect(asked.address.to(**taken))
