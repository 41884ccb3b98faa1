"""What an address asks of the Costs page: which offers are ranked, by which workloads. Page and files read it alike."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.services.asked import offers_asked
from catalog.services.baseline import PricedOffer, priced_offers
from catalog.services.catalogs import Catalogs
from catalog.services.facets import Stored, stored_counts
from dashboard.address import Address
from dashboard.forms.baseline import BaselineView, baseline_parameters, known_baseline, read_baseline
from dashboard.forms.filters import filter_parameters
from dashboard.forms.offers import TableView, read_table, table_parameters
from dashboard.forms.picks import Picks, read_picks
from dashboard.forms.workload import WorkloadView, read_workload
from dashboard.forms.workloads import NamedWorkload, read_workloads, written

DEFAULT = "coding"
"""The preset of an address that names no workload."""
NOT_HERE = ("mode", "prompt", "sort", "col", "group", "chart")
"""Parameters of the Offers page that the workload takes the place of, or that a ranking does not have."""
BESIDE = ("o", "with", "axis")
"""Parameters that say nothing of the ranking itself."""


class Asked(NamedTuple):
    """What an address asks of the page."""

    counts: Stored
    offers: OfferFilter
    workload: WorkloadView
    view: TableView
    with_excluded: bool
    several: Sequence[NamedWorkload]
    against: BaselineView
    priced: Mapping[int, PricedOffer]
    picks: Picks
    problems: list[str]
    address: Address

    @property
    def ranked(self) -> list[NamedWorkload]:
        """The workloads that are ranked; one alone has no name. None where the numbers are no workload."""
        own = self.workload.workload
        return list(self.several) or ([NamedWorkload("", own)] if own else [])


def read_costs(data: QueryDict, catalogs: Catalogs) -> Asked:
    """Read everything that an address of this page may say."""
    counts = stored_counts(catalogs)
    kept = data.copy()
    for name in NOT_HERE:
        kept.pop(name, None)
    offers = offers_asked(kept, catalogs)
    workload = read_workload(data, default=DEFAULT, modes=counts.values["mode"])
    view, problems = read_table(kept)
    with_excluded = kept.get("excluded") == "1"
    several, unread = read_workloads(data, workload.workload)
    against, wrong = read_baseline(data)
    priced = priced_offers(against.offers, catalogs, offers.moment, offers.terms)
    against, unknown = known_baseline(against, priced)
    own = {} if workload.preset == DEFAULT else workload.parameters
    address = Address(
        reverse("costs"),
        {
            **own,
            **filter_parameters(kept, offers),
            "mode": own.get("mode", []),
            "excluded": ["1"] if with_excluded else [],
            **table_parameters(view),
            **baseline_parameters(against),
            "w": [written(one) for one in several],
        },
    )
    picks = read_picks(data, catalogs)
    problems = [*offers.problems, *problems, *unread, *wrong, *unknown, *picks.problems]
    if preset := workload.said_at("preset"):
        problems.insert(0, preset)
    return Asked(
        counts, offers, workload, view, with_excluded, several, against, priced, picks, problems, picks.on(address)
    )
