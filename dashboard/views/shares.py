"""Sharing: the panel that makes a link, the list of one's links, and what people do with them. For who is signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.services.catalogs import catalogs_visible_to
from catalog.services.shares import (
    LASTS,
    LONGEST_NOTE,
    LONGEST_TITLE,
    Audience,
    Share,
    share_change,
    share_create,
    share_of,
    share_revoke,
    shares_of,
)
from dashboard.access import MemberRequest, members_only
from dashboard.pages import frame
from dashboard.parts import part_asked_for, render_page
from dashboard.shares.pages import PAGES
from dashboard.shares.query import ToShare, to_share

MEMBERS = members_only("shares")
PANEL = "share"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@MEMBERS
def share(request: MemberRequest) -> HttpResponseBase:
    """The panel that shares what the address ``from`` shows, and then the link; for htmx both in the menu of the page.

    A menu asks anew each time it opens, for the address that the browser shows by then.
    """
    part = part_asked_for(request, PANEL)
    given = request.POST if request.method == "POST" else request.GET
    shown = request.htmx.current_url_abs_path if part and request.method != "POST" else None
    what = to_share(request.user, shown or given.get("from", ""))
    told: list[tuple[str, str]] = []
    made: Share | None = None
    if request.method == "POST":
        try:
            made = _make(request, what)
        except ValidationError as error:
            told = [("warning", " ".join(error.messages))]
        else:
            if not part:
                messages.success(request, f"“{made.title}” is shared.")
                return HttpResponseRedirect(f"{reverse('shares')}#share-{made.pk}")
    context: dict[str, Any] = {
        "what": what,
        "made": made,
        "link": _link(request, made) if made else "",
        "told": told,
        "typed": {"title": what.title, "live": "", "lasts": "30", "audience": Audience.MEMBERS, **given.dict()},
        "part": part,
        **_choices(),
    }
    if not part:
        context["frame"] = frame(request, catalogs_visible_to(request.user), timezone.now())
    return render_page(request, "shares/new.html", context, part)


def _make(request: MemberRequest, what: ToShare) -> Share:
    asked = request.POST
    if what.nothing:
        raise ValidationError(what.nothing)
    return share_create(
        owner=request.user,
        page=what.page.name,
        argument=what.argument,
        query=what.query,
        catalogs=[catalog.slug for catalog in what.catalogs],
        title=asked.get("title", ""),
        note=asked.get("note", ""),
        pin=asked.get("live") != "1",
        lasts=asked.get("lasts", ""),
        audience=asked.get("audience", ""),
    )


@never_cache
@require_safe
@MEMBERS
def shares(request: MemberRequest) -> HttpResponseBase:
    """One's own links; for staff those of everybody."""
    now = timezone.now()
    found = shares_of(request.user)
    context = {
        "frame": frame(request, catalogs_visible_to(request.user), now),
        "told": [(one.level_tag, str(one)) for one in get_messages(request)],
        "links": [(one, _link(request, one), PAGES[one.page].title) for one in found if one.page in PAGES],
        "viewer": request.user,
        "now": now,
        **_choices(),
    }
    return render_page(request, "shares/list.html", context)


@require_POST
@MEMBERS
def change(request: MemberRequest, pk: int, change: str) -> HttpResponseBase:
    """Edit or revoke a link of one's own, staff anybody's."""
    found = share_of(request.user, pk)
    if found is None or change not in ("edit", "revoke"):
        raise Http404("There is no such link among your own.")
    if change == "revoke":
        share_revoke(found)
        messages.success(request, f"“{found.title}” opens nothing any more.")
    else:
        _edit(request, found)
    return HttpResponseRedirect(f"{reverse('shares')}#share-{pk}")


def _edit(request: MemberRequest, found: Share) -> None:
    asked = request.POST
    try:
        share_change(
            found,
            title=asked.get("title", ""),
            note=asked.get("note", ""),
            audience=asked.get("audience", ""),
            lasts=asked.get("lasts", "same"),
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{found.title}” is changed.")


def _link(request: MemberRequest, share: Share) -> str:
    return request.build_absolute_uri(reverse("shared", args=[share.token]))


def _choices() -> dict[str, Any]:
    return {
        "all_lasts": LASTS,
        "audiences": Audience.choices,
        "longest_title": LONGEST_TITLE,
        "longest_note": LONGEST_NOTE,
    }
