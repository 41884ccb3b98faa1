"""One name taken apart: who made the model, by which route it comes, and what the model itself is called."""

import re
from functools import lru_cache
from typing import NamedTuple

from catalog.matching.keys import key_of
from catalog.matching.rules import Rule
from catalog.matching.vendors import vendor_spelled

REGION = re.compile(r"(?:(?:us-gov|us|eu|apac|au|jp|ca|sa|ap|me|af)(?:-[a-z]+-\d)?|global|regional)", re.IGNORECASE)
VARIANTS = frozenset(("free", "thinking", "beta", "extended", "nitro", "floor", "online", "batch", "exacto"))
MOVING = frozenset(("default", "latest"))
DATE = re.compile(r"(?<=[^\W_])[-.]?(?<!\d)(20\d\d)[-.]?(0[1-9]|1[0-2])[-.]?(0[1-9]|[12]\d|3[01])(?!\d)")
BEDROCK_VERSION = re.compile(r"-(?:v(?P<version>\d+)(?::\d+)?|\d+:\d+)$", re.IGNORECASE)
BARE_VERSION = re.compile(r"[vr]?\d", re.IGNORECASE)
OTHER = re.compile(r"[:@~]+")
LATEST = re.compile(r"(?:^|-)latest(?:$|-)", re.IGNORECASE)
SEPARATORS = re.compile(r"[^\w.:/@~]+|_+")


class Name(NamedTuple):
    """A raw name and its parts.

    ``stem`` is the model's own name as spelled, ``key`` the same for comparing. ``vendor`` is the slug of a vendor that
    the name states; ``route`` the other segments before it, ``region`` the one that is a place. ``variant`` is how the
    model is served (``free``), ``snapshot`` a date as YYYYMMDD. ``alias`` tells that the name moves from model to
    model. ``rules`` are those that took something away.
    """

    raw: str
    stem: str
    key: str
    vendor: str = ""
    route: tuple[str, ...] = ()
    region: str = ""
    variant: str = ""
    snapshot: str = ""
    alias: bool = False
    rules: tuple[Rule, ...] = ()


def normalised(raw: str) -> str:
    """The name that an alias is filed under: the model's key, after the vendor if the name states one.

    Route, region, variant and date are not part of it, so that one decision serves all offers of the model.
    """
    name = parse(raw)
    return f"{name.vendor}/{name.key}" if name.vendor and name.key else name.key


@lru_cache(maxsize=65536)
def parse(raw: str) -> Name:
    """Take a name apart; any text will do. Nothing that could tell two models apart is taken away."""
    rules: list[Rule] = []
    text = SEPARATORS.sub("-", raw).strip("-")
    moving = text.startswith("~")
    segments = [segment for segment in text.lstrip("~").removeprefix("hf:").split("/") if segment]
    slug = segments.pop() if segments else ""
    vendor, region, route = _path(segments)
    if route or region or vendor:
        rules.append(Rule.PATH)
    slug, dotted_vendor, dotted_region = _bedrock(slug, vendor)
    if slug_ruled := bool(dotted_vendor or dotted_region):
        rules.append(Rule.BEDROCK)
    vendor, region = dotted_vendor or vendor, dotted_region or region
    slug, variant = _variant(slug, rules)
    slug, snapshot = _at(slug, rules)
    slug, snapshot = _dated(slug, snapshot, rules)
    slug = _version(slug, rules, bedrock=slug_ruled, amazon=vendor == "amazon", dated=bool(snapshot))
    alias = moving or bool(LATEST.search(slug))
    if alias:
        rules.append(Rule.ALIAS)
    stem = OTHER.sub("-", slug).strip("-.")
    key, _ = _dated(key_of(stem), snapshot, rules)
    return Name(raw, stem, key, vendor, route, region, variant, snapshot, alias, tuple(dict.fromkeys(rules)))


def _path(segments: list[str]) -> tuple[str, str, tuple[str, ...]]:
    """Vendor, region and route: the segment nearest to the model's name says who made it."""
    vendor, region, route = "", "", []
    for segment in segments:
        if REGION.fullmatch(segment):
            region = segment.lower()
        elif found := vendor_spelled(segment):
            vendor = found
        else:
            route.append(segment)
    return vendor, region, tuple(route)


def _bedrock(slug: str, vendor: str) -> tuple[str, str, str]:
    """``us.anthropic.claude-…``: the region and the vendor, which must be known, since ``gpt-4.1`` has a dot too."""
    region, dot, rest = slug.partition(".")
    if dot and REGION.fullmatch(region) and "." in rest:
        slug = rest
    else:
        region = ""
    maker, dot, rest = slug.partition(".")
    found = vendor_spelled(maker) if dot and rest else ""
    if found:
        slug = f"{maker}-{rest}" if BARE_VERSION.match(rest) else rest
    return slug, found or (vendor if region else ""), region.lower()


def _variant(slug: str, rules: list[Rule]) -> tuple[str, str]:
    head, colon, tag = slug.rpartition(":")
    if colon and head and tag.casefold() in VARIANTS:
        rules.append(Rule.VARIANT)
        return head, tag.casefold()
    return slug, ""


def _at(slug: str, rules: list[Rule]) -> tuple[str, str]:
    """``…@20250929`` is a snapshot, ``…@default`` none, and what else follows an ``@`` stays in the name."""
    head, at, tail = slug.rpartition("@")
    dated = DATE.fullmatch(f"a-{tail}", 1)
    if not (at and head and (dated or tail.casefold() in MOVING)):
        return slug, ""
    rules.append(Rule.AT)
    return head, "".join(dated.groups()) if dated else ""


def _dated(slug: str, snapshot: str, rules: list[Rule]) -> tuple[str, str]:
    while found := DATE.search(slug):
        slug = slug[: found.start()] + slug[found.end() :]
        snapshot = snapshot or "".join(found.groups())
        rules.append(Rule.DATE)
    return slug, snapshot


def _version(slug: str, rules: list[Rule], *, bedrock: bool, amazon: bool, dated: bool) -> str:
    """Bedrock's ``-v1:0`` says nothing of the model; a later one neither, where the name has its own version."""
    found = BEDROCK_VERSION.search(slug)
    if not found or not found.start() or not (bedrock or amazon or dated or ":" in found.group()):
        return slug
    head = slug[: found.start()]
    said = found["version"] in (None, "1") or dated or (found.group().endswith(":0") and any(map(str.isdigit, head)))
    if not said:
        return slug
    rules.append(Rule.VERSION)
    return head
