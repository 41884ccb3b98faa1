"""The families that a set of offers is about, found in all their names at once."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.matching.dressing import undressed
from catalog.matching.keys import key_of
from catalog.matching.names import Name, parse
from catalog.matching.vendors import vendor_by_name, vendor_of_provider, vendor_spelled

CORROBORATED = 2
"""So many providers must use a name such as ``…-fast`` before it is taken for a model of its own."""


class Names(NamedTuple):
    """All that one offer is called, as its catalog sends it; ``provider`` is the slug of who sells it."""

    key: str = ""
    upstream_ids: tuple[str, ...] = ()
    ref: str = ""
    title: str = ""
    provider: str = ""


class Family(NamedTuple):
    """One model, whoever sells it. ``name`` is the vendor's own spelling; families are compared by vendor and key.

    ``sure`` tells that its vendor is known by more than the look of the name.
    """

    vendor: str
    name: str
    key: str
    sure: bool = True

    @property
    def slug(self) -> str:
        """``vendor/name``."""
        return f"{self.vendor}/{self.name}"


@dataclass(slots=True)
class Known:
    """The known families and what a person decided about names. Make one with `find`."""

    families: dict[tuple[str, str], Family] = field(default_factory=dict)
    aliases: Mapping[str, str | None] = field(default_factory=dict)
    by_key: dict[str, list[Family]] = field(default_factory=dict)
    by_compact: dict[str, list[Family]] = field(default_factory=dict)
    by_size: dict[str, list[Family]] = field(default_factory=dict)
    unclear: dict[tuple[str, str], Family] = field(default_factory=dict)

    def add(self, family: Family) -> None:
        """Make one family known."""
        self.families[family.vendor, family.key] = family
        self.by_key.setdefault(family.key, []).append(family)
        self.by_compact.setdefault(family.key.replace("-", ""), []).append(family)
        if short := without_active_size(family.key):
            self.by_size.setdefault(short, []).append(family)


@dataclass(slots=True)
class Claim:
    """What the offers say of one vendor's model: who sells it, who says whose it is, how it is spelled."""

    own: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    guessed: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)

    @property
    def spelling(self) -> str:
        """The vendor's own spelling, or else one that somebody uses; the same one in whatever order they came."""
        return min(self.own or self.stated or self.guessed, key=lambda text: (len(text), text.swapcase()))


Claims = dict[tuple[str, str], Claim]


def find(
    offers: Iterable[Names], *, kept: Iterable[str] = (), aliases: Mapping[str, str | None] | None = None
) -> Known:
    """The families of all these offers together, beside those ``kept`` and those that ``aliases`` lead to.

    A family comes from a vendor's own catalog, from a name that states its vendor, or from a name that looks like one
    vendor's (not sure). A name that only dresses up another one, or that its vendor lists as a preview alone, makes
    none. The order of offers does not matter.
    """
    known = Known(aliases=dict(aliases or {}))
    for slug in sorted({*kept, *filter(None, known.aliases.values())}):
        family = family_called(slug)
        if (family.vendor, family.key) not in known.families:
            known.add(family)
    claims = _claims(offers)
    own = {pair for pair, claim in claims.items() if claim.own} | known.families.keys()
    every = claims.keys() | own
    sized = Counter((vendor, without_active_size(key)) for vendor, key in every)
    for pair, claim in sorted(claims.items()):
        vendor, key = pair
        if pair in known.families or _dresses(pair, claim, every):
            continue
        if pair not in own and (vendor, f"{key}-preview") in own:
            known.unclear[pair] = Family(vendor, claim.spelling, key)
        elif pair in own or sized[pair] != 1:
            known.add(Family(vendor, claim.spelling, key, sure=bool(claim.own or claim.stated)))
    return known


def family_called(slug: str) -> Family:
    """The family of a slug ``vendor/name``."""
    vendor, _, name = slug.rpartition("/")
    return Family(vendor_spelled(vendor) or vendor, name, parse(name).key)


def ids_of(offer: Names) -> Iterator[tuple[str, str]]:
    """The offer's ids, the most telling first, each with its role; the ref is asked only without a key."""
    yield from (("upstream", name) for name in offer.upstream_ids)
    if offer.key or offer.ref:
        yield "key", offer.key or offer.ref


def without_active_size(key: str) -> str:
    """``nemotron-3-nano-30b`` for ``…-30b-a3b``, or nothing where no active size is stated."""
    tokens = key.split("-")
    for end in range(2, len(tokens) - 2):
        if tokens[end - 1] == "b" and tokens[end] == "a" and tokens[end + 1].isdigit() and tokens[end + 2] == "b":
            return "-".join(tokens[:end] + tokens[end + 3 :])
    return ""


def _claims(offers: Iterable[Names]) -> Claims:
    """Every name that tells its vendor. Which segments are routes is seen from who sells at all."""
    offers = set(offers)
    sellers = {key_of(offer.provider) for offer in offers}
    claims: Claims = defaultdict(Claim)
    for offer in offers:
        for _, raw in ids_of(offer):
            name = parse(raw)
            if name.key:
                _claim(claims, name, offer.provider, sellers)
    return dict(claims)


def _claim(claims: Claims, name: Name, provider: str, sellers: set[str]) -> None:
    looks = vendor_by_name(name.key)
    seller, plainly = vendor_of_provider(provider)
    if not name.vendor and not name.route and seller and (looks == seller or (plainly and not looks)):
        claim = claims[seller, name.key]
        claim.own.add(name.stem)
    elif name.vendor:
        claim = claims[name.vendor, name.key]
        claim.stated.add(name.stem)
    elif looks and all(key_of(segment) in sellers or _is_route(segment) for segment in name.route):
        claim = claims[looks, name.key]
        claim.guessed.add(name.stem)
    else:
        return
    claim.providers.add(provider)


ROUTES = frozenset(("accounts", "models", "openrouter", "route", "cf", "publishers", "endpoints"))


def _is_route(segment: str) -> bool:
    return key_of(segment) in ROUTES


def _dresses(pair: tuple[str, str], claim: Claim, every: Container[tuple[str, str]]) -> bool:
    """Tell whether a name is another known one with something around it.

    A vendor's own catalog puts nothing around its names, but for how they are stored. Where several providers speak of
    a ``…-fast``, that may be a model of its own.
    """
    vendor, key = pair
    for provider in sorted(claim.providers):
        for plain in undressed(key, provider):
            own_name = plain.own_name and len(claim.providers) >= CORROBORATED
            if claim.own and (plain.own_name or plain.prefixed):
                continue
            if not own_name and (vendor, plain.key) in every:
                return True
    return False
