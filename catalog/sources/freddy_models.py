"""One model of Freddy's lists as an offer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from catalog.pricing.rates import STANDARD, RateRow, price_state
from catalog.pricing.units import Unit, pico_per_token
from catalog.sources.base import Lifecycle, OfferRecord, OfferState, Origin
from catalog.sources.errors import RowError
from catalog.sources.payload import as_sent
from catalog.sources.providers import provider_named
from catalog.sources.values import capabilities

SNAKE = {
    "organizationId": "organization_id",
    "totalCount": "total_count",
    "isActive": "is_active",
    "isVisibleInUI": "is_visible_in_ui",
    "isVisibleInUi": "is_visible_in_ui",
    "maxTokens": "max_tokens",
    "costPer1kTokens": "cost_per_1k_tokens",
    "isDeprecated": "is_deprecated",
    "availabilityStatus": "availability_status",
    "contextWindow": "context_window",
    "releaseDate": "release_date",
    "trainingDataCutoff": "training_data_cutoff",
}
READ_AS = {
    "key": "key",
    "title": "name",
    "name": "name",
    "description": "description",
    "provider": "provider",
    "order": "position",
    "max_tokens": "context_tokens",
    "context_window": "context_tokens",
    "external": "upstream_ids",
    "is_active": "lifecycle",
    "is_visible_in_ui": "lifecycle",
    "is_deprecated": "lifecycle",
    "availability_status": "lifecycle",
    "capabilities": "capabilities",
    "release_date": "released_on",
    "training_data_cutoff": "knowledge_cutoff",
}


class Model(msgspec.Struct):
    """One row of either list, in snake_case."""

    id: str
    key: str
    title: str | None = None
    name: str | None = None
    description: str | None = None
    external: str | None = None
    provider: str | None = None
    is_active: bool | None = None
    is_visible_in_ui: bool | None = None
    order: int | None = None
    max_tokens: int | None = None
    cost_per_1k_tokens: Decimal | None = None
    is_deprecated: bool | None = None
    availability_status: str | None = None
    capabilities: list[str] | None = None
    context_window: int | None = None
    release_date: str | None = None
    training_data_cutoff: str | None = None


def in_snake(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an object under their names in snake_case."""
    return {SNAKE.get(name, name): value for name, value in members.items()}


def record(row: Mapping[str, Any], raw: str, repeated: set[str]) -> OfferRecord:
    """The offer of one row, under its key; under key and id where the key is one of ``repeated``.

    Raises RowError, PriceError and msgspec.ValidationError.
    """
    model = msgspec.convert(in_snake(row), Model)
    key = model.key.strip()
    if not key:
        raise RowError("It has no key.")
    rates = (RateRow(blended=pico_per_token(model.cost_per_1k_tokens, Unit.THOUSAND)),)
    provider, provider_name = provider_named(model.provider or "")
    state = OfferState(
        name=(model.title or "").strip() or (model.name or "").strip() or key,
        key=key,
        provider=provider,
        provider_name=provider_name,
        upstream_ids=(model.external,) if model.external else (),
        description=model.description or "",
        position=model.order,
        lifecycle=_lifecycle(model),
        context_tokens=model.max_tokens or model.context_window or None,
        capabilities=capabilities(model.capabilities or ()),
        released_on=model.release_date or "",
        knowledge_cutoff=model.training_data_cutoff or "",
        rates=rates,
        price_state=price_state(rates, other_prices=False),
        notes=tuple(_notes(model)),
        origins=tuple(_origins(as_sent(raw))),
        raw=raw,
    )
    return OfferRecord(ref_of(key, model.id.strip(), repeated), state)


def ref_of(key: str, own_id: str, repeated: set[str]) -> str:
    """What an offer is known by: the key, and the id too where the key is one of ``repeated``."""
    return f"{key} (id {own_id})" if key in repeated else key


def _lifecycle(model: Model) -> Lifecycle:
    """Freddy's own client takes inactive for deprecated; what its pages hide, ours hide unless asked."""
    if model.is_active is False or model.is_deprecated or model.availability_status == "deprecated":
        return Lifecycle.DEPRECATED
    if model.is_visible_in_ui is False:
        return Lifecycle.HIDDEN
    return Lifecycle.PREVIEW if model.availability_status == "coming_soon" else Lifecycle.ACTIVE


def _notes(model: Model) -> Iterator[str]:
    if model.is_active is False:
        yield "Freddy lists this model as inactive."
    if model.is_visible_in_ui is False:
        yield "Freddy does not show this model on its own pages."
    if model.availability_status == "coming_soon":
        yield "Freddy announces this model; it cannot be used yet."
    if model.max_tokens == 0:
        yield "Freddy sends 0 as the context window: it is not known."
    if model.cost_per_1k_tokens is not None:
        yield "Freddy publishes one price for all tokens, whether input or output."
        yield "It names no currency; the price is read as US dollars."


def _origins(sent: Mapping[str, str]) -> Iterator[Origin]:
    for sent_as, text in sent.items():
        name = SNAKE.get(sent_as, sent_as)
        if name == "cost_per_1k_tokens":
            yield Origin(sent_as, text, "blended", STANDARD)
        elif name in READ_AS:
            yield Origin(sent_as, text, READ_AS[name])
