"""The models that a Freddy (Aitronos) organization may use.

Format: https://docs.aitronos.com/docs/api-reference/organizations/list-models. Revisions of that page spell the members
in camelCase and in snake_case, so both are read. Prices are one blended number of US dollars per 1,000 tokens, or null.
The global list (https://docs.aitronos.com/docs/api-reference/objects/model-object) has no prices yet.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from catalog.pricing.rates import one_price, price_state
from catalog.pricing.units import Unit, parse_price
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, Setup
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.payload import read_answer, read_rows

SNAKE = {
    "organizationId": "organization_id",
    "totalCount": "total_count",
    "isActive": "is_active",
    "isVisibleInUI": "is_visible_in_ui",
    "maxTokens": "max_tokens",
    "costPer1kTokens": "cost_per_1k_tokens",
}
READ_AS = {
    "key": "key",
    "title": "name",
    "name": "name",
    "provider": "provider",
    "order": "position",
    "max_tokens": "context_tokens",
    "context_window": "context_tokens",
    "external": "upstream_ids",
}
PROVIDER_NAMES = {"openai": "OpenAI", "anthropic": "Anthropic", "aitronos": "Aitronos", "freddy": "Freddy"}


class Keyed(msgspec.Struct):
    """What two rows may have in common."""

    key: str


class Model(msgspec.Struct):
    """One row of either list, in snake_case."""

    id: str
    key: str
    title: str = ""
    name: str = ""
    description: str | None = None
    external: str | None = None
    provider: str | None = None
    is_active: bool = True
    is_visible_in_ui: bool = True
    order: int | None = None
    max_tokens: int | None = None
    cost_per_1k_tokens: Decimal | None = None
    is_deprecated: bool = False
    availability_status: str | None = None
    capabilities: list[str] | None = None
    context_window: int | None = None
    release_date: str | None = None
    training_data_cutoff: str | None = None


class FreddySource:
    """The organization's list, or with the option ``global`` the one of all models."""

    def __init__(self, setup: Setup) -> None:
        self.organization = setup.organization
        self.everything = bool(setup.options.get("global"))

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the list has no pages."""
        path = "/v1/models" if self.everything else f"/v1/organizations/{self.organization}/models"
        details = [("include_details", "true"), ("include_deprecated", "true")] if self.everything else []
        try:
            body = door.get(path, details)
        except SourceRefused as error:
            raise self._explained(error) from None
        models, announced = _answer(body)
        told = f"Freddy announced {announced:,} models and sent {len(models):,}"
        if announced > len(models):
            raise SourceUnreadable(f"{told}: the answer is incomplete.")
        repeated = _repeated(models)
        rows = read_rows(models, dict[str, Any], lambda row, raw: _record(row, raw, repeated))
        warnings = (f"{told}.",) if 0 <= announced < len(models) else ()
        return Fetched(rows.offers, rows.skipped, door.address(path), warnings)

    def _explained(self, error: SourceRefused) -> SourceRefused:
        if error.status == 403 and not self.everything:
            text = f"The key's user is not a member of the Freddy organization {self.organization}."
        elif error.status == 404 and not self.everything:
            text = f"Freddy knows no organization {self.organization}; its id is in Freddy Hub, Settings, Organization."
        else:
            return error
        return SourceRefused(text, error.status)


def _answer(body: bytes) -> tuple[list[msgspec.Raw], int]:
    """The rows, and how many the answer says there are (-1: it does not say)."""
    members = {SNAKE.get(name, name): value for name, value in read_answer(body, dict[str, msgspec.Raw]).items()}
    if "models" not in members:
        raise SourceUnreadable("The answer does not have the documented shape: it holds no “models”.")
    announced = read_answer(bytes(members.get("total_count", b"null")), int | None)  # type: ignore[arg-type]
    return read_answer(bytes(members["models"]), list[msgspec.Raw]), -1 if announced is None else announced


def _repeated(rows: list[msgspec.Raw]) -> set[str]:
    """The keys that several models share."""
    keys: Counter[str] = Counter()
    for row in rows:
        with suppress(msgspec.ValidationError):
            keys[msgspec.json.decode(row, type=Keyed).key] += 1
    return {key for key, times in keys.items() if times > 1}


def _record(row: dict[str, Any], raw: str, repeated: set[str]) -> OfferRecord:
    spelled = {SNAKE.get(name, name): value for name, value in row.items()}
    model = msgspec.convert(spelled, Model)
    rates = (one_price(parse_price(model.cost_per_1k_tokens, Unit.THOUSAND).pico),)
    provider = (model.provider or "").strip().casefold()
    state = OfferState(
        name=model.title or model.name or model.key,
        key=model.key,
        provider=provider,
        provider_name=PROVIDER_NAMES.get(provider, model.provider or ""),
        upstream_ids=(model.external,) if model.external else (),
        description=model.description or "",
        position=model.order,
        lifecycle=_lifecycle(model),
        context_tokens=model.max_tokens or model.context_window or None,
        capabilities=tuple(model.capabilities or ()),
        released_on=model.release_date or "",
        knowledge_cutoff=model.training_data_cutoff or "",
        rates=rates,
        price_state=price_state(rates, other_prices=False),
        notes=tuple(_notes(model)),
        origins=tuple(_origins(row)),
        raw=raw,
    )
    return OfferRecord(f"{model.key} (id {model.id})" if model.key in repeated else model.key, state)


def _lifecycle(model: Model) -> Lifecycle:
    """Freddy's own client takes inactive for deprecated; what its pages hide, ours hide unless asked."""
    if not model.is_active or model.is_deprecated or model.availability_status == "deprecated":
        return Lifecycle.DEPRECATED
    if not model.is_visible_in_ui:
        return Lifecycle.HIDDEN
    return Lifecycle.PREVIEW if model.availability_status == "coming_soon" else Lifecycle.ACTIVE


def _notes(model: Model) -> Iterator[str]:
    if not model.is_active:
        yield "Freddy lists this model as inactive."
    if model.cost_per_1k_tokens is not None:
        yield "Freddy publishes one price for all tokens, whether input or output."


def _origins(row: dict[str, Any]) -> Iterator[Origin]:
    for sent_as, value in row.items():
        name = SNAKE.get(sent_as, sent_as)
        if value in (None, ""):
            continue
        if name in READ_AS:
            yield Origin(sent_as, str(value), READ_AS[name])
        elif name == "cost_per_1k_tokens":
            yield Origin(sent_as, str(value), "blended", "standard")
        elif name in ("is_active", "is_visible_in_ui", "is_deprecated", "availability_status"):
            yield Origin(sent_as, str(value).lower(), "lifecycle")
