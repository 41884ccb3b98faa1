"""The scatter charts of the Offers page: what their marks say, the legend, and what is not drawn, in words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.pricing.rates import PriceState
from catalog.pricing.units import Unit, price_text, usd
from catalog.services.scatter import Place, Scatter, scatter
from dashboard.address import Address
from dashboard.charts.scatter import Point, ScatterChart, scatter_chart
from dashboard.formats import counted, size_text
from dashboard.tables.offers import UNIT_WORDS

AXES = {"context": ("context", "input"), "prices": ("input", "output")}
"""By chart, what is from left to right and what upwards."""
ENDS = {"context": "context", "input": "in", "output": "out"}
"""What the filters by ranges call them."""
MEANT = (PriceState.FREE, PriceState.PRICED)
"""The price states in which a 0 is a price."""
Text = Callable[[int], str]


class Legend(NamedTuple):
    """A catalog: its mark and name, and how many of its offers are drawn."""

    mark: int
    name: str
    offers: int


class ScatterView(NamedTuple):
    """A chart (None: nothing can be drawn) with the names of its axes, its legend, and a sentence on what it shows."""

    chart: ScatterChart | None
    x_label: str
    y_label: str
    legend: Sequence[Legend]
    sentence: str


def scatter_view(
    offers: OfferFilter,
    chart: str,
    unit: Unit,
    catalogs: Mapping[int, tuple[int, str]],
    address: Address,
    *,
    lists: bool = True,
) -> ScatterView:
    """The chart (a key of AXES) of the offers found; ``catalogs`` gives mark and name by id.

    A mark leads to its model, or at ``address``, that of the page, to the list of its offers where they are several;
    without ``lists`` nowhere then.
    """
    x, y = AXES[chart]
    found = scatter(offers, x, y)
    texts = {"context": size_text}
    x_text, y_text = (texts.get(name, lambda pico: price_text(pico, unit)) for name in (x, y))
    leads_to = _links(offers, (x, y), address, lists=lists)
    points = [
        Point(place.x, place.y, catalogs[place.catalog][0], title, leads_to(place))
        for place in found.places
        for title in [_title(place, catalogs[place.catalog][1], (x, x_text), (y, y_text))]
    ]
    drawn = Counter[int]()
    for place in found.places:
        drawn[place.catalog] += place.offers
    return ScatterView(
        chart=scatter_chart(points, x_text, y_text),
        x_label=_label(x, unit),
        y_label=_label(y, unit),
        legend=[Legend(*catalogs[pk], drawn[pk]) for pk in catalogs if drawn[pk]],
        sentence=_sentence(found, x, y),
    )


def _links(offers: OfferFilter, axes: tuple[str, str], address: Address, *, lists: bool) -> Callable[[Place], str]:
    """What says where a place leads, "" for nowhere."""
    as_of = address.parameters.get("as_of", [])
    models = Address(reverse("offer-model", args=[0]), {"as_of": as_of})
    slugs = {pk: slug for slug, pk in offers.catalog_ids.items()}
    states = [state for state in offers.values["state"] or sorted(offers.allowed["state"]) if state in MEANT]

    def leads_to(place: Place) -> str:
        if place.one_model:
            return str(models).replace("/0/", f"/{place.offer_id}/", 1)
        if not lists:
            return ""
        values = dict(zip(axes, (place.x, place.y), strict=True))
        exact = {
            f"{end}{ENDS[name]}": _typed(name, value) for name, value in values.items() for end in ("min_", "max_")
        }
        # A 0 that need not be meant is not drawn, but a range of prices holds it.
        state = {"state": states} if 0 in values.values() else {}
        return address.to(chart=None, catalog=slugs[place.catalog], **exact, **state)

    return leads_to


def _typed(name: str, value: int) -> str:
    return str(value) if name == "context" else f"{usd(value, Unit.MILLION):f}"


def _label(name: str, unit: Unit) -> str:
    if name == "context":
        return "Context window, tokens, log scale"
    return f"{name.capitalize()} price, US dollars per {UNIT_WORDS[unit]}, log scale"


def _title(place: Place, catalog: str, x: tuple[str, Text], y: tuple[str, Text]) -> str:
    """``GPT-4.1 and 2 more, Team: context 128K, input 2.00``."""
    more = place.offers - len(place.names)
    names = f"{', '.join(place.names)}{f' and {more} more' if more else ''}"
    both = ((*x, place.x), (*y, place.y))
    values = ", ".join(f"{name} {'free' if value == 0 else text(value)}" for name, text, value in both)
    return f"{names}, {catalog}: {values}"


def _sentence(found: Scatter, x: str, y: str) -> str:
    every = found.drawn + found.unknown + found.beyond
    words = [f"{found.drawn:,} of {counted(every, 'offer')} at {counted(len(found.places), 'place')}."]
    if free := sum(place.offers for place in found.places if 0 in (place.x, place.y)):
        one = "a price of 0" if x == "context" else "an input or output price of 0"
        words.append(f"{free:,} of them {'has' if free == 1 else 'have'} {one}: on the rail at the edge.")
    if found.unknown:
        one = "context or input price" if x == "context" else f"{x} or {y} price"
        words.append(f"Not drawn: {found.unknown:,} whose {one} is not known.")
    if found.beyond:
        words.append(f"Left out: {found.beyond:,} at places that fewer offers share than the ones drawn.")
    return " ".join(words)
