"""Workloads that people keep by name: save them, and who sees which. The rest is as with all that people keep."""

from django.contrib.auth.models import User
from django.db import transaction

from catalog.models import SavedWorkload as SavedWorkload  # pages name the type
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Viewer
from catalog.services.kept import check_room, keep, one_name

NUMBERS = ("requests", "prompt", "cached_read", "cache_written", "output", "mode")


def workloads_visible_to(viewer: Viewer) -> list[SavedWorkload]:
    """The saved workloads that ``viewer`` may see, by name, with their owners and teams. No query for nobody."""
    if not viewer.is_authenticated:
        return []
    return list(SavedWorkload.objects.visible_to(viewer).select_related("owner", "team"))


@transaction.atomic
def workload_save(*, owner: User, name: str, workload: Workload) -> tuple[SavedWorkload, bool]:
    """Keep a workload under this name, and whether the name is new: one that the owner has gets the new numbers."""
    new = SavedWorkload(owner=owner, name=one_name(name))
    for field in NUMBERS:
        setattr(new, field, getattr(workload, field))
    new.clean_fields()  # first, as PostgreSQL cannot be asked for every name
    saved = SavedWorkload.objects.select_for_update().filter(owner=owner, name=new.name).first()
    added = saved is None
    if saved is None:
        check_room(SavedWorkload, owner)
        saved = new
    for field in NUMBERS:
        setattr(saved, field, getattr(workload, field))
    keep(saved)
    return saved, added
