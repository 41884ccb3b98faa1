"""LiteLLM's public list of prices and limits, ``model_prices_and_context_window.json``: entries by model id.

Format: https://docs.litellm.ai/docs/provider_registration/add_model_pricing. Entries of models that a provider retired
are taken out, so that an offer may leave this catalog while others still sell it. The context window is not in it:
``max_input_tokens`` is the longest prompt.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from catalog.pricing.rates import PriceState
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, Setup
from catalog.sources.beside import whole_state
from catalog.sources.errors import RowError, SourceUnreadable
from catalog.sources.litellm_facts import fact_origins, supported, uplifts
from catalog.sources.litellm_rates import Found, read_prices
from catalog.sources.members import part, text, texts, tokens
from catalog.sources.payload import read_answer, read_members
from catalog.sources.providers import provider_named
from catalog.sources.values import day, has_come

PATH = "/model_prices_and_context_window.json"
# They describe the format and rules for model ids that are not listed. No models, so they are not skipped rows either.
NOT_MODELS = {"sample_spec", "fallback_generalizations"}
FREE_MODES = {"chat", "completion"}
# Their machines cost by the hour, or a subscription pays: 0 per token is not free.
PAID_OTHERWISE = {"sagemaker", "sagemaker_chat", "github_copilot", "chatgpt", "microsoft_365_copilot"}
# Servers that people run themselves: nobody bills tokens there, but the machine is paid for.
SELF_HOSTED = {
    *("ollama", "ollama_chat", "llamafile", "lm_studio", "vllm", "hosted_vllm", "xinference", "oobabooga", "petals"),
    *("triton", "infinity", "docker_model_runner", "lemonade"),
}
ENTRY = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
ZERO = "LiteLLM lists 0 per token for this model and does not say whether it is free."
SELF_HOSTED_ZERO = "LiteLLM lists 0 per token because you run this model yourself: your own machines are not counted."


class LiteLLMPricesSource:
    """The whole list."""

    def __init__(self, setup: Setup) -> None:
        """It has nothing to set up."""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the list is a file."""
        members = read_answer(door.get(PATH), dict[str, msgspec.Raw])
        models = {key: row for key, row in members.items() if key not in NOT_MODELS}
        if "data" in models or "error" in models:
            raise SourceUnreadable("The answer is not LiteLLM's price list, an object of entries by model id.")
        rows = read_members(models, dict[str, Any], lambda key, row, raw: _record(key, row, raw, models, now))
        return Fetched(rows.offers, rows.skipped, door.address(PATH))


def _record(key: str, row: dict[str, Any], raw: str, models: dict[str, msgspec.Raw], now: datetime) -> OfferRecord:
    alias, entry = text(row, "alias_of"), row
    if alias:
        entry = _target(alias, models)
    provider = text(entry, "litellm_provider")
    slug, provider_name = provider_named(provider)
    found = read_prices(entry, provider)
    ends = day(entry.get("deprecation_date"))
    state = whole_state(
        found.rates,
        found.charged,
        zeros_confirmed=text(entry, "mode") in FREE_MODES and provider not in PAID_OTHERWISE | SELF_HOSTED,
    )
    zero = SELF_HOSTED_ZERO if provider in SELF_HOSTED else ZERO
    notes = [f"An alias of {alias}, whose prices it has."] if alias else []
    notes += [text(part(entry, "metadata"), "notes")] + [zero] * (state is PriceState.ZERO_UNCONFIRMED)
    return OfferRecord(
        key,
        OfferState(
            name=key,
            key=key,
            provider=slug,
            provider_name=provider_name,
            upstream_ids=(alias,) if alias else (),
            lifecycle=Lifecycle.DEPRECATED if has_come(ends, now) else Lifecycle.ACTIVE,
            max_input_tokens=tokens(entry, "max_input_tokens"),
            max_output_tokens=tokens(entry, "max_output_tokens"),
            modalities_in=texts(entry, "supported_modalities"),
            modalities_out=texts(entry, "supported_output_modalities"),
            capabilities=supported(entry),
            deprecates_on=ends,
            rates=found.rates,
            price_state=state,
            by_hour=found.by_hour,
            other_prices=found.other,
            notes=(*filter(None, notes), *uplifts(entry), *found.notes),
            origins=tuple(_origins(key, alias, entry, found)),
            raw=raw,
        ),
    )


def _origins(key: str, alias: str, entry: dict[str, Any], found: Found) -> Iterator[Origin]:
    yield Origin("the entry's name", key, "key")
    if alias:
        yield Origin("alias_of", alias, "upstream_ids")
    yield from fact_origins(entry)
    yield from found.origins


def _target(alias: str, models: dict[str, msgspec.Raw]) -> dict[str, Any]:
    """The entry that an alias names; LiteLLM itself passes over one that names nothing, or another alias."""
    try:
        entry = ENTRY.decode(models[alias])
    except (KeyError, msgspec.ValidationError):
        raise RowError(f"It is an alias of {alias}, which the list does not hold.") from None
    if entry.get("alias_of"):
        raise RowError(f"It is an alias of {alias}, which is one itself.")
    return entry
