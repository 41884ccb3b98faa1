"""The scatter charts of the Offers page: what their marks say, the legend, and what is not drawn, in words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse

from catalog.filters import OfferFilter
from catalog.pricing.units import Unit, price_text
from catalog.services.scatter import Place, Scatter, scatter
from dashboard.charts.scatter import Point, ScatterChart, scatter_chart
from dashboard.formats import counted, size_text
from dashboard.tables.offers import UNIT_WORDS

AXES = {"context": ("context", "input"), "prices": ("input", "output")}
"""By chart, what is from left to right and what upwards."""
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
    offers: OfferFilter, chart: str, unit: Unit, catalogs: Mapping[int, tuple[int, str]], tail: str
) -> ScatterView:
    """The chart (a key of AXES) of the offers found; ``catalogs`` gives mark and name by id.

    ``tail`` stands behind the address of a mark, which leads to the model.
    """
    x, y = AXES[chart]
    found = scatter(offers, x, y)
    texts = {"context": size_text}
    x_text, y_text = (texts.get(name, lambda pico: price_text(pico, unit)) for name in (x, y))
    before, after = reverse("offer-model", args=[0]).split("0")
    points = [
        Point(place.x, place.y, catalogs[place.catalog][0], title, f"{before}{place.offer_id}{after}{tail}")
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
        words.append(f"{free:,} of them {'is' if free == 1 else 'are'} free and on the rail at the edge.")
    if found.unknown:
        one = "context or input price" if x == "context" else f"{x} or {y} price"
        words.append(f"Not drawn: {found.unknown:,} whose {one} is not known.")
    if found.beyond:
        words.append(f"Left out: {found.beyond:,} at places that fewer offers share than the ones drawn.")
    return " ".join(words)
