"""Decisions of people about names, offers and families: let them stand, write them down, undo them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from catalog.matching import trail
from catalog.models import Alias, Assignment, Family, Offer, Review
from catalog.models.family import LONGEST_TITLE
from catalog.services.families import families_named
from catalog.sync.families import tell_of
from catalog.sync.links import link_offers, lock_links
from catalog.sync.moment import writing

Said = list[str | None]
"""What was decided: the family's slug or None in a list; an empty list where nobody decided."""


class Impossible(Exception):
    """A decision that cannot be taken; the text says why."""


@dataclass
class Decisions:
    """What shall stand: aliases by normalised name, assignments by offer id, merges by the slug that goes."""

    aliases: dict[str, Said] = field(default_factory=dict)
    assignments: dict[int, Said] = field(default_factory=dict)
    merges: dict[str, Said] = field(default_factory=dict)


@transaction.atomic
def decide(wanted: Decisions, action: str, by: AbstractBaseUser | None, *, new: str = "") -> Review:
    """Let ``wanted`` stand, link all offers anew, write it down under ``action`` (a few words). Raises Impossible.

    ``new`` is the slug of a family that there must not be yet.
    """
    now = writing()
    lock_links()
    if new and (known := families_named([new])):
        raise Impossible(f"There is a family {known[new]} already. Assign the offers to it instead.")
    wanted = _as_spelled(wanted)
    before = _standing(wanted)
    _apply(wanted)
    _link(now, before, wanted)
    return Review.objects.create(
        action=action[:200], by_id=by.pk if by else None, at=now, before=_json(before), after=_json(wanted)
    )


def undo(review: Review, by: AbstractBaseUser | None) -> None:
    """Let stand what stood before the decision. Raises Impossible if somebody has decided otherwise since.

    Offers that are gone with their catalog are left out.
    """
    for problem in undo_all([review], by).values():
        raise Impossible(problem)


@transaction.atomic
def undo_all(reviews: Sequence[Review], by: AbstractBaseUser | None) -> dict[int, str]:
    """Undo these decisions in this order and link all offers anew, once; by review id, why one could not be undone."""
    now = writing()
    lock_links()
    undone, problems = [], {}
    for review in reviews:
        try:
            with transaction.atomic():
                undone.append(_undo(review.pk, by, now))
        except Impossible as error:
            problems[review.pk] = str(error)
    if undone:
        stood, stand = (_together(decisions) for decisions in zip(*undone, strict=True))
        _link(now, stood, stand)
    return problems


def _undo(pk: int, by: AbstractBaseUser | None, now: datetime) -> tuple[Decisions, Decisions]:
    """Let stand what stood before this decision: what it decided, and what stands again."""
    review = Review.objects.select_for_update().get(pk=pk)
    if review.undone_at:
        raise Impossible("This decision was undone already.")
    before, after = (_as_spelled(_decisions(stored)) for stored in (review.before, review.after))
    if _standing(after) != after:
        raise Impossible("Somebody has decided otherwise since. Undo that decision first.")
    _apply(before)
    review.undone_at = now
    review.undone_by_id = by.pk if by else None
    review.save(update_fields=["undone_at", "undone_by"])
    return after, before


def _link(now: datetime, stood: Decisions, stand: Decisions) -> None:
    """Link all offers anew; pages of catalogs that only had offers of what was merged change too."""
    link_offers(now, afresh=stand.assignments)
    slugs = {slug for one in (stood, stand) for slug in [*one.merges, *_slugs(one.merges.values())]}
    if slugs:
        merged = Q(merged_into__isnull=False) | Q(slug__in=slugs)
        rows = list(Family.objects.filter(merged).values_list("pk", "slug", "merged_into_id"))
        into = {pk: end for pk, _, end in rows if end}
        named = {pk for pk, slug, _ in rows if slug in slugs}
        ways = (trail(pk, into) for pk, _, _ in rows)
        tell_of({pk for way in ways if not named.isdisjoint(way) for pk in way})


