"""The Audit page: its tabs and filters with their counts, and its findings as rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse

from catalog.pricing.audit import THRESHOLDS, Kind
from catalog.services.audit import Found, Wanted
from catalog.services.catalogs import Catalog, Catalogs
from dashboard.address import Address
from dashboard.formats import moment_text
from dashboard.forms.audit import DISMISSED, Asked
from dashboard.forms.picks import MOST
from dashboard.tables.audit_words import LABELS, SEVERITIES, sentence
from dashboard.tables.change_filters import Menu
from dashboard.tables.facets import Chip, Choice

SHOWN_MOST = 8
"""Offers that a finding lists; the model's page has all."""


class Tab(NamedTuple):
    """A tab with the number of its findings, and what is found there."""

    key: str
    label: str
    findings: int
    href: str
    title: str = ""


class Line(NamedTuple):
    """An offer of a finding."""

    href: str
    name: str
    ref: str
    mark: int
    catalog: str


class Row(NamedTuple):
    """A finding as the page shows it. ``href`` leads to the model, ``beside`` to its offers side by side."""

    digest: str
    kind: str
    severity: str
    badge: str
    title: str
    href: str
    sentence: str
    lines: Sequence[Line]
    more: int
    beside: str


def tabs(open_ones: Iterable[Found], dismissed: Sequence[Found], asked: Asked) -> list[Tab]:
    """The tabs of those kinds that there are, and the one that is chosen."""
    counts = Counter(one.kind for one in open_ones)
    made = [Tab("", "All", counts.total(), asked.address.to(tab=None))]
    made += [
        Tab(kind, LABELS[kind], counts[kind], asked.address.to(tab=kind.value), THRESHOLDS[kind])
        for kind in Kind
        if counts[kind] or kind == asked.tab
    ]
    return [*made, Tab(DISMISSED, "Dismissed", len(dismissed), asked.address.to(tab=DISMISSED))]


def menus(
    found: Sequence[Found], asked: Asked, catalogs: Catalogs, providers: Mapping[str, str], known: Iterable[Found]
) -> list[Menu]:
    """The filters by catalog and provider, each counted under the choices made in the other.

    Providers are those of the ``known`` findings, whatever tab and moment: htmx swaps counts, not choices.
    """
    wanted: Wanted = asked.wanted
    by_catalog: Counter[int] = Counter()
    by_provider: Counter[str] = Counter()
    for one in found:
        if wanted.by_words(one):
            if wanted.by_provider(one):
                by_catalog.update(one.catalogs)
            if wanted.by_catalog(one):
                by_provider.update(one.providers)
    chosen = asked.values["provider"]
    return [
        Menu(
            "catalog",
            "Catalogs",
            [
                Choice(one.slug, one.name, by_catalog[one.pk], one.slug in asked.values["catalog"], one.mark)
                for one in catalogs
            ],
        ),
        Menu(
            "provider",
            "Providers",
            sorted(
                (
                    Choice(name, providers.get(name, name), by_provider[name], name in chosen)
                    for name in {*chosen, *(name for one in known for name in one.providers)}
                ),
                key=lambda choice: choice.label.casefold(),
            ),
        ),
    ]


def chips(asked: Asked, catalogs: Catalogs, providers: Mapping[str, str]) -> list[Chip]:
    """A chip for each filter that is on."""
    address, values = asked.address, asked.values
    names = {catalog.slug: catalog.name for catalog in catalogs}
    made = [Chip("As of", moment_text(values["as_of"]), address.to(as_of=None))] if values["as_of"] else []
    made += [Chip("Search", values["q"], address.to(q=None))] if values["q"] else []
    made += [Chip("Catalog", names[slug], address.without("catalog", slug)) for slug in values["catalog"]]
    made += [Chip("Provider", providers[one], address.without("provider", one)) for one in values["provider"]]
    return made


def by_model(found: Iterable[Found]) -> list[Found]:
    """The findings by model; those about a catalog come first."""
    return sorted(found, key=lambda one: (bool(one.offers), (one.slug or one.words).casefold()))


def title_of(found: Found, catalogs: Mapping[int, Catalog]) -> str:
    """What it is about: a catalog, a model, or an offer that is of none."""
    return found.slug or (found.offers[0].name if found.offers else catalogs[found.catalogs[0]].name)


def row(found: Found, catalogs: Mapping[int, Catalog], as_of: str) -> Row:
    """A finding; ``catalogs`` by id are those that the viewer may see, ``as_of`` is the moment that links name."""
    when = {"as_of": [as_of] if as_of else []}
    severity, badge = SEVERITIES[found.finding.severity]
    lines = [
        Line(
            str(Address(reverse("offer", args=[offer.offer_id]), when)),
            offer.name,
            offer.ref,
            catalogs[offer.catalog_id].mark,
            catalogs[offer.catalog_id].name,
        )
        for offer in found.offers
    ]
    ids = list(dict.fromkeys(str(offer.offer_id) for offer in found.offers))
    picked = ids if len(ids) <= MOST else [*ids[: MOST - 1], ids[-1]]
    if not found.offers:
        href = reverse("catalog", args=[catalogs[found.catalogs[0]].slug])
    elif found.slug:
        href = str(Address(reverse("model", args=[found.slug]), when))
    else:
        href = lines[0].href
    return Row(
        found.digest,
        LABELS[found.kind],
        severity,
        badge,
        title_of(found, catalogs),
        href,
        sentence(found, catalogs),
        lines[:SHOWN_MOST],
        len(lines) - SHOWN_MOST,
        str(Address(reverse("compare"), {"o": picked, **when})) if len(picked) > 1 else "",
    )
