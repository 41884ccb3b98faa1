"""What people decided of offers, laid over what the rules say of them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalog.matching import Match, Rule, State, trail
from catalog.models import Alias, Assignment, Family, Link


class Decided(NamedTuple):
    """Families by slug: of offers (by id), of normalised names, and where merged ones went. None is "no model"."""

    assigned: Mapping[int, str | None]
    aliases: Mapping[str, str | None]
    merged: Mapping[str, str]

    @property
    def kept(self) -> set[str]:
        """Families that stay, as they are spelled, for what people said of them; those of aliases do anyway."""
        return {slug for slug in self.assigned.values() if slug} | self.merged.keys() | set(self.merged.values())

    def over(self, found: Match, offer: int, link: Link | None) -> Match:
        """The match that stands for this offer, whose current ``link`` may have been reviewed."""
        if offer in self.assigned:
            return _reviewed(found, self.assigned[offer])
        if link and self._stays(link, found):
            return _reviewed(found, self.aliases[link.name])._replace(name=link.name, candidates=())
        ends = {trail(slug, self.merged)[-1] for slug in found.candidates}
        if found.state == State.CONFLICT and len(ends) == 1:
            return _reviewed(found, ends.pop())._replace(candidates=())
        return found

    def _stays(self, link: Link, found: Match) -> bool:
        """Whether what a person decided by name still holds for the offer: it is called as it was then.

        What others are called since may tell the rules something of its other names; a reviewed link does not move
        for that. It does when people have decided differently of two of its names.
        """
        return (
            link.state == State.MANUAL
            and link.name in self.aliases
            and len({one.family for one in found.evidence if one.rule == Rule.REVIEWED}) == 1
            and _ids(link.evidence) == _ids(found.evidence)
        )


def all_decided() -> Decided:
    """Everything that people have decided. Three queries."""
    merged = Family.objects.exclude(merged_into=None).values_list("slug", "merged_into__slug")
    return Decided(
        dict(Assignment.objects.values_list("offer_id", "family__slug")),
        dict(Alias.objects.values_list("name", "family__slug")),
        dict(merged),
    )


def _reviewed(found: Match, family: str | None) -> Match:
    return found._replace(family=family, state=State.MANUAL, rule=Rule.REVIEWED)


def _ids(evidence: Iterable[Iterable[str | None]]) -> list[list[str | None]]:
    return [[role, raw] for role, raw, _, _ in evidence if role != "title"]
