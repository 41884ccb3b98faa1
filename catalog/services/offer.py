"""One offer: all its rates at a moment, where each value came from, and its revisions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F

from catalog.models import Catalog, Offer, Rate, Revision
from catalog.pricing.rates import COMPONENTS, STANDARD, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state, term_for
from catalog.services.catalogs import Catalogs
from catalog.sync.differences import Difference, near, price_name
from catalog.sync.held_offers import held_state


class Chapter(NamedTuple):
    """One revision in an offer's history: its standard base rate, and what it changed."""

    revision: Revision
    base: Rate
    changes: Sequence[Difference]


class Source(NamedTuple):
    """One value of the offer and the catalog's own field that it was read from. ``pico`` is set for prices."""

    sent_as: str
    sent: str
    read_as: str
    mode: str
    above: int
    pico: int | None
    value: Any


class Own(NamedTuple):
    """What a rate is for us: its ``row`` and price ``state`` under the contract ``term`` that changes it, if any."""

    row: RateRow
    state: PriceState
    term: Term | None


class OfferDetail(NamedTuple):
    """Everything an offer's page shows. ``revision`` is None when nothing is known of the moment asked for.

    ``rates`` are the catalog's own; ``own`` holds, by their ids, what contracts make of them. ``held`` are the prices
    that the guard keeps back, by mode, floor and component, beside those that are current.
    """

    offer: Offer
    catalog: Catalog
    revision: Revision | None
    rates: Sequence[Rate]
    own: Mapping[int, Own]
    sources: Sequence[Source]
    history: Sequence[Chapter]
    held: Mapping[tuple[str, int, str], Difference]


def offer_detail(pk: int, catalogs: Catalogs, as_of: datetime | None, terms: Sequence[Term] = ()) -> OfferDetail | None:
    """The offer as of a moment (None: now), or None if there is none in these catalogs. Three queries.

    ``terms`` are those in force at that moment.
    """
    by_id = {catalog.pk: catalog for catalog in catalogs}
    offer = Offer.objects.filter(pk=pk, catalog__in=list(by_id)).first()
    if offer is None:
        return None
    revisions = list(offer.revisions.select_related("sync").order_by("valid_from"))
    rates: dict[int, list[Rate]] = defaultdict(list)
    for rate in Rate.objects.filter(offer=offer).order_by("revision_id", F("mode"), "above"):
        rates[rate.revision_id].append(rate)
    shown = [revision for revision in revisions if _holds(revision, as_of)]
    revision = shown[-1] if shown else None
    own = (
        sorted(rates[revision.pk], key=lambda rate: (rate.mode != STANDARD, rate.mode, rate.above)) if revision else []
    )
    chapters = [
        Chapter(after, _base(rates[after.pk]), _changes(before, after, rates) if before else ())
        for before, after in zip([None, *revisions], revisions, strict=False)
    ]
    return OfferDetail(
        offer=offer,
        catalog=by_id[offer.catalog_id],
        revision=revision,
        rates=own,
        own={rate.pk: own_of(terms, offer, revision, rate) for rate in own if revision},
        sources=_sources(revision, own) if revision else (),
        history=chapters[::-1],
        held=_held(offer, rates[revisions[-1].pk]),
    )


def _holds(revision: Revision, as_of: datetime | None) -> bool:
    if as_of is None:
        return revision.valid_to is None
    return revision.valid_from <= as_of and (revision.valid_to is None or revision.valid_to > as_of)


def own_of(terms: Sequence[Term], offer: Offer, revision: Revision, rate: Rate) -> Own:
    """What this rate of the revision is under the first of ``terms`` that is for it."""
    term = term_for(
        terms,
        catalog=offer.catalog_id,
        provider=revision.provider,
        ref=offer.ref,
        key=revision.key,
        mode=rate.mode,
    )
    prices = {name: getattr(rate, name) for name in COMPONENTS}
    listed = RateRow(rate.mode, rate.above, rate.up_to, **prices, inherited=tuple(rate.inherited.split()))
    row = effective(listed, term)
    return Own(row, effective_state(PriceState(revision.price_state), row, term), term if row != listed else None)


def _base(rates: Sequence[Rate]) -> Rate:
    return next(rate for rate in rates if rate.mode == STANDARD and rate.above == 0)


FIELDS = (
    "name",
    "lifecycle",
    "price_state",
    "context_tokens",
    "max_input_tokens",
    "max_output_tokens",
    "provider_name",
)


def _changes(before: Revision, after: Revision, rates: dict[int, list[Rate]]) -> list[Difference]:
    found = [
        Difference(name, getattr(before, name), getattr(after, name))
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
    old, new = _prices(rates[before.pk]), _prices(rates[after.pk])
    found += [
        Difference(price_name(*key), old.get(key), new.get(key), is_price=True)
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]
    if before.other_prices != after.other_prices:
        found.append(Difference("other prices", None, None))
    return found


def _held(offer: Offer, rates: Sequence[Rate]) -> dict[tuple[str, int, str], Difference]:
    held = held_state(offer)
    if held is None:
        return {}
    old, new = _prices(rates), _prices(held.state.rates)
    return {
        key: Difference(price_name(*key), old.get(key), new.get(key), is_price=True)
        for key in dict.fromkeys([*old, *new])
        if not near(old.get(key), new.get(key))
    }


def _prices(rates: Sequence[Rate | RateRow]) -> dict[tuple[str, int, str], int]:
    return {
        (rate.mode, rate.above, name): price
        for rate in rates
        for name in COMPONENTS
        if (price := getattr(rate, name)) is not None
    }


def _sources(revision: Revision, rates: Sequence[Rate]) -> list[Source]:
    by_tier = {(rate.mode, rate.above): rate for rate in rates}
    made = []
    for origin in revision.origins:
        pico = value = None
        if origin["read_as"] in COMPONENTS:
            rate = by_tier.get((origin["mode"], origin["above"]))
            pico = getattr(rate, origin["read_as"], None)
        else:
            value = getattr(revision, origin["read_as"], None)
        made.append(Source(**origin, pico=pico, value=value))
    return made
