"""The rows of the catalog matrix: which offer stands for each cell, how it was matched, what the family is called."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from catalog.filters import OfferFilter
from catalog.matching import Rule, State
from catalog.models import Family, Rate
from catalog.pricing.cost import Reason
from catalog.pricing.workload import Workload
from catalog.services.cost_sql import REASONS, outcome_of
from catalog.services.matrix import LINK, Line, Measure, Price, plain, priced, with_links
from catalog.services.sorting import SortKey

FIELDS = ("offer_id", "catalog_id", "ref", "name", "provider", "provider_name")
OF_LINK = ("rule", "state", "variant", "region", "snapshot", "moving")


class CellOffer(NamedTuple):
    """An offer as a cell tells of it. ``price`` is what the matrix compares, in pico-dollars, or None.

    ``stated`` is the price as it is on record, 0 also where it need not be meant (``price_state``); ``listed`` is the
    catalog's own, from which a contract may differ. ``reason`` says why a workload has no cost here.
    """

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider: str
    provider_name: str
    price: Price
    stated: Price
    listed: Price
    price_state: str
    blended: Price
    rule: Rule
    state: State
    variant: str
    region: str
    snapshot: str
    moving: bool
    reason: Reason | None = None

    @property
    def apart(self) -> int:
        """As `Link.apart`: how far it is set apart within its family."""
        return 8 * bool(self.moving) + 4 * bool(self.variant) + 2 * bool(self.region) + bool(self.snapshot)


class Cell(NamedTuple):
    """The offer that stands for a family in a catalog, and its other offers there, plainest and cheapest first."""

    offer: CellOffer
    others: Sequence[CellOffer]


class Named(NamedTuple):
    """A family's slug, and its two halves."""

    slug: str
    vendor: str
    name: str


class Row(NamedTuple):
    """A line of the matrix with its cells, None where the family is not offered; ``title`` is what offers call it."""

    line: Line
    slug: str
    vendor: str
    title: str
    cells: Sequence[Cell | None]


def sorted_lines(lines: Iterable[Line], key: SortKey, values: Mapping[int, Any]) -> list[Line]:
    """The lines by ``values`` (by family; what has none comes last, both ways round), and of one value by name."""
    lines = list(lines)
    names = dict(Family.objects.filter(pk__in=[line.family for line in lines]).values_list("pk", "name"))
    lines.sort(key=lambda line: (names[line.family].casefold(), line.family))
    if key.name == "model":
        return lines[::-1] if key.descending else lines
    known = [line for line in lines if line.family in values]
    known.sort(key=lambda line: values[line.family], reverse=key.descending)  # stable: by name within
    return known + [line for line in lines if line.family not in values]


def matrix_rows(offers: OfferFilter, catalogs: Sequence[int], measure: Measure, lines: Sequence[Line]) -> list[Row]:
    """The rows of these lines, in one query; ``offers``, ``catalogs`` and ``measure`` are those of the matrix."""
    if not lines:
        return []
    families = [line.family for line in lines]
    every, _ = priced(offers, measure)
    if offers.moment:
        rates = with_links(every, offers.moment, family__in=families)
    else:
        rates = with_links(every.filter(family__in=families), None)
    found: defaultdict[tuple[int, int], list[CellOffer]] = defaultdict(list)
    named: dict[int, Named] = {}
    for family, name, one in _offers(rates, offers, measure):
        named[family] = name
        found[family, one.catalog_id].append(one)
    for several in found.values():
        several.sort(key=lambda one: (one.apart, one.price is None, one.price, one.ref))
    made = []
    for line in lines:
        own = named[line.family]
        cells = [_cell(found.get((line.family, pk))) for pk in catalogs]
        all_offers = [one for pk in catalogs for one in found.get((line.family, pk), ())]
        made.append(Row(line, own.slug, own.vendor, _title(own, all_offers), cells))
    return made


def _offers(rates: QuerySet[Rate], offers: OfferFilter, measure: Measure) -> Iterable[tuple[int, Named, CellOffer]]:
    by_cost = isinstance(measure, Workload)
    price = outcome_of(measure, offers.column) if isinstance(measure, Workload) else F(offers.column(measure))
    fields = {
        "of": F(f"{LINK}__family"),
        "worth": price,
        "own": F("blended") if by_cost else F(str(measure)),
        "found_state": F(offers.column("price_state")),
        "flat": F(offers.column("blended")),
        **{f"link_{name}": F(f"{LINK}__{name}") for name in OF_LINK},
        **{f"family_{name}": F(f"{LINK}__family__{name}") for name in Named._fields},
    }
    for family, *row in plain(rates.order_by().annotate(**fields).values_list("of", *FIELDS, *list(fields)[1:])):
        about, (worth, own, state, flat, rule, linked, *more) = row[: len(FIELDS)], row[len(FIELDS) :]
        reason = REASONS[-1 - worth] if by_cost and worth < 0 else None
        stated = None if reason else worth
        meant = by_cost or worth != 0 or state in ("priced", "free")
        prices = (stated if meant else None, stated, stated if by_cost else own, state, flat)
        apart, named = more[:-3], Named._make(more[-3:])
        yield family, named, CellOffer._make((*about, *prices, Rule(rule), State(linked), *apart, reason))


def _cell(own: Sequence[CellOffer] | None) -> Cell | None:
    return Cell(own[0], own[1:]) if own else None


def _title(family: Named, own: Iterable[CellOffer]) -> str:
    """What most of these offers call it, those of its vendor and plain ones first.

    `Family.title` is not for a page: it may be what a catalog calls it that the viewer must not see.
    """
    counted: Counter[str] = Counter()
    for one in own:
        plain_one = not one.apart
        counted[_without_seller(one)] += 1 + 1_000 * (plain_one and one.provider == family.vendor) + 10 * plain_one
    return min(counted, key=lambda name: (-counted[name], name), default=family.name)


def _without_seller(one: CellOffer) -> str:
    """Its name without who sells it in front: ``OpenAI: GPT-4o`` at OpenRouter, ``azure/gpt-4o`` at LiteLLM."""
    name = one.name.removeprefix(f"{one.provider_name}: ") if one.provider_name else one.name
    return name if " " in name else name.rpartition("/")[2] or name
