"""Our cost of every model of genai-prices beside its own calc_price: all modes and past prices, digit by digit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelPrice, Usage

from catalog.pricing.cost import Cost, Reason, cost
from catalog.pricing.rates import STANDARD
from catalog.pricing.workload import Workload
from catalog.sources.base import Setup
from catalog.sources.reference import MODES, ReferenceSource
from catalog.sources.saved import FileDoor

# An hour at which no hourly price of genai-prices holds: those are listed and not used.
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
PICO = 10**12
WORKLOADS = [
    Workload(1, prompt, output, read, written)
    for prompt, read, written, output in (
        (1, 0, 0, 0),
        (1, 0, 0, 1),
        (1_000, 0, 0, 100),
        (1_000, 1_000, 0, 100),
        (1_000, 0, 1_000, 100),
        (3_333, 1_111, 777, 55),
        (120_000, 96_000, 7_200, 2_500),
        (128_000, 0, 0, 1),
        (128_001, 64_000, 0, 1),
        (200_000, 100_000, 50_000, 4_000),
        (200_001, 100_000, 50_000, 4_000),
        (272_001, 272_001, 0, 9_999),
        (1_000_000, 1, 1, 65_536),
    )
]
TOO_FINE = 23
"""Models whose total differs, each by less than half a pico-dollar per token: their prices have more digits than that.

$0.0833333333333333 per 1M tokens, as OpenRouter's Gemini models have it for writing to the cache, is 83,333.3 of them.
"""


class Compared(NamedTuple):
    """One model, mode and workload: our cost, and what calc_price charges in pico-dollars by which prices."""

    ref: str
    mode: str
    workload: Workload
    ours: Cost | Reason
    theirs: Decimal
    prices: ModelPrice


def states(record):
    """Each state of an offer and a moment at which it held, and no hourly price did."""
    starts = [past.start for past in record.past] + [record.since]
    for past, end in zip(record.past, starts[1:], strict=True):
        yield past.state, end - timedelta(hours=4)
    yield record.state, NOW


def compare(record, provider, model):
    contexts = {
        name: {key: value}
        for (key, value), name in MODES.items()
        if any(variant.when == {key: value} for variant in model.price_variants or ())
    }
    for state, when in states(record):
        for mode in sorted({row.mode for row in state.rates} & {STANDARD, *contexts}):
            for base in WORKLOADS:
                workload = Workload(1, base.prompt, base.output, base.cached_read, base.cache_written, mode)
                usage = Usage(
                    input_tokens=base.prompt,
                    cache_read_tokens=base.cached_read,
                    cache_write_tokens=base.cache_written,
                    output_tokens=base.output,
                )
                theirs = model.calc_price(
                    usage, provider, genai_request_timestamp=when, price_context=contexts.get(mode)
                )
                ours = cost(state.rates, workload, state=state.price_state)
                yield Compared(record.ref, mode, workload, ours, theirs.total_price * PICO, theirs.model_price)


@pytest.fixture(scope="module")
def everything():
    models = {
        f"{provider.id}/{model.id}": (provider, model)
        for provider in get_snapshot().providers
        for model in provider.models
    }
    offers = ReferenceSource(Setup()).fetch(FileDoor("", b""), NOW).offers
    assert {record.ref for record in offers} == models.keys()
    return [found for record in offers for found in compare(record, *models[record.ref])]


def test_every_cost_is_what_calc_price_charges(everything):
    priced = [found for found in everything if isinstance(found.ours, Cost)]
    different = [found for found in priced if found.ours.per_request != found.theirs]
    assert len(priced) > 30_000
    assert len({found.ref for found in different}) == TOO_FINE
    for found in different:
        tokens = found.workload.prompt + found.workload.output
        assert abs(found.ours.per_request - found.theirs) <= Decimal("0.5") * tokens, found
        assert too_fine(found.prices), found


def too_fine(prices):
    return any(price * 10**6 % 1 for key, price in vars(prices).items() if key.endswith("_mtok") and price)


def test_batch_and_dated_prices_are_among_them(everything):
    batch = {found.ref for found in everything if found.mode == "batch" and isinstance(found.ours, Cost)}
    assert len(batch) > 100
    o3 = {found.ours.per_request for found in everything if found.ref == "openai/o3" and found.workload == WORKLOADS[0]}
    assert o3 == {10_000_000, 2_000_000}


def test_what_it_charges_nothing_for_because_it_has_no_price_is_a_reason_here(everything):
    for found in everything:
        no_input, no_output = (getattr(found.prices, f"{name}_mtok") is None for name in ("input", "output"))
        if found.ours is Reason.NO_OUTPUT_PRICE:
            assert no_output, found
        elif found.ours in (Reason.NO_INPUT_PRICE, Reason.NO_PRICE, Reason.NOT_TOKEN_PRICED):
            assert no_input, found
            assert found.theirs == 0, found
        else:
            assert isinstance(found.ours, Cost), found
