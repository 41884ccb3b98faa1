"""What a model's page says of its offers besides their prices: gaps, tiers, facts, and how each was matched."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from catalog.pricing.cost import Cost, Reason
from catalog.pricing.rates import STANDARD, meant
from catalog.services.compare import Side
from catalog.services.family import Called, Seen, holds
from catalog.services.offer_line import OfferLine
from dashboard.charts.steps import Series
from dashboard.formats import day_text, size_text, times_text
from dashboard.tables.compare import Cell, Row, abilities, dates, is_told, limits, made_row
from dashboard.tables.compare_prices import GONE, LABELS, RARE, price_cell
from dashboard.tables.matrix import gap_text

LOWEST, VARIANT = "lowest", "variant"


class Tier(NamedTuple):
    """The prices of one mode and range of prompts: each with how many times the first one of its offer it is."""

    side: Side
    first: bool
    mode: str
    above: int
    up_to: int | None
    cells: Sequence[tuple[Cell, str]]


class Matched(NamedTuple):
    """How an offer came to be of the family: the state of its link, the rule and the names that it went by.

    ``slug`` is that of the family that it was of if that has been merged; ``until`` is "" where it is of it still.
    """

    offer_id: int
    ref: str
    catalog: tuple[int, str]
    state: str
    sentence: str
    names: Sequence[tuple[str, str]]
    apart: str
    slug: str
    until: str


def variants(sides: Iterable[Side]) -> dict[int, str]:
    """By offer id, what sets those apart that are a variant of the model: ``batch``, ``flex``, ``free`` …"""
    return {side.offer.pk: side.link.variant for side in sides if side.link and side.link.variant}


def in_order(lines: Iterable[OfferLine], apart: Collection[int]) -> list[OfferLine]:
    """The lines as they are sorted, but variants (``apart``) below the others, and at the end what is gone."""
    return sorted(lines, key=lambda line: (line.lifecycle in GONE, line.offer_id in apart))


def gaps(
    lines: Sequence[OfferLine], costs: Mapping[int, Cost | Reason] | None, component: str, apart: Collection[int]
) -> list[str]:
    """How far each offer is from the cheapest that is on sale, by cost if there are ``costs``, else by this price.

    What is free is beside that: it has no gap, and no other offer one to it. So is a variant (``apart``): it is sold on
    other conditions.
    """
    prices = [None if line.offer_id in apart else _worth(line, costs, component) for line in lines]
    paid = {price for price in prices if price}
    low = min(paid) if len(paid) > 1 else None
    return [VARIANT if line.offer_id in apart else _gap(low, price) for line, price in zip(lines, prices, strict=True)]


def _gap(low: int | None, price: int | None) -> str:
    if not (low and price):
        return ""
    return LOWEST if price == low else gap_text(low, price)


def _worth(line: OfferLine, costs: Mapping[int, Cost | Reason] | None, component: str) -> int | None:
    if line.lifecycle in GONE:
        return None
    if costs is not None:
        own = costs.get(line.offer_id)
        return own.per_month if isinstance(own, Cost) else None
    return meant(getattr(line, component), line.price_state)


def called(sides: Iterable[Side]) -> list[Called]:
    """What each of these offers calls the model."""
    return [
        Called(side.name, side.revision.provider, side.revision.provider_name, bool(side.link and side.link.apart))
        for side in sides
        if side.revision
    ]


def floors(sides: Iterable[Side], mode: str) -> list[int]:
    """Prompt sizes above which prices of this mode change, those of most offers first."""
    counted = Counter(rate.above for side in sides for rate in side.rates if rate.mode == mode and rate.above)
    return [floor for floor, _ in counted.most_common()]


def tiers(sides: Sequence[Side]) -> tuple[list[str], list[Tier]]:
    """Headings and rows of all prices of those offers that have more than one."""
    ours = [own.row for side in sides for own in side.own.values()]
    names = [name for name in LABELS if name not in RARE or any(getattr(row, name) is not None for row in ours)]
    found = []
    for side in sides:
        if len(side.rates) > 1:
            rates = sorted(side.rates, key=lambda rate: (rate.mode != STANDARD, rate.mode, rate.above))
            base = [price_cell(side, rates[0].mode, 0, name) for name in names]
            for rate in rates:
                own = [price_cell(side, rate.mode, rate.above, name) for name in names]
                beside = [_times(cell, first) for cell, first in zip(own, base, strict=True)]
                cells = list(zip(own, beside, strict=True))
                found.append(Tier(side, rate is rates[0], rate.mode, rate.above, rate.up_to, cells))
    return [LABELS[name] for name in names], found


def _times(cell: Cell, first: Cell) -> str:
    return times_text(cell.value, first.value) if cell.value and first.value and cell.value != first.value else ""


def facts(sides: Sequence[Side], now: datetime) -> list[Row]:
    """All that the catalogs tell of the model beside prices, a row for each thing that any of them tells."""
    named, taken = abilities(sides)[0], abilities(sides)[-1]
    known = [
        ", ".join(row.label.lower() for row in named.rows if row.cells[place].value) or None
        for place in range(len(sides))
    ]
    rows = [
        *limits(sides).rows,
        *taken.rows,
        *dates(sides, now).rows,
        made_row("Can", [Cell("prose", text) for text in known]),
    ]
    return [row for row in rows if is_told(row)]


def abilities_of(sides: Sequence[Side]) -> list[tuple[str, str]]:
    """What any of these offers can do, and how many of them say so."""
    told = [side.revision.capabilities for side in sides if side.revision and side.revision.capabilities]
    counted = Counter(name for own in told for name in own)
    of = f"of the {len(told)} that name any" if len(told) > 1 else "by the one that names any"
    return [
        (name.replace("_", " ").capitalize(), f"Named by {number} {of}" if len(told) > 1 else f"Named {of}")
        for name, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]


def sizes_text(sides: Iterable[Side], name: str) -> str:
    """The smallest and the largest size that the catalogs tell under this name: ``128K–1.05M``; "" for none."""
    told = {size for side in sides if side.revision and (size := getattr(side.revision, name))}
    return "–".join(dict.fromkeys(map(size_text, (min(told), max(told))))) if told else ""


def ended(sides: Iterable[Side]) -> dict[int, str]:
    """By catalog, the day until which it offered what it has retired."""
    ends: dict[int, datetime] = {}
    for side in sides:
        if side.revision and side.revision.lifecycle in GONE:
            ends[side.catalog.pk] = max(side.revision.valid_from, ends.get(side.catalog.pk, side.revision.valid_from))
    return {pk: f"{end.day} {end:%b %Y}" for pk, end in ends.items()}


def labelled(sides: Sequence[Side]) -> list[Side]:
    """The same, each by the name of its catalog, with its id where that has several."""
    several = Counter(side.catalog.pk for side in sides)
    return [
        side._replace(
            name=f"{side.catalog.name} {side.offer.ref}" if several[side.catalog.pk] > 1 else side.catalog.name
        )
        for side in sides
    ]


def together(charted: Mapping[str, Sequence[Series]]) -> dict[str, list[Series]]:
    """The same lines in each chart: those of one catalog that are the same in all of them as one.

    Those without a price in any are left out.
    """
    alike: dict[Hashable, list[int]] = {}
    for place, each in enumerate(zip(*charted.values(), strict=True)):
        if any(price is not None for one in each for _, price in one.steps):
            alike.setdefault((each[0].mark, *(tuple(one.steps) for one in each)), []).append(place)
    return {
        name: [series[places[0]]._replace(more=len(places) - 1) for places in alike.values()]
        for name, series in charted.items()
    }


def matched(
    seen: Seen, known: Collection[int], catalogs: Mapping[int, tuple[int, str]], moment: datetime | None, today: date
) -> list[Matched]:
    """How each offer was matched: those ``known`` (ids) of the family at ``moment``, then those that were it before."""
    links = [
        link
        for link in seen.links
        if (link.offer_id in known if holds(link, moment) else moment is None or link.valid_from <= moment)
    ]
    links.sort(
        key=lambda link: (not holds(link, moment), catalogs[link.offer.catalog_id][1].casefold(), link.offer.ref)
    )
    made = []
    for link in links:
        apart = [link.variant, link.region, link.snapshot, "a moving name" if link.moving else ""]
        slug = link.family.slug if link.family else ""
        ended = None if holds(link, moment) else link.valid_to
        made.append(
            Matched(
                offer_id=link.offer_id,
                ref=link.offer.ref,
                catalog=catalogs[link.offer.catalog_id],
                state=link.state,
                sentence=link.sentence,
                names=_names(link.evidence),
                apart=", ".join(filter(None, apart)),
                slug="" if slug == seen.slug else slug,
                until=day_text(ended, today) if ended else "",
            )
        )
    return made


def _names(evidence: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Each name with what it is. Which families they lead to is not told: one may be known from elsewhere alone."""
    words = {"upstream": "upstream id", "key": "key", "title": "title"}
    return [(name, words.get(role, role)) for role, name, *_ in evidence]
