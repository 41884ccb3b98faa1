"""Decisions of people about names, offers and families: let them stand, write them down, undo them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from catalog.matching import trail
from catalog.models import Alias, Assignment, Family, Offer, Review
from catalog.sync.links import link_offers, lock_links

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
def decide(wanted: Decisions, action: str, by: AbstractBaseUser | None) -> Review:
    """Let ``wanted`` stand, link all offers anew, write it down under ``action`` (a few words). Raises Impossible."""
    lock_links()
    now = timezone.now()
    before = _standing(wanted)
    _apply(wanted)
    link_offers(now, afresh=wanted.assignments)
    return Review.objects.create(
        action=action[:200], by_id=by.pk if by else None, at=now, before=_json(before), after=_json(wanted)
    )


@transaction.atomic
def undo(review: Review, by: AbstractBaseUser | None) -> None:
    """Let stand what stood before the decision. Raises Impossible if somebody has decided otherwise since.

    Offers that are gone with their catalog are left out.
    """
    lock_links()
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.undone_at:
        raise Impossible("This decision was undone already.")
    before, after = _decisions(review.before), _decisions(review.after)
    if _standing(after) != after:
        raise Impossible("Somebody has decided otherwise since. Undo that decision first.")
    _apply(before)
    review.undone_at = timezone.now()
    review.undone_by_id = by.pk if by else None
    review.save(update_fields=["undone_at", "undone_by"])
    link_offers(review.undone_at, afresh=before.assignments)


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
    slugs = {slug for said in _all(decisions) for slug in said if slug} | decisions.merges.keys()
    families = {slug: _family(slug) for slug in sorted(slugs)}
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


def _all(decisions: Decisions) -> list[Said]:
    return [*decisions.aliases.values(), *decisions.assignments.values(), *decisions.merges.values()]


def _family(slug: str) -> Family:
    vendor, _, name = slug.partition("/")
    return Family.objects.get_or_create(slug=slug, defaults={"vendor": vendor, "name": name, "title": name})[0]


def _json(decisions: Decisions) -> dict[str, Any]:
    return {"aliases": decisions.aliases, "assignments": decisions.assignments, "merges": decisions.merges}


def _decisions(stored: Mapping[str, Any]) -> Decisions:
    """Decisions as they were stored, but for offers that are gone. JSON has only text for keys."""
    there = Offer.objects.in_bulk([int(offer) for offer in stored["assignments"]])
    assignments = {int(offer): said for offer, said in stored["assignments"].items() if int(offer) in there}
    return Decisions(stored["aliases"], assignments, stored["merges"])
