"""What a contract term does to the offers of today: for whoever enters it."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.utils import timezone

from catalog.models import Catalog, Rate
from catalog.models.effective import is_for, strongest
from catalog.models.rate import RateQuerySet
from catalog.pricing.rates import COMPONENTS, STANDARD, RateRow
from catalog.pricing.terms import Term, day_of, effective, in_force
from catalog.services.terms import terms_of

EXAMPLES = 3
LOOKED_AT = 500
"""Rows among which examples are sought: a term may well fit offers whose prices it does not touch."""


class Example(NamedTuple):
    """A current offer before and after: its base tier by the catalog and by contract."""

    ref: str
    name: str
    before: RateRow
    after: RateRow


class Preview(NamedTuple):
    """How many current offers a term is ``for``, to how many of them it ``applies`` since no other beats it."""

    for_offers: int
    applies: int
    examples: list[Example]


def term_preview(term: Term) -> Preview:
    """What the term does to offers that tables list: today, or on the nearest day that it holds. Four queries."""
    today = day_of(timezone.now())
    day = min(max(today, term.first_day), term.last_day or max(today, term.first_day))
    terms = in_force(terms_of(Catalog.objects.filter(pk=term.catalog)), day)
    rates: RateQuerySet = Rate.objects.filter(is_for(term), listed=True, above=0, mode=term.mode or STANDARD)
    applied = rates.alias(term=strongest(terms)).filter(term=term.id)
    return Preview(rates.count(), applied.count(), list(islice(_examples(applied, term), EXAMPLES)))


def _examples(rates: RateQuerySet, term: Term) -> Iterator[Example]:
    for rate in rates.order_by("sort_name", "pk")[:LOOKED_AT]:
        before = RateRow(rate.mode, **{name: getattr(rate, name) for name in COMPONENTS})
        after = effective(before, term)
        if before != after:
            yield Example(rate.ref, rate.name, before, after)
