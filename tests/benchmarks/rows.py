"""Real offers, multiplied: the reference catalog's rows, each copy with names and refs of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace

from catalog.sources.base import Door, Fetched, OfferRecord, OfferState, Setup

REGIONS = ("eu-west", "us-east", "ap-south", "us-west", "eu-north", "sa-east", "ca-central", "ap-northeast", "me-south")


class Multiplied:
    """A source that answers with what it was given."""

    records: ClassVar[tuple[OfferRecord, ...]] = ()

    def __init__(self, setup: Setup) -> None:
        """Nothing to set up."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """All of it."""
        return Fetched(self.records, read_from="benchmark")


def multiplied(real: Sequence[OfferRecord], offers: int, catalogs: int) -> list[tuple[OfferRecord, ...]]:
    """``offers`` rows in ``catalogs`` equal parts; fewer than there are real ones are taken evenly from all."""
    step = max(1.0, len(real) / offers)
    numbers = range(min(offers, len(real)))
    chosen = [real[int(i * step)] for i in numbers]
    rows = [_copy(chosen[i % len(chosen)], i // len(chosen)) for i in range(offers)]
    return [tuple(rows[first::catalogs]) for first in range(catalogs)]


def _copy(record: OfferRecord, number: int) -> OfferRecord:
    """The same offer as another region sells it; number 0 is the original."""
    if number == 0:
        return record
    label = f"{REGIONS[number % len(REGIONS)]}-{number // len(REGIONS) + 1}"

    def renamed(state: OfferState) -> OfferState:
        return replace(state, name=f"{state.name} ({label})")

    past = tuple(replace(past, state=renamed(past.state)) for past in record.past)
    return replace(record, ref=f"{label}/{record.ref}", state=renamed(record.state), past=past)
