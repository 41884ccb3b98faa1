"""Families by the slugs that people write, addresses keep, and decisions were written down with."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef

from catalog.models import Family, Link
from catalog.models.family import LONGEST
from catalog.sync.families import identity


def families_named(slugs: Collection[str]) -> dict[str, Family]:
    """The families that these slugs name, by the slug as it is given; two queries at most.

    The one that is spelled so, else one of that vendor and key: before others one with offers, then one that was not
    merged.
    """
    slugs = [slug for slug in slugs if "\0" not in slug and len(slug) <= LONGEST]  # PostgreSQL has no text with it
    found = {family.slug: family for family in Family.objects.filter(slug__in=slugs)}
    others = {slug: identity(slug) for slug in slugs if slug not in found}
    if others:
        current = Exists(Link.objects.filter(family=OuterRef("pk"), valid_to=None))
        rows = Family.objects.filter(vendor__in={vendor for vendor, _ in others.values()})
        rows = rows.order_by(current, F("merged_into").desc(nulls_last=True))
        known = {identity(family.slug): family for family in rows}  # the last one of each stays
        found |= {slug: known[pair] for slug, pair in others.items() if pair in known}
    return found
