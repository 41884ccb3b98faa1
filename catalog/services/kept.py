"""What people keep by name, whatever it is: whose it is, renaming and sharing it.

Mistakes are ValidationErrors by field, for the person who made them.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.models import SavedView, SavedWorkload
from catalog.models.kept import LONGEST_NAME, Sharing

__all__ = ["LONGEST_NAME", "Sharing"]  # pages name them
MOST_KEPT = 100
"""What one person may keep of a sort: more than a menu can be read through."""
K = TypeVar("K", SavedView, SavedWorkload)


def own_of(model: type[K], owner: User, pk: int) -> K | None:
    """What ``owner`` keeps under ``pk``; None for what is not their own: nobody else may change it."""
    return model.objects.filter(owner=owner, pk=pk).select_related("team").first()


def teams_of(user: User) -> list[Group]:
    """The teams that this person may share with: the groups they are in, by name."""
    return list(user.groups.order_by("name"))


def one_name(name: str) -> str:
    """The name as it is kept: without spaces around it or several in a row."""
    return " ".join(name.split())


def check_room(model: type[K], owner: User) -> None:
    """Raise ValidationError if ``owner`` keeps as many as one may."""
    if model.objects.filter(owner=owner).count() >= MOST_KEPT:
        noun = model._meta.verbose_name_plural or ""
        raise ValidationError({"name": f"You keep {MOST_KEPT} {noun} already: delete one first."})


def rename(one: SavedView | SavedWorkload, name: str) -> None:
    """Give it another name."""
    one.name = one_name(name)
    keep(one, "name")


def share(one: SavedView | SavedWorkload, sharing: str, team: str = "") -> None:
    """Share it with nobody, everyone who is signed in, or a team, by name, that its owner is in."""
    share_with(one, sharing, team)
    keep(one, "sharing", "team")


def share_with(one: SavedView | SavedWorkload, sharing: str, team: str) -> None:
    """Like `share`, but not yet stored."""
    chosen = None
    if sharing == Sharing.TEAM:
        chosen = next((own for own in teams_of(one.owner) if own.name == team), None)
        if chosen is None:
            raise ValidationError({"team": "Choose one of your teams."})
    one.sharing, one.team = sharing, chosen


def keep(one: SavedView | SavedWorkload, *fields: str) -> None:
    """Store it, or only these fields of it, if it can be."""
    one.full_clean()
    changed: Sequence[str] | None = [*fields, "changed_at"] if fields else None
    try:
        with transaction.atomic():
            one.save(update_fields=changed)
    except IntegrityError:  # two requests at once
        one.validate_constraints()
        raise
