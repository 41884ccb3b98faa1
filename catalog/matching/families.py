"""The families that a set of offers is about, found in all their names at once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.matching.claims import Claim, Claims, Names, Pair, gathered
from catalog.matching.dressing import undressed
from catalog.matching.names import parse
from catalog.matching.vendors import vendor_by_name, vendor_spelled

CORROBORATED = 2
"""So many providers must use a name such as ``…-fast`` before it is taken for a model of its own."""


class Family(NamedTuple):
    """One model, whoever sells it. Families are compared by vendor and key; the slug keeps the vendor's own spelling.

    ``vendor`` is the slug of `vendors.VENDORS` where it is known. ``sure`` tells that the vendor is known by more than
    the look of the name, ``sellers`` how many providers have the model.
    """

    slug: str
    vendor: str
    key: str
    sure: bool = True
    sellers: int = 0


Lines = dict[Pair, list[str]]
"""The keys that vendors list themselves, by vendor and first word: ``gemini`` and ``imagen`` are two lines."""


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

    def called(self, slug: str) -> str:
        """The slug of the known family that ``slug`` names, however it spells it."""
        family = family_called(slug)
        return self.families.get((family.vendor, family.key), family).slug


def find(
    offers: Iterable[Names], *, kept: Iterable[str] = (), aliases: Mapping[str, str | None] | None = None
) -> Known:
    """The families of all these offers together, beside those ``kept`` and those that ``aliases`` lead to.

    A family comes from a vendor's own catalog, from a name that states its vendor, or from a name that looks like one
    vendor's (not sure). A name that only dresses up another one, or that its vendor lists as a preview alone, makes
    none. The order of offers does not matter.
    """
    aliases = aliases or {}
    claims = gathered(offers)
    known = Known()
    for family in map(family_called, sorted({*kept, *filter(None, aliases.values())})):
        pair = family.vendor, family.key
        if pair not in known.families:
            claims.setdefault(pair, Claim()).own.add(family.slug)
            known.add(family._replace(sellers=len(claims[pair].providers)))
    known.aliases = {name: slug and known.called(slug) for name, slug in aliases.items()}
    own = {pair for pair, claim in claims.items() if claim.own}
    lines = _lines(own)
    sized = Counter((vendor, without_active_size(key)) for vendor, key in claims)
    for pair in sorted(claims.keys() - known.families.keys()):
        claim, (vendor, key) = claims[pair], pair
        if _dresses(pair, claims, lines):
            continue
        if pair not in own and (vendor, f"{key}-preview") in own:
            known.unclear[pair] = _found(pair, claim)
        elif pair in own or sized[pair] != 1:
            known.add(_found(pair, claim))
    return known


def family_called(slug: str) -> Family:
    """The family of a slug ``vendor/name``."""
    vendor, _, name = slug.rpartition("/")
    return Family(slug, vendor_spelled(vendor) or vendor, parse(name).key)


def _found(pair: Pair, claim: Claim) -> Family:
    slug = f"{pair[0]}/{claim.spelling}"
    return Family(slug, *pair, sure=bool(claim.own or claim.stated), sellers=len(claim.providers))


def without_active_size(key: str) -> str:
    """``nemotron-3-nano-30b`` for ``…-30b-a3b``, or nothing where no active size is stated."""
    tokens = key.split("-")
    for end in range(2, len(tokens) - 2):
        if tokens[end - 1] == "b" and tokens[end] == "a" and tokens[end + 1].isdigit() and tokens[end + 2] == "b":
            return "-".join(tokens[:end] + tokens[end + 3 :])
    return ""


def _dresses(pair: Pair, claims: Claims, lines: Lines) -> bool:
    """Tell whether a name is another known one with something around it.

    A vendor's own catalog puts nothing around its names, but for how they are stored.
    """
    vendor, key = pair
    claim = claims[pair]
    for provider in sorted(claim.providers):
        for plain in undressed(key, provider):
            others = claims.keys() & {(vendor, plain.key), (vendor_by_name(plain.key), plain.key)}
            if claim.own and not plain.stored:
                continue
            if plain.speed:
                others = {other for other in others if not _keeps_apart(pair, claims[other], claims, lines)}
            if others:
                return True
    return False


def _keeps_apart(pair: Pair, plain: Claim, claims: Claims, lines: Lines) -> bool:
    """Tell whether a name such as ``…-fast`` is a model of its own, and not ``plain`` served quickly.

    Where the vendor lists models of that line, it is if names of the vendor's go on from there. Otherwise it is unless
    one provider alone has it, and several the plain one.
    """
    vendor, key = pair
    if own := lines.get((vendor, key.partition("-")[0])):
        return any(listed.startswith(f"{key}-") for listed in own)
    return len(claims[pair].providers) >= CORROBORATED or len(plain.providers) < CORROBORATED


def _lines(own: Iterable[Pair]) -> Lines:
    lines: Lines = {}
    for vendor, key in own:
        lines.setdefault((vendor, key.partition("-")[0]), []).append(key)
    return lines
