"""The pages that can be shared: how each reads an address, what a visitor may change of it, which offers it shows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from catalog.filters import OfferFilter
from catalog.pricing.rates import STANDARD
from catalog.services.asked import rates_of
from catalog.services.catalogs import Catalogs
from catalog.services.family import family_seen
from catalog.services.since import RateQuerySet
from catalog.services.terms import Term
from dashboard.forms.asked import read_offers
from dashboard.forms.asked_compare import read_comparison
from dashboard.forms.asked_costs import read_costs
from dashboard.forms.changes import read_asked
from dashboard.forms.matrix import read_matrix
from dashboard.forms.model import read_model

NAMING = ("catalog", "c", "provider", "family")
"""Parameters by which rows are chosen whose values may be gone with a catalog."""
NOT_SHARED = ("page", "add", "view", "saved", "was")
"""Parameters that say where somebody is rather than what is shown."""


class Asked(NamedTuple):
    """What an address of a page shows. ``parameters`` are the page's own way to say it.

    ``rates`` are those of the offers shown, at ``moment`` (None: now), under ``terms``; None where it shows others.
    ``argument`` is what stands in the path, ``picked_from`` the catalogs (ids) of offers picked one by one.
    """

    parameters: Mapping[str, Sequence[str]]
    rates: RateQuerySet | None = None
    moment: datetime | None = None
    terms: Sequence[Term] = ()
    argument: str = ""
    picked_from: Collection[int] = ()


class SharedPage(NamedTuple):
    """A page that can be shared, by the name of its route.

    ``about`` says what one is called; ``results`` and ``lede`` are its templates. Of its address a visitor may change
    the parameters ``free``. ``read`` takes an address, catalogs, and what stands in the path; it gives None where there
    is nothing. ``table`` is the name of the route of its files.
    """

    name: str
    title: str
    results: str
    lede: str
    free: Collection[str]
    read: Callable[[QueryDict, Catalogs, str], Asked | None]
    table: str

    def path(self, argument: str) -> str:
        """Its own path."""
        return reverse(self.name, args=[argument] if argument else [])


def _asked(parameters: Mapping[str, Sequence[str]], offers: OfferFilter) -> Asked:
    return Asked(parameters, offers.rates(), offers.moment, offers.terms)


def _offers(data: QueryDict, catalogs: Catalogs, argument: str) -> Asked:
    asked = read_offers(data, catalogs)
    return _asked(asked.address.parameters, asked.offers)


def _costs(data: QueryDict, catalogs: Catalogs, argument: str) -> Asked:
    asked = read_costs(data, catalogs)
    made = _asked(asked.address.parameters, asked.offers)
    charged_by = [(one.workload.mode, one.workload.prompt) for one in asked.ranked]
    if not charged_by:
        return made._replace(rates=None)
    if asked.several:
        return made._replace(rates=asked.offers.charged_together(charged_by))
    return made._replace(rates=asked.offers.charged(*charged_by[0]))


def _matrix(data: QueryDict, catalogs: Catalogs, argument: str) -> Asked:
    asked = read_matrix(data, catalogs)
    return _asked(asked.address_of(asked.view).parameters, asked.offers)


def _model(data: QueryDict, catalogs: Catalogs, argument: str) -> Asked | None:
    seen = family_seen(argument, catalogs)
    if seen is None:
        return None
    asked = read_model(data, catalogs, seen)
    made = _asked(asked.address.parameters, asked.offers)
    rates = asked.offers.rates().filter(offer__in=seen.offers_at(asked.moment))
    return made._replace(rates=rates, argument=seen.slug)


def _compare(data: QueryDict, catalogs: Catalogs, argument: str) -> Asked:
    asked = read_comparison(data, catalogs)
    moment = asked.view.as_of
    rates = rates_of(catalogs).at(moment).filter(offer__in=asked.ids, mode=STANDARD, above=0)
    picked_from = {one.catalog.pk for one in asked.picks.picked}
    return Asked(asked.address.parameters, rates, moment, asked.terms, picked_from=picked_from)


def _changes(data: QueryDict, catalogs: Catalogs, argument: str) -> Asked:
    page = [text for text in data.getlist("page")[:1] if text.isascii() and text.isdigit()]
    return Asked({**read_asked(data, catalogs).address.parameters, "page": page})


_TABLE = ("page", "per", "sort", "unit")
PAGES = {
    page.name: page
    for page in (
        SharedPage("offers", "Offers", "offers/results.html", "offers/count.html", _TABLE, _offers, "export_offers"),
        SharedPage(
            "costs",
            "Workload costs",
            "costs/results.html",
            "costs/count.html",
            ("page", "per", "unit", "excluded", "axis"),
            _costs,
            "export_costs",
        ),
        SharedPage(
            "compare",
            "Offers side by side",
            "compare/results.html",
            "",
            ("unit", "mode", "differing"),
            _compare,
            "export_compare",
        ),
        SharedPage(
            "catalog-matrix",
            "Catalog matrix",
            "matrix/results.html",
            "",
            ("page", "per", "sort", "tab"),
            _matrix,
            "export_matrix",
        ),
        SharedPage(
            "model", "Model", "models/results.html", "models/count.html", ("sort", "unit"), _model, "export_model"
        ),
        SharedPage(
            "changes", "Changes", "changes/results.html", "changes/count.html", ("page",), _changes, "export_changes"
        ),
    )
}


def page_of(path: str) -> tuple[SharedPage, str] | None:
    """The page at this path of ours, and what stands in it, if it can be shared."""
    try:
        found = resolve(unquote(path))
    except Resolver404:
        return None
    page = PAGES.get(found.url_name or "")
    return (page, str(found.kwargs.get("slug", ""))) if page else None


def file_path(page: SharedPage, argument: str, ending: str) -> str:
    """The path of its own file of this format."""
    return reverse(page.table, args=[*([argument] if argument else []), ending])
