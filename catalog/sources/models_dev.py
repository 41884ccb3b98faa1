"""The public database models.dev: list prices of every provider, in one file.

Format: https://github.com/anomalyco/models.dev (README, "API"). The answer is an object of providers, each with an
object of models. Prices are US dollars per 1M tokens. ``tiers`` are cliffs, each above its ``tier.size`` of prompt
tokens; ``context_over_200k`` repeats the first of them under a name that is often wrong.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from catalog.pricing.rates import STANDARD, PriceState, RateRow, price_state
from catalog.pricing.units import Unit
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, OtherPrice, Setup
from catalog.sources.errors import RowError
from catalog.sources.groups import read_groups
from catalog.sources.payload import read_answer
from catalog.sources.prices import Found, Sent, other_token_prices, price_origins, rate_rows
from catalog.sources.providers import provider_named
from catalog.sources.values import capabilities, says_free, token_count

PATH = "/api.json"
FLAGS = ("tool_call", "reasoning", "structured_output", "attachment", "temperature", "interleaved", "open_weights")
LIFECYCLES = {"alpha": Lifecycle.PREVIEW, "beta": Lifecycle.PREVIEW, "deprecated": Lifecycle.DEPRECATED}
OVER_200K = 200_000


class Prices(msgspec.Struct):
    """One set of prices, in US dollars per 1M tokens."""

    input: Decimal | None = None
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    reasoning: Decimal | None = None
    input_audio: Decimal | None = None
    output_audio: Decimal | None = None


class Size(msgspec.Struct):
    """Where a tier begins, exclusive."""

    size: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    type: str = "context"


class Tier(Prices, kw_only=True):
    """The prices above a size."""

    tier: Size


class Cost(Prices, kw_only=True):
    """The prices of a model."""

    tiers: list[Tier] = []
    context_over_200k: Prices | None = None


class Mode(msgspec.Struct):
    """Another way to be served, such as ``fast``."""

    cost: Prices | None = None


class Experimental(msgspec.Struct):
    """What models.dev itself may still change."""

    modes: dict[str, Mode] = {}


class Limit(msgspec.Struct):
    """Token limits; 0 stands for unknown."""

    context: int | None = None
    input: int | None = None
    output: int | None = None


class Modalities(msgspec.Struct):
    """Kinds of content in and out."""

    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()


class Model(msgspec.Struct):
    """One model of one provider."""

    id: str
    name: str = ""
    attachment: bool | None = None
    reasoning: bool | None = None
    tool_call: bool | None = None
    structured_output: bool | None = None
    temperature: bool | None = None
    interleaved: bool | dict[str, object] | None = None
    open_weights: bool | None = None
    status: str = ""
    release_date: str | None = None
    knowledge: str | None = None
    modalities: Modalities = msgspec.field(default_factory=Modalities)
    limit: Limit = msgspec.field(default_factory=Limit)
    cost: Cost | None = None
    experimental: bool | Experimental | None = None


class Provider(msgspec.Struct):
    """A provider and its models, by id."""

    id: str
    models: dict[str, msgspec.Raw]
    name: str = ""


class ModelsDevSource:
    """Every provider, or with the option ``providers`` only those."""

    def __init__(self, setup: Setup) -> None:
        wanted = setup.options.get("providers")
        self.wanted = wanted if isinstance(wanted, list) else []

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the file has it all."""
        providers = read_answer(door.get(PATH), dict[str, msgspec.Raw])
        chosen = {name: raw for name, raw in providers.items() if not self.wanted or name in self.wanted}
        rows = read_groups(chosen.items(), Provider, lambda own: own.models.values(), Model, _record, mark="/")
        unknown = [f"models.dev has no provider “{name}”." for name in self.wanted if name not in providers]
        return Fetched(rows.offers, rows.skipped, door.address(PATH), tuple(unknown))


def _record(provider: Provider, model: Model, raw: str) -> OfferRecord:
    slug, provider_name = provider_named(provider.id, provider.name)
    standard = _standard(model.cost)
    rates = list(rate_rows(STANDARD, standard, Unit.MILLION))
    other = [*other_token_prices(STANDARD, standard, Unit.MILLION), *_by_other_tiers(model.cost)]
    origins = [*_origins(provider, model), *price_origins(STANDARD, standard)]
    for mode, prices in _modes(model).items():
        rates += _mode_rates(mode, prices, rates[0].up_to)
        other += other_token_prices(mode, prices, Unit.MILLION)
        origins += price_origins(mode, prices)
    state = price_state(rates, other_prices=bool(other), zeros_confirmed=says_free(model.id))
    return OfferRecord(
        f"{provider.id}/{model.id}",
        OfferState(
            name=model.name or model.id,
            key=model.id,
            provider=slug,
            provider_name=provider_name,
            lifecycle=LIFECYCLES.get(model.status, Lifecycle.ACTIVE),
            context_tokens=token_count(model.limit.context),
            max_input_tokens=token_count(model.limit.input),
            max_output_tokens=token_count(model.limit.output),
            modalities_in=model.modalities.input,
            modalities_out=model.modalities.output,
            capabilities=capabilities(flag for flag in FLAGS if getattr(model, flag) not in (None, False)),
            released_on=model.release_date or "",
            knowledge_cutoff=model.knowledge or "",
            rates=tuple(rates),
            price_state=state,
            other_prices=tuple(other),
            notes=tuple(_notes(model, rates, state)),
            origins=tuple(origins),
            raw=raw,
        ),
    )


