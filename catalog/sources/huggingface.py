"""The models that Hugging Face routes to inference providers, each provider's offer on its own.

Format: https://huggingface.co/docs/inference-providers/hub-api (GET https://router.huggingface.co/v1/models). Prices
are numbers of US dollars per 1M tokens. A request names one provider's offer as ``model:provider``, which is its ref.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from catalog.pricing.rates import STANDARD, PriceState, RateRow, price_state
from catalog.pricing.units import Unit
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, Setup
from catalog.sources.errors import RowError
from catalog.sources.groups import read_groups
from catalog.sources.payload import read_answer
from catalog.sources.prices import Found, Sent, price_origins, rate_rows
from catalog.sources.providers import provider_named
from catalog.sources.values import capabilities, day, token_count

PATH = "/v1/models"
FLAGS = ("supports_tools", "supports_structured_output")


class Answer(msgspec.Struct):
    """The list."""

    data: list[msgspec.Raw]


class Named(msgspec.Struct):
    """What names a model's row, were the rest of no use."""

    id: str = ""


class Architecture(msgspec.Struct):
    """Kinds of content in and out."""

    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()


class Model(msgspec.Struct):
    """One model and who serves it."""

    id: str
    providers: list[msgspec.Raw]
    created: int | None = None
    architecture: Architecture = msgspec.field(default_factory=Architecture)


class Pricing(msgspec.Struct):
    """US dollars per 1M tokens."""

    input: Decimal | None = None
    output: Decimal | None = None


class Served(msgspec.Struct):
    """One provider's offer of a model."""

    provider: str
    status: str = "live"
    pricing: Pricing | None = None
    is_free: bool | None = None
    context_length: int | None = None
    supports_tools: bool | None = None
    supports_structured_output: bool | None = None


class HuggingFaceSource:
    """The router's list."""

    def __init__(self, setup: Setup) -> None:
        """It has nothing to set up."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the list has no pages."""
        models = read_answer(door.get(PATH), Answer).data
        groups = ((_name(raw, number), raw) for number, raw in enumerate(models, 1))
        rows = read_groups(groups, Model, lambda model: model.providers, Served, _record, mark=":", named_by="provider")
        return Fetched(rows.offers, rows.skipped, door.address(PATH))


def _name(raw: msgspec.Raw, number: int) -> str:
    try:
        return msgspec.json.decode(raw, type=Named).id or f"row {number}"
    except msgspec.ValidationError:
        return f"row {number}"


def _record(model: Model, served: Served, raw: str) -> OfferRecord:
    if not (model.id and served.provider):
        raise RowError("It names no model or no provider.")
    found = _found(served)
    provider, provider_name = provider_named(served.provider)
    rates = rate_rows(STANDARD, found, Unit.MILLION)
    state = price_state(rates, other_prices=False, zeros_confirmed=served.is_free is True)
    return OfferRecord(
        f"{model.id}:{served.provider}",
        OfferState(
            name=model.id.rpartition("/")[2],
            key=model.id,
            provider=provider,
            provider_name=provider_name,
            lifecycle=_lifecycle(served.status),
            context_tokens=token_count(served.context_length),
            modalities_in=model.architecture.input_modalities,
            modalities_out=model.architecture.output_modalities,
            capabilities=capabilities(flag for flag in FLAGS if getattr(served, flag)),
            released_on=day(model.created),
            rates=rates,
            price_state=state,
            notes=tuple(_notes(served, rates[0], state)),
            origins=tuple(_origins(model, served, found)),
            raw=raw,
        ),
    )


def _found(served: Served) -> Found:
    if served.pricing is None:
        # "Free" is a price of its own: it needs no number beside it.
        free = Sent("0", "is_free")
        return {("input", 0): free, ("output", 0): free} if served.is_free else {}
    sent = {"input": served.pricing.input, "output": served.pricing.output}
    return {(name, 0): Sent(usd, f"pricing.{name}") for name, usd in sent.items() if usd is not None}


def _lifecycle(status: str) -> Lifecycle:
    return {"live": Lifecycle.ACTIVE, "staging": Lifecycle.PREVIEW}.get(status, Lifecycle.HIDDEN)


def _notes(served: Served, base: RateRow, state: PriceState) -> Iterator[str]:
    if served.status != "live":
        yield f"Hugging Face gives this provider the status “{served.status}” for the model, not “live”."
    if served.is_free and state == PriceState.PRICED:
        yield "Hugging Face marks it as free and lists a price all the same; the price is shown."
    if state == PriceState.ZERO_UNCONFIRMED:
        yield "Hugging Face lists 0 for input and output and does not mark it as free."
    if (base.input is None) != (base.output is None):
        yield "Hugging Face lists only one of the two prices."


def _origins(model: Model, served: Served, found: Found) -> Iterator[Origin]:
    yield Origin("id", model.id, "key")
    yield Origin("provider", served.provider, "provider")
    yield Origin("status", served.status, "lifecycle")
    if served.context_length is not None:
        yield Origin("context_length", str(served.context_length), "context_tokens")
    if model.created is not None:
        yield Origin("created", str(model.created), "released_on")
    yield from price_origins(STANDARD, found)
