"""What people decide about which model an offer is: every decision is written down, and can be undone.

A decision is about a name (an alias, for all offers that are called so), about one offer (an assignment), or about two
families (a merge). `decide` writes any of them, links all offers anew and keeps what stood before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from catalog.matching import family_called
from catalog.models import Alias, Assignment, Family, Link, Review
from catalog.sync.links import link_offers

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
    now = timezone.now()
    before = _standing(wanted)
    _apply(wanted)
    link_offers(now)
    return Review.objects.create(
        action=action[:200], by_id=by.pk if by else None, at=now, before=_json(before), after=_json(wanted)
    )


@transaction.atomic
def undo(review: Review, by: AbstractBaseUser | None) -> None:
    """Let stand what stood before the decision. Raises Impossible if somebody has decided otherwise since."""
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
    link_offers(review.undone_at)


def accept(links: Collection[Link], by: AbstractBaseUser | None) -> Review:
    """Let the families of these links stand, by name, so that they hold for every offer that is called so."""
    told: dict[str, Said] = {link.name: [link.family.slug] for link in links if link.family and link.name}
    if len(told) < len({link.name for link in links}) or not told:
        raise Impossible("Only a link that leads to a family can be accepted. Assign the others.")
    return decide(Decisions(aliases=told), f"Accepted {_names(told)}", by)


def reject(links: Collection[Link], by: AbstractBaseUser | None) -> Review:
    """Say of these offers that they are of no family that is known."""
    return decide(
        Decisions(assignments={link.offer_id: [None] for link in links}), f"Rejected {_names(_called(links))}", by
    )


def assign(links: Collection[Link], slug: str, by: AbstractBaseUser | None, *, by_name: bool = False) -> Review:
    """Say which family these offers are of, new or known; ``by_name``: and all others that are called so."""
    slug = _slug(slug)
    words = f"Assigned {_names(_called(links))} to {slug}"
    if by_name:
        return decide(Decisions(aliases={link.name: [slug] for link in links if link.name}), words, by)
    return decide(Decisions(assignments={link.offer_id: [slug] for link in links}), words, by)


def release(links: Collection[Link], by: AbstractBaseUser | None) -> Review:
    """Take back what people decided of these offers and of their names: the rules decide again."""
    wanted = Decisions({link.name: [] for link in links if link.name}, {link.offer_id: [] for link in links})
    return decide(wanted, f"Left {_names(_called(links))} to the rules", by)


def merge(slugs: Collection[str], into: str, by: AbstractBaseUser | None) -> Review:
    """Say that these families are the same model as ``into``."""
    into = _slug(into)
    going = [slug for slug in slugs if slug != into]
    if not going:
        raise Impossible("A family cannot be merged into itself.")
    return decide(Decisions(merges={slug: [into] for slug in going}), f"Merged {_names(going)} into {into}", by)


def split(links: Collection[Link], slug: str, by: AbstractBaseUser | None) -> Review:
    """Make a family of its own of these offers."""
    slug = _slug(slug)
    if Family.objects.filter(slug=slug).exists():
        raise Impossible(f"There is a family {slug} already. Assign the offers to it instead.")
    review = assign(links, slug, by)
    review.action = f"Split {_names(_called(links))} off as {slug}"[:200]
    review.save(update_fields=["action"])
    return review


def _slug(text: str) -> str:
    """The slug of the family that ``text`` names, as it is spelled if there is one. Raises Impossible."""
    vendor, slash, name = text.strip().partition("/")
    if not (vendor and slash and name) or "/" in name or any(char.isspace() for char in text.strip()):
        raise Impossible(f"“{text[:60]}” is no family: write vendor/name, such as openai/gpt-4.1.")
    family = family_called(text.strip())
    known = list(Family.objects.filter(vendor=family.vendor).values_list("slug", flat=True))
    return next((slug for slug in known if family_called(slug).key == family.key), family.slug)


def _called(links: Collection[Link]) -> list[str]:
    return [link.offer.ref for link in links]


def _names(names: Collection[str]) -> str:
    first = ", ".join([*dict.fromkeys(names)][:3])
    return first if len(names) <= 3 else f"{first} and {len(names) - 3:,} more"


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
    for slug, said in decisions.merges.items():
        into = _found(said, families)
        if into and _leads_to(into, families[slug]):
            raise Impossible(f"{into} was merged into {slug} before. Undo that first.")
        families[slug].merged_into = into
        families[slug].save(update_fields=["merged_into"])


def _found(said: Said, families: Mapping[str, Family]) -> Family | None:
    return families[said[0]] if said and said[0] else None


def _leads_to(family: Family, end: Family) -> bool:
    at: Family | None = family
    while at is not None:
        if at.pk == end.pk:
            return True
        at = at.merged_into
    return False


def _all(decisions: Decisions) -> list[Said]:
    return [*decisions.aliases.values(), *decisions.assignments.values(), *decisions.merges.values()]


def _family(slug: str) -> Family:
    vendor, _, name = slug.partition("/")
    return Family.objects.get_or_create(slug=slug, defaults={"vendor": vendor, "name": name, "title": name})[0]


def _json(decisions: Decisions) -> dict[str, Any]:
    return {"aliases": decisions.aliases, "assignments": decisions.assignments, "merges": decisions.merges}


def _decisions(stored: Mapping[str, Any]) -> Decisions:
    """Decisions as they were stored: JSON has only text for keys."""
    assignments = {int(offer): said for offer, said in stored["assignments"].items()}
    return Decisions(stored["aliases"], assignments, stored["merges"])
