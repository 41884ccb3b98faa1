"""Saved views: their menu, which is also their page, and what people do with them. For those who are signed in."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.services.catalogs import catalogs_visible_to
from catalog.services.kept import LONGEST_NAME, own_of, rename, teams_of
from catalog.services.saved_views import (
    SavedView,
    default_for_all_set,
    default_for_all_unset,
    default_set,
    default_unset,
    defaults_of,
    view_delete,
    view_save,
    view_share,
    view_update,
    view_visible_to,
    views_visible_to,
)
from dashboard.access import MemberRequest, members_only
from dashboard.address import Address
from dashboard.pages import frame
from dashboard.parts import part_asked_for, render_page
from dashboard.saved_views import PAGES, PLAIN_QUERY, Page, address_for, page_at, query_of, shown_by

MEMBERS = members_only("saved-views")
MENU = "views"


class Here(NamedTuple):
    """The page that somebody came from, as an address shows it. ``query`` is what a view of it would be compared by."""

    page: Page
    path: str
    address: str
    query: str

    @property
    def plain(self) -> str:
        """The address of the page without any view."""
        return f"{self.path}?{PLAIN_QUERY}"


@never_cache
@require_safe
@MEMBERS
def saved_views(request: MemberRequest) -> HttpResponseBase:
    """The views of the page that ``from`` is an address of, and all others; for htmx those of the page alone.

    A menu asks anew each time it opens, for the address that the browser shows by then.
    """
    shown = request.htmx.current_url_abs_path if part_asked_for(request, MENU) else None
    return _answer(request, _here(shown or request.GET.get("from", "")))


@never_cache
@require_safe
@MEMBERS
def open_view(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Lead to the page as the view shows it, as far as the viewer may see that.

    ``at`` is its path, for a page that is about one thing or another.
    """
    view = view_visible_to(request.user, pk)
    page = PAGES.get(view.page) if view else None
    at = request.GET.get("at", "")
    path = at if page and page_at(at) == page else page.path if page else ""
    if view is None or page is None or not path:
        raise Http404("There is no such view.")
    return HttpResponseRedirect(address_for(request.user, view, page, path))


@require_POST
@MEMBERS
def save(request: MemberRequest) -> HttpResponseBase:
    """Keep what the address ``from`` shows, under a name."""
    here = _posted_from(request)
    name = request.POST.get("name", "")
    sharing, _, team = request.POST.get("with", "").partition(":")
    try:
        view = view_save(
            owner=request.user,
            page=here.page.name,
            name=name,
            query=query_of(request.user, here.page, here.query),
            sharing=sharing or "nobody",
            team=team,
            default="default" in request.POST,
        )
    except ValidationError as error:
        return _answer(request, here, ("warning", " ".join(error.messages)), typed=name)
    return _answer(request, here, ("success", f"“{view.name}” is saved."))


@require_POST
@MEMBERS
def change(request: MemberRequest, pk: int, change: str) -> HttpResponseBase:
    """Do one of CHANGES to one's own view, or one of CHOICES with any that one may see."""
    own = change in CHANGES
    view = own_of(SavedView, request.user, pk) if own else view_visible_to(request.user, pk)
    done = CHANGES.get(change) or CHOICES.get(change)
    if view is None or done is None:
        raise Http404("There is no such view among your own.")
    here = _here(request.POST.get("from", ""))
    try:
        told = ("success", done(request, view))
    except ValidationError as error:
        told = ("warning", " ".join(error.messages))
    return _answer(request, here, told)


def _update(request: MemberRequest, view: SavedView) -> str:
    here = _posted_from(request)
    if here.page.name != view.page:
        raise Http404("This view is of another page.")
    view_update(view, query_of(request.user, here.page, here.query))
    return f"“{view.name}” holds what is shown now."


def _rename(request: MemberRequest, view: SavedView) -> str:
    rename(view, request.POST.get("name", ""))
    return f"It is called “{view.name}” now."


