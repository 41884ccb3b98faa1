"""What has changed of some offers since a moment: prices as they are charged, sizes and lifecycles, then and now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q

from catalog.models import Rate
from catalog.models.effective import is_for
from catalog.models.rate import RateQuerySet as RateQuerySet  # pages name the type
from catalog.pricing.breakeven import Tariff
from catalog.pricing.cost import Limits
from catalog.pricing.rates import COMPONENTS, STANDARD, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state
from catalog.services.costs import tariffs
from catalog.services.offer_names import IDENTITY, OfferName
from catalog.sync.states import batches


class State(NamedTuple):
    """An offer as it is sold: its base row and all its others, under contract, by mode and tier."""

    base: RateRow
    rows: dict[tuple[str, int, int | None], tuple[int | None, ...]]
    price_state: PriceState
    limits: Limits
    lifecycle: str


class Moved(NamedTuple):
    """An offer that is not any more what it was. ``offer`` is called as it was; ``after`` is None if it is gone."""

    offer: OfferName
    before: State
    after: State | None


def moved_since(rates: RateQuerySet, moment: datetime, then: Sequence[Term], now: Sequence[Term]) -> list[Moved]:
    """Those of the offers of ``rates``, which are those of ``moment``, that differ now, by name.

    ``then`` are the contract terms by which they were charged, ``now`` those of today, as `pricing.terms.in_force`
    orders them. Only what a sync has ended, or a term changed, is read.
    """
    maybe = Q(valid_to__isnull=False)
    known = {term.id for term in then} ^ {term.id for term in now}
    maybe = reduce(or_, [is_for(term) for term in (*then, *now) if term.id in known], maybe)
    ids = sorted(set(rates.filter(maybe).order_by().values_list("offer_id", flat=True)))
    found: list[Moved] = []
    for part in batches(ids):
        before, after = _states(part, moment, then), _states(part, None, now)
        for pk, (offer, state) in before.items():
            _, current = after.get(pk, (None, None))
            if state != current:
                found.append(Moved(offer, state, current))
    return sorted(found, key=lambda one: (one.offer.name.casefold(), one.offer.offer_id))


def _states(ids: Sequence[int], moment: datetime | None, terms: Sequence[Term]) -> dict[int, tuple[OfferName, State]]:
    sold = tariffs(ids, moment, terms)
    # Whatever the mode, or SQLite walks through all of it: rates of a revision say the same here.
    rows = Rate.objects.at(moment).filter(offer__in=ids).order_by().values_list(*IDENTITY)
    names = {row[0]: OfferName._make(row) for row in rows}.values()
    return {name.offer_id: (name, _state(sold[name.offer_id], name)) for name in names}


def _state(tariff: Tariff, name: OfferName) -> State:
    rows = [effective(row, tariff.term_in(row.mode)) for row in tariff.rates]
    base = next(row for row in rows if row.mode == STANDARD and not row.above)
    return State(
        replace(base, inherited=()),
        {(row.mode, row.above, row.up_to): tuple(getattr(row, one) for one in COMPONENTS) for row in rows},
        effective_state(tariff.state, base, tariff.term_in(STANDARD)),
        tariff.limits,
        name.lifecycle,
    )