def _standard(cost: Cost | None) -> Found:
    """The prices of the base and of each tier by prompt size."""
    if cost is None:
        return {}
    found = _stated(cost, "cost", 0)
    for index, tier in _tiers(cost, by_context=True):
        if any(floor == tier.tier.size for _, floor in found):
            raise RowError(f"Two of its price tiers begin at {tier.tier.size:,} tokens.")
        found |= _stated(tier, f"cost.tiers[{index}]", tier.tier.size)
    if cost.context_over_200k and not cost.tiers:
        found |= _stated(cost.context_over_200k, "cost.context_over_200k", OVER_200K)
    return found


def _tiers(cost: Cost, *, by_context: bool) -> Iterator[tuple[int, Tier]]:
    return ((index, tier) for index, tier in enumerate(cost.tiers) if (tier.tier.type == "context") is by_context)


def _stated(prices: Prices, path: str, floor: int) -> dict[tuple[str, int], Sent]:
    values = ((name, getattr(prices, name)) for name in Prices.__struct_fields__)
    return {(name, floor): Sent(usd, f"{path}.{name}") for name, usd in values if usd is not None}


def _modes(model: Model) -> dict[str, Found]:
    modes = model.experimental.modes if isinstance(model.experimental, Experimental) else {}
    return {
        name: found
        for name, mode in modes.items()
        if name != STANDARD and mode.cost and (found := _stated(mode.cost, f"experimental.modes.{name}.cost", 0))
    }


def _mode_rates(mode: str, prices: Found, up_to: int | None) -> Iterator[RateRow]:
    """A mode states no tiers, so above the standard mode's first one its prices are not known."""
    yield from (replace(row, up_to=up_to) for row in rate_rows(mode, prices, Unit.MILLION))
    if up_to is not None:
        yield RateRow(mode=mode, above=up_to)


def _by_other_tiers(cost: Cost | None) -> Iterator[OtherPrice]:
    for index, tier in _tiers(cost, by_context=False) if cost else ():
        prices = _stated(tier, f"cost.tiers[{index}]", tier.tier.size)
        yield from other_token_prices(STANDARD, prices, Unit.MILLION, f"by {tier.tier.type}")


def _notes(model: Model, rates: list[RateRow], state: PriceState) -> Iterator[str]:
    base = rates[0]
    if state == PriceState.ZERO_UNCONFIRMED:
        yield (
            "models.dev lists 0 for input and output. That can mean free, covered by a subscription, "
            "or not priced per token."
        )
    if base.input is not None and (base.cache_read or 0) > base.input:
        yield "models.dev lists a higher price for cached input than for input, which may be a mistake there."
    if base.input and base.cache_write == 0:
        yield "models.dev lists 0 for cache writes; the tokens written may still cost the input price."
    if model.cost and model.cost.context_over_200k and not model.cost.tiers:
        yield "models.dev does not tell the size above which the higher prices hold; 200,000 tokens is taken."
    if any(row.mode != STANDARD and row.above for row in rates):
        yield "models.dev does not tell what other modes cost above the first price tier."
    if model.status and model.status not in LIFECYCLES:
        yield f"models.dev gives it the status “{model.status}”, which Ratecard does not know."


def _origins(provider: Provider, model: Model) -> Iterator[Origin]:
    fields = {
        "id": (model.id, "key"),
        "name": (model.name, "name"),
        "status": (model.status, "lifecycle"),
        "limit.context": (model.limit.context, "context_tokens"),
        "limit.input": (model.limit.input, "max_input_tokens"),
        "limit.output": (model.limit.output, "max_output_tokens"),
        "release_date": (model.release_date, "released_on"),
        "knowledge": (model.knowledge, "knowledge_cutoff"),
    }
    yield Origin("provider id", provider.id, "provider")
    yield from (Origin(path, str(sent), read_as) for path, (sent, read_as) in fields.items() if sent not in (None, ""))
