"""The reference source against genai-prices itself: what it charges is what we store."""

from copy import copy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import StartDateConstraint, Tier, TieredPrices, TimeOfDateConstraint, Usage

from catalog.pricing.rates import STANDARD
from catalog.sources.base import Setup
from catalog.sources.reference import MODES, ReferenceSource
from catalog.sources.saved import FileDoor

# An hour at which no hourly price of genai-prices holds: windows are compared on their own below.
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
PICO = Decimal(10) ** 12


@pytest.fixture(scope="module")
def offers():
    return {record.ref: record for record in ReferenceSource(Setup()).fetch(FileDoor("", b""), NOW).offers}


@pytest.fixture(scope="module")
def models():
    return {
        f"{provider.id}/{model.id}": (provider, model)
        for provider in get_snapshot().providers
        for model in provider.models
    }


def prompts(rows):
    """A small prompt, and below, at and one above each threshold."""
    floors = {row.above for row in rows if row.above}
    return sorted({10} | {floor + step for floor in floors for step in (-1, 0, 1)})


def differences(provider, model, state, mode, when):
    """Where our rates of a mode differ from what calc_price charges, as (prompt, component, ours, theirs)."""
    context = next(
        ({key: value} for (key, value), name in MODES.items() if name == mode and uses(model, key, value)), None
    )
    rows = [row for row in state.rates if row.mode == mode]
    whole = all(Decimal(origin.sent) * 10**6 % 1 == 0 for origin in state.origins if origin.mode)
    for prompt in prompts(rows):
        row = next(row for row in rows if row.above < prompt and (row.up_to is None or prompt <= row.up_to))

        def charged(**usage):
            price = model.calc_price(Usage(**usage), provider, genai_request_timestamp=when, price_context=context)
            return price.input_price * PICO, price.output_price * PICO

        own_input = row.input or 0
        plain, _ = charged(input_tokens=prompt)
        found = {"input": (own_input * prompt, plain)}
        found["output"] = (row.output or 0, charged(input_tokens=prompt, output_tokens=1)[1])
        for name in ("cache_read", "cache_write"):
            own = getattr(row, name)
            # A cache price that is not known is billed as input; genai-prices does the same.
            ours = own_input * (prompt - 1) + (own_input if own is None else own)
            found[name] = (ours, charged(input_tokens=prompt, **{f"{name}_tokens": 1})[0])
        for name, (ours, theirs) in found.items():
            if abs(ours - theirs) > (0 if whole else rounding(name, prompt)):
                yield prompt, name, ours, theirs


def rounding(component, prompt):
    """28 of its prices have more digits than a pico-dollar holds: up to half of one is lost per token."""
    return Decimal("0.5") * (1 if component == "output" else prompt)


def uses(model, key, value):
    return any(variant.when == {key: value} for variant in model.price_variants or ())


def test_every_model_is_there(offers, models):
    assert offers.keys() == models.keys()
    assert len(offers) == 2_330
    assert len({provider.id for provider, _ in models.values()}) == 47


def test_every_rate_of_every_model_is_what_calc_price_charges(offers, models):
    wrong = [
        (ref, mode, *difference)
        for ref, record in offers.items()
        for mode in {row.mode for row in record.state.rates} & {STANDARD, *MODES.values()}
        for difference in differences(*models[ref], record.state, mode, NOW)
    ]
    assert wrong == []


def test_every_past_state_is_what_calc_price_charged_then(offers, models):
    wrong = []
    checked = 0
    for ref, record in offers.items():
        starts = [past.start for past in record.past] + [record.since]
        for past, end in zip(record.past, starts[1:], strict=True):
            last_evening = end - timedelta(hours=4)
            for mode in {row.mode for row in past.state.rates} & {STANDARD, *MODES.values()}:
                checked += 1
                wrong += [(ref, end, *found) for found in differences(*models[ref], past.state, mode, last_evening)]
    assert wrong == []
    assert checked > 300


def test_hourly_prices_are_listed_and_not_used(offers, models):
    checked = 0
    for ref, (provider, model) in models.items():
        for entry in model.prices if isinstance(model.prices, list) else []:
            if isinstance(entry.constraint, TimeOfDateConstraint):
                start = entry.constraint.start_time
                within = NOW.replace(hour=start.hour, minute=start.minute) + timedelta(minutes=5)
                charged = model.calc_price(Usage(input_tokens=10**6), provider, genai_request_timestamp=within)
                state = offers[ref].state
                listed = [p for p in state.other_prices if p.name == "input" and p.when.startswith(f"{start:%H:%M}")]
                assert [Decimal(price.usd) for price in listed] == [charged.input_price]
                assert state.by_hour
                checked += 1
    assert checked == 8


