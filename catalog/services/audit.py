"""The audit of what catalogs say of each other: what is found in the offers that a viewer may see, and remembered.

Compared are list prices, in the standard mode and for short prompts: that is what catalogs publish.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Value

from catalog.models import LISTED, Family, Rate
from catalog.models.rate import RateQuerySet
from catalog.pricing import audit as rules
from catalog.pricing.audit import HIGH, MEDIUM, Finding, Seen, in_order
from catalog.pricing.audit_rules import findings
from catalog.pricing.rates import STANDARD
from catalog.services.asked import rates_of
from catalog.services.catalogs import Catalogs, fingerprint
from catalog.services.matrix import linked, plain
from catalog.services.memory import Memory
from catalog.sources.kind import Kind
from catalog.sources.kinds import KINDS

REMEMBERED = 8
"""Audits that a process keeps: a megabyte each at 9,000 offers, of which one in ten has a finding."""
DEPRECATED = "deprecated"
COLUMNS = ("provider", "on_sale", "price_state", "input", "output", "cache_read", "cache_write", "blended")
NAMES = ("offer_id", "catalog_id", "ref", "name", "provider", "provider_name")


class Named(NamedTuple):
    """An offer that a finding is about, as a page names it. ``seller`` is whose price it is, as far as is known."""

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider: str
    seller: str


class Found(NamedTuple):
    """A finding with what it is of: ``catalogs`` and ``providers`` by id, and the family's slug, or "".

    ``digest`` changes with its figures. ``words`` is what a search looks through, in lower case.
    """

    finding: Finding
    digest: str
    catalogs: tuple[int, ...]
    providers: frozenset[str]
    slug: str
    offers: tuple[Named, ...]
    words: str

    @property
    def kind(self) -> rules.Kind:
        """Of which kind it is."""
        return self.finding.kind


_audits: Memory[Sequence[Found]] = Memory(REMEMBERED)


def audit(catalogs: Catalogs, moment: datetime | None) -> Sequence[Found]:
    """What is found in these catalogs at ``moment``, now for None: the most severe first.

    In four queries or from memory; of now also what is wrong with the catalogs themselves, which takes no query.
    """
    read = tuple((catalog.kind, catalog.read_at) for catalog in catalogs)
    found = _audits.get((fingerprint(catalogs), read, moment), lambda: _audit(catalogs, moment))
    if moment is not None:
        return found
    return sorted([*catalog_findings(catalogs), *found], key=lambda one: -one.finding.severity)  # stable


def catalog_findings(catalogs: Catalogs) -> list[Found]:
    """Which of the catalogs cannot be read, or were not read for long. Such a finding is over with the next read."""
    found = []
    for catalog in catalogs:
        kind = rules.Kind.FAILING if catalog.failures else rules.Kind.STALE if catalog.is_stale else None
        if kind:
            finding = Finding(kind, HIGH if kind is rules.Kind.FAILING else MEDIUM, (), ())
            digest = _digest(kind, catalog.pk, catalog.read_at and catalog.read_at.isoformat())
            found.append(Found(finding, digest, (catalog.pk,), frozenset(), "", (), catalog.name.casefold()))
    return found


def _audit(catalogs: Catalogs, moment: datetime | None) -> Sequence[Found]:
    sellers = {catalog.pk: kind for catalog in catalogs if (kind := KINDS.get(catalog.kind)) and kind.seller}
    offers = [Seen._make(row) for row in _rows(catalogs, moment)]
    found = in_order(findings(_sold(offer, sellers) for offer in offers))
    about = {offer.rate for one in found for offer in one.offers}
    rows = plain(Rate.objects.filter(pk__in=about).order_by().values_list("pk", *NAMES)) if about else []
    names = {pk: Named._make(row) for pk, *row in rows}
    for pk, name in names.items():
        if name.catalog_id in sellers:
            names[pk] = name._replace(seller=sellers[name.catalog_id].label)
    families = {one.family for one in found if one.family is not None}
    slugs = dict(Family.objects.filter(pk__in=families).values_list("pk", "slug")) if families else {}
    # A sync may have taken an offer away meanwhile.
    return [_found(one, names, slugs) for one in found if all(offer.rate in names for offer in one.offers)]


def _rows(catalogs: Catalogs, moment: datetime | None) -> Iterable[tuple[object, ...]]:
    every = rates_of(catalogs).filter(mode=STANDARD, above=0)
    if moment is None:  # what is listed the index holds; the others are few
        listed, others = every.filter(listed=True), every.at(None).filter(lifecycle=DEPRECATED)
    else:
        listed, others = (every.at(moment).filter(lifecycle__in=states) for states in (LISTED, (DEPRECATED,)))
    return [*_read(listed, moment, on_sale=True), *_read(others, moment, on_sale=False)]


def _read(rates: RateQuerySet, moment: datetime | None, *, on_sale: bool) -> list[tuple[object, ...]]:
    found, family, apart = linked(rates, moment)
    rows = found.order_by().annotate(of=family, far=apart, on_sale=Value(on_sale), context=F("context_tokens"))
    return plain(rows.values_list("pk", "catalog", "of", "far", *COLUMNS, "context"))


def _sold(offer: Seen, sellers: Mapping[int, Kind]) -> Seen:
    """The offer with whose price it is for its provider: a router names who made the model, and asks its own price."""
    return offer._replace(provider=sellers[offer.catalog].seller) if offer.catalog in sellers else offer


def _found(finding: Finding, names: Mapping[int, Named], slugs: Mapping[int, str]) -> Found:
    offers = tuple(names[offer.rate] for offer in finding.offers)
    slug = slugs.get(finding.family, "") if finding.family is not None else ""
    texts = {slug, *(text for offer in offers for text in (offer.ref, offer.name, offer.provider, offer.seller))}
    return Found(
        finding,
        _digest(finding.kind, finding.component, [offer.offer_id for offer in offers], finding.figures),
        tuple(dict.fromkeys(offer.catalog_id for offer in offers)),
        frozenset(offer.provider for offer in offers if offer.provider),
        slug,
        offers,
        "\n".join(sorted(texts)).casefold(),
    )


def _digest(*made_of: object) -> str:
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]


class Wanted(NamedTuple):
    """Which findings a page lists: those that are of any of the chosen values of each filter; none chosen means any."""

    words: Sequence[str] = ()
    catalogs: Collection[int] = ()
    providers: Collection[str] = ()

    def passes(self, found: Found) -> bool:
        """Whether it is one of them."""
        return self.by_words(found) and self.by_catalog(found) and self.by_provider(found)

    def by_words(self, found: Found) -> bool:
        """Whether every word occurs in it."""
        return all(word in found.words for word in self.words)

    def by_catalog(self, found: Found) -> bool:
        """Whether it is about one of the chosen catalogs."""
        return not self.catalogs or any(catalog in self.catalogs for catalog in found.catalogs)

    def by_provider(self, found: Found) -> bool:
        """Whether it is about an offer of one of the chosen providers."""
        return not self.providers or not found.providers.isdisjoint(self.providers)
