"""What a catalog of each kind needs in order to be read, and what it has no use for."""

import json
import re
from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.text import slugify

from catalog.sources.kind import Kind, OptionError, clean_options
from catalog.sources.kinds import KINDS

if TYPE_CHECKING:
    from catalog.models.catalog import Catalog

SET_BY_PEOPLE = (
    "name",
    "slug",
    "kind",
    "base_url",
    "organization",
    "credential",
    "options",
    "enabled",
    "visibility",
    "refresh_minutes",
)
"""The fields that a person sets. A sync writes the others at any time, so nobody else saves them."""
GROUPS = "groups"
"""The visibility that asks for groups."""
YEAR = 365 * 24 * 60
"""Minutes."""
ORGANIZATION = r"[A-Za-z0-9_-][A-Za-z0-9_.:-]*"
"""An id that can stand in a path as it is."""


def setup_problems(catalog: "Catalog") -> dict[str, str]:
    """What is wrong with how ``catalog`` is set up: a sentence by field."""
    kind = KINDS.get(catalog.kind)
    if kind is None:
        return {"kind": f"There is no kind “{catalog.kind}”. There is: {', '.join(sorted(KINDS))}."}
    found = {
        "base_url": _base_url_problem(kind, catalog.base_url),
        "organization": _organization_problem(kind, catalog),
        "credential": _credential_problem(kind, catalog),
        "options": _options_problem(kind, catalog),
        "refresh_minutes": _refresh_problem(kind, catalog),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def slug_of(name: str) -> str:
    """A catalog's part of addresses, made of its name; what stands between letters parts them: ``models-dev``."""
    return slugify(re.sub(r"[^\w\s]", "-", name))[:80]


def groups_problem(visibility: str, groups: Collection[object]) -> str:
    """What is wrong with the groups that may see a catalog, or ""."""
    return "Choose at least one group, or another visibility." if visibility == GROUPS and not groups else ""


def _base_url_problem(kind: Kind, url: str) -> str:
    if not url:
        return "" if kind.base_url or not kind.over_network else f"{kind.label} has no usual address: name one."
    if not kind.over_network:
        return f"{kind.label} is not read over the network: it takes no base URL."
    try:
        parts = urlsplit(url)
        reachable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:  # a port or an IPv6 address that is none
        reachable = False
    if not reachable or re.search(r"[\s\\]", url):
        return "A base URL begins with https:// or http:// and names a server, such as https://api.example.com."
    if "@" in parts.netloc:
        return "A base URL holds no user and no password: put the key into a credential."
    if "?" in url or "#" in url:
        return "A base URL ends before “?” and “#”: what follows there is an option or a credential."
    return ""


def _organization_problem(kind: Kind, catalog: "Catalog") -> str:
    if not catalog.organization:
        spared = any(option.spares_organization and catalog.options.get(option.name) for option in kind.options)
        return "" if spared or not kind.organization else f"{kind.label} needs the organization's id."
    if not kind.organization:
        return f"{kind.label} has no organizations."
    if not re.fullmatch(ORGANIZATION, catalog.organization):
        return "An organization's id has letters, digits, “_”, “-”, “.” and “:” alone; its name is not its id."
    return ""


def _credential_problem(kind: Kind, catalog: "Catalog") -> str:
    if catalog.credential is None:
        return f"{kind.label} needs a credential." if kind.key_needed else ""
    if not kind.schemes:
        return f"{kind.label} takes no credential."
    if catalog.credential.scheme not in kind.schemes:
        return f"{kind.label} takes a key sent as {', '.join(kind.schemes)}, not as {catalog.credential.scheme}."
    return ""


def _options_problem(kind: Kind, catalog: "Catalog") -> str:
    if "\\u0000" in json.dumps(catalog.options):
        return "One of the options holds a NUL character, which cannot be kept."
    try:
        clean_options(kind, catalog.options)
    except OptionError as error:
        return str(error)
    return ""


def _refresh_problem(kind: Kind, catalog: "Catalog") -> str:
    if catalog.refresh_minutes is None or catalog.refresh_minutes >= kind.least_minutes:  # None: said by the field
        return ""
    return f"{kind.label} wants at least {kind.least_minutes} min between two reads."
