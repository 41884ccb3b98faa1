"""The baseline beside a ranking: what is used today, what each row saves, and the break-even point with one of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.pricing.workload import Workload
from catalog.services.baseline import PricedOffer
from catalog.services.catalogs import Catalog
from catalog.services.costs import cost_by
from catalog.services.offer_names import OfferName
from dashboard.formats import money_text
from dashboard.forms.baseline import BaselineView
from dashboard.forms.workloads import NamedWorkload
from dashboard.tables.breakeven import BreakEven, break_even
from dashboard.tables.contracts import contract_text
from dashboard.tables.savings import Saving, saving


class Baseline(NamedTuple):
    """The offer that is used today. ``total`` is pico-dollars a month, or None and ``reasons`` say why in sentences.

    ``contract`` says by which terms it is ours, "" if by list prices.
    """

    offer: OfferName
    catalog: tuple[int, str]
    total: int | None
    text: str
    reasons: Sequence[str]
    contract: str


def baseline_of(priced: PricedOffer, catalogs: Mapping[int, Catalog], workloads: Sequence[NamedWorkload]) -> Baseline:
    """The baseline for these workloads together; one alone is not named in its reason."""
    costs = [(one.name, cost_by(priced.tariff, one.workload)) for one in workloads]
    months = [found.per_month for _, found in costs if isinstance(found, Cost)]
    reasons = [
        f"{name}: {found.sentence}" if len(costs) > 1 else found.sentence
        for name, found in costs
        if isinstance(found, Reason)
    ]
    total = sum(months) if months and not reasons else None
    catalog = catalogs[priced.offer.catalog_id]
    contract = contract_text(found for _, found in costs)
    return Baseline(priced.offer, (catalog.mark, catalog.name), total, dollars_text(total), reasons, contract)


def chosen_baseline(
    view: BaselineView,
    priced: Mapping[int, PricedOffer],
    catalogs: Mapping[int, Catalog],
    workloads: Sequence[NamedWorkload],
) -> Baseline | None:
    """The baseline that an address names for what it ranks, if both are there."""
    return baseline_of(priced[view.base], catalogs, workloads) if view.base is not None and workloads else None


def savings(totals: Iterable[tuple[int, int | None]], baseline: Baseline | None) -> dict[int, Saving]:
    """By offer id what it saves, for rows of id and total; those of which that is not known are not there."""
    if baseline is None:
        return {}
    found = {offer: saving(total, baseline.total) for offer, total in totals}
    return {offer: own for offer, own in found.items() if own is not None}


def break_even_of(
    view: BaselineView, priced: Mapping[int, PricedOffer], catalogs: Mapping[int, Catalog], workload: Workload | None
) -> BreakEven | None:
    """The panel for the two offers of the address; None where it does not name two, or no workload."""
    if workload is None or view.base is None or view.other is None:
        return None
    first, second = (priced[pk] for pk in (view.base, view.other))
    names = [f"{one.offer.name} ({catalogs[one.offer.catalog_id].name})" for one in (first, second)]
    if names[0] == names[1]:
        names = [f"{name}, {one.offer.ref}" for name, one in zip(names, (first, second), strict=True)]
    return break_even((names[0], first.tariff), (names[1], second.tariff), workload, view.axis)


def dollars_text(pico: int | None) -> str:
    """An amount of a month alone: ``$1,234.50``, ``free``, ``—``."""
    text = money_text(pico, 2)
    return f"${text}" if pico else text
