"""Offers side by side: the ones that were picked, what each was at a moment, and how their prices came to be."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Q

from catalog.models import Catalog, Family, Link, Offer, Rate, Revision
from catalog.models.search import MOST_WORDS, Holds, words_of
from catalog.pricing.rates import STANDARD
from catalog.pricing.terms import Term
from catalog.services.catalogs import Catalogs, known_at
from catalog.services.family import ends_seen
from catalog.services.offer import Own, own_of

UNREAD = ("search", "raw", "origins")
"""What no page of several offers shows, and is long."""
FOUND_MOST = 12


class Picked(NamedTuple):
    """An offer as a tray or a list names it: by its current name, also where it is retired."""

    offer_id: int
    name: str
    ref: str
    catalog: Catalog


class Side(NamedTuple):
    """One offer of a comparison. ``revision`` is None where nothing is on record for the moment asked for.

    ``rates`` are those of ``revision``, the catalog's own; ``own`` holds, by their ids, what contracts make of them.
    ``history`` are all states up to that moment with their rates, oldest first. ``family`` is what the linked one is by
    now, as far as the catalogs tell.
    """

    offer: Offer
    catalog: Catalog
    name: str
    revision: Revision | None
    rates: Sequence[Rate]
    own: Mapping[int, Own]
    link: Link | None
    history: Sequence[tuple[Revision, Sequence[Rate]]]
    family: Family | None = None

    @property
    def price_state(self) -> str | None:
        """What is known of its standard price, under a contract if there is one."""
        return next((self.own[rate.pk].state for rate in self.rates if rate.mode == STANDARD and not rate.above), None)


def picked_offers(ids: Sequence[int], catalogs: Catalogs) -> list[Picked]:
    """Those of these offers that are in ``catalogs``, in the order given. One query, none without ids."""
    if not ids:
        return []
    by_id = {catalog.pk: catalog for catalog in catalogs}
    moment = known_at(catalogs)
    # All rates of an offer name it alike. Asked for one of them, SQLite would read those of all offers.
    rates = Rate.objects.of(by_id, moment).at(moment).filter(offer__in=ids)
    found = {
        offer: Picked(offer, name, ref, by_id[catalog])
        for offer, name, ref, catalog in rates.values_list("offer_id", "name", "ref", "catalog_id")
    }
    return [found[pk] for pk in ids if pk in found]


def found_offers(text: str, catalogs: Catalogs, without: Collection[int]) -> list[Picked]:
    """The first offers on sale that hold every word of ``text``, by name, but those that are there already."""
    by_id = {catalog.pk: catalog for catalog in catalogs}
    rates = Rate.objects.filter(catalog__in=list(by_id), listed=True, mode=STANDARD, above=0)
    rates = rates.exclude(offer__in=without).filter(Holds(F("revision_id"), words_of(text)[:MOST_WORDS]))
    rows = rates.order_by("sort_name", "pk").values_list("offer_id", "name", "ref", "catalog_id")[:FOUND_MOST]
    return [Picked(offer, name, ref, by_id[catalog]) for offer, name, ref, catalog in rows]


def side_by_side(
    ids: Sequence[int], catalogs: Catalogs, as_of: datetime | None, terms: Sequence[Term] = ()
) -> list[Side]:
    """These offers as of a moment (None: now), in the order given, without those not in ``catalogs``. Four queries.

    ``terms`` are those in force at that moment. Where a family was merged, it takes two queries more.
    """
    known = {"first_seen_at__lte": moment} if (moment := known_at(catalogs)) else {}
    offers = Offer.objects.filter(pk__in=ids, catalog__in=[catalog.pk for catalog in catalogs], **known).in_bulk()
    links = Link.objects.filter(offer__in=list(offers)).select_related("family")
    linked = {link.offer_id: link for link in links.filter(_holding(as_of))}
    ends = ends_seen([link.family for link in linked.values() if link.family], catalogs)
    sides = sides_of([offers[pk] for pk in ids if pk in offers], linked, catalogs, as_of, terms)
    return [
        side._replace(family=ends[side.link.family_id]) if side.link and side.link.family_id else side for side in sides
    ]


def sides_of(
    offers: Sequence[Offer],
    links: Mapping[int, Link],
    catalogs: Catalogs,
    as_of: datetime | None,
    terms: Sequence[Term] = (),
) -> list[Side]:
    """These offers, all of them in ``catalogs``, with their ``links`` by id as of a moment (None: now). Two queries.

    Which families those lead to by now is left out.
    """
    by_id = {catalog.pk: catalog for catalog in catalogs}
    ids = [offer.pk for offer in offers]
    revisions: dict[int, list[Revision]] = defaultdict(list)
    known = {"recorded_at__lte": moment} if (moment := known_at(catalogs)) else {}
    for revision in Revision.objects.filter(offer__in=ids, **known).defer(*UNREAD).order_by("valid_from"):
        revisions[revision.offer_id].append(revision)
    rates: dict[int, list[Rate]] = defaultdict(list)
    for rate in Rate.objects.filter(offer__in=ids).order_by("mode", "above"):
        rates[rate.revision_id].append(rate)
    return [
        _side(one, by_id[one.catalog_id], revisions[one.pk], rates, links.get(one.pk), as_of, terms) for one in offers
    ]


def _holding(as_of: datetime | None) -> Q:
    if as_of is None:
        return Q(valid_to=None)
    return Q(Q(valid_to=None) | Q(valid_to__gt=as_of), valid_from__lte=as_of)


def _side(
    offer: Offer,
    catalog: Catalog,
    revisions: Sequence[Revision],
    rates: dict[int, list[Rate]],
    link: Link | None,
    as_of: datetime | None,
    terms: Sequence[Term],
) -> Side:
    begun = [one for one in revisions if as_of is None or one.valid_from <= as_of]
    holds = begun and (begun[-1].valid_to is None or (as_of is not None and begun[-1].valid_to > as_of))
    revision = begun[-1] if holds else None
    current = rates[revision.pk] if revision else []
    return Side(
        offer=offer,
        catalog=catalog,
        name=(revision or (begun or revisions)[-1]).name,
        revision=revision,
        rates=current,
        own={rate.pk: own_of(terms, offer, revision, rate) for rate in current if revision},
        link=link,
        history=[(one, rates[one.pk]) for one in begun],
    )
