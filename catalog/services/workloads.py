"""Workloads that people keep by name: save, rename, share, delete, and who sees which.

Mistakes are ValidationErrors by field, for the person who made them.
"""

from collections.abc import Sequence

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.models import SavedWorkload
from catalog.models.workload import LONGEST_NAME, Sharing
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Viewer

__all__ = ["LONGEST_NAME", "SavedWorkload", "Sharing"]  # pages name them
MOST_SAVED = 100
"""What one person may keep: more than a menu can be read through."""
NUMBERS = ("requests", "prompt", "cached_read", "cache_written", "output", "mode")


def workloads_visible_to(viewer: Viewer) -> list[SavedWorkload]:
    """The saved workloads that ``viewer`` may see, by name, with their owners and teams. No query for nobody."""
    if not viewer.is_authenticated:
        return []
    return list(SavedWorkload.objects.visible_to(viewer).select_related("owner", "team"))


def workload_of(owner: User, pk: int) -> SavedWorkload | None:
    """The saved workload ``pk`` if it is this person's own: nobody else may change it."""
    return SavedWorkload.objects.filter(owner=owner, pk=pk).select_related("team").first()


def teams_of(user: User) -> list[Group]:
    """The teams that this person may share with: the groups they are in, by name."""
    return list(user.groups.order_by("name"))


@transaction.atomic
def workload_save(*, owner: User, name: str, workload: Workload) -> tuple[SavedWorkload, bool]:
    """Keep a workload under this name, and whether the name is new: one that the owner has gets the new numbers."""
    new = SavedWorkload(owner=owner, name=" ".join(name.split()))
    for field in NUMBERS:
        setattr(new, field, getattr(workload, field))
    new.clean_fields()  # first, as PostgreSQL cannot be asked for every name
    saved = SavedWorkload.objects.select_for_update().filter(owner=owner, name=new.name).first()
    added = saved is None
    if saved is None:
        if SavedWorkload.objects.filter(owner=owner).count() >= MOST_SAVED:
            raise ValidationError({"name": f"You keep {MOST_SAVED} workloads already: delete one first."})
        saved = new
    for field in NUMBERS:
        setattr(saved, field, getattr(workload, field))
    _keep(saved)
    return saved, added


def workload_rename(saved: SavedWorkload, name: str) -> None:
    """Give it another name."""
    saved.name = " ".join(name.split())
    _keep(saved, "name")


def workload_share(saved: SavedWorkload, sharing: str, team: str = "") -> None:
    """Share it with nobody, everyone who is signed in, or a team, by name, that its owner is in."""
    chosen = None
    if sharing == Sharing.TEAM:
        chosen = next((own for own in teams_of(saved.owner) if own.name == team), None)
        if chosen is None:
            raise ValidationError({"team": "Choose one of your teams."})
    saved.sharing, saved.team = sharing, chosen
    _keep(saved, "sharing", "team")


def workload_delete(saved: SavedWorkload) -> None:
    """Keep it no longer."""
    saved.delete()


def _keep(saved: SavedWorkload, *fields: str) -> None:
    saved.full_clean()
    changed: Sequence[str] | None = [*fields, "changed_at"] if fields else None
    try:
        with transaction.atomic():
            saved.save(update_fields=changed)
    except IntegrityError:  # two requests at once
        raise ValidationError({"name": "Another workload has this name already."}) from None