def _share(request: MemberRequest, view: SavedView) -> str:
    sharing, _, team = request.POST.get("with", "").partition(":")
    view_share(view, sharing, team)
    whom = {"team": f"the team {team}", "members": "everyone who is signed in"}.get(sharing, "you alone")
    return f"“{view.name}” is for {whom}."


def _delete(request: MemberRequest, view: SavedView) -> str:
    view_delete(view)
    return f"“{view.name}” is deleted."


def _default(request: MemberRequest, view: SavedView) -> str:
    default_set(request.user, view)
    return f"{_title(view)} opens with “{view.name}” for you."


def _no_default(request: MemberRequest, view: SavedView) -> str:
    default_unset(request.user, view)
    return f"{_title(view)} opens without “{view.name}”."


def _for_all(request: MemberRequest, view: SavedView) -> str:
    default_for_all_set(request.user, view)
    return f"{_title(view)} opens with “{view.name}” for everyone who has no default of their own."


def _not_for_all(request: MemberRequest, view: SavedView) -> str:
    default_for_all_unset(view)
    return f"“{view.name}” is nobody’s default but by their own choice."


Done = Callable[[MemberRequest, SavedView], str]
CHANGES: Mapping[str, Done] = {
    "update": _update,
    "rename": _rename,
    "share": _share,
    "delete": _delete,
    "for-all": _for_all,
    "not-for-all": _not_for_all,
}
"""What only its owner may do with a view, and what is then said."""
CHOICES: Mapping[str, Done] = {"default": _default, "no-default": _no_default}
"""What a viewer may do with any view that they see."""


IN_ORDER = ("offers", "catalog-matrix", "costs", "changes", "audit")
"""Pages by their routes as the navigation has them; those that it has not come after."""


class Group(NamedTuple):
    """The views of one page, those of the viewer and others by name. ``alone``: it can be opened from anywhere."""

    title: str
    alone: bool
    views: list[SavedView]


def _groups(views: list[SavedView]) -> list[Group]:
    groups = [
        Group(page.title, bool(page.path), [view for view in views if view.page == name])
        for name, page in sorted(PAGES.items(), key=lambda one: (*IN_ORDER, one[0]).index(one[0]))
    ]
    gone = Group("A page that is no more", alone=False, views=[view for view in views if view.page not in PAGES])
    return [group for group in (*groups, gone) if group.views]


def _title(view: SavedView) -> str:
    return PAGES[view.page].title if view.page in PAGES else "The page"


def _here(address: str) -> Here | None:
    """The page of ours that this is an address of, if it has views."""
    path, _, query = address.partition("?")
    page = page_at(path)
    return Here(page, path, address, shown_by(page, QueryDict(query))) if page else None


def _posted_from(request: MemberRequest) -> Here:
    here = _here(request.POST.get("from", ""))
    if here is None:
        raise Http404("There is no such page.")
    return here


def _answer(
    request: MemberRequest, here: Here | None, told: tuple[str, str] | None = None, typed: str = ""
) -> HttpResponseBase:
    """The views, and what is to be told: in the menu at once, on the page after it was loaded anew."""
    part = part_asked_for(request, MENU) if here else ""
    if told and not part:
        getattr(messages, told[0])(request, told[1])
        return HttpResponseRedirect(str(Address(reverse("saved-views"), {"from": [here.address] if here else []})))
    views = views_visible_to(request.user)
    context: dict[str, Any] = {
        "here": here,
        "part": part,
        "told": [told] if told else [(one.level_tag, str(one)) for one in get_messages(request)] if not part else [],
        "typed": typed,
        "viewer": request.user,
        "views": views,
        "groups": _groups(views),
        "defaults": defaults_of(request.user),
        "teams": teams_of(request.user),
        "longest": LONGEST_NAME,
    }
    if not part:
        context["frame"] = frame(request, catalogs_visible_to(request.user), timezone.now())
    return render_page(request, "saved_views/list.html", context, part)
