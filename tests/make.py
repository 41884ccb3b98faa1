"""Builders: plain functions that make what a test needs, with defaults for the rest."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from catalog.models import Catalog, ContractTerm, Credential, Sync, Visibility
from catalog.pricing.rates import PriceState, RateRow
from catalog.services.terms import term_record
from catalog.sources.base import Door, Fetched, OfferRecord, OfferState, Setup, Skip
from catalog.sources.errors import SourceError
from catalog.sources.kind import Kind
from catalog.sources.kinds import KINDS
from catalog.sync.run import sync_catalog

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
DOLLAR = 1_000_000
"""Pico-dollars per token of $1 per 1M tokens."""

SECRET = "sk-live-THE-SECRET-9876"
"""A key that must not be seen anywhere."""


class FixedSource:
    """A source that answers with what the test put here: records, or an error to raise."""

    answer: Fetched | SourceError = Fetched(())

    def __init__(self, setup: Setup) -> None:
        """Nothing to set up."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """The answer."""
        if isinstance(self.answer, SourceError):
            raise self.answer
        return self.answer


KINDS["fixed"] = Kind(slug="fixed", label="Fixed", source="tests.make.FixedSource", over_network=False)


def catalog(name: str = "Team", **fields: Any) -> Catalog:
    """A catalog read by FixedSource, that everyone may see unless told otherwise."""
    defaults = {"slug": name.lower(), "kind": "fixed", "visibility": Visibility.PUBLIC}
    return Catalog.objects.create(name=name, **{**defaults, **fields})


def credential(label: str = "Team key", secret: str = SECRET, **fields: Any) -> Credential:
    """A credential that is sent as a bearer token unless told otherwise."""
    return Credential.objects.create(label=label, secret=secret, **fields)


def row(**prices: Any) -> RateRow:
    """A standard base rate of $2 in, $8 out per 1M tokens, unless told otherwise."""
    return RateRow(**{"input": 2 * DOLLAR, "output": 8 * DOLLAR, **prices})


def state(name: str = "GPT-4.1", **fields: Any) -> OfferState:
    """A priced state with one rate."""
    defaults = {
        "key": name.lower().replace(" ", "-"),
        "provider": "openai",
        "provider_name": "OpenAI",
        "rates": (row(),),
        "price_state": PriceState.PRICED,
        "context_tokens": 128_000,
    }
    return OfferState(name=name, **{**defaults, **fields})


def record(ref: str = "gpt-4.1", **fields: Any) -> OfferRecord:
    """An offer as fetched; ``fields`` are those of its state."""
    return OfferRecord(ref, state(**{"name": ref, **fields}))


def sync(into: Catalog, *records: OfferRecord, skipped: tuple[Skip, ...] = (), approve: bool = False) -> Sync:
    """Sync the catalog with an answer of these records."""
    FixedSource.answer = Fetched(records, skipped, read_from="fixed")
    return sync_catalog(into, approve=approve)


def failing_sync(into: Catalog, error: SourceError) -> Sync:
    """Sync the catalog with a source that raises ``error``."""
    FixedSource.answer = error
    return sync_catalog(into)


def contract(
    of: Catalog, *, by: Any = None, fixed: Mapping[str, int] | None = None, first_day: date = FIRST_DAY, **fields: Any
) -> ContractTerm:
    """A contract term on record that holds since FIRST_DAY unless told otherwise; ``fixed`` are prices by component."""
    made = ContractTerm(catalog=of, **{"reason": "Frame agreement", "first_day": first_day, **(fixed or {}), **fields})
    term_record(made, by)
    return made


def this_moment() -> str:
    """The time as an address writes it: ``as_of`` it, pages show what syncs have left so far."""
    return f"{timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}"
