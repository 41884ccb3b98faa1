"""What offers of the same model say of each other, and of themselves, that a person should look at. Pure: no database.

Each rule states its threshold here, and `THRESHOLDS` says all of them in words. Prices are those of one mode and tier.
Compared are plain offers: a variant (free, batch, quantised) or a moving name may well cost something else.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What is wrong, or may be; in the order of pages."""

    FAILING = "failing"
    STALE = "stale"
    UNIT = "unit"
    FAR = "far"
    ZERO = "zero"
    CACHE_READ = "cache-read"
    CACHE_WRITE = "cache-write"
    OUTPUT = "output"
    DISAGREE = "disagree"
    TWICE = "twice"
    UNKNOWN = "unknown"
    CONTEXT = "context"
    LIFECYCLE = "lifecycle"


HIGH, MEDIUM, LOW = 3, 2, 1
"""Severities: most likely an error that costs money; worth a look; good to know."""

UNIT_TIMES = 100
"""So many times apart prices have different units: one per 1K and one per 1M are 1,000 times apart."""
FAR_TIMES = 20
"""So many times above or below the median of a model's prices is far from what others ask."""
MEDIAN_OF = 3
"""Least prices that have a median worth the name."""
DIFFERENT = 105
"""Percent: prices and contexts of one provider differ from 5% on. 128,000 and 131,072 are one context, rounded."""
TWICE_AS_MUCH, TEN_TIMES = 200, 1_000
"""Percent from which a difference is of MEDIUM and of HIGH severity."""
SET_APART = 4
"""From this value of ``apart`` on an offer is a variant or a moving name (`Link.apart`)."""
REGION = 2
"""Of ``apart`` what tells that an offer is for a region."""

THRESHOLDS: Mapping[Kind, str] = {
    Kind.FAILING: "The last sync of the catalog failed.",
    Kind.STALE: "The catalog was not read for two of its intervals.",
    Kind.UNIT: f"An input or output price {UNIT_TIMES}× the median of the model’s prices or more, or a {UNIT_TIMES}th "
    f"of it; of two prices alone, one {UNIT_TIMES}× the other. One price for all tokens is held against the lowest "
    "input and the highest output price.",
    Kind.FAR: f"{FAR_TIMES}× to {UNIT_TIMES}× above or below the median of {MEDIAN_OF} prices or more.",
    Kind.ZERO: "A price of 0 where another catalog has a price of the same provider; or, where a 0 may also mean that "
    "no price is set, where anyone asks a price.",
    Kind.CACHE_READ: "Reading a token from the cache costs more than sending it anew.",
    Kind.CACHE_WRITE: "Writing a token to the cache costs less than reading it, and is not 0.",
    Kind.OUTPUT: "An output token costs less than an input token, and is not 0, as that of embeddings is.",
    Kind.DISAGREE: f"Two catalogs tell prices of one provider that are {DIFFERENT - 100}% apart or more.",
    Kind.TWICE: f"One catalog lists the model of one provider twice, {DIFFERENT - 100}% apart or more.",
    Kind.UNKNOWN: "A catalog has no price of the model, and another has, or has one of the same provider.",
    Kind.CONTEXT: f"Two catalogs tell context windows of one provider that are {DIFFERENT - 100}% apart or more.",
    Kind.LIFECYCLE: "One catalog says that a provider’s model is deprecated, another that it is not.",
}


class Seen(NamedTuple):
    """An offer as one catalog tells it. Prices are pico-dollars per token, None is unknown; ``rate`` is its id.

    ``listed`` ones are on sale, the others deprecated. ``apart`` is how far it is set apart within its family.
    """

    rate: int
    catalog: int
    family: int | None
    apart: int
    provider: str
    listed: bool
    state: str
    input: int | None
    output: int | None
    cache_read: int | None
    cache_write: int | None
    blended: int | None
    context: int | None


class Finding(NamedTuple):
    """One finding: about ``offers``, the odd one first. ``component`` is what is compared, such as ``input``.

    ``figures`` are those that it is made of: what was true of another finding has others. ``ratio`` is how many times
    the larger is the smaller, for the order; ``among`` of how many prices the median was taken, 0 where there is none.
    """

    kind: Kind
    severity: int
    offers: tuple[Seen, ...]
    figures: tuple[int | None, ...]
    component: str = ""
    ratio: float = 0.0
    among: int = 0

    @property
    def family(self) -> int | None:
        """The family that it is about, if it is about one."""
        return self.offers[0].family if self.offers else None


def differ(one: int, other: int, percent: int = DIFFERENT) -> bool:
    """Whether the larger of two positive numbers is at least so many percent of the smaller."""
    return max(one, other) * 100 >= min(one, other) * percent


def times(one: int, other: int) -> float:
    """How many times the larger of two positive numbers is the smaller."""
    return max(one, other) / min(one, other)


def severity_of(one: int, other: int) -> int:
    """How much a difference between two positive numbers weighs."""
    return HIGH if differ(one, other, TEN_TIMES) else MEDIUM if differ(one, other, TWICE_AS_MUCH) else LOW


def own_findings(offer: Seen) -> list[Finding]:
    """What an offer says that does not fit together."""
    sent, read, write, output = offer.input, offer.cache_read, offer.cache_write, offer.output
    found = []
    if read is not None:
        if sent is not None and read > sent:
            found.append(Finding(Kind.CACHE_READ, HIGH, (offer,), (read, sent), ratio=read / sent if sent else 0.0))
        if write and write < read:
            found.append(Finding(Kind.CACHE_WRITE, MEDIUM, (offer,), (write, read), ratio=read / write))
    if sent is not None and output and output < sent:
        found.append(Finding(Kind.OUTPUT, MEDIUM, (offer,), (output, sent), ratio=sent / output))
    return found


def by_catalog(offers: Iterable[Seen]) -> list[list[Seen]]:
    """The offers of each catalog."""
    made: dict[int, list[Seen]] = {}
    for offer in offers:
        made.setdefault(offer.catalog, []).append(offer)
    return list(made.values())


def in_order(findings: Iterable[Finding]) -> Sequence[Finding]:
    """The findings, the most severe first, and of one severity by kind, the widest first."""
    place = {kind: number for number, kind in enumerate(Kind)}
    return sorted(findings, key=lambda one: (-one.severity, place[one.kind], -one.ratio))
