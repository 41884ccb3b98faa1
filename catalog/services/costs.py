"""What workloads cost on the offers of a page: the sums behind each figure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.models import Rate
from catalog.pricing.breakeven import Tariff
from catalog.pricing.cost import Cost, Limits, Reason, cost
from catalog.pricing.rates import COMPONENTS, PriceState, RateRow
from catalog.pricing.terms import Term, terms_for
from catalog.pricing.workload import Workload

SAID = ("offer_id", "price_state", "context_tokens", "max_input_tokens", "max_output_tokens", "inherited")
FITTED = ("catalog_id", "provider", "ref", "revision__key")
"""What tells which contract term applies to an offer."""
PRICES = ("mode", "above", "up_to", *COMPONENTS)


class Counts(NamedTuple):
    """How many offers have a cost, and by reason how many have none that could, and how many cannot do it at all."""

    priced: int
    unpriced: Mapping[Reason, int]
    excluded: Mapping[Reason, int]


def breakdown(
    offers: Collection[int], workload: Workload, moment: datetime | None = None, terms: Sequence[Term] = ()
) -> dict[int, Cost | Reason]:
    """The sums of these offers (ids) at ``moment``, now for None, in one query: for the rows of one page.

    It does not ask who may see them: pass ids of a ranking, and ``terms`` of the same (`OfferFilter.terms`). An offer
    that did not exist then is not in the answer.
    """
    return {offer: cost_by(tariff, workload) for offer, tariff in tariffs(offers, moment, terms).items()}


def cost_by(tariff: Tariff, workload: Workload) -> Cost | Reason:
    """What the workload costs by this tariff, or why there is no number."""
    term = tariff.term_in(workload.mode)
    return cost(tariff.rates, workload, state=tariff.state, limits=tariff.limits, term=term)


def tariffs(offers: Collection[int], moment: datetime | None = None, terms: Sequence[Term] = ()) -> dict[int, Tariff]:
    """All that the costs of these offers (ids) follow from, at ``moment``, now for None, in one query.

    As for `breakdown`: it does not ask who may see them.
    """
    rates = Rate.objects.at(moment).filter(offer__in=offers)  # whatever the mode, or SQLite walks through all of it
    rows: dict[int, list[RateRow]] = defaultdict(list)
    said: dict[int, tuple[PriceState, Limits]] = {}
    fitting: dict[int, tuple[Term, ...]] = {}
    columns = (*SAID, *PRICES, *(FITTED if terms else ()))
    for offer, state, context, max_input, max_output, inherited, *values in rates.values_list(*columns):
        row = dict(zip(PRICES, values, strict=False))
        rows[offer].append(RateRow(**row, inherited=tuple(inherited.split())))
        said[offer] = PriceState(state), Limits(context, max_input, max_output)
        if terms:
            catalog, provider, ref, key = values[len(PRICES) :]
            fitting[offer] = terms_for(terms, catalog=catalog, provider=provider, ref=ref, key=key)
    return {offer: Tariff(rows[offer], *own, fitting.get(offer, ())) for offer, own in said.items()}
