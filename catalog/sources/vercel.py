"""The models of Vercel's AI Gateway.

Format: https://vercel.com/docs/ai-gateway/models-and-providers (REST API). Prices are decimal text in US dollars per
token. A tier's ``min`` is inclusive and its ``max`` exclusive, so that ``min`` 200001 means above 200,000 tokens. What
is not priced per token is read by `vercel_extras`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from catalog.pricing.rates import STANDARD, PriceState, price_state
from catalog.pricing.units import Unit
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, Setup
from catalog.sources.errors import RowError
from catalog.sources.payload import read_answer, read_rows
from catalog.sources.prices import Found, Sent, price_origins, rate_rows
from catalog.sources.providers import provider_named
from catalog.sources.values import capabilities, day, has_come, says_free, token_count
from catalog.sources.vercel_extras import other_prices

PATH = "/v1/models"
RATED = {"input": "input", "output": "output", "input_cache_read": "cache_read", "input_cache_write": "cache_write"}
# What a model of a type reads and writes, where the row itself does not say.
MODALITIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "language": (("text",), ("text",)),
    "embedding": (("text",), ("embedding",)),
    "reranking": (("text",), ("score",)),
    "image": (("text",), ("image",)),
    "video": (("text",), ("video",)),
    "speech": (("text",), ("audio",)),
    "transcription": (("audio",), ("text",)),
    "realtime": (("audio",), ("audio",)),
}


class Answer(msgspec.Struct):
    """The list."""

    data: list[msgspec.Raw]


class Modalities(msgspec.Struct):
    """Kinds of content in and out."""

    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()


class Model(msgspec.Struct):
    """One row."""

    id: str
    name: str = ""
    description: str | None = None
    owned_by: str | None = None
    released: int | None = None
    context_window: int | None = None
    max_tokens: int | None = None
    type: str = ""
    tags: tuple[str, ...] = ()
    modalities: Modalities | None = None
    knowledge: str | None = None
    deprecated_at: int | None = None
    pricing: dict[str, Any] | None = None


class VercelSource:
    """The gateway's list."""

    def __init__(self, setup: Setup) -> None:
        """It has nothing to set up."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the list has no pages."""
        models = read_answer(door.get(PATH), Answer).data
        rows = read_rows(models, Model, lambda model, raw: _record(model, raw, now))
        return Fetched(rows.offers, rows.skipped, door.address(PATH))


def _record(model: Model, raw: str, now: datetime) -> OfferRecord:
    pricing = model.pricing or {}
    modes = {STANDARD: _standard(pricing), **_modes(pricing)}
    rates = tuple(row for mode, found in modes.items() for row in rate_rows(mode, found, Unit.TOKEN))
    other = tuple(other_prices(pricing))
    varies = pricing.get("varies_by_provider") is True
    free = "free" in model.tags or says_free(model.id)
    state = price_state(rates, other_prices=bool(other), variable=varies, zeros_confirmed=free)
    modalities_in, modalities_out = _modalities(model)
    ends = day(model.deprecated_at)
    provider, provider_name = provider_named(model.owned_by or "")
    return OfferRecord(
        model.id,
        OfferState(
            name=model.name or model.id,
            key=model.id,
            provider=provider,
            provider_name=provider_name,
            description=model.description or "",
            lifecycle=Lifecycle.DEPRECATED if has_come(ends, now) else Lifecycle.ACTIVE,
            context_tokens=token_count(model.context_window),
            max_output_tokens=token_count(model.max_tokens),
            modalities_in=modalities_in,
            modalities_out=modalities_out,
            capabilities=capabilities(tag for tag in model.tags if tag != "free"),
            released_on=day(model.released),
            deprecates_on=ends,
            knowledge_cutoff=model.knowledge or "",
            rates=rates,
            price_state=state,
            other_prices=other,
            notes=tuple(_notes(state, varies=varies)),
            origins=tuple(_origins(model, modes)),
            raw=raw,
        ),
    )


def _standard(pricing: dict[str, Any]) -> Found:
    found = _stated(pricing, "pricing", 0)
    for sent_as, name in RATED.items():
        least = 0
        for index, tier in enumerate(_list(pricing.get(f"{sent_as}_tiers"))):
            # Some rows send a ``min`` one below the ``max`` before it; the exclusive ``max`` decides.
            floor = max(_tokens(tier.get("min"), sent_as) - 1, least - 1, 0)
            least = _tokens(tier.get("max"), sent_as)
            if tier.get("cost") in (None, ""):
                raise RowError(f"A price tier of {sent_as} has no price.")
            found[name, floor] = Sent(tier["cost"], f"pricing.{sent_as}_tiers[{index}].cost")
    return found


def _tokens(bound: object, sent_as: str) -> int:
    if bound in (None, 0):
        return 0
    count = token_count(bound)
    if count is None:
        raise RowError(f"A price tier of {sent_as} has the bound {bound}, which is no number of tokens.")
    return count


def _stated(prices: dict[str, Any], path: str, floor: int) -> dict[tuple[str, int], Sent]:
    return {
        (name, floor): Sent(prices[sent_as], f"{path}.{sent_as}")
        for sent_as, name in RATED.items()
        if prices.get(sent_as) not in (None, "")
    }


def _modes(pricing: dict[str, Any]) -> dict[str, Found]:
    """``fast`` and the service tiers; a tier's ``long_context`` prices hold above its threshold."""
    tiers = {name: (f"service_tiers.{name}", prices) for name, prices in _object(pricing.get("service_tiers")).items()}
    modes: dict[str, Found] = {}
    for mode, (path, prices) in {"fast": ("fast", pricing.get("fast")), **tiers}.items():
        found = _stated(_object(prices), f"pricing.{path}", 0)
        long = _object(_object(prices).get("long_context"))
        if threshold := token_count(long.get("threshold")):
            found |= _stated(long, f"pricing.{path}.long_context", threshold)
        if found and mode != STANDARD:
            modes[mode] = found
    return modes


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _modalities(model: Model) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if model.modalities is not None:
        return model.modalities.input, model.modalities.output
    read, written = MODALITIES.get(model.type, ((), ()))
    return (*read, "image") if "vision" in model.tags and "image" not in read else read, written


def _notes(state: PriceState, *, varies: bool) -> Iterator[str]:
    if varies:
        yield "Vercel says that the price varies with the provider that serves the request."
    if state == PriceState.ZERO_UNCONFIRMED:
        yield "Vercel lists 0 for input and output and does not call it free; it may be priced by something else."


def _origins(model: Model, modes: dict[str, Found]) -> Iterator[Origin]:
    read_as = {
        "id": "key",
        "name": "name",
        "owned_by": "provider",
        "context_window": "context_tokens",
        "max_tokens": "max_output_tokens",
        "released": "released_on",
        "deprecated_at": "deprecates_on",
        "knowledge": "knowledge_cutoff",
    }
    for sent_as, field in read_as.items():
        if (value := getattr(model, sent_as)) not in (None, ""):
            yield Origin(sent_as, str(value), field)
    for mode, found in modes.items():
        yield from price_origins(mode, found)
