"""The contract of a source: fetch one catalog's models and translate them into plain records.

A source knows its vendor's format and nothing of the database. It skips a row that it cannot use and says why, ignores
fields that it does not know, and raises a SourceError when the whole answer is of no use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from catalog.pricing.rates import PriceState, RateRow

MOST_TOKENS = 10**12
"""No model reads a trillion tokens: above it a catalog has sent something else."""


class Lifecycle(StrEnum):
    """Where an offer stands in its catalog. A sync alone sets RETIRED: the offer left the catalog."""

    ACTIVE = "active"
    PREVIEW = "preview"
    DEPRECATED = "deprecated"
    HIDDEN = "hidden"
    DELETED = "deleted"
    RETIRED = "retired"


class OtherPrice(msgspec.Struct, frozen=True, gc=False):
    """A price that no workload cost uses: of another unit, of certain hours, or announced for a later day.

    ``usd`` is decimal text in US dollars per ``per`` ("1M tokens", "1,000 pages"); ``when`` says in words what it
    depends on.
    """

    name: str
    usd: str
    per: str
    mode: str = "standard"
    above: int = 0
    when: str = ""


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where one value came from: the catalog's own field, its text as sent, and what it was read as.

    ``read_as`` is a field of the state or a component of its rates; of a rate, ``mode`` and ``above`` tell which.
    """

    sent_as: str
    sent: str
    read_as: str
    mode: str = ""
    above: int = 0


class OfferState(msgspec.Struct, frozen=True, gc=False):
    """All that a catalog says of one offer at one time, normalised. Counts are tokens; None is unknown.

    ``rates`` always holds the standard mode's base row, without prices if none are known. ``by_hour`` tells that other
    prices hold at certain hours (they are in ``other_prices``). ``provider_inferred`` tells that the catalog names no
    provider and the source concluded it from something else. ``upstream_ids`` are the ids under which the catalog's
    own suppliers know the model, the most telling first. ``position`` is its place in the order that the catalog asks
    to be shown in. ``scope`` says whose it is where a catalog mixes its own and the team's ("own", "predefined").
    Dates are text as sent, of whatever precision (``2025``, ``2025-04``, ``2025-04-14``). ``raw`` is the catalog's own
    object as JSON text, verbatim but for secrets.
    """

    name: str
    rates: tuple[RateRow, ...]
    price_state: PriceState
    key: str = ""
    provider: str = ""
    provider_name: str = ""
    provider_inferred: bool = False
    upstream_ids: tuple[str, ...] = ()
    description: str = ""
    scope: str = ""
    position: int | None = None
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    context_tokens: int | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    modalities_in: tuple[str, ...] = ()
    modalities_out: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    released_on: str = ""
    deprecates_on: str = ""
    knowledge_cutoff: str = ""
    by_hour: bool = False
    other_prices: tuple[OtherPrice, ...] = ()
    notes: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    raw: str = "{}"


class PastState(msgspec.Struct, frozen=True, gc=False):
    """An earlier state; ``start`` is None where the catalog does not say since when it held."""

    start: datetime | None
    state: OfferState


class OfferRecord(msgspec.Struct, frozen=True, gc=False):
    """One offer as fetched: its state now, since when if the catalog says so, and earlier states in order of time."""

    ref: str
    state: OfferState
    since: datetime | None = None
    past: tuple[PastState, ...] = ()


class Skip(msgspec.Struct, frozen=True, gc=False):
    """A row that was left out, and the reason in a sentence.

    Where the rows of a whole group were, ``stem`` is what the refs of all of them begin with.
    """

    ref: str
    reason: str
    stem: str = ""


class Fetched(msgspec.Struct, frozen=True, gc=False):
    """One catalog as read: its offers (each ref once), the rows left out, and where it was read from.

    ``warnings`` are sentences about the answer as a whole that a person should know of.
    """

    offers: tuple[OfferRecord, ...]
    skipped: tuple[Skip, ...] = ()
    read_from: str = ""
    warnings: tuple[str, ...] = ()


Progress = Callable[[int, int], None]
"""Called with (done, total) rows while a source or a sync works through them."""

Watch = Callable[[int], None]
"""Called with the bytes of the answer under way. What it raises ends the reading."""

Parameters = Sequence[tuple[str, str]]
"""A query string, in order; a name may stand several times."""

OptionValue = bool | int | str | list[str]


@dataclass(frozen=True, slots=True)
class Setup:
    """What a person chose for one catalog, besides its address and credential, as `kinds.clean_options` left it."""

    organization: str = ""
    options: Mapping[str, OptionValue] = field(default_factory=dict)


class Door(Protocol):
    """The way to one catalog: `http.HttpDoor` over the network, `saved.FileDoor` for an answer saved as a file."""

    def address(self, path: str) -> str:
        """The full address of ``path``, without parameters: what a sync says it read from."""
        ...

    def get(self, path: str, parameters: Parameters = ()) -> bytes:
        """The body of a successful answer. Raises SourceError."""
        ...

    def count(self, rows: int, total: int | None = None) -> None:
        """Take note of how many rows were read so far, of how many in all if the catalog says so."""
        ...

    def watched_by(self, watch: Watch) -> None:
        """Tell ``watch`` how much of an answer has arrived, as it does."""
        ...

    def close(self) -> None:
        """Let go of what is open; no `get` follows."""
        ...


class Source(Protocol):
    """Adapter of one kind of catalog. ``SourceClass(setup)`` makes one for a catalog."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """Read the whole catalog through ``door`` as it stands at ``now`` (aware). Raises SourceError."""
        ...
