"""The link of one offer to a family: what its names say together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from catalog.matching.claims import Names, ids_of
from catalog.matching.families import Known, find
from catalog.matching.names import normalised
from catalog.matching.nearly import nearly
from catalog.matching.resolve import Reading, read, suggestions
from catalog.matching.rules import Rule
from catalog.matching.titles import titled


class State(StrEnum):
    """How sure a link is. Only the first three have a family."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    MANUAL = "manual"
    CONFLICT = "conflict"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"


class Evidence(NamedTuple):
    """What one name of the offer says; ``role`` is ``upstream``, ``key`` or ``title``."""

    role: str
    raw: str
    family: str | None
    rule: Rule


class Match(NamedTuple):
    """An offer's link. Families are slugs ``vendor/name``; the package's docstring says more.

    ``name`` is the normalised name that decided, or would: an alias filed under it settles this offer, except in a
    conflict, which is settled for the offer itself. ``snapshot`` is YYYYMMDD.
    """

    family: str | None
    state: State
    rule: Rule
    name: str
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    variant: str = ""
    region: str = ""
    snapshot: str = ""
    alias: bool = False


def match_all(
    offers: Iterable[Names], *, kept: Iterable[str] = (), aliases: Mapping[str, str | None] | None = None
) -> list[Match]:
    """Match all offers among each other, in their order. 10,000 take well under a second."""
    offers = list(offers)
    known = find(offers, kept=kept, aliases=aliases)
    return [match(offer, known) for offer in offers]


def match(offer: Names, known: Known) -> Match:
    """Link one offer. Upstream ids come before the key; the title only suggests."""
    readings = [(role, read(raw, offer.provider, known)) for role, raw in ids_of(offer)]
    evidence = tuple(Evidence(role, one.name.raw, one.family, one.rule) for role, one in readings)
    decided = _together([one for _, one in readings])
    names = [one.name for _, one in readings]
    hints: set[str] = set()
    if decided.family is None and decided.state != State.MANUAL:
        said, from_title = titled(offer.title, offer.provider, known)
        evidence += (Evidence("title", offer.title, said, Rule.NAME),) if said else ()
        hints = {*from_title, *(slug for name in names for slug in suggestions(name, known))}
    alias = any(name.alias for name in names)
    if alias:
        hints.update(slug for name in names for slug in suggestions(name, known))
    served = dict.fromkeys(word for _, one in readings for word in (one.name.variant, one.variant) if word)
    return decided._replace(
        evidence=evidence,
        suggestions=tuple(sorted(hints - {decided.family or "", *decided.candidates})),
        variant=" ".join(served),
        region=next((name.region for name in names[::-1] if name.region), ""),
        snapshot=next((name.snapshot for name in names[::-1] if name.snapshot), ""),
        alias=alias,
    )


def snapshots_fit(one: str, other: str) -> bool | None:
    """Tell whether two offers are of one snapshot; None if only one of them states it."""
    return one == other if bool(one) == bool(other) else None


def _together(readings: list[Reading]) -> Match:
    """What the ids say together, the most telling first. A moving name gives way to one that stays."""
    if not readings:
        return Match(None, State.UNMATCHED, Rule.UNKNOWN, "")
    steady = [one for one in readings if not one.name.alias and (one.family or one.settled)]
    told = steady or [one for one in readings if one.family or one.settled]
    if not told:
        first = next((one for one in readings if one.candidates), readings[0])
        state = State.AMBIGUOUS if first.candidates else State.UNMATCHED
        return Match(None, state, first.rule, normalised(first.name.raw), candidates=first.candidates)
    first = told[0]
    name = normalised(first.name.raw)
    families = tuple(dict.fromkeys(one.family for one in told if one.family))
    if len(families) > 1:
        one_vendor = len({family.partition("/")[0] for family in families}) == 1
        if any(one.settled for one in told) or not (one_vendor and nearly(one.name.key for one in told)):
            return Match(None, State.CONFLICT, Rule.IDS_DIFFER, name, candidates=families)
        votes = Counter(one.family for one in told)
        best = max((one for one in told if one.family), key=lambda one: (one.sellers, votes[one.family]))
        others = tuple(family for family in families if family != best.family)
        return Match(best.family, State.PROBABLE, Rule.NEARLY, normalised(best.name.raw), candidates=others)
    if first.settled:
        return Match(first.family, State.MANUAL, Rule.REVIEWED, name)
    best = next((one for one in told if one.sure), first)
    return Match(best.family, State.CERTAIN if best.sure else State.PROBABLE, best.rule, name)
