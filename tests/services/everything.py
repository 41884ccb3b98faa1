"""All reference prices, and offers as no catalog has them: what rankings of every sort are tried on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from django.http import QueryDict

from catalog.filters import OfferFilter
from catalog.models import Catalog
from catalog.pricing.rates import PriceState, Tiered, tier_rows
from catalog.pricing.terms import Term
from catalog.pricing.workload import MOST_REQUESTS, MOST_TOKENS, Workload
from catalog.services.facets import stored_counts
from catalog.sources.base import Fetched, OfferRecord, Setup
from catalog.sources.reference import ReferenceSource
from catalog.sources.saved import FileDoor
from catalog.sync.run import sync_catalog
from tests.make import FixedSource, catalog, record, row, sync

ALL = 10**6
EVERY = "lifecycle=active&lifecycle=deprecated&lifecycle=preview"
WHOLE_DAY = datetime(2026, 11, 22, 20, tzinfo=UTC)
EDGES = (1, 10, 32_000, 128_000, 200_000, 256_000, 272_000, 1_000_000)
MODES = ("standard", "standard", "batch", "flex", "priority", "nowhere")


def store_everything(*more: OfferRecord) -> None:
    """Store the reference prices of WHOLE_DAY, and the odd offers with ``more`` of them."""
    FixedSource.answer = Fetched(ReferenceSource(Setup()).fetch(FileDoor("", b""), WHOLE_DAY).offers, read_from="fixed")
    sync_catalog(catalog("Reference"))
    sync(catalog("Odd"), *odd_offers(), *more)


def offers(query: str = "", terms: tuple[Term, ...] = ()) -> OfferFilter:
    """All rates, through the filters that the query names."""
    catalogs = list(Catalog.objects.all())
    allowed = stored_counts(catalogs).values
    ids = {one.slug: one.pk for one in catalogs}
    return OfferFilter(QueryDict(query), allowed=allowed, catalog_ids=ids, terms=terms)


def seeded(number: int) -> Random:
    """Dice that fall the same way each time."""
    return Random(number)  # noqa: S311 (no secret)


def drawn(dice: Random) -> Workload:
    """A workload near a threshold or anywhere, with cached parts or without."""
    prompt = dice.choice([dice.choice(EDGES) + dice.randint(-1, 1), dice.randint(1, 2_000_000), MOST_TOKENS])
    prompt = max(1, prompt)
    read = dice.choice([0, prompt, dice.randint(0, prompt)])
    written = dice.choice([0, prompt - read, dice.randint(0, prompt - read)])
    output = dice.choice([0, 1, dice.randint(0, 200_000), MOST_TOKENS])
    return Workload(dice.choice([1, MOST_REQUESTS]), prompt, output, read, written, dice.choice(MODES))


def odd_offers() -> Iterator[OfferRecord]:
    """What the reference catalog does not have: other states, blended and request prices, limits, gaps, extremes."""
    for number, state in enumerate(PriceState):
        for i, prices in enumerate(
            [
                {},
                {"input": 0},
                {"output": 0},
                {"input": 0, "output": 0},
                {"input": None, "output": None},
                {"input": None},
                {"output": None},
                {"input": None, "cache_read": 7, "cache_write": 0},
                {"cache_read": 3},
                {"cache_write": 5},
                {"input": 9, "output": 9, "blended": 9},
                {"input": 0, "output": 0, "blended": 0},
                {"input": 0, "output": 0, "request": 5},
                {"request": 5 * 10**9},
                dict.fromkeys(("input", "output", "cache_read", "cache_write"), 10**11) | {"request": 10**16},
            ]
        ):
            limits = [{}, {"max_input_tokens": 200_000}, {"max_output_tokens": 1_000}][(number + i) % 3]
            yield record(f"odd-{state}-{i}", rates=(row(**prices),), price_state=state, context_tokens=None, **limits)
    tiers = {"input": Tiered(1, {200_000: 2, 256_000: 3}), "output": Tiered(4, {200_000: 5})}
    batch = tier_rows("batch", {"input": Tiered(1, {128_000: 2}), "output": Tiered(2, {})}, inherited=["output"])
    yield record("tiers", rates=(*tier_rows("standard", tiers), *batch), context_tokens=300_000)
