"""Which families had been merged into which, now or as it was known at a moment."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from catalog.models import Family, Review
from catalog.services.families import families_named


class Merged(NamedTuple):
    """Families by id: those that were merged or that others were merged into, and where each of them went (by id)."""

    families: dict[int, Family]
    into: dict[int, int]


def merged_at(moment: datetime | None, slug: str = "") -> Merged:
    """All that had been merged at ``moment`` (None: now), and beside it the family of this slug if there is one.

    One query; for a moment one more, and two where somebody has merged or parted families since.
    """
    found = Family.objects.filter(Q(slug=slug) | Q(merged_into__isnull=False)).select_related("merged_into")
    families = {family.pk: family for one in found for family in (one.merged_into, one) if family}
    merged = Merged(families, {pk: one.merged_into_id for pk, one in families.items() if one.merged_into_id})
    if moment is not None:
        _take_back(merged, moment)
    return merged


def _take_back(merged: Merged, moment: datetime) -> None:
    """Let merges be as they were before what people have decided and undone after ``moment``."""
    reviews = Review.objects.filter(Q(at__gt=moment) | Q(undone_at__gt=moment)).exclude(after__merges={})
    steps = []
    for at, undone_at, before, after in reviews.values_list("at", "undone_at", "before", "after"):
        if at > moment:
            steps.append((at, before["merges"]))
        if undone_at and undone_at > moment:
            steps.append((undone_at, after["merges"]))
    if not steps:
        return
    steps.sort(key=lambda step: step[0], reverse=True)
    slugs = {slug for _, stood in steps for own, said in stood.items() for slug in (own, *said)}
    named = families_named(slugs)
    merged.families.update({family.pk: family for family in named.values()})
    for _, stood in steps:
        for slug, said in stood.items():
            merged.into.pop(named[slug].pk, None)
            if said:
                merged.into[named[slug].pk] = named[said[0]].pk
