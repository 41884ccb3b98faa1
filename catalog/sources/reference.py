"""Public list prices from the packaged data of genai-prices, read offline.

Format: https://github.com/pydantic/genai-prices. Prices are Decimals in US dollars per 1M tokens (``*_mtok``), per
1,000 (``*_kcount``, ``*_kpages``), per million characters or per hour. Dated prices become past states; the last one
active applies now. Prices of certain hours and announced prices are listed beside the price, never used as it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import NamedTuple

import msgspec
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    PriceVariant,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)
from msgspec.structs import replace

from catalog.pricing.rates import STANDARD, PriceState, RateRow, Tiered, price_state, tier_rows
from catalog.pricing.units import PriceError, Unit, pico_per_request, pico_per_token
from catalog.sources.base import (
    Door,
    Fetched,
    Lifecycle,
    OfferRecord,
    OfferState,
    Origin,
    OtherPrice,
    PastState,
    Setup,
    Skip,
)
from catalog.sources.plain import plain
from catalog.sources.providers import provider_named

TOKEN_KEYS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
}
RATE_KEYS = {**TOKEN_KEYS, "requests_kcount": "request"}
OTHER_UNITS = {
    "mtok": "1M tokens",
    "kcount": "1,000",
    "kpages": "1,000 pages",
    "mchars": "1M characters",
    "hours": "hour",
}
MODES = {
    ("processing", "batch"): "batch",
    ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority",
    ("service_tier", "fast"): "fast",
    ("speed", "fast"): "fast",
}
NO_PRICE = "genai-prices lists no price for this model and does not say whether it is free."

Amount = Decimal | TieredPrices
Constraint = StartDateConstraint | TimeOfDateConstraint | None


class Found(NamedTuple):
    """One price and its path in the model's object."""

    amount: Amount
    path: str


class ReferenceSource:
    """genai-prices: every provider and model of the installed release."""

    def __init__(self, setup: Setup) -> None:
        """It has nothing to set up."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """All models, with what applies at ``now`` and the dated prices before it."""
        offers, skipped = [], []
        for provider in get_snapshot().providers:
            for model in provider.models:
                ref = f"{provider.id}/{model.id}"
                try:
                    offers.append(_record(ref, provider, model, now))
                except PriceError as error:
                    skipped.append(Skip(ref, str(error)))
        return Fetched(tuple(offers), tuple(skipped), read_from="genai-prices")


def _record(ref: str, provider: Provider, model: ModelInfo, now: datetime) -> OfferRecord:
    starts = sorted(set(_starts(model)))
    raw = msgspec.json.encode(plain(model)).decode()
    kept: list[PastState] = []
    for start in [None, *(start for start in starts if start <= now)]:
        state = _state(provider, model, start or datetime.min.replace(tzinfo=UTC), raw)
        # A date that changes nothing of what is kept starts no new state.
        if not kept or state != kept[-1].state:
            kept.append(PastState(start, state))
    *past, current = kept
    announced = tuple(price for start in starts if start > now for price in _announced(model, start, now))
    state = replace(current.state, other_prices=current.state.other_prices + announced)
    return OfferRecord(ref, state, current.start, tuple(past))


def _starts(model: ModelInfo) -> Iterator[datetime]:
    for entry in [*_entries(model), *(model.price_variants or ())]:
        if isinstance(entry.constraint, StartDateConstraint):
            yield datetime.combine(entry.constraint.start_date, time(), UTC)


def _entries(model: ModelInfo) -> list[ConditionalPrice]:
    return [ConditionalPrice(prices=model.prices)] if isinstance(model.prices, ModelPrice) else model.prices


def _holds(constraint: Constraint, at: datetime) -> bool:
    """Whether a price holds at ``at`` whatever the hour."""
    return constraint is None or (isinstance(constraint, StartDateConstraint) and constraint.active(at))


def _state(provider: Provider, model: ModelInfo, at: datetime, raw: str) -> OfferState:
    prices = {STANDARD: _standard(model, at)}
    own = {STANDARD: set(prices[STANDARD])}
    for variant in model.price_variants or ():
        mode = _mode(variant)
        if mode in own or not (found := _overrides(model, variant.when, at)):
            continue
        own[mode] = set(found)
        prices[mode] = {**prices[STANDARD], **found} if own[mode] & TOKEN_KEYS.keys() else found
    rates = [row for mode in prices for row in _rates(mode, prices[mode], own[mode])]
    other = [price for mode in prices for price in _other(mode, {key: prices[mode][key] for key in own[mode]})]
    state, hourly = price_state(rates, other_prices=bool(other)), list(_hourly(model))
    notes = [model.price_comments] if model.price_comments else []
    return OfferState(
        name=model.name or model.id,
        key=model.id,
        provider=provider.id,
        provider_name=provider_named(provider.id, provider.name)[1],
        lifecycle=Lifecycle.DEPRECATED if model.deprecated else Lifecycle.ACTIVE,
        context_tokens=model.context_window or None,
        rates=tuple(rates),
        price_state=state,
        by_hour=bool(hourly),
        other_prices=(*other, *hourly),
        notes=tuple([*notes, NO_PRICE] if state is PriceState.UNKNOWN else notes),
        origins=tuple(_origins(model, prices, own)),
        raw=raw,
    )


def _standard(model: ModelInfo, at: datetime) -> dict[str, Found]:
    """The last price that holds at ``at`` whatever the hour, else the first: genai-prices' own rule."""
    entries = _entries(model)
    index = max((i for i, entry in enumerate(entries) if _holds(entry.constraint, at)), default=0)
    path = "prices" if isinstance(model.prices, ModelPrice) else f"prices[{index}].prices"
    return _found(entries[index].prices, path)


