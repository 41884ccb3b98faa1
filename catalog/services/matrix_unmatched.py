"""The offers that the catalog matrix leaves out because they are of no family: why, and what their names say."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from catalog.filters import OfferFilter
from catalog.matching import Rule, State
from catalog.models import Family, Link, Rate
from catalog.services.catalogs import Catalogs, known_at
from catalog.services.matrix import LINK, Measure, Price, priced, without_family
from catalog.services.whole import CHUNK, chunks, little_memory

UNMATCHED = (State.UNMATCHED.value, State.AMBIGUOUS.value, State.MANUAL.value)
"""States of a link without a family that are no conflict; a manual one says that a person saw none."""
CONFLICTS = (State.CONFLICT.value,)
ROLES = {"upstream": "id at the vendor", "key": "key", "title": "name"}
FIELDS = ("offer_id", "catalog_id", "ref", "name", "provider_name")
OF_LINK = ("state", "rule", "evidence", "candidates", "suggestions")


class Says(NamedTuple):
    """What one name of an offer says: the slug of the family that it leads to, or "", and the rule in a sentence."""

    role: str
    name: str
    family: str
    sentence: str


class Unmatched(NamedTuple):
    """An offer without a family: the sentence that says why, what its names say, and the slugs of what it might be.

    ``blended`` is its one price for all tokens, in pico-dollars, if it has one.
    """

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider_name: str
    price: Price
    price_state: str
    blended: int | None
    state: State
    why: str
    evidence: Sequence[Says]
    maybe: Sequence[str]


def unmatched(
    offers: OfferFilter, visible: Catalogs, measure: Measure, states: Sequence[str], start: int, stop: int
) -> list[Unmatched]:
    """Offers ``start`` to ``stop`` of those without a family in these states, by name. Three queries.

    Families that none of the ``visible`` catalogs has are left out: their names come from catalogs out of sight.
    """
    return _told(list(_rows(offers, measure, states)[start:stop]), visible)


def every_unmatched(
    offers: OfferFilter, visible: Catalogs, measure: Measure, states: Sequence[str]
) -> Iterator[Unmatched]:
    """All of them, read in one statement; two more for each chunk of it tell which families are visible."""
    with little_memory():
        for rows in chunks(_rows(offers, measure, states).iterator(CHUNK)):
            yield from _told(rows, visible)


def _rows(offers: OfferFilter, measure: Measure, states: Sequence[str]) -> QuerySet[Rate, tuple[Any, ...]]:
    every, price = priced(offers, measure)
    rates = without_family(every, offers.moment).filter(**{f"{LINK}__state__in": states})
    fields = {
        "worth": price,
        "found_state": F(offers.column("price_state")),
        "flat": F(offers.column("blended")),
        **{f"link_{name}": F(f"{LINK}__{name}") for name in OF_LINK},
    }
    return rates.order_by("sort_name", "pk").annotate(**fields).values_list(*FIELDS, *fields)


def _told(rows: Sequence[tuple[Any, ...]], visible: Catalogs) -> list[Unmatched]:
    if known_at(visible):  # what explains a link is brought up to date in place, so nobody knows what it was
        rows = [(*row[:-3], [], [], []) for row in rows]
    seen = _seen({slug for row in rows for slug in _named(*row[-3:])}, visible)
    return [_made(row, seen) for row in rows]


def _named(evidence: Any, candidates: Any, suggestions: Any) -> Iterable[str]:
    return [*(family for _, _, family, _ in evidence if family), *candidates, *suggestions]


def _seen(slugs: set[str], visible: Catalogs) -> set[str]:
    """Those of the families that an offer of these catalogs is of."""
    families = dict(Family.objects.filter(slug__in=slugs).values_list("pk", "slug")) if slugs else {}
    own = Link.objects.filter(family__in=families, offer__catalog__in=[one.pk for one in visible], valid_to=None)
    return {families[pk] for pk in own.values_list("family", flat=True).distinct()}


def _made(row: tuple[Any, ...], seen: set[str]) -> Unmatched:
    *about, state, rule, evidence, candidates, suggestions = row
    says = [
        Says(ROLES.get(role, role), name, family if family in seen else "", Rule(reason).sentence)
        for role, name, family, reason in evidence
    ]
    maybe = [slug for slug in dict.fromkeys([*candidates, *suggestions]) if slug in seen]
    return Unmatched._make((*about, State(state), Rule(rule).sentence, says, maybe))
