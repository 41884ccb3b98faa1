"""What an address asks of a model's page: which of its offers, and how they are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.pricing.units import Unit
from catalog.services.asked import offers_asked
from catalog.services.catalogs import Catalogs
from catalog.services.facets import stored_counts
from catalog.services.family import Seen
from catalog.services.sorting import SortKey
from catalog.sources.base import Lifecycle
from dashboard.address import Address
from dashboard.forms.filters import filter_parameters
from dashboard.forms.history import read_history
from dashboard.forms.offers import TableView, read_table, table_parameters
from dashboard.forms.workload import WorkloadView, read_workload

COLUMNS = ("provider", "input", "output", "cache_read", "cache_write", "spread", "context", "state", "updated")
NOT_HERE = ("lifecycle", "col", "page", "per")
"""What other tables have and this one has not: it shows all offers of the model, also those that are gone."""


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored."""

    path: str
    offers: OfferFilter
    view: TableView
    workload: WorkloadView
    problems: Sequence[str]
    history: str = ""

    @property
    def moment(self) -> datetime | None:
        """The moment asked for, None for now."""
        return self.offers.moment

    @property
    def unit(self) -> Unit:
        """The unit of all prices."""
        return self.view.unit

    @property
    def mode(self) -> str:
        """The mode whose prices are compared."""
        mode: str = self.offers.values["mode"][0]
        return mode

    @property
    def filters(self) -> dict[str, object]:
        """The filters' values, without the lifecycle, which nobody chose."""
        return {**self.offers.values, "lifecycle": []}

    @property
    def address(self) -> Address:
        """The page's address of just this."""
        own = {**filter_parameters(self.offers.data, self.offers), **table_parameters(self.view)}
        own["history"] = [self.history] if self.history else []
        return Address(self.path, {**self.workload.parameters, **own, **dict.fromkeys(NOT_HERE, ())})

    @property
    def shared(self) -> dict[str, Sequence[str]]:
        """What of the address the comparison side by side takes too."""
        here = self.address.parameters
        return {**self.workload.parameters, **{name: here.get(name, []) for name in ("unit", "mode", "as_of")}}


def read_model(data: QueryDict, catalogs: Catalogs, seen: Seen | None) -> Asked:
    """Read an address of the page of this family over these catalogs; without one, what it says of any family."""
    kept = data.copy()
    for name in NOT_HERE:
        kept.pop(name, None)
    kept.setlist("lifecycle", [lifecycle.value for lifecycle in Lifecycle])
    counts = stored_counts(catalogs)
    offers = offers_asked(kept, catalogs, {**counts.values, "lifecycle": frozenset(kept.getlist("lifecycle"))})
    workload = read_workload(data, modes=counts.values["mode"])
    cheapest = (SortKey("cost" if workload.workload else "output"),)
    view, problems = read_table(kept, cheapest, with_cost=workload.workload is not None)
    impossible = [problem.sentence for problem in workload.problems]
    history, unknown = read_history(data)
    problems = list(dict.fromkeys([*offers.problems, *problems, *impossible, *unknown]))
    path = reverse("model", args=[seen.slug]) if seen else ""
    return Asked(path, offers, view._replace(columns=COLUMNS), workload, problems, history)
