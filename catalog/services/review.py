"""What a person looks at before deciding which model an offer is: what its names say, and the figures side by side."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Length

from catalog.matching import Rule, trail
from catalog.models import Family, Link, Rate
from catalog.models.rate import RateQuerySet
from catalog.models.search import MOST_WORDS
from catalog.pricing.rates import MEANT, STANDARD
from catalog.services.matrix_unmatched import ROLES, Says

COMPARED = ("context_tokens", "input", "output")
MOST_CHOICES = 6
MOST_FOUND = 20
Range = tuple[int, int] | None
"""The lowest and the highest that is known."""


class Figures(NamedTuple):
    """What the plainest offers of a family are like: tokens of context, list prices in pico-dollars per token."""

    offers: int = 0
    context: Range = None
    input: Range = None
    output: Range = None


class Choice(NamedTuple):
    """A family that an offer may be of, and what its offers on sale are like."""

    family: Family
    figures: Figures


class Sheet(NamedTuple):
    """What is known of a link: the offer's base ``rate``, what its names say, and the families to choose from.

    The family that it leads to comes first, then those between which no rule decides, then what is only hinted at.
    """

    rate: Rate | None
    says: Sequence[Says]
    choices: Sequence[Choice]


def sheets(links: Sequence[Link]) -> dict[int, Sheet]:
    """The sheet of each of these current links (with their families), by the link's id. Four queries."""
    rates = base_rates(link.offer_id for link in links)
    wanted = {link.pk: _slugs(link) for link in links}
    families = families_called({slug for slugs in wanted.values() for slug in slugs})
    figures = figures_of({family.pk for family in families.values()})
    made = {}
    for link in links:
        own = dict.fromkeys(families[slug] for slug in wanted[link.pk] if slug in families)
        choices = [Choice(family, figures.get(family.pk, Figures())) for family in own]
        made[link.pk] = Sheet(rates.get(link.offer_id), _says(link), choices[:MOST_CHOICES])
    return made


def base_rates(offers: Iterable[int]) -> dict[int, Rate]:
    """The standard base rates of these offers as they are now, by offer id. One query."""
    rates = Rate.objects.filter(offer__in=set(offers), valid_to=None, mode=STANDARD, above=0)
    return {rate.offer_id: rate for rate in rates}


def families_called(slugs: Collection[str]) -> dict[str, Family]:
    """The families of these slugs as they were, each with the one that it is by now, if it was merged. Two queries."""
    found = list(Family.objects.filter(slug__in=slugs))
    known = {family.pk: family for family in [*found, *_after(found)]}
    merged = {family.pk: family.merged_into_id for family in known.values() if family.merged_into_id}
    return {family.slug: known[trail(family.pk, merged)[-1]] for family in found}


def _after(families: Sequence[Family]) -> list[Family]:
    """All that some of these families may have been merged into."""
    if not any(family.merged_into_id for family in families):
        return []
    return list(Family.objects.filter(Q(merged_into__isnull=False) | Q(merged__isnull=False)).distinct())


def figures_of(families: Collection[int]) -> dict[int, Figures]:
    """What the plainest of the offers on sale of these families (ids) are like. One query."""
    spans: dict[str, Any] = {}
    for name in COMPARED:
        known = Q() if name == "context_tokens" else ~Q((name, 0)) | Q(price_state__in=MEANT)
        spans |= {f"least_{name}": Min(name, filter=known), f"most_{name}": Max(name, filter=known)}
    rows = _on_sale(families).order_by("family", "-apart").values_list("family", "apart")
    offers: dict[int, int] = defaultdict(int)
    made: dict[int, Figures] = {}
    for family, _, count, *ends in rows.annotate(count=Count("pk"), **spans):
        offers[family] += count
        ranges = [None if low is None else (low, high) for low, high in zip(ends[::2], ends[1::2], strict=True)]
        made[family] = Figures(offers[family], *ranges)  # the last row of a family is of its plainest offers
    return made


def offers_of(families: Collection[int], most: int) -> dict[int, list[Rate]]:
    """The base rates of the first ``most`` offers on sale of each of these families (ids), the plainest first."""
    found: dict[int, list[Rate]] = defaultdict(list)
    for rate in _on_sale(families).select_related("catalog").order_by("family", "apart", "sort_name", "pk"):
        if rate.family_id is not None and len(found[rate.family_id]) < most:
            found[rate.family_id].append(rate)
    return found


def _on_sale(families: Collection[int]) -> RateQuerySet:
    rates: RateQuerySet = Rate.objects.filter(family__in=families, listed=True, mode=STANDARD, above=0)
    return rates


def found_families(text: str) -> list[Family]:
    """The first families whose slug or title holds every word of ``text``, the shortest first; of merged ones too.

    One that was merged is found as the family that it is by now. Of many words the first count.
    """
    if "\0" in text:  # PostgreSQL has no text with it
        return []
    families = Family.objects.order_by(Length("slug"), "slug")
    for word in text.split()[:MOST_WORDS]:
        families = families.filter(Q(slug__icontains=word) | Q(title__icontains=word))
    found = families_called(list(families.values_list("slug", flat=True)[:MOST_FOUND]))
    return sorted(set(found.values()), key=lambda family: (len(family.slug), family.slug))


def choices_of(families: Sequence[Family]) -> list[Choice]:
    """These families with what their offers are like. One query."""
    figures = figures_of({family.pk for family in families})
    return [Choice(family, figures.get(family.pk, Figures())) for family in families]


def _slugs(link: Link) -> list[str]:
    own = [link.family.slug] if link.family else []
    said = [family for _, _, family, _ in link.evidence if family]
    return [*dict.fromkeys([*own, *link.candidates, *said, *link.suggestions])]


def _says(link: Link) -> list[Says]:
    return [
        Says(ROLES.get(role, role), raw, family or "", Rule(rule).sentence) for role, raw, family, rule in link.evidence
    ]
