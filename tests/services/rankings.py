"""Rankings for tests: all rows of one, and what SQL says of each rate that it holds."""

from collections import Counter

from catalog.filters import OfferFilter
from catalog.models import Catalog
from catalog.pricing.cost import EXCLUDED, Reason
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import PRICED, cost_of, reason_of
from catalog.services.costs import Counts
from catalog.services.ranking import RankedLine, lines_of, ranking


def whole_of(offers: OfferFilter, workload: Workload):
    """The ranking over all catalogs."""
    return ranking(offers, workload, list(Catalog.objects.all()))


def ranked(offers: OfferFilter, workload: Workload, *, with_excluded: bool = False) -> list[RankedLine]:
    """All its rows."""
    found = whole_of(offers, workload)
    places = range(len(found.order) if with_excluded else found.listed)
    return list(lines_of(found, places, workload).values())


def by_sql(offers: OfferFilter, workload: Workload) -> dict[int, tuple[int | None, Reason | None]]:
    """By offer its cost per request, or why there is none, as one query says it."""
    rates = offers.charged(workload.mode, workload.prompt).order_by()
    rates = rates.annotate(cost=cost_of(workload, offers.column), reason=reason_of(workload, offers.column))
    return {
        offer: (cost, None if reason == PRICED else Reason(reason))
        for offer, cost, reason in rates.values_list("offer_id", "cost", "reason")
    }


def counted(lines: list[RankedLine]) -> Counts:
    """The counts that these rows have."""
    reasons = Counter(line.reason for line in lines)
    excluded = {reason: reasons[reason] for reason in EXCLUDED if reason in reasons}
    unpriced = {reason: reasons[reason] for reason in reasons.keys() - {None} - excluded.keys()}
    return Counts(reasons[None], unpriced, excluded)
