"""The whole ranking of a workload at once: in which order, in what numbers, and what its facets count.

A page of costs needs the cheapest rows, the middle one, how many have no cost and why, and how many each filter would
leave. Each of these walks through all offers, so one query brings what all of them need. What was made of it is
remembered: the next page of the same ranking, or twice as many of the same requests, need no walk at all.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple

from django.db.models import F

from catalog.filters import OfferFilter
from catalog.models import LISTED, Rate
from catalog.pricing.cost import EXCLUDED, Reason
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs, fingerprint
from catalog.services.cost_sql import REASONS, outcome_of
from catalog.services.costs import FIELDS, CostLine, Counts
from catalog.services.facets import Facets, Group, count_facets

REMEMBERED = 16
"""Rankings that a process keeps: 16 bytes an offer each, 1.6 MB at 100,000 offers."""
SCANNED = ("sort_name", "pk", "catalog_id", "provider", "found_state", "lifecycle")
OUTCOME, NAME, RATE, CATALOG, PROVIDER, STATE, LIFECYCLE = range(7)
CODES_EXCLUDED = frozenset(-1 - REASONS.index(reason) for reason in EXCLUDED)

Scanned = tuple[Any, ...]
"""The outcome, and SCANNED; a class of its own would take as long to make as to read."""

_made: OrderedDict[object, "Ranking"] = OrderedDict()
_lock = Lock()


class Ranking(NamedTuple):
    """Rates in order: the cheapest first, then those without a cost by name, then those that cannot do it by name.

    ``outcomes`` are pico-dollars per request, or a place in REASONS (see `cost_sql.outcome_of`). ``facets`` count what
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
    """A row of the ranking and its place in it; ``conditional`` are prices of certain hours, which no cost uses."""

    line: CostLine
    rank: int | None
    conditional: Sequence[Mapping[str, Any]]


def ranking(offers: OfferFilter, workload: Workload, catalogs: Catalogs) -> Ranking:
    """The ranking of all that passes the filters over ``catalogs``, in one query or from memory."""
    read = tuple(catalog.read_at for catalog in catalogs)
    one_request = (workload.mode, workload.prompt, workload.cached_read, workload.cache_written, workload.output)
    filters = repr(sorted((name, value) for name, value in offers.values.items() if name not in ("mode", "prompt")))
    terms = tuple(term.id for term in offers.terms)  # those of today: others hold tomorrow
    key = (fingerprint(catalogs), read, one_request, filters, terms)
    with _lock:
        if key in _made:
            _made.move_to_end(key)
            return _made[key]
    made = _ranking(offers, workload)
    with _lock:
        _made[key] = made
        while len(_made) > REMEMBERED:
            _made.popitem(last=False)
    return made


def lines_of(found: Ranking, places: Iterable[int], workload: Workload) -> dict[int, RankedLine]:
    """The rows at these places of the ranking, counted from 0, in one query; by place."""
    by_rate = {found.rates[place]: place for place in places}
    rates = Rate.objects.filter(pk__in=list(by_rate)).values_list("pk", "revision__other_prices", *FIELDS)
    made = {}
    for rate, others, *row in rates:
        outcome = found.outcomes[by_rate[rate]]
        conditional = [price for price in others if price["when"]] if others else []
        made[by_rate[rate]] = RankedLine(_line(row, outcome, workload), found.rank(outcome), conditional)
    return {place: made[place] for place in sorted(made)}  # one that a sync has taken away meanwhile is not there


def _line(row: list[Any], outcome: int, workload: Workload) -> CostLine:
    if outcome < 0:
        return CostLine._make((*row, None, None, REASONS[-1 - outcome]))
    return CostLine._make((*row, outcome, outcome * workload.requests, None))


def _ranking(offers: OfferFilter, workload: Workload) -> Ranking:
    rows = _scanned(offers, workload)
    able = [row for row in rows if row[OUTCOME] not in CODES_EXCLUDED]
    facets = _facets(offers, workload, able)
    chosen = _chosen(offers, rows)
    priced = sorted(row for row in chosen if row[OUTCOME] >= 0)
    others = sorted((row for row in chosen if row[OUTCOME] < 0), key=itemgetter(NAME, RATE))
    unpriced = [row for row in others if row[OUTCOME] not in CODES_EXCLUDED]
    excluded = [row for row in others if row[OUTCOME] in CODES_EXCLUDED]
    order = [*priced, *unpriced, *excluded]
    return Ranking(
        rates=array("q", [row[RATE] for row in order]),
        outcomes=array("q", [row[OUTCOME] for row in order]),
        counts=Counts(len(priced), _by_reason(unpriced), _by_reason(excluded)),
        facets=facets,
    )


def _scanned(offers: OfferFilter, workload: Workload) -> list[Scanned]:
    outcome, state = outcome_of(workload, offers.column), F(offers.column("price_state"))
    first, *others = (
        rates.annotate(outcome=outcome, found_state=state).order_by().values_list("outcome", *SCANNED)
        for rates in offers.charged_of_any(workload.mode, workload.prompt)
    )
    return list(first.union(*others, all=True) if others else first)


def _facets(offers: OfferFilter, workload: Workload, rows: Iterable[Scanned]) -> Facets:
    """What each facet's values would leave of these rows; all are counted as of the workload's mode."""
    slugs = {pk: slug for slug, pk in offers.catalog_ids.items()}
    counted = Counter(map(itemgetter(CATALOG, PROVIDER, STATE, LIFECYCLE), rows))
    groups = [
        Group(slugs[catalog], provider, state, lifecycle, workload.mode, "", number)
        for (catalog, provider, state, lifecycle), number in counted.items()
    ]
    return count_facets(groups, {**offers.values, "mode": [workload.mode]})


def _chosen(offers: OfferFilter, rows: list[Scanned]) -> list[Scanned]:
    """The rows that pass the facets too."""
    wanted: list[tuple[int, frozenset[Any]]] = [
        (CATALOG, frozenset(offers.catalog_ids[slug] for slug in offers.values["catalog"])),
        (PROVIDER, frozenset(offers.values["provider"])),
        (STATE, frozenset(offers.values["state"])),
        (LIFECYCLE, frozenset(offers.values["lifecycle"] or LISTED)),
    ]
    for column, values in wanted:
        if values:
            rows = [row for row in rows if row[column] in values]
    return rows


def _by_reason(rows: Iterable[Scanned]) -> dict[Reason, int]:
    found = Counter(row[OUTCOME] for row in rows)
    return {reason: found[-1 - place] for place, reason in enumerate(REASONS) if found[-1 - place]}
