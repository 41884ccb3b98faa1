"""The audit: what the catalogs that the viewer may see say of each other, and putting aside what is no error."""

from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.pricing.audit import THRESHOLDS
from catalog.services import dismissals as dismissing
from catalog.services.audit import audit as found_in
from catalog.services.audit import catalog_findings
from catalog.services.catalogs import catalogs_visible_to
from catalog.services.dismissals import LONGEST_REASON, dismissals
from catalog.services.facets import stored_counts
from dashboard.access import StaffRequest, only_with, rights_of
from dashboard.address import back
from dashboard.forms.audit import DISMISSED, PER_PAGE, SORTS, read_audit
from dashboard.forms.filters import has_defaults
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.tables import audit as parts
from dashboard.tables.audit_words import LABELS, sentence

KNOWN = {"tab", "q", "catalog", "provider", "as_of", "sort", "page"}
TYPED = ("q",)
"""Filters that people type: each keystroke replaces the address instead of adding to the history."""


@require_safe
def audit(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results")
    may = rights_of(request.user)
    told = [] if part else [(message.level_tag, str(message)) for message in get_messages(request)]
    dismissed = dismissals(catalogs)
    shown = frame(request, catalogs, now)
    health = [one.digest for one in catalog_findings(catalogs)]
    decided = sorted((digest, one.pk) for digest, one in dismissed.items())
    etag = version(request, shown, catalogs, part, (decided, health, told, may))
    if response := not_modified(request, etag):
        return response

    counts = stored_counts(catalogs)
    asked = read_audit(request.GET, catalogs, counts)
    if not part and not told and not asked.problems and has_defaults(request.GET, asked.address, KNOWN):
        return HttpResponseRedirect(str(asked.address))
    found = found_in(catalogs, asked.values["as_of"])
    open_ones, others = dismissing.split(found, dismissed)
    of_tab = others if asked.tab == DISMISSED else [one for one in open_ones if asked.tab in ("", one.kind)]
    wanted = asked.wanted.passes
    listed = [one for one in of_tab if wanted(one)]
    if asked.sort == "model":
        listed = parts.by_model(listed)
    paginator = Paginator(listed, PER_PAGE)
    page = paginator.get_page(asked.page)
    if asked.page > paginator.num_pages:
        problem = f"There is no page {asked.page:,}; this is the last one."
        asked = asked._replace(page=page.number, problems=[*asked.problems, problem])
    by_id = {catalog.pk: catalog for catalog in catalogs}
    as_of = (asked.given["as_of"] or [""])[0]
    context: dict[str, Any] = {
        "frame": shown,
        "part": part,
        "told": told,
        "may": may,
        "catalogs": catalogs,
        "asked": asked,
        "address": asked.address,
        "values": asked.values,
        "problems": asked.problems,
        "sorts": SORTS,
        "tabs": parts.tabs(filter(wanted, open_ones), list(filter(wanted, others)), asked),
        "menus": parts.menus(of_tab, asked, catalogs, counts.provider_names),
        "chips": parts.chips(asked, catalogs, counts.provider_names),
        "threshold": {kind.value: text for kind, text in THRESHOLDS.items()}.get(asked.tab, ""),
        "thresholds": [(LABELS[kind], text) for kind, text in THRESHOLDS.items()],
        "rows": [parts.row(one, by_id, as_of, _models_path()) for one in page.object_list],
        "dismissed": dismissed,
        "longest": LONGEST_REASON,
        "page": page,
        "first": (page.number - 1) * PER_PAGE + 1,
    }
    response = render_page(request, "audit/page.html", context, part)
    if part:
        typed = request.htmx.trigger_name in TYPED
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(asked.address)
    stamp(response, etag)
    return response


@cache
def _models_path() -> str:
    """Where the pages of models are, "" where there are none."""
    try:
        resolve("/models/vendor/name/")
    except Resolver404:
        return ""
    return "/models/"


@require_POST
@only_with("change")
def dismiss(request: StaffRequest) -> HttpResponseBase:
    """Put a finding aside, with a reason; it must be there still, at the moment that the page showed."""
    catalogs = catalogs_visible_to(request.user)
    address = back(request.POST.get("next", ""), request, reverse("audit"))
    asked = read_audit(QueryDict(address.partition("?")[2]), catalogs, stored_counts(catalogs))
    digest = request.POST.get("digest", "")
    found = next((one for one in found_in(catalogs, asked.values["as_of"]) if one.digest == digest), None)
    if found is None:
        messages.warning(request, "This finding is no longer so: its figures have changed. Nothing was dismissed.")
        return HttpResponseRedirect(address)
    words = sentence(found, {catalog.pk: catalog for catalog in catalogs})
    try:
        dismissing.dismiss(found, words, request.POST.get("reason", ""), request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    except dismissing.Decided as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"Dismissed until one of its figures changes: {words}")
    return HttpResponseRedirect(address)


@require_POST
@only_with("change")
def undo(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Bring a dismissed finding back."""
    try:
        found = dismissing.undo(pk, catalogs_visible_to(request.user), request.user)
    except dismissing.Decided as error:
        messages.warning(request, str(error))
    else:
        if found is None:
            raise Http404("There is no such dismissal.")
        messages.success(request, "The finding counts as open again.")
    return HttpResponseRedirect(back(request.POST.get("next", ""), request, reverse("audit")))