def _overrides(model: ModelInfo, context: dict[str, str], at: datetime) -> dict[str, Found]:
    """What a request with this context pays instead: the first price that holds, for each key."""
    found: dict[str, Found] = {}
    for index, variant in enumerate(model.price_variants or ()):
        if _holds(variant.constraint, at) and variant.when.items() <= context.items():
            found = _found(variant.prices, f"price_variants[{index}].prices") | found
    return found


def _found(prices: ModelPrice, path: str) -> dict[str, Found]:
    return {key: Found(amount, f"{path}.{key}") for key, amount in vars(prices).items() if amount is not None}


def _mode(variant: PriceVariant) -> str:
    context = sorted(variant.when.items())
    known = MODES.get(context[0]) if len(context) == 1 else None
    return known or ",".join(f"{key}={value}" for key, value in context)


def _rates(mode: str, prices: dict[str, Found], own: set[str]) -> Iterator[RateRow]:
    """The rate rows of a mode; none for one that only prices something other than tokens."""
    if mode == STANDARD or own & TOKEN_KEYS.keys():
        rated = {key: found.amount for key, found in prices.items() if key in RATE_KEYS}
        components = {RATE_KEYS[key]: _tiered(key, amount) for key, amount in rated.items()}
        yield from tier_rows(mode, components, inherited=(RATE_KEYS[key] for key in rated if key not in own))


def _tiered(key: str, amount: Amount) -> Tiered:
    def pico(price: Decimal) -> int | None:
        return pico_per_token(price, Unit.MILLION) if key in TOKEN_KEYS else pico_per_request(price, 1_000)

    (_, base), *tiers = _steps(amount)
    return Tiered(pico(base), {above: pico(price) for above, price in tiers})


def _other(mode: str, prices: dict[str, Found], when: str = "", *, tokens: bool = False) -> Iterator[OtherPrice]:
    """The prices that no rate row holds; with ``tokens`` those too."""
    for key, found in sorted(prices.items()):
        if key in RATE_KEYS and not tokens:
            continue
        name, _, unit = key.rpartition("_")
        for above, usd in _steps(found.amount):
            yield OtherPrice(name.replace("_", " "), str(usd), OTHER_UNITS.get(unit, unit), mode, above, when)


def _steps(amount: Amount) -> list[tuple[int, Decimal]]:
    if isinstance(amount, TieredPrices):
        return [(0, amount.base), *((tier.start, tier.price) for tier in amount.tiers)]
    return [(0, amount)]


def _hourly(model: ModelInfo) -> Iterator[OtherPrice]:
    for entry in _entries(model):
        if isinstance(hours := entry.constraint, TimeOfDateConstraint):
            when = f"{hours.start_time:%H:%M} to {hours.end_time:%H:%M} UTC"
            yield from _other(STANDARD, _found(entry.prices, ""), when, tokens=True)


def _announced(model: ModelInfo, start: datetime, now: datetime) -> Iterator[OtherPrice]:
    """What changes at ``start``, a day after ``now``."""
    when = f"from {start.day} {start:%B %Y}"
    before, after = _standard(model, now), _standard(model, start)
    changed = {key: found for key, found in after.items() if key not in before or before[key].amount != found.amount}
    yield from _other(STANDARD, changed, when, tokens=True)
    for variant in model.price_variants or ():
        if isinstance(variant.constraint, StartDateConstraint) and variant.constraint.start_date == start.date():
            yield from _other(_mode(variant), _found(variant.prices, ""), when, tokens=True)


def _origins(model: ModelInfo, prices: dict[str, dict[str, Found]], own: dict[str, set[str]]) -> Iterator[Origin]:
    yield Origin("id", model.id, "key")
    if model.name:
        yield Origin("name", model.name, "name")
    if model.context_window:
        yield Origin("context_window", str(model.context_window), "context_tokens")
    if model.deprecated:
        yield Origin("deprecated", "true", "lifecycle")
    for mode, found in prices.items():
        for key in (key for key in RATE_KEYS if key in own[mode]):
            for index, (above, usd) in enumerate(_steps(found[key].amount)):
                step = "" if not isinstance(found[key].amount, TieredPrices) else _step_path(index)
                yield Origin(found[key].path + step, str(usd), RATE_KEYS[key], mode, above)


def _step_path(index: int) -> str:
    return f".tiers[{index - 1}].price" if index else ".base"
