"""The filters of `catalog.filters` as parameters of an address, as every page that has them writes them."""

from collections.abc import Collection

from django.http import QueryDict

from catalog.filters import FACETS, OfferFilter
from catalog.pricing.rates import STANDARD
from dashboard.address import Address

TYPED = ("q", "min_in", "max_in", "min_out", "max_out", "min_context")
"""Filters that people type: each keystroke replaces the address instead of adding to the history."""


def filter_parameters(data: QueryDict, offers: OfferFilter) -> dict[str, list[str]]:
    """The filters of the address that hold, as they were written."""
    parameters = {}
    for name, value in offers.values.items():
        if name in FACETS:
            parameters[name] = [] if name == "mode" and not data.getlist("mode") else list(value)
        else:
            parameters[name] = [] if value in (None, "") else [str(data[name]).strip()]
    if parameters["mode"] == [STANDARD]:
        parameters["mode"] = []
    return parameters


def has_defaults(data: QueryDict, address: Address, known: Collection[str]) -> bool:
    """Whether the address holds empty parameters or defaults, as a form without JavaScript sends them."""
    return {name for name in data if name in known} != set(address.parameters) or any(
        "" in values for values in data.lists()
    )
