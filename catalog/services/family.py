"""One model across catalogs: which offers are of a family, now or at a moment, and by what it may be told of.

What a viewer learns of a family comes from the links of offers in their catalogs alone. Its title, and what else was
merged into it or decided about it, may come from a catalog that they must not see.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.matching import normalised, trail
from catalog.matching.vendor_names import VENDOR_NAMES
from catalog.models import Alias, Family, Link
from catalog.services.catalogs import Catalogs, known_at
from catalog.services.families import families_named
from catalog.services.merged import Merged, merged_at


class Seen(NamedTuple):
    """A family that an offer in sight is or was of.

    ``ids`` are its own and those of families merged into it, ``links`` what led from offers in sight to any of them,
    the latest first, ``merged`` the slugs of those among them that such an offer was of.
    """

    slug: str
    vendor: str
    name: str
    ids: frozenset[int]
    links: Sequence[Link]
    merged: Sequence[str]

    def links_at(self, moment: datetime | None) -> list[Link]:
        """The links that held at ``moment``, now for None."""
        return [link for link in self.links if holds(link, moment)]

    def offers_at(self, moment: datetime | None) -> list[int]:
        """The ids of the offers that were of the family at ``moment``, now for None."""
        return [link.offer_id for link in self.links_at(moment)]


class Called(NamedTuple):
    """What an offer calls the model; ``apart``: it is a variant, a region, a snapshot or a moving name of it."""

    name: str
    provider: str
    provider_name: str
    apart: bool


def holds(link: Link, moment: datetime | None) -> bool:
    """Whether the link held at ``moment``, now for None."""
    if moment is None:
        return link.valid_to is None
    return link.valid_from <= moment and (link.valid_to is None or link.valid_to > moment)


def family_seen(slug: str, catalogs: Catalogs) -> Seen | None:
    """The family of this slug, or what it was merged into, as far as these catalogs tell. A query beside `merged_at`.

    Where no family is spelled so, another spelling of it is looked for: two queries more. None where no offer in these
    catalogs is or was of it: whether there is such a family is then not to be told.
    """
    if "\0" in slug:  # PostgreSQL has no text with it
        return None
    merged = merged_at(known_at(catalogs), slug)
    asked = next((family for family in merged.families.values() if family.slug == slug), None)
    asked = asked or families_named([slug]).get(slug)
    if asked is None:
        return None
    sight = _sight([asked], merged, catalogs)
    if asked.slug not in sight.told:
        return None
    end = sight.end_of(asked.pk)
    members = {pk: family.slug for pk, family in sight.families.items() if sight.end_of(pk) == end}
    links = [link for link in sight.links if link.family_id in members]
    gone = sorted(sight.told.intersection(members.values()) - {end.slug})
    return Seen(end.slug, end.vendor, end.name, frozenset(members), links, gone)


def ends_seen(families: Iterable[Family], catalogs: Catalogs) -> dict[int, Family]:
    """What each of these families (by id) is by now, as far as these catalogs tell.

    Two queries if one was merged; of catalogs as known at a moment one beside `merged_at`.
    """
    asked = {family.pk: family for family in families}
    moment = known_at(catalogs)
    if moment is None and all(family.merged_into_id is None for family in asked.values()):
        return asked
    merged = merged_at(moment)
    if merged.into.keys().isdisjoint(asked):
        return asked
    sight = _sight(asked.values(), merged, catalogs)
    return {pk: sight.end_of(pk) for pk in asked}


class _Sight(NamedTuple):
    """Families (by id) with all that was merged into the same ones, and where each of them went.

    ``links`` led from offers in sight to any of them, the latest first; ``told`` are the slugs that those tell of. Of
    catalogs as known at a moment they are those that there were by then, without what explains them.
    """

    families: Mapping[int, Family]
    into: Mapping[int, int]
    links: Sequence[Link]
    told: set[str]

    def end_of(self, pk: int) -> Family:
        """The last one on its way that is told of: where it went from there may be known from elsewhere alone."""
        way = [self.families[one] for one in trail(pk, self.into)]
        return next((family for family in reversed(way) if family.slug in self.told), way[0])


def _sight(asked: Iterable[Family], merged: Merged, catalogs: Catalogs) -> _Sight:
    known = merged.families | {family.pk: family for family in asked}
    ends = {trail(family.pk, merged.into)[-1] for family in asked}
    families = {pk: family for pk, family in known.items() if trail(pk, merged.into)[-1] in ends}
    found = Link.objects.filter(family__in=families, offer__catalog__in=[catalog.pk for catalog in catalogs])
    moment = known_at(catalogs)
    if moment:
        found = found.filter(valid_from__lte=moment, offer__first_seen_at__lte=moment)
    links = list(found.select_related("offer", "family").order_by("-valid_from", "offer__ref", "offer"))
    if moment:
        for link in links:  # both are brought up to date in place, so nobody knows what they were
            link.name, link.evidence = "", []
    told = {link.family.slug for link in links if link.family}
    told |= {named for link in links for _, _, named, _ in link.evidence if named}
    return _Sight(families, merged.into, links, told)


def family_spelled(slug: str, catalogs: Catalogs) -> str | None:
    """The slug that ``slug`` is but for capitals, of a family that these catalogs tell of; None for no such family."""
    if "\0" in slug:
        return None
    others = Family.objects.filter(slug__iexact=slug).exclude(slug=slug).values_list("slug", flat=True)
    return next((other for other in others if family_seen(other, catalogs)), None)


def link_of(offer: int, catalogs: Catalogs, moment: datetime | None = None) -> Link | None:
    """The link that this offer of these catalogs had at ``moment``, now for None. One query."""
    links = Link.objects.filter(offer=offer, offer__catalog__in=[catalog.pk for catalog in catalogs])
    return next((link for link in links.select_related("family") if holds(link, moment)), None)


def aliases_of(seen: Seen) -> list[str]:
    """The names that a person said stand for the family, of those that offers in sight have. One query, none without.

    As known at a moment there are none: since when a name stands for a family is not on record.
    """
    names = {link.name for link in seen.links if link.name}
    names |= {normalised(name) for link in seen.links for role, name, _, _ in link.evidence if role != "title"}
    if not names:
        return []
    found = Alias.objects.filter(family__in=seen.ids, name__in=names).order_by("name")
    return list(found.values_list("name", flat=True))


def vendor_name(vendor: str, providers: Mapping[str, str]) -> str:
    """What to call a vendor; ``providers`` are the names of providers by slug."""
    return VENDOR_NAMES.get(vendor) or providers.get(vendor) or vendor


def title_of(vendor: str, name: str, offers: Iterable[Called]) -> str:
    """What most of these offers call it, those of its vendor and plain ones first; ``name`` where there are none."""
    counted: Counter[str] = Counter()
    for one in offers:
        counted[_without_seller(one)] += 1 + 10 * (not one.apart) + 1_000 * (not one.apart and one.provider == vendor)
    return min(counted, key=lambda title: (-counted[title], title), default=name)


def _without_seller(one: Called) -> str:
    """Its name without who sells it in front: ``OpenAI: GPT-4o`` at OpenRouter, ``azure/gpt-4o`` at LiteLLM."""
    name = one.name.removeprefix(f"{one.provider_name}: ") if one.provider_name else one.name
    return name if " " in name else name.rpartition("/")[2] or name
