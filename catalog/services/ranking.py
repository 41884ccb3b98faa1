"""The whole ranking of a workload at once: in which order, in what numbers, and what its facets count.

A page of costs needs the cheapest rows, the middle one, how many have no cost and why, and how many each filter would
leave. Each of these walks through all offers. The prices are in memory (`price_lists`), so a workload that was never
asked for needs one such walk and no query; a ranking is remembered too, and the next page of it needs none.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

from catalog.filters import OfferFilter
from catalog.models import LISTED, Rate
from catalog.pricing.cost import Reason
from catalog.pricing.flat import CODES, CODES_EXCLUDED, REASONS, outcomes
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs
from catalog.services.costs import Counts
from catalog.services.facets import Facets, Group, count_facets
from catalog.services.memory import Memory, rates_key
from catalog.services.offer_names import IDENTITY, OfferName
from catalog.services.price_lists import WHATEVER_FACETS, Grouped, PriceList, Wanted, price_list

REMEMBERED = 16
"""Rankings that a process keeps: 12 bytes an offer each, 1.2 MB at 100,000 offers, and the price lists they are of."""


class Ranking(NamedTuple):
    """Rates in order: the cheapest first, then those without a cost by name, then those that cannot do it by name.

    ``order`` are their places in ``rates``, those of the price list; ``outcomes`` are pico-dollars per request, or say
    why there is none (see `pricing.flat`). ``facets`` count what is not excluded.
    """

    rates: Sequence[int]
    order: Sequence[int]
    outcomes: Sequence[int]
    counts: Counts
    facets: Facets

    @property
    def listed(self) -> int:
        """How many offers are not excluded."""
        return self.counts.priced + sum(self.counts.unpriced.values())

    @property
    def lowest(self) -> int | None:
        """Pico-dollars per request of the cheapest offer; None if none has a cost."""
        return self.outcomes[0] if self.counts.priced else None

    def median(self, requests: int) -> int | None:
        """Pico-dollars of so many requests at the offer in the middle of those with a cost, between two the mean.

        Exact but for half a pico-dollar, which is left out.
        """
        many = self.counts.priced
        return (self.outcomes[(many - 1) // 2] + self.outcomes[many // 2]) * requests // 2 if many else None

    @property
    def free(self) -> int:
        """How many offers cost nothing; they come first."""
        return bisect_right(self.outcomes, 0, hi=self.counts.priced)

    @property
    def lowest_paid(self) -> int | None:
        """Pico-dollars per request of the cheapest offer that is not free."""
        return self.outcomes[self.free] if self.free < self.counts.priced else None

    def rank(self, outcome: int) -> int | None:
        """The place of this cost, from 1; equal costs share it. None for what is no cost."""
        return None if outcome < 0 else bisect_left(self.outcomes, outcome, hi=self.counts.priced) + 1


class RankedLine(NamedTuple):
    """A row of the ranking. ``per_request`` and ``per_month`` are pico-dollars, or None and ``reason`` says why.

    ``rank`` is its place among those with a cost, ``above`` the floor of its tier in prompt tokens; ``conditional`` are
    prices of certain hours, which no cost uses.
    """

    offer: OfferName
    rank: int | None
    above: int
    per_request: int | None
    per_month: int | None
    reason: Reason | None
    conditional: Sequence[Mapping[str, Any]]


_rankings: Memory[Ranking] = Memory(REMEMBERED)


def ranking(offers: OfferFilter, workload: Workload, catalogs: Catalogs) -> Ranking:
    """The ranking of all that passes the filters over ``catalogs``, from memory if nothing has changed."""
    one_request = (workload.mode, workload.prompt, workload.cached_read, workload.cache_written, workload.output)
    key = (*rates_key(offers, catalogs, (*WHATEVER_FACETS, "catalog", "provider", "state", "lifecycle")), one_request)
    return _rankings.get(key, lambda: _ranking(offers, workload, price_list(offers, workload, catalogs)))


def lines_of(found: Ranking, places: Iterable[int], workload: Workload) -> dict[int, RankedLine]:
    """The rows at these places of the ranking, counted from 0, in one query; by place."""
    by_rate = {found.rates[found.order[place]]: place for place in places}
    rates = Rate.objects.filter(pk__in=list(by_rate)).values_list("pk", "above", "revision__other_prices", *IDENTITY)
    made = {}
    for rate, above, others, *identity in rates:
        outcome = found.outcomes[by_rate[rate]]
        cost = outcome if outcome >= 0 else None
        made[by_rate[rate]] = RankedLine(
            offer=OfferName._make(identity),
            rank=found.rank(outcome),
            above=above,
            per_request=cost,
            per_month=None if cost is None else cost * workload.requests,
            reason=REASONS[-1 - outcome] if cost is None else None,
            conditional=[price for price in others if price["when"]] if others else [],
        )
    return {place: made[place] for place in sorted(made)}  # one that a sync has taken away meanwhile is not there


def _ranking(offers: OfferFilter, workload: Workload, prices: PriceList) -> Ranking:
    """Rates of the same price are ranked together: there are far fewer prices than rates."""
    by_price = outcomes(prices.prices, workload)
    places_of: dict[int, list[Sequence[int]]] = {}
    for outcome, places in zip(by_price, prices.places(_wanted(offers)), strict=True):
        places_of.setdefault(outcome, []).append(places)
    costs = sorted(outcome for outcome in places_of if outcome >= 0)
    priced = [_by_name(places_of[cost]) for cost in costs]
    unpriced = {reason: places_of.get(code, []) for reason, code in CODES.items() if code not in CODES_EXCLUDED}
    excluded = {reason: places_of.get(code, []) for reason, code in CODES.items() if code in CODES_EXCLUDED}
    others = [place for each in (unpriced, excluded) for place in _by_name([*chain.from_iterable(each.values())])]
    found = array("q", chain.from_iterable(map(repeat, costs, map(len, priced))))
    return Ranking(
        rates=prices.rates,
        order=array("i", chain(chain.from_iterable(priced), others)),
        outcomes=found + array("q", [by_price[prices.price_of[place]] for place in others]),
        counts=Counts(len(found), _counted(unpriced), _counted(excluded)),
        facets=_facets(offers, workload, _able(prices, by_price)),
    )


def _by_name(several: Sequence[Sequence[int]]) -> Sequence[int]:
    """All of these places in the order of names, which is what places count."""
    return several[0] if len(several) == 1 else sorted(chain.from_iterable(several))


def _counted(places: Mapping[Reason, Sequence[Sequence[int]]]) -> dict[Reason, int]:
    counts = {reason: sum(map(len, several)) for reason, several in places.items()}
    return {reason: number for reason, number in counts.items() if number}


def _able(prices: PriceList, by_price: Sequence[int]) -> dict[Grouped, int]:
    """How many offers of each group are not excluded, whatever the facets."""
    out = (places for places, outcome in zip(prices.places(), by_price, strict=True) if outcome in CODES_EXCLUDED)
    able = Counter(prices.sizes) - Counter(map(prices.group_of.__getitem__, chain.from_iterable(out)))
    return {prices.groups[group]: number for group, number in able.items()}


def _facets(offers: OfferFilter, workload: Workload, counted: Mapping[Grouped, int]) -> Facets:
    """What each facet's values would leave of these groups; all are counted as of the workload's mode."""
    slugs = {pk: slug for slug, pk in offers.catalog_ids.items()}
    groups = [
        Group(slugs[catalog], provider, state, lifecycle, workload.mode, "", number)
        for (catalog, provider, state, lifecycle), number in counted.items()
    ]
    return count_facets(groups, {**offers.values, "mode": [workload.mode]})


def _wanted(offers: OfferFilter) -> Wanted:
    """What the facets let pass."""
    values = offers.values
    return (
        frozenset(offers.catalog_ids[slug] for slug in values["catalog"]),
        frozenset(values["provider"]),
        frozenset(values["state"]),
        frozenset(values["lifecycle"] or LISTED),
    )
