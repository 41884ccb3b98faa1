"""The Offers table in sections, where it is grouped by model: each begins with a row that sums up its family."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from catalog.pricing.units import Unit, price_text
from catalog.services.family import Called, title_of
from catalog.services.groups import Group, Grouped, Span
from catalog.services.offer_line import OfferLine
from dashboard.formats import counted
from dashboard.model_pages import model_address
from dashboard.tables.offers import Row


class Heading(NamedTuple):
    """The row above the offers of a family: what they call it, its slug, where its page is ("" for nowhere), and sums.

    ``continued`` tells that it stood on the page before already.
    """

    title: str
    slug: str
    href: str
    counts: str
    input: str
    output: str
    continued: bool


class Section(NamedTuple):
    """Offers of one family with their heading, or without one those that stand by themselves."""

    heading: Heading | None
    rows: Sequence[Row]


def sections(
    rows: Sequence[Row], lines: Sequence[OfferLine], found: Grouped, start: int, unit: Unit, day: str
) -> list[Section]:
    """The rows of these lines, the first of which is row ``start`` of all that were ``found``; ``day`` as addressed."""
    made: list[Section] = []
    pairs = zip(lines, rows, strict=True)
    for family, own in groupby(pairs, lambda pair: pair[0].of if pair[0].of in found.groups else None):
        several = list(own)
        if family is None:
            made.append(Section(None, [row for _, row in several]))
            continue
        continued = not made and found.starts_within(start)
        heading = _heading([line for line, _ in several], found.groups[family], unit, day, continued)
        made.append(Section(heading, [row._replace(same=True) for _, row in several]))
    return made


def _heading(lines: Sequence[OfferLine], group: Group, unit: Unit, day: str, continued: bool) -> Heading:
    slug = lines[0].slug or ""
    vendor, _, name = slug.partition("/")
    return Heading(
        title=title_of(vendor, name, [Called(line.name, "", line.provider_name, False) for line in lines]),
        slug=slug,
        href=model_address(slug, day),
        counts=f"{counted(group.offers, 'offer')} in {counted(group.catalogs, 'catalog')}",
        input=span_text(group.input, unit),
        output=span_text(group.output, unit),
        continued=continued,
    )


def span_text(span: Span | None, unit: Unit) -> str:
    """From the lowest price to the highest: ``2.00–8.00``, ``2.00``, and ``—`` where none is known."""
    low, high = span or (None, None)
    return price_text(low, unit) if low == high else f"{price_text(low, unit)}–{price_text(high, unit)}"
