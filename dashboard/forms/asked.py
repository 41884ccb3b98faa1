"""What an address asks of the Offers table: which rows, and how they are shown. Page and files read it alike."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.services.asked import offers_asked
from catalog.services.catalogs import Catalogs
from catalog.services.facets import Stored, stored_counts
from catalog.services.sorting import default_sort
from dashboard.address import Address
from dashboard.forms.filters import filter_parameters
from dashboard.forms.offers import TableView, read_table, table_parameters
from dashboard.forms.workload import WorkloadView, read_workload


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored."""

    offers: OfferFilter
    view: TableView
    problems: Sequence[str]
    counts: Stored
    workload: WorkloadView

    @property
    def address(self) -> Address:
        """The page's address of just this."""
        return self.address_of(self.view)

    def address_of(self, view: TableView) -> Address:
        """The same rows, shown as ``view`` says."""
        filters = filter_parameters(self.offers.data, self.offers)
        return Address(reverse("offers"), {**self.workload.parameters, **filters, **table_parameters(view)})


def read_offers(data: QueryDict, catalogs: Catalogs) -> Asked:
    """Read an address of the Offers table over these catalogs."""
    counts = stored_counts(catalogs)
    offers = offers_asked(data, catalogs)
    chosen = [catalog for catalog in catalogs if catalog.slug in offers.values["catalog"]]
    workload = read_workload(data, modes=counts.values["mode"])
    view, problems = read_table(data, default_sort(chosen), with_cost=workload.workload is not None)
    impossible = [problem.sentence for problem in workload.problems]
    problems = list(dict.fromkeys([*offers.problems, *problems, *impossible]))
    return Asked(offers, view, problems, counts, workload)