def test_prices_of_a_later_day_are_announced_and_not_used(offers):
    argon = offers["google/gemini-4-argon"].state
    assert argon.rates[0].input == 2_000_000
    announced = {(price.mode, price.name): (price.usd, price.when) for price in argon.other_prices if price.when}
    assert announced[("standard", "input")] == ("4", "from 1 December 2026")
    assert announced[("batch", "output")] == ("10", "from 1 December 2026")
    then = {
        record.ref: record
        for record in ReferenceSource(Setup()).fetch(FileDoor("", b""), NOW + timedelta(days=9)).offers
    }
    assert then["google/gemini-4-argon"].state.rates[0].input == 4_000_000


def test_a_negative_price_leaves_its_model_out_and_says_so(monkeypatch, models):
    provider, model = models["google/gemini-2.5-pro"]
    for amount in (Decimal(-1), TieredPrices(base=Decimal(2), tiers=[Tier(start=200_000, price=Decimal(-1))])):
        wrong, seller = copy(model), copy(provider)
        wrong.prices = copy(model.prices)
        wrong.prices.input_mtok, seller.models = amount, [wrong]
        snapshot = SimpleNamespace(providers=[seller])
        monkeypatch.setattr("catalog.sources.reference.get_snapshot", lambda found=snapshot: found)
        fetched = ReferenceSource(Setup()).fetch(FileDoor("", b""), NOW)
        assert fetched.offers == ()
        assert [skip.reason for skip in fetched.skipped] == ["The price -1 is negative."]


def test_o3_cost_ten_dollars_and_then_two(offers):
    record = offers["openai/o3"]
    inputs = [(past.start, past.state.rates[0].input) for past in record.past]
    assert inputs[:2] == [(None, 10_000_000), (datetime(2025, 6, 10, tzinfo=UTC), 2_000_000)]
    assert record.state.rates[0].input == 2_000_000


def test_the_long_context_tier_of_opus_ended(offers):
    record = offers["anthropic/claude-opus-4-6"]
    assert [(row.above, row.input) for row in record.past[0].state.rates if row.mode == STANDARD] == [
        (0, 5_000_000),
        (200_000, 10_000_000),
    ]
    assert record.past[1].start == datetime(2026, 3, 13, tzinfo=UTC)
    assert [(row.above, row.input) for row in record.state.rates if row.mode == STANDARD] == [(0, 5_000_000)]


def test_a_mode_that_states_no_cache_price_takes_the_standard_one_and_says_so(offers):
    batch = next(row for row in offers["openai/o3"].state.rates if row.mode == "batch")
    assert (batch.input, batch.cache_read, batch.inherited) == (1_000_000, 500_000, ("cache_read",))


def test_a_model_without_a_price_is_unknown_and_not_free(offers):
    state = offers["github-copilot/gpt-4.1"].state
    assert state.price_state == "unknown"
    assert state.rates[0].input is None
    assert "does not say whether it is free" in state.notes[-1]


def test_what_is_not_priced_per_token_is_listed_with_its_unit(offers):
    whisper = offers["groq/whisper-large-v3"].state
    assert whisper.price_state == "not_token_priced"
    assert {(price.name, price.per) for price in whisper.other_prices} & {("audio", "hour"), ("input audio", "hour")}
    opus = offers["anthropic/claude-opus-4-6"].state
    assert ("cache write 1h", "10", "1M tokens") in {(p.name, p.usd, p.per) for p in opus.other_prices if not p.when}


def test_provenance_names_the_field_and_what_was_sent(offers):
    origins = {(o.read_as, o.mode, o.above): (o.sent_as, o.sent) for o in offers["google/gemini-2.5-pro"].state.origins}
    assert origins[("input", "standard", 0)] == ("prices.input_mtok.base", "1.25")
    assert origins[("input", "standard", 200_000)] == ("prices.input_mtok.tiers[0].price", "2.5")


def test_every_start_date_is_used(offers, models):
    for ref, (_, model) in models.items():
        if isinstance(model.prices, list):
            dates = [e.constraint.start_date for e in model.prices if isinstance(e.constraint, StartDateConstraint)]
            due = [date for date in dates if date <= NOW.date()]
            if due:
                assert offers[ref].since is not None
