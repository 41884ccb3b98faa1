"""What one name says: a family, several, or none, and by which rule."""

from typing import NamedTuple

from catalog.matching.dressing import Plain, undressed
from catalog.matching.families import Family, Known
from catalog.matching.names import Name, normalised, parse
from catalog.matching.rules import Rule
from catalog.matching.vendors import vendor_by_name, vendor_of_provider


class Reading(NamedTuple):
    """A name, the family it stands for if one, the rule that says so, and what may be meant otherwise.

    ``candidates`` are slugs of families between which no rule decides. ``sure`` tells a reading that nobody need look
    at; ``sellers`` is how many providers speak of the family. ``settled`` tells that a person decided; then no family
    means "none of those known". ``variant`` is what the end of the name says of how it is served.
    """

    name: Name
    family: str | None
    rule: Rule
    candidates: tuple[str, ...] = ()
    sure: bool = False
    settled: bool = False
    variant: str = ""
    sellers: int = 0


def read(raw: str, provider: str, known: Known) -> Reading:
    """Read one id of an offer that ``provider`` sells."""
    name = parse(raw)
    filed = normalised(raw)
    if filed and filed in known.aliases:
        return Reading(name, known.aliases[filed], Rule.REVIEWED, sure=True, settled=True)
    for found in (_exactly(name, provider, known), _undressed(name, provider, known), _unsized(name, provider, known)):
        if found:
            return found
    return _unclear(name, provider, known) or Reading(name, None, Rule.UNKNOWN)


def suggestions(name: Name, known: Known) -> tuple[str, ...]:
    """Families whose key differs only in where numbers end (``gpt-52``), and the model an alias is named after."""
    found = {family.slug for family in known.by_compact.get(name.key.replace("-", ""), ())}
    for plain in undressed(name.key, ""):
        found |= {family.slug for family in known.by_compact.get(plain.key.replace("-", ""), ())}
    if name.alias:
        found |= {family.slug for family in known.by_key.get(name.key.removesuffix("-latest"), ())}
    return tuple(sorted(found))


def _exactly(name: Name, provider: str, known: Known) -> Reading | None:
    families = known.by_key.get(name.key, [])
    if not families:
        return None
    told = [name.vendor, vendor_by_name(name.key), vendor_of_provider(provider)[0]]
    family = _one_of(families, told)
    if family is None:
        return Reading(name, None, Rule.VENDORS, tuple(sorted(other.slug for other in families)))
    if family.vendor not in told and not any(map(str.isdigit, name.key)):
        return Reading(name, None, Rule.COMMON, (family.slug,))
    elsewhere = bool(name.vendor) and name.vendor != family.vendor
    rule = Rule.OTHER_VENDOR if elsewhere else Rule.NAME
    sure = family.sure and family.vendor in told and not elsewhere
    return Reading(name, family.slug, rule, sure=sure, sellers=family.sellers)


def _one_of(families: list[Family], told: list[str]) -> Family | None:
    """The family of the vendor that the name states, looks like, or is sold by; else the only one; else none."""
    of_vendor = {family.vendor: family for family in families}
    found = next((of_vendor[vendor] for vendor in told if vendor in of_vendor), None)
    return found or (families[0] if len(families) == 1 else None)


def _undressed(name: Name, provider: str, known: Known) -> Reading | None:
    """What is left of the name, if that is known; rather of the vendor that the name states than of another."""
    elsewhere = None
    for plain in undressed(name.key, provider):
        found = _exactly(name._replace(key=plain.key), provider, known)
        if found:
            reading = found._replace(name=name, rule=plain.rule, sure=False, variant=plain.variant)
            if found.rule != Rule.OTHER_VENDOR:
                return reading
            elsewhere = elsewhere or reading
    return elsewhere


def _unsized(name: Name, provider: str, known: Known) -> Reading | None:
    for plain in (Plain(name.key, Rule.ACTIVE_SIZE), *undressed(name.key, provider)):
        families = known.by_size.get(plain.key, [])
        if len(families) == 1:
            return Reading(name, families[0].slug, Rule.ACTIVE_SIZE, variant=plain.variant)
    return None


def _unclear(name: Name, provider: str, known: Known) -> Reading | None:
    for key in (name.key, *(plain.key for plain in undressed(name.key, provider))):
        vendor = name.vendor or vendor_by_name(key)
        if maybe := known.unclear.get((vendor, key)):
            preview = known.families[vendor, f"{key}-preview"]
            return Reading(name, None, Rule.PREVIEW, (maybe.slug, preview.slug))
    return None
