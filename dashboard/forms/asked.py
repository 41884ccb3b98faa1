"""What an address asks of the Offers table: which rows, and how they are shown. Page and files read it alike."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.services.catalogs import Catalogs
from catalog.services.facets import Stored, stored_counts
from catalog.services.offers import rates_of
from catalog.services.sorting import default_sort
from dashboard.address import Address
from dashboard.forms.filters import filter_parameters
from dashboard.forms.offers import TableView, read_table, table_parameters


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored."""

    offers: OfferFilter
    view: TableView
    problems: Sequence[str]
    counts: Stored

    @property
    def address(self) -> Address:
        """The page's address of just this."""
        return self.address_of(self.view)

    def address_of(self, view: TableView) -> Address:
        """The same rows, shown as ``view`` says."""
        parameters = {**filter_parameters(self.offers.data, self.offers), **table_parameters(view)}
        return Address(reverse("offers"), parameters)


def read_offers(data: QueryDict, catalogs: Catalogs) -> Asked:
    """Read an address of the Offers table over these catalogs."""
    counts = stored_counts(catalogs)
    slugs = {catalog.slug: catalog.pk for catalog in catalogs}
    offers = OfferFilter(data, rates_of(catalogs), allowed=counts.values, catalog_ids=slugs)
    chosen = [catalog for catalog in catalogs if catalog.slug in offers.values["catalog"]]
    view, problems = read_table(data, default_sort(chosen))
    return Asked(offers, view, [*offers.problems, *problems], counts)
