"""The whole ranking of a workload at once: in which order, in what numbers, and what its facets count.

A page of costs needs the cheapest rows, the middle one, how many have no cost and why, and how many each filter would
leave. Each of these walks through all offers. The prices are in memory (`price_lists`), so a workload that was never
asked for needs one such walk and no query; a ranking is remembered too, and the next page of it needs none.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from catalog.services.price_lists import WHATEVER_FACETS, Grouped, PriceList, price_list

REMEMBERED = 16
"""Rankings that a process keeps: 16 bytes an offer each, 1.6 MB at 100,000 offers."""


class Ranking(NamedTuple):
    """Rates in order: the cheapest first, then those without a cost by name, then those that cannot do it by name.

    ``outcomes`` are pico-dollars per request, or say why there is none (see `pricing.flat`). ``facets`` count what
    is not excluded.
    """

    rates: Sequence[int]
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
    by_rate = {found.rates[place]: place for place in places}
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
    by_price = outcomes(prices.prices, workload)
    found = [by_price[price] for price in prices.price_of]
    able = Counter(
        group for group, outcome in zip(prices.group_of, found, strict=True) if outcome not in CODES_EXCLUDED
    )
    chosen = _chosen(offers, prices.groups)
    places = [place for place, group in enumerate(prices.group_of) if group in chosen]
    # Places are in the order of names, and sorting by one thing alone keeps it among equals.
    priced = sorted((place for place in places if found[place] >= 0), key=found.__getitem__)
    others = [place for place in places if found[place] < 0]
    unpriced = [place for place in others if found[place] not in CODES_EXCLUDED]
    excluded = [place for place in others if found[place] in CODES_EXCLUDED]
    order = [*priced, *unpriced, *excluded]
    return Ranking(
        rates=array("q", [prices.rates[place] for place in order]),
        outcomes=array("q", [found[place] for place in order]),
        counts=Counts(
            len(priced),
            _by_reason(found[place] for place in unpriced),
            _by_reason(found[place] for place in excluded),
        ),
        facets=_facets(offers, workload, {prices.groups[group]: number for group, number in able.items()}),
    )


def _facets(offers: OfferFilter, workload: Workload, counted: Mapping[Grouped, int]) -> Facets:
    """What each facet's values would leave of these groups; all are counted as of the workload's mode."""
    slugs = {pk: slug for slug, pk in offers.catalog_ids.items()}
    groups = [
        Group(slugs[catalog], provider, state, lifecycle, workload.mode, "", number)
        for (catalog, provider, state, lifecycle), number in counted.items()
    ]
    return count_facets(groups, {**offers.values, "mode": [workload.mode]})


def _chosen(offers: OfferFilter, groups: Sequence[Grouped]) -> frozenset[int]:
    """The places of the groups that pass the facets too."""
    values = offers.values
    wanted: list[frozenset[Any]] = [
        frozenset(offers.catalog_ids[slug] for slug in values["catalog"]),
        frozenset(values["provider"]),
        frozenset(values["state"]),
        frozenset(values["lifecycle"] or LISTED),
    ]
    return frozenset(
        place
        for place, group in enumerate(groups)
        if all(not allowed or value in allowed for value, allowed in zip(group, wanted, strict=True))
    )


def _by_reason(outcomes: Iterable[int]) -> dict[Reason, int]:
    found = Counter(outcomes)
    return {reason: found[code] for reason, code in CODES.items() if found[code]}
