"""What changes do to the monthly cost of a workload."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.models import Rate
from catalog.pricing.cost import Cost, Limits, Reason, cost
from catalog.pricing.rates import COMPONENTS, PriceState, RateRow
from catalog.pricing.workload import Workload
from catalog.services.changes import ChangeLine

TERMS = ("price_state", "context_tokens", "max_input_tokens", "max_output_tokens")
PRICES = ("mode", "above", "up_to", *COMPONENTS)


class Effect(NamedTuple):
    """Pico-dollars a month before and after a change, or the reason why there is none. See `pricing.cost`."""

    before: int | Reason
    after: int | Reason

    @property
    def difference(self) -> int | None:
        """By how much a month becomes dearer; None if either is not known."""
        if isinstance(self.before, Reason) or isinstance(self.after, Reason):
            return None
        return self.after - self.before


def effects(lines: Sequence[ChangeLine], workload: Workload) -> dict[int, Effect]:
    """The effect of each of these changes that have a state before and after them, by their ids; in one query.

    What was new or is retired has none: there is nothing to compare with. It does not ask who may see the offers.
    """
    compared = [line for line in lines if line.offer_id and not {"new", "retired"}.intersection(line.kind_names)]
    rates = Rate.objects.filter(offer__in={line.offer_id for line in compared}).order_by()
    rows: dict[int, list[RateRow]] = defaultdict(list)
    terms: dict[int, tuple[PriceState, Limits]] = {}
    ended: dict[tuple[int, datetime | None], int] = {}
    for revision, offer, valid_to, inherited, state, *rest in rates.values_list(
        "revision_id", "offer_id", "valid_to", "inherited", *TERMS, *PRICES
    ):
        limits, prices = rest[:3], dict(zip(PRICES, rest[3:], strict=True))
        rows[revision].append(RateRow(**prices, inherited=tuple(inherited.split())))
        terms[revision] = PriceState(state), Limits(*limits)
        ended[offer, valid_to] = revision

    def monthly(revision: int) -> int | Reason:
        state, limits = terms[revision]
        found = cost(rows[revision], workload, state=state, limits=limits)
        return found.per_month if isinstance(found, Cost) else found

    return {
        line.pk: Effect(monthly(before), monthly(line.revision_id))
        for line in compared
        if line.offer_id and line.revision_id in terms  # else it was removed meanwhile
        if (before := ended.get((line.offer_id, line.at)))
    }
