"""One model of Galtea's list as an offer. Costs are US dollars per token."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from catalog.pricing.rates import STANDARD, PriceState, RateRow, Tiered, price_state, tier_rows
from catalog.pricing.units import Unit, pico_per_token
from catalog.sources.base import Lifecycle, OfferRecord, OfferState, Origin
from catalog.sources.errors import RowError
from catalog.sources.payload import as_sent
from catalog.sources.providers import PROVIDER_NAMES, provider_named

# Galtea does not say whether 128k is 128,000 or 131,072. Its names are those of LiteLLM
# (https://github.com/BerriAI/litellm), where k is a thousand.
LONG_PROMPT = 128_000
COSTS = {
    "inputCostPerToken": ("input", 0),
    "outputCostPerToken": ("output", 0),
    "cacheReadInputTokenCost": ("cache_read", 0),
    "cacheCreationInputTokenCost": ("cache_write", 0),
    "inputCostPerTokenAbove128kTokens": ("input", LONG_PROMPT),
    "inputCostPerTokenAbove128KTokens": ("input", LONG_PROMPT),
    "outputCostPerTokenAbove128kTokens": ("output", LONG_PROMPT),
    "outputCostPerTokenAbove128KTokens": ("output", LONG_PROMPT),
}
"""Component and tier floor of each cost. Code that derives names spells the K as a capital letter."""
PREFIX = re.compile(r"([\w.-]+)/.")
"""The provider in front of a name such as ``azure/gpt-4o``."""


class Model(msgspec.Struct, rename="camel"):
    """What a row says besides costs."""

    id: str
    name: str
    organization_id: str | None = None
    tokenizer_provider: str | None = None
    source: str | None = None
    deleted_at: str | None = None


def record(row: Mapping[str, Any], raw: str) -> OfferRecord:
    """The offer of one row, under its id: a name may be both the account's own and predefined.

    Raises RowError, PriceError and msgspec.ValidationError.
    """
    model = msgspec.convert(row, Model)
    name = model.name.strip()
    if not name:
        raise RowError("It has no name.")
    sent, told_by = _provider(name, (model.tokenizer_provider or "").strip())
    provider, provider_name = provider_named(sent)
    rates = _rates(row)
    # Costs are entered by hand or taken from lists where 0 stands for many things.
    prices = price_state(rates, other_prices=False, zeros_confirmed=False)
    state = OfferState(
        name=name,
        key=name,
        provider=provider,
        provider_name=provider_name,
        provider_inferred=bool(provider),
        scope=_scope(model),
        lifecycle=Lifecycle.DELETED if model.deleted_at else Lifecycle.ACTIVE,
        rates=rates,
        price_state=prices,
        notes=tuple(_notes(model, rates, prices)),
        origins=tuple(_origins(as_sent(raw), told_by)),
        raw=raw,
    )
    return OfferRecord(model.id.strip(), state)


def _rates(row: Mapping[str, Any]) -> tuple[RateRow, ...]:
    found: dict[str, dict[int, int]] = {}
    for member, (component, floor) in COSTS.items():
        if member in row and (pico := pico_per_token(row[member], Unit.TOKEN)) is not None:
            found.setdefault(component, {})[floor] = pico
    return tier_rows(STANDARD, {name: Tiered(picos.pop(0, None), picos) for name, picos in found.items()})


def _provider(name: str, tokenizer: str) -> tuple[str, str]:
    """The provider that a row lets conclude, and the member that does; a known one in front of the name tells most.

    The tokenizer is only whose way of counting tokens is used.
    """
    found = PREFIX.match(name)
    prefix = found[1] if found else ""
    if provider_named(prefix)[0] in PROVIDER_NAMES or not tokenizer:
        return (prefix, "name") if prefix else ("", "")
    return tokenizer, "tokenizerProvider"


def _scope(model: Model) -> str:
    """Whose it is. ``source`` may also be the address of a price list, then the organization tells."""
    source = (model.source or "").strip().casefold()
    if source in ("predefined", "custom"):
        return "predefined" if source == "predefined" else "own"
    return "own" if model.organization_id else "predefined"


def _notes(model: Model, rates: tuple[RateRow, ...], prices: PriceState) -> Iterator[str]:
    if model.deleted_at:
        yield f"Deleted in Galtea on {model.deleted_at[:10]}."
    if prices is PriceState.ZERO_UNCONFIRMED:
        yield "Galtea says 0 for input and output; it does not tell a free model from one whose costs nobody entered."
    if len(rates) > 1:
        yield f"Galtea's “above 128k tokens” is read as more than {LONG_PROMPT:,} prompt tokens."
    if (source := (model.source or "").strip()) and source.casefold() not in ("predefined", "custom"):
        yield f"The costs were entered in Galtea with this source: {source}"


def _origins(sent: Mapping[str, str], provider_told_by: str) -> Iterator[Origin]:
    for member, text in sent.items():
        if member in COSTS:
            component, floor = COSTS[member]
            yield Origin(member, text, component, STANDARD, floor)
        elif member == "name":
            yield Origin(member, text, "name")
            yield Origin(member, text, "key")
        elif member in ("source", "organizationId"):
            yield Origin(member, text, "scope")
        elif member == "deletedAt":
            yield Origin(member, text, "lifecycle")
        if member == provider_told_by:
            yield Origin(member, text, "provider")
