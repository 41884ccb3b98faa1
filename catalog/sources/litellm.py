"""The deployments of a LiteLLM proxy.

Format: https://docs.litellm.ai/docs/proxy/model_management, ``GET /v1/model/info``: one row per deployment, so that a
model's name repeats. A price that LiteLLM does not know it sends as null or as 0, so 0 is taken for free only where the
proxy's own configuration says 0.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec.structs import replace

from catalog.pricing.rates import PriceState
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, Setup
from catalog.sources.beside import whole_state
from catalog.sources.errors import RowError
from catalog.sources.litellm_facts import fact_origins, supported, uplifts
from catalog.sources.litellm_keys import read_key
from catalog.sources.litellm_rates import Found, read_prices
from catalog.sources.members import part, text, texts, tokens
from catalog.sources.payload import read_answer, read_rows, text_at
from catalog.sources.providers import provider_named
from catalog.sources.values import day, has_come

PATH = "/v1/model/info"
ID = "model_info.id"
MODEL = "litellm_params.model"
TABLES = {"tiered_pricing", "off_peak_pricing"}
BOTH = {"input_cost_per_token", "output_cost_per_token"}
CONFIGURED = "The proxy's own configuration sets this price."
ZERO = "The proxy lists 0 per token, which LiteLLM also sends for a price that nobody configured."
HALF_ZERO = "One of the prices is 0, which LiteLLM also sends for a price that nobody configured."


class Answer(msgspec.Struct):
    """All deployments; a proxy started for a single model sends that one alone."""

    data: msgspec.Raw


class LiteLLMSource:
    """The deployments that the key may see."""

    def __init__(self, setup: Setup) -> None:
        self.parameters = [("healthy_only", "true")] if setup.options.get("healthy_only") else []
        if team := setup.options.get("team"):
            self.parameters.append(("teamId", str(team)))

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the list has no pages."""
        data = bytes(read_answer(door.get(PATH, self.parameters), Answer).data)
        deployments = [msgspec.Raw(data)] if data.startswith(b"{") else read_answer(data, list[msgspec.Raw])
        names = _names(deployments)
        rows = read_rows(
            deployments,
            dict[str, Any],
            lambda row, raw: _record(row, raw, names, now),
            named_by=lambda row: _ref(row, names),
        )
        return Fetched(rows.offers, rows.skipped, door.address(PATH))


def _names(deployments: list[msgspec.Raw]) -> Counter[tuple[str, ...]]:
    """How many deployments without an id share a name, and a name and a model; one that cannot be read counts too."""
    names: Counter[tuple[str, ...]] = Counter()
    for row in deployments:
        if not text_at(row, ID):
            name, model = text_at(row, "model_name"), text_at(row, MODEL)
            names.update([(name,), (name, model)])
    return names


def _ref(row: msgspec.Raw, names: Counter[tuple[str, ...]]) -> str:
    """The deployment's id, else its name; where several share that, the model too, then a digest of the row."""
    name, model = text_at(row, "model_name"), text_at(row, MODEL)
    if (ref := text_at(row, ID)) or not name:
        return ref
    if names[(name,)] < 2:
        return name
    return (
        f"{name} ({model})" if names[(name, model)] < 2 else f"{name} ({model}, {sha256(bytes(row)).hexdigest()[:8]})"
    )


def _record(row: dict[str, Any], raw: str, names: Counter[tuple[str, ...]], now: datetime) -> OfferRecord:
    params, info = part(row, "litellm_params"), part(row, "model_info")
    model = text(params, "model")
    # A name of "*" alone catches every name and sends it to the one model.
    name = model if text(row, "model_name") == "*" else text(row, "model_name")
    if "*" in name or "*" in model:
        wildcard = name if "*" in name else model
        raise RowError(f"“{wildcard}” stands for any model of its provider and has no price of its own.")
    if not name:
        raise RowError("It has no name.")
    own = {key: value for key, value in params.items() if value is not None and (read_key(key) or key in TABLES)}
    entry = {**info, **own}
    stated = text(info, "litellm_provider") or text(params, "custom_llm_provider")
    provider = stated or (model.partition("/")[0] if "/" in model else "")
    slug, provider_name = provider_named(provider)
    found, ends = read_prices(entry, provider), day(info.get("deprecation_date"))
    state = whole_state(found.rates, found.charged, zeros_confirmed=own.keys() >= BOTH)
    upstream = dict.fromkeys([model, text(info, "base_model"), text(info, "key")])
    return OfferRecord(
        _ref(msgspec.Raw(raw.encode()), names),
        OfferState(
            name=name,
            key=name,
            provider=slug,
            provider_name=provider_name,
            provider_inferred=bool(provider and not stated),
            upstream_ids=tuple(filter(None, upstream)),
            lifecycle=Lifecycle.DEPRECATED if has_come(ends, now) else Lifecycle.ACTIVE,
            max_input_tokens=tokens(info, "max_input_tokens"),
            max_output_tokens=tokens(info, "max_output_tokens"),
            modalities_in=texts(info, "supported_modalities"),
            modalities_out=texts(info, "supported_output_modalities"),
            capabilities=supported(info),
            deprecates_on=ends,
            rates=found.rates,
            price_state=state,
            by_hour=found.by_hour,
            other_prices=found.other,
            notes=(*_notes(state, found, own), *uplifts(entry), *found.notes),
            origins=tuple(_origins(row, params, info, own, found)),
            raw=raw,
        ),
    )


def _notes(state: PriceState, found: Found, own: dict[str, Any]) -> Iterator[str]:
    base = found.rates[0]
    if own:
        yield CONFIGURED
    if state is PriceState.ZERO_UNCONFIRMED:
        yield ZERO
    elif state is PriceState.PRICED and 0 in (base.input, base.output) and not own.keys() >= BOTH:
        yield HALF_ZERO


def _origins(
    row: dict[str, Any], params: dict[str, Any], info: dict[str, Any], own: dict[str, Any], found: Found
) -> Iterator[Origin]:
    yield Origin("model_name", text(row, "model_name"), "key")
    if model := text(params, "model"):
        yield Origin("litellm_params.model", model, "upstream_ids")
    yield from fact_origins(info, "model_info.")
    for origin in found.origins:
        holder = "litellm_params" if origin.sent_as.partition("[")[0] in own else "model_info"
        yield replace(origin, sent_as=f"{holder}.{origin.sent_as}")
