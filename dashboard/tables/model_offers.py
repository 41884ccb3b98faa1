"""The offers of a model as its page and its files list them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.services.catalogs import Catalogs
from catalog.services.compare import Side, sides_of
from catalog.services.costs import breakdown
from catalog.services.family import Seen
from catalog.services.offer_line import OfferLine
from catalog.services.offers import offer_lines
from dashboard.forms.model import Asked
from dashboard.tables.model import gaps, in_order, variants
from dashboard.tables.offers import PRICES


class Listed(NamedTuple):
    """``every`` offer on record for the moment, and of those that the filters leave their ``lines`` and ``sides``.

    ``costs`` by offer are those of the workload, None without one; ``gaps`` by line the distances to the lowest, in
    what ``gap_of`` names. ``apart`` names by offer what sets it apart as a variant, which is in no ranking.
    """

    every: Sequence[Side]
    lines: Sequence[OfferLine]
    sides: Sequence[Side]
    costs: Mapping[int, Cost | Reason] | None
    gaps: Sequence[str]
    gap_of: str
    apart: Mapping[int, str]

    @property
    def ids(self) -> list[int]:
        """The ids of the offers, line by line."""
        return [line.offer_id for line in self.lines]


def listed(asked: Asked, catalogs: Catalogs, seen: Seen) -> Listed:
    """What ``asked`` lists of the family, in its order; variants and what is gone come last, however cheap they are."""
    offers, view, workload, moment = asked.offers, asked.view, asked.workload.workload, asked.moment
    links = {link.offer_id: link for link in seen.links_at(moment)}
    known = sides_of([link.offer for link in links.values()], links, catalogs, moment, offers.terms)
    every = [side for side in known if side.revision]
    offers.only([rate.pk for side in every for rate in side.rates])
    lines = offer_lines(offers, view.sort, 0, len(every), workload=workload) if every else []
    apart = variants(every)
    lines = in_order(lines, apart)
    sides = {side.offer.pk: side for side in every}
    ids = [line.offer_id for line in lines]
    costs = breakdown(ids, workload, moment, offers.terms) if workload and ids else None
    component = view.sort[0].name if view.sort[0].name in PRICES else "output"
    return Listed(
        every=every,
        lines=lines,
        sides=[sides[pk] for pk in ids],
        costs=costs,
        gaps=gaps(lines, costs, component, apart),
        apart=apart,
        gap_of="cost" if costs is not None else component,
    )
