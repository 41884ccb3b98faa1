"""Filters of the Offers page: boxes with their counts, and a chip for each that is on."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from catalog.pricing.rates import STANDARD
from catalog.services.facets import Facets
from dashboard.address import Address
from dashboard.formats import floor_text, moment_text, size_text
from dashboard.macros import drawn
from dashboard.tables.cells import PRICE_STATE_WORDS

CONTEXTS = (32_000, 128_000, 200_000, 1_000_000)
FEW = 8
TITLES = {"catalog": "Catalog", "provider": "Provider", "state": "Price", "lifecycle": "Lifecycle", "mode": "Mode"}
USUAL = ("active", "preview")
"""Lifecycles that tables list unless asked for others."""
RANGE_CHIPS = {
    "min_in": ("Input", "≥"),
    "max_in": ("Input", "≤"),
    "min_out": ("Output", "≥"),
    "max_out": ("Output", "≤"),
}


class Choice(NamedTuple):
    """One value of a facet, with the offers it would leave; ``default`` ones hold where none is chosen."""

    value: str
    label: str
    offers: int
    chosen: bool
    mark: int = 0
    default: bool = False

    @property
    def offers_text(self) -> str:
        """The number as pages write it."""
        return f"{self.offers:,}"


class Section(NamedTuple):
    """One facet: the first choices, and the rest behind "Show all"."""

    name: str
    title: str
    kind: str
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]


class Chip(NamedTuple):
    """A filter that is on, and the address without it."""

    label: str
    text: str
    href: str


def words_for(providers: Mapping[str, str], catalogs: Mapping[str, tuple[int, str]]) -> dict[str, Mapping[str, str]]:
    """What to call each facet's values; ``catalogs`` gives mark and name by slug."""
    return {
        "catalog": {slug: name for slug, (_, name) in catalogs.items()},
        "provider": providers,
        "state": {value: _title(word) for value, word in PRICE_STATE_WORDS.items()},
        "lifecycle": {},
        "mode": {},
    }


def sections(
    allowed: Mapping[str, frozenset[str]],
    facets: Facets,
    values: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
    catalogs: Mapping[str, tuple[int, str]],
) -> list[Section]:
    """The facets that the data has: those with more than one value, or one that is chosen."""
    made = []
    for name, title in TITLES.items():
        chosen = values[name]
        default = USUAL if name == "lifecycle" else ()
        if len(allowed[name]) < 2 and name not in ("catalog", "provider"):
            continue
        choices = [
            Choice(
                value=value,
                label=words[name].get(value) or _title(value.replace("_", " ")),
                offers=facets.counts[name][value],
                chosen=value in (chosen or default),
                mark=catalogs[value][0] if name == "catalog" else 0,
                default=value in default,
            )
            for value in allowed[name]
            if value  # no address says "whose provider is not told"
        ]
        choices.sort(key=lambda choice: (-choice.offers, choice.label.casefold()))
        if not choices:
            continue
        if name == "mode":
            choices.sort(key=lambda choice: choice.value != STANDARD)
        kind = "radio" if name == "mode" else "checkbox"
        first = choices if len(choices) <= FEW + 2 else [c for i, c in enumerate(choices) if i < FEW or c.chosen]
        rest = [choice for choice in choices if choice not in first]
        made.append(Section(name, title, kind, tuple(first), tuple(rest)))
    return made


def with_hidden(allowed: Mapping[str, frozenset[str]], facets: Facets, values: Mapping[str, Any]) -> list[str]:
    """The lifecycles to ask for so that nothing is hidden for its own."""
    shown = values["lifecycle"] or [value for value in USUAL if value in allowed["lifecycle"]]
    return [*shown, *facets.hidden]


@lru_cache(maxsize=500)
def boxes(kind: str, name: str, choices: tuple[Choice, ...]) -> Markup:
    """The boxes of a filter. They stay as they are while someone sorts and turns pages, and so are remembered."""
    return drawn("offers/cells.html", "boxes", kind, name, choices)


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def chips(values: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], address: Address) -> list[Chip]:
    """A chip for each filter that is on."""
    made = []
    if values["as_of"]:
        made.append(Chip("As of", moment_text(values["as_of"]), address.to(as_of=None)))
    if values["q"]:
        made.append(Chip("Search", values["q"], address.to(q=None)))
    for name, title in TITLES.items():
        for value in values[name]:
            if (name, value) != ("mode", STANDARD):
                label = words[name].get(value) or _title(value.replace("_", " "))
                made.append(Chip(title, label, address.without(name, value)))
    for name, sign in (("min_context", "≥"), ("max_context", "≤")):
        if values[name] is not None:
            made.append(Chip("Context", f"{sign} {size_text(values[name])}", address.to(**{name: None})))
    for name, (label, sign) in RANGE_CHIPS.items():
        if values[name] is not None:
            made.append(Chip(label, f"{sign} ${values[name]:f} per 1M", address.to(**{name: None})))
    if values["prompt"] is not None:
        made.append(Chip("Prompt", f"{values['prompt']:,} tokens", address.to(prompt=None)))
    return made


def prompt_sizes(floors: Sequence[int], chosen: int | None) -> list[tuple[str, str, bool]]:
    """Sizes to pick from, as (value, label, chosen): base, and just above the tier floors that most offers have."""
    values = sorted(floors[:3])
    sizes = [("", "Base", chosen is None), *((str(f + 1), floor_text(f), chosen == f + 1) for f in values)]
    if chosen is not None and not any(on for _, _, on in sizes):
        sizes.append((str(chosen), size_text(chosen), True))
    return sizes
