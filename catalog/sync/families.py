"""The rows of families: new ones are made, and one whose vendor spells it otherwise by now is renamed.

A family is one vendor's model, whatever its spelling: `catalog.matching` compares families by vendor and key. So a row
keeps its links, its history and what people decided when its slug changes.
"""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import F

from catalog.matching import family_called, trail
from catalog.models import Catalog, Family, Link
from catalog.sync.states import BATCH, batches

Pair = tuple[str, str]


def identity(slug: str) -> Pair:
    """The vendor and key by which the family that ``slug`` names is known, however it is spelled."""
    family = family_called(slug)
    return family.vendor, family.key or slug


def stored_families(titles: Mapping[str, str]) -> dict[str, int]:
    """The id of each family by slug, merged ones followed to where they went; those in use have ``titles``."""
    rows = list(Family.objects.all())
    known = {family.slug: family for family in rows}
    renamed = _renamed(titles.keys() - known.keys(), (family for family in rows if family.slug not in titles))
    new = [_family(slug, title) for slug, title in sorted(titles.items()) if slug not in known | renamed]
    Family.objects.bulk_create(new, batch_size=BATCH)
    changed = [*renamed.values()]
    for slug, family in renamed.items():
        family.slug, (family.vendor, _, family.name) = slug, slug.rpartition("/")
    for slug, family in (known | renamed).items():
        if slug in titles and family.title != titles[slug]:
            family.title = titles[slug]
            changed.append(family)
    Family.objects.bulk_update(dict.fromkeys(changed), ["slug", "vendor", "name", "title"], batch_size=BATCH)
    tell_of([family.pk for family in renamed.values()])
    found = list(Family.objects.values_list("pk", "slug", "merged_into_id"))
    merged = {pk: into for pk, _, into in found if into}
    return {slug: trail(pk, merged)[-1] for pk, slug, _ in found}


def _renamed(slugs: Collection[str], unused: Iterable[Family]) -> dict[str, Family]:
    """Those of these new slugs under which a family goes by now that was spelled otherwise, with its row."""
    if not slugs:
        return {}
    rows = {identity(family.slug): family for family in unused}
    return {slug: rows[pair] for slug in slugs if (pair := identity(slug)) in rows}


def _family(slug: str, title: str) -> Family:
    vendor, _, name = slug.rpartition("/")
    return Family(slug=slug, vendor=vendor, name=name, title=title)


def tell_of(families: Collection[int]) -> None:
    """Let pages be drawn anew that show a catalog which has, or had, an offer of these families (ids)."""
    for part in batches(list(families)):
        catalogs = Link.objects.filter(family__in=part).values("offer__catalog")
        Catalog.objects.filter(pk__in=catalogs).update(links_version=F("links_version") + 1)
