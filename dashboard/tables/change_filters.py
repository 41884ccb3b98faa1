"""Filters of the Changes page: menus with their counts, and a chip for each that is on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from catalog.services.changes import ChangeFacets, ChangeGroup
from dashboard.address import Address
from dashboard.tables.change_words import KIND_LABELS
from dashboard.tables.facets import Chip, Choice

TITLES = {"kind": "Kind", "catalog": "Catalog", "provider": "Provider"}


class Menu(NamedTuple):
    """One filter by several values: its choices with their counts; ``plural`` is what its button says."""

    name: str
    plural: str
    choices: Sequence[Choice]


def words_for(groups: Sequence[ChangeGroup], catalogs: Mapping[str, tuple[int, str]]) -> dict[str, Mapping[str, str]]:
    """What to call each facet's values; ``catalogs`` gives mark and name by slug."""
    return {
        "kind": KIND_LABELS,
        "catalog": {slug: name for slug, (_, name) in catalogs.items()},
        "provider": {group.provider: group.provider_name or group.provider for group in groups},
    }


def menus(
    facets: ChangeFacets,
    values: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
    catalogs: Mapping[str, tuple[int, str]],
) -> list[Menu]:
    """The menus of those facets that leave a choice."""
    made = []
    for name, plural in (("kind", "Kinds"), ("catalog", "Catalogs"), ("provider", "Providers")):
        choices = [
            Choice(
                value=value,
                label=words[name][value],
                offers=facets.counts[name][value],
                chosen=value in values[name],
                mark=catalogs[value][0] if name == "catalog" else 0,
            )
            for value in words[name]
            if value  # no address says "whose provider is not told"
        ]
        if name != "kind":
            choices.sort(key=lambda choice: choice.label.casefold())
        if choices:
            made.append(Menu(name, plural, choices))
    return made


def chips(values: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], address: Address) -> list[Chip]:
    """A chip for each filter that is on."""
    made = [Chip("Search", values["q"], address.to(q=None))] if values["q"] else []
    for name, title in TITLES.items():
        made += [Chip(title, words[name][value], address.without(name, value)) for value in values[name]]
    made += [Chip("Model", slug, address.without("family", slug)) for slug in values["family"]]
    made += [Chip("Moved", f"≥ {value}%", address.to(move=None)) for value in values["move"]]
    for name, label in (("since", "From"), ("until", "To")):
        if values[name]:
            made.append(Chip(label, f"{values[name].day} {values[name]:%B %Y}", address.to(**{name: None})))
    return made
