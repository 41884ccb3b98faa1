"""A whole ranking from its first row to its last, each with the sums behind its cost."""

from collections.abc import Iterator
from datetime import datetime

from catalog.filters import OfferFilter
from catalog.pricing.cost import Cost
from catalog.pricing.workload import Workload
from catalog.services.catalogs import Catalogs
from catalog.services.costs import breakdown
from catalog.services.ranking import RankedLine, Ranking, lines_of, ranking
from catalog.services.whole import chunks, little_memory


def whole_ranking(offers: OfferFilter, workload: Workload, catalogs: Catalogs) -> Ranking:
    """The ranking, read with little memory if it is not remembered."""
    with little_memory():
        return ranking(offers, workload, catalogs)


def every_ranked_line(
    found: Ranking, offers: OfferFilter, workload: Workload, moment: datetime, *, with_excluded: bool
) -> Iterator[tuple[RankedLine, Cost | None]]:
    """All rows of it, the excluded ones last if they are wanted; two queries for each chunk of them.

    ``moment`` is now, of which the prices are unless the filters name another: what is synced meanwhile changes none.
    """
    with little_memory():
        for places in chunks(range(len(found.order) if with_excluded else found.listed)):
            lines = lines_of(found, places, workload).values()
            ids = [line.offer.offer_id for line in lines]
            sums = breakdown(ids, workload, offers.moment or moment, offers.terms)
            for line in lines:
                own = sums.get(line.offer.offer_id)
                yield line, own if isinstance(own, Cost) else None