def _together(several: Iterable[Decisions]) -> Decisions:
    made = Decisions()
    for one in several:
        made.aliases.update(one.aliases)
        made.assignments.update(one.assignments)
        made.merges.update(one.merges)
    return made


def _standing(decisions: Decisions) -> Decisions:
    """What stands now of all that these decisions touch."""
    aliases = {alias.name: alias for alias in Alias.objects.filter(name__in=decisions.aliases).select_related("family")}
    assigned = Assignment.objects.filter(offer__in=decisions.assignments).select_related("family")
    assignments = {one.offer_id: one for one in assigned}
    families = Family.objects.filter(slug__in=decisions.merges).select_related("merged_into")
    merges = {family.slug: family.merged_into for family in families}
    return Decisions(
        {name: _said(aliases.get(name)) for name in decisions.aliases},
        {offer: _said(assignments.get(offer)) for offer in decisions.assignments},
        {slug: [into.slug] if (into := merges.get(slug)) else [] for slug in decisions.merges},
    )


def _said(decision: Alias | Assignment | None) -> Said:
    return [] if decision is None else [decision.family.slug if decision.family else None]


def _apply(decisions: Decisions) -> None:
    families = {slug: _family(slug) for slug in sorted(_named(decisions))}
    Alias.objects.filter(name__in=decisions.aliases).delete()
    Alias.objects.bulk_create(
        Alias(name=name, family=_found(said, families)) for name, said in decisions.aliases.items() if said
    )
    Assignment.objects.filter(offer__in=decisions.assignments).delete()
    Assignment.objects.bulk_create(
        Assignment(offer_id=offer, family=_found(said, families))
        for offer, said in decisions.assignments.items()
        if said
    )
    merged = dict(Family.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    for slug, said in decisions.merges.items():
        family, into = families[slug], _found(said, families)
        merged.pop(family.pk, None)
        if into:
            if family.pk in trail(into.pk, merged):
                raise Impossible(f"{into} was merged into {slug} before. Undo that first.")
            merged[family.pk] = into.pk
        family.merged_into = into
        family.save(update_fields=["merged_into"])


def _found(said: Said, families: Mapping[str, Family]) -> Family | None:
    return families[said[0]] if said and said[0] else None


def _slugs(every: Iterable[Said]) -> set[str]:
    return {slug for said in every for slug in said if slug}


def _named(decisions: Decisions) -> set[str]:
    """The slugs of all families that they are about."""
    told = (*decisions.aliases.values(), *decisions.assignments.values(), *decisions.merges.values())
    return _slugs(told) | decisions.merges.keys()


def _as_spelled(decisions: Decisions) -> Decisions:
    """The same, with every family as it is spelled by now."""
    spelled = {slug: family.slug for slug, family in families_named(_named(decisions)).items()}

    def said(one: Said) -> Said:
        return [slug and spelled.get(slug, slug) for slug in one]

    return Decisions(
        {name: said(one) for name, one in decisions.aliases.items()},
        {offer: said(one) for offer, one in decisions.assignments.items()},
        {spelled.get(slug, slug): said(one) for slug, one in decisions.merges.items()},
    )


def _family(slug: str) -> Family:
    vendor, _, name = slug.partition("/")
    return Family.objects.get_or_create(
        slug=slug, defaults={"vendor": vendor, "name": name, "title": name[:LONGEST_TITLE]}
    )[0]


def _json(decisions: Decisions) -> dict[str, Any]:
    return {"aliases": decisions.aliases, "assignments": decisions.assignments, "merges": decisions.merges}


def _decisions(stored: Mapping[str, Any]) -> Decisions:
    """Decisions as they were stored, but for offers that are gone. JSON has only text for keys."""
    there = Offer.objects.in_bulk([int(offer) for offer in stored["assignments"]])
    assignments = {int(offer): said for offer, said in stored["assignments"].items() if int(offer) in there}
    return Decisions(stored["aliases"], assignments, stored["merges"])
