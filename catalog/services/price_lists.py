"""All prices that a workload may be charged by, read once and kept, so that the next workload needs no query.

Who moves a slider asks for one workload after another. Each has costs of its own, but all are charged by the same
prices as long as the prompt stays within the same tiers.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

from django.db.models import F

from catalog.filters import RANGES, OfferFilter
from catalog.pricing.cost import Limits
from catalog.pricing.flat import FlatPrice, flat_price
from catalog.pricing.rates import COMPONENTS, PriceState
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs
from catalog.services.memory import Memory, rates_key
from catalog.services.whole import CHUNK

REMEMBERED = 16
"""Price lists that a process keeps: 16 bytes an offer each, 1.6 MB at 100,000 offers, and the different prices.

And so many choices of facets, by each of which a list takes 4 bytes an offer more.
"""
WHATEVER_FACETS = ("q", *RANGES, "as_of")
"""Filters that limit the prices of a list: facets count all of them, whatever is chosen."""
MOVED = (*COMPONENTS, "price_state")
LIMITS = ("context_tokens", "max_input_tokens", "max_output_tokens")
GROUPED = ("catalog_id", "provider", "found_price_state", "lifecycle")
FOUND = tuple(f"found_{name}" for name in MOVED)

Grouped = tuple[int, str, str, str]
"""The values of GROUPED: catalog, provider, price state, lifecycle."""
Wanted = tuple[frozenset[int], frozenset[str], frozenset[str], frozenset[str]]
"""The values of GROUPED that pass; none stands for all."""
ANY: Wanted = (frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, eq=False)
class PriceList:
    """Rates by name, whatever the facets. ``prices`` and ``groups`` are those that differ, with their places by rate.

    Catalogs repeat each other: there are far fewer different prices than offers. ``sizes`` tells how many rates are of
    each group.
    """

    rates: Sequence[int]
    price_of: Sequence[int]
    group_of: Sequence[int]
    prices: Sequence[FlatPrice]
    groups: Sequence[Grouped]
    sizes: Mapping[int, int]

    def places(self, wanted: Wanted = ANY) -> Sequence[Sequence[int]]:
        """For each price the places of the rates that have it and pass the facets, in order."""
        return _places(self, wanted)


_edges: Memory[list[int]] = Memory(REMEMBERED)
_lists: Memory[PriceList] = Memory(REMEMBERED)


def price_list(offers: OfferFilter, workload: Workload, catalogs: Catalogs) -> PriceList:
    """What the workload is charged by: from memory, or in two queries."""
    key = (*rates_key(offers, catalogs, WHATEVER_FACETS), workload.mode)
    edges = _edges.get(key, lambda: _read_edges(offers, workload.mode))
    tier = bisect_left(edges, workload.prompt)
    return _lists.get((*key, tier), lambda: _read(offers, workload))


def _read_edges(offers: OfferFilter, mode: str) -> list[int]:
    """The prompts after which any offer's next tier begins: between two of them no workload changes its rates."""
    first, *others = (rates.filter(mode=mode).order_by().values_list("above", "up_to") for rates in offers.of_any())
    found = first.union(*others) if others else first.distinct()
    return sorted({edge for ends in found for edge in ends if edge is not None})


def _read(offers: OfferFilter, workload: Workload) -> PriceList:
    found = {f"found_{name}": F(offers.column(name)) for name in MOVED}
    columns = ("sort_name", "pk", "catalog_id", "provider", "lifecycle", "mode", *LIMITS, *FOUND)
    first, *others = (
        rates.annotate(**found).order_by().values_list(*columns)
        for rates in offers.charged_of_any(workload.mode, workload.prompt)
    )
    rows = first.union(*others, all=True) if others else first
    prices: dict[tuple[Any, ...], int] = {}
    groups: dict[Grouped, int] = {}
    # Prices repeat: folded one by one, and only then in order, 100,000 rows take a quarter of the memory.
    folded = sorted(
        (
            name,
            rate,
            prices.setdefault(tuple(price), len(prices)),
            groups.setdefault((catalog, provider, price[-1], lifecycle), len(groups)),
        )
        for name, rate, catalog, provider, lifecycle, *price in rows.iterator(CHUNK)
    )
    _, *places = zip(*folded, strict=True) if folded else ((), (), (), ())
    rates, price_of, group_of = (array(kind, values) for kind, values in zip("qii", places, strict=True))
    flat = [_flat(price, workload.mode) for price in prices]
    return PriceList(rates, price_of, group_of, flat, list(groups), Counter(group_of))


def _flat(price: tuple[Any, ...], wanted: str) -> FlatPrice:
    mode, context, max_input, max_output, *components, state = price
    return flat_price(
        dict(zip(COMPONENTS, components, strict=True)),
        state=PriceState(state),
        limits=Limits(context, max_input, max_output),
        is_offered=mode == wanted,
    )


# Whoever moves a slider does so under the same choices.
@lru_cache(maxsize=REMEMBERED)
def _places(prices: PriceList, wanted: Wanted) -> Sequence[Sequence[int]]:
    catalogs, providers, states, lifecycles = wanted
    passes = [
        (not catalogs or catalog in catalogs)
        and (not providers or provider in providers)
        and (not states or state in states)
        and (not lifecycles or lifecycle in lifecycles)
        for catalog, provider, state, lifecycle in prices.groups
    ]
    found = [array("i") for _ in prices.prices]
    of_rates = map(passes.__getitem__, prices.group_of)
    for place, price in compress(enumerate(prices.price_of), of_rates):
        found[price].append(place)
    return found
