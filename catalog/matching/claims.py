"""What all offers together say of whose model a name is: the ground on which families stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.matching.keys import key_of
from catalog.matching.names import Name, parse
from catalog.matching.vendors import vendor_by_name, vendor_of_provider

ROUTES = frozenset(("accounts", "models", "openrouter", "route", "cf", "publishers", "endpoints"))
"""Segments before a name that name no maker, besides the providers themselves."""


class Names(NamedTuple):
    """All that one offer is called, as its catalog sends it; ``provider`` is the slug of who sells it."""

    key: str = ""
    upstream_ids: tuple[str, ...] = ()
    ref: str = ""
    title: str = ""
    provider: str = ""


@dataclass(slots=True)
class Claim:
    """What the offers say of one vendor's model: how it is spelled, and who sells it.

    ``own`` are spellings of the vendor's own catalog, ``stated`` of names that state the vendor, ``guessed`` of names
    that only look like its.
    """

    own: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    guessed: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)

    @property
    def spelling(self) -> str:
        """The vendor's own spelling, or else one that somebody uses; the same one in whatever order they came."""
        if self.own:
            return min(self.own, key=lambda text: (len(text), text.swapcase()))
        return min(self.stated or self.guessed, key=lambda text: (-text.count("."), -len(text), text.swapcase()))


Pair = tuple[str, str]
Claims = dict[Pair, Claim]


def ids_of(offer: Names) -> Iterator[tuple[str, str]]:
    """The offer's ids, the most telling first, each with its role; the ref is asked only without a key."""
    yield from (("upstream", name) for name in offer.upstream_ids)
    if offer.key or offer.ref:
        yield "key", offer.key or offer.ref


def gathered(offers: Iterable[Names]) -> Claims:
    """Every name that tells its vendor. Which segments are routes is seen from who sells at all."""
    offers = set(offers)
    sellers = ROUTES | {key_of(offer.provider) for offer in offers}
    claims: Claims = defaultdict(Claim)
    for offer in offers:
        for _, raw in ids_of(offer):
            name = parse(raw)
            if name.key:
                _claim(claims, name, offer.provider, sellers)
    return dict(claims)


def _claim(claims: Claims, name: Name, provider: str, sellers: frozenset[str]) -> None:
    looks = vendor_by_name(name.key)
    seller, plainly = vendor_of_provider(provider)
    if not name.vendor and not name.route and seller and (looks == seller or (plainly and not looks)):
        claim = claims[seller, name.key]
        claim.own.add(name.stem)
    elif name.vendor:
        claim = claims[name.vendor, name.key]
        claim.stated.add(name.stem)
    elif looks and all(key_of(segment) in sellers for segment in name.route):
        claim = claims[looks, name.key]
        claim.guessed.add(name.stem)
    else:
        return
    claim.providers.add(provider)
