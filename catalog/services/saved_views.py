"""Views of pages that people keep by name: save, update and delete them, who sees which, and which a page opens with.

Mistakes are ValidationErrors by field, for the person who made them.
"""

from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q

from catalog.models import DefaultView
from catalog.models import SavedView as SavedView  # pages name the type
from catalog.models.kept import Sharing
from catalog.services.catalogs import Viewer
from catalog.services.kept import check_room, keep, one_name, share, share_with


class Defaults(NamedTuple):
    """The views that pages open with, by their ids: a person's own choice, and those for everybody."""

    own: frozenset[int]
    for_all: frozenset[int]


def views_visible_to(viewer: User) -> list[SavedView]:
    """The views that ``viewer`` may see, by name, with their owners and teams."""
    return list(SavedView.objects.visible_to(viewer).select_related("owner", "team"))


def view_visible_to(viewer: User, pk: int) -> SavedView | None:
    """The view ``pk``, if ``viewer`` may see it."""
    return SavedView.objects.visible_to(viewer).select_related("owner", "team").filter(pk=pk).first()


def defaults_of(viewer: User) -> Defaults:
    """What pages open with for ``viewer``, as far as they may see it is for the pages to say."""
    found = DefaultView.objects.filter(Q(user=viewer) | Q(user=None, view__owner__is_staff=True))
    rows = list(found.values_list("user", "view"))
    own = frozenset(view for user, view in rows if user is not None)
    return Defaults(own, frozenset(view for user, view in rows if user is None))


def default_view(viewer: Viewer, page: str) -> SavedView | None:
    """The view that ``page`` opens with: the viewer's own choice or else everybody's. One query, none for nobody.

    One that the viewer may not see any more is none; nor is one for everybody whose owner is no longer staff.
    """
    if not viewer.is_authenticated:
        return None
    chosen = Q(defaults__user=viewer.pk) | Q(defaults__user=None, defaults__isnull=False, owner__is_staff=True)
    own_first = F("defaults__user").asc(nulls_last=True)
    return SavedView.objects.visible_to(viewer).filter(chosen, page=page).order_by(own_first).first()


@transaction.atomic
def view_save(
    *,
    owner: User,
    page: str,
    name: str,
    query: str,
    sharing: str = Sharing.NOBODY,
    team: str = "",
    default: bool = False,
) -> SavedView:
    """Keep what ``page`` shows by this ``query`` under a new name; ``default`` opens the page with it from now on."""
    view = SavedView(owner=owner, page=page, name=one_name(name), query=query)
    view.clean_fields()  # first, as PostgreSQL cannot be asked for every name
    share_with(view, sharing, team)
    check_room(SavedView, owner)
    keep(view)
    if default:
        default_set(owner, view)
    return view


def view_update(view: SavedView, query: str) -> None:
    """Let it hold what is shown now."""
    view.query = query
    keep(view, "query")


@transaction.atomic
def view_share(view: SavedView, sharing: str, team: str = "") -> None:
    """Share it as `kept.share` does. What is not everybody's any more is nobody's default but by their own choice."""
    share(view, sharing, team)
    if sharing != Sharing.MEMBERS:
        default_for_all_unset(view)


def view_delete(view: SavedView) -> None:
    """Keep it no longer, as nobody's default either."""
    view.delete()


def default_set(user: User, view: SavedView) -> None:
    """Open the page of ``view`` with it for ``user``."""
    DefaultView.objects.update_or_create(user=user, page=view.page, defaults={"view": view})


def default_unset(user: User, view: SavedView) -> None:
    """Let it no longer be what its page opens with for ``user``."""
    DefaultView.objects.filter(user=user, view=view).delete()


def default_for_all_set(user: User, view: SavedView) -> None:
    """Open the page of ``view`` with it for everybody who has not chosen for themselves.

    Raises PermissionDenied unless it is the own view, shared with everyone, of somebody who is staff: whoever it is
    that may change the view decides what everybody sees.
    """
    if not user.is_staff or view.owner_id != user.pk or view.sharing != Sharing.MEMBERS:
        raise PermissionDenied
    DefaultView.objects.update_or_create(user=None, page=view.page, defaults={"view": view})


def default_for_all_unset(view: SavedView) -> None:
    """Let it no longer be what its page opens with for everybody."""
    DefaultView.objects.filter(user=None, view=view).delete()
