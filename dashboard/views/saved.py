"""Saved workloads: the list, and what their owners do with them. All of it is for those who are signed in."""

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from catalog.services.catalogs import catalogs_visible_to
from catalog.services.kept import LONGEST_NAME, Sharing, own_of, rename, share, teams_of
from catalog.services.workloads import SavedWorkload, workload_save, workloads_visible_to
from dashboard.access import MemberRequest, members_only
from dashboard.address import Address
from dashboard.forms.asked_costs import DEFAULT
from dashboard.forms.workload import parameters_of, read_workload
from dashboard.pages import frame
from dashboard.parts import render_page
from dashboard.views.usage import LONGEST_ADDRESS


@require_safe
@members_only("saved-workloads")
def saved_workloads(request: MemberRequest) -> HttpResponseBase:
    """Those that the viewer may see; their own can be renamed, shared and deleted."""
    saved = workloads_visible_to(request.user)
    context = {
        "frame": frame(request, catalogs_visible_to(request.user), timezone.now()),
        "told": [(message.level_tag, str(message)) for message in get_messages(request)],
        "own": [one for one in saved if one.owner_id == request.user.pk],
        "others": [one for one in saved if one.owner_id != request.user.pk],
        "addresses": {one.pk: str(Address(reverse("costs"), parameters_of(one.workload))) for one in saved},
        "teams": teams_of(request.user),
        "longest": LONGEST_NAME,
    }
    return render_page(request, "costs/saved.html", context)


@require_POST
@members_only("saved-workloads")
def save(request: MemberRequest) -> HttpResponseBase:
    """Keep the workload of the address ``from`` under a name, and go back there."""
    query = request.POST.get("from", "")[:LONGEST_ADDRESS]
    workload = read_workload(QueryDict(query), default=DEFAULT).workload
    if workload is None:
        messages.warning(request, "These numbers are no workload, so there is nothing to save.")
    else:
        try:
            saved, added = workload_save(owner=request.user, name=request.POST.get("name", ""), workload=workload)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, f"“{saved.name}” {'is saved' if added else 'has the new numbers'}.")
    return HttpResponseRedirect(f"{reverse('costs')}?{query}" if query else reverse("costs"))


@require_POST
@members_only("saved-workloads")
def change(request: MemberRequest, pk: int, change: str) -> HttpResponseBase:
    """Rename, share or delete one of one's own."""
    saved = own_of(SavedWorkload, request.user, pk)
    if saved is None or change not in ("rename", "share", "delete"):
        raise Http404("There is no such workload among your own.")
    try:
        if change == "rename":
            rename(saved, request.POST.get("name", ""))
            done = f"It is called “{saved.name}” now."
        elif change == "share":
            sharing, _, team = request.POST.get("with", "").partition(":")
            share(saved, sharing, team)
            done = f"“{saved.name}” is for {shared_words(saved.sharing, team)}."
        else:
            saved.delete()
            done = f"“{saved.name}” is deleted."
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("saved-workloads"))


def shared_words(sharing: str, team: str) -> str:
    """Whom it is shared with, in a sentence."""
    if sharing == Sharing.TEAM:
        return f"the team {team}"
    return "everyone who is signed in" if sharing == Sharing.MEMBERS else "you alone"
