"""The models that OpenRouter routes to: the public list, or the one of the key's user.

Format: https://openrouter.ai/docs/api-reference/list-available-models. Prices are decimal strings in US dollars per
token; ``openrouter_prices`` reads them. Variants (``:free``, ``:thinking``) are offers of their own.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from catalog.pricing.rates import PriceState
from catalog.sources.base import Door, Fetched, Lifecycle, OfferRecord, OfferState, Origin, Setup
from catalog.sources.beside import whole_state
from catalog.sources.errors import RowError, SourceRefused
from catalog.sources.members import part, text, texts, tokens
from catalog.sources.openrouter_pages import all_pages, named
from catalog.sources.openrouter_prices import ADD_ONS, Found, read_pricing
from catalog.sources.payload import read_rows
from catalog.sources.providers import provider_named
from catalog.sources.values import capabilities, day, has_come

ORIGINS = {
    "id": "key",
    "name": "name",
    "canonical_slug": "upstream_ids",
    "hugging_face_id": "upstream_ids",
    "context_length": "context_tokens",
    "expiration_date": "deprecates_on",
    "knowledge_cutoff": "knowledge_cutoff",
}


class OpenRouterSource:
    """The public list, or with the option ``user`` the models that the key's user may use."""

    def __init__(self, setup: Setup) -> None:
        self.of_user = bool(setup.options.get("user"))
        chosen = setup.options.get("output_modalities") or ["all"]
        self.modalities = ",".join(map(str, chosen)) if isinstance(chosen, list) else str(chosen)

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """The list in one answer, or page after page where it is cut."""
        path = "/api/v1/models/user" if self.of_user else "/api/v1/models"
        try:
            found = all_pages(door, path, [] if self.of_user else [("output_modalities", self.modalities)])
        except SourceRefused as error:
            raise self._explained(error) from None
        authors = _author_names(found)
        rows = read_rows(found, dict[str, Any], lambda row, raw: _record(row, raw, authors, now))
        return Fetched(rows.offers, rows.skipped, door.address(path))

    def _explained(self, error: SourceRefused) -> SourceRefused:
        if error.status == 401 and self.of_user:
            return SourceRefused("OpenRouter shows the models of a user only to that user's key.", error.status)
        return error


def _author(ref: str) -> str:
    return ref.removeprefix("~").partition("/")[0].casefold() if "/" in ref else ""


def _author_names(rows: list[msgspec.Raw]) -> dict[str, str]:
    """How the names of the models spell each author: the usual spelling, since a few differ."""
    spelled: dict[str, Counter[str]] = {}
    for model in map(named, rows):
        prefix, colon, _ = (model.name or "").partition(": ")
        if colon:
            spelled.setdefault(_author(model.id), Counter())[prefix.strip()] += 1
    return {author: min(names, key=lambda name: (-names[name], name)) for author, names in spelled.items()}


def _record(row: dict[str, Any], raw: str, authors: dict[str, str], now: datetime) -> OfferRecord:
    ref = text(row, "id")
    if not ref:
        raise RowError("It has no id.")
    top, shape, limits = part(row, "top_provider"), part(row, "architecture"), part(row, "per_request_limits")
    target = text(part(row, "alias_target"), "slug")
    upstream = dict.fromkeys([target, text(row, "canonical_slug"), text(row, "hugging_face_id")])
    found = read_pricing(part(row, "pricing"))
    outputs, expires, author = texts(shape, "output_modalities"), day(row.get("expiration_date")), _author(ref)
    provider, provider_name = provider_named(author, authors.get(author, ""))
    price_state = _price_state(ref, outputs, found)
    state = OfferState(
        name=text(row, "name") or ref,
        key=ref,
        provider=provider,
        provider_name=provider_name,
        upstream_ids=tuple(name for name in upstream if name and name != ref),
        description=text(row, "description"),
        lifecycle=Lifecycle.DEPRECATED if has_come(expires, now) else Lifecycle.ACTIVE,
        context_tokens=tokens(row, "context_length") or tokens(top, "context_length"),
        max_input_tokens=tokens(limits, "prompt_tokens"),
        max_output_tokens=tokens(top, "max_completion_tokens") or tokens(limits, "completion_tokens"),
        modalities_in=texts(shape, "input_modalities"),
        modalities_out=outputs,
        capabilities=capabilities(texts(row, "supported_parameters")),
        released_on=day(row.get("created")),
        deprecates_on=expires,
        knowledge_cutoff=text(row, "knowledge_cutoff"),
        rates=found.rates,
        price_state=price_state,
        by_hour=found.by_hour,
        other_prices=found.other,
        notes=(*_notes(ref, target, part(row, "pricing"), price_state), *found.notes),
        origins=(*_origins(row), *found.origins),
        raw=raw,
    )
    return OfferRecord(ref, state)


def _price_state(ref: str, outputs: tuple[str, ...], found: Found) -> PriceState:
    """0 is free for a ``:free`` variant and for a model that answers in text alone; media models are 0 unpriced too."""
    charged = [price for price in found.other if price.name not in ADD_ONS and not price.when]
    free = ref.endswith(":free")
    return whole_state(
        found.rates,
        [] if free else charged,
        variable=found.variable,
        zeros_confirmed=free or outputs == ("text",),
    )


def _notes(ref: str, target: str, pricing: dict[str, Any], state: PriceState) -> Iterator[str]:
    if ref.startswith("~"):
        yield f"An alias: OpenRouter points it to {target or 'whatever model is the latest'}."
    if state is PriceState.ZERO_UNCONFIRMED:
        yield "OpenRouter lists 0 per token for this model and does not say whether it is free."
    discount = pricing.get("discount")
    if discount:
        is_share = isinstance(discount, int | Decimal) and not isinstance(discount, bool)
        told = f"{float(discount) * 100:.4g}%" if is_share else discount
        yield f"OpenRouter states a discount of {told} and does not say whether the prices include it."
    if pricing.get("image") and pricing.get("image") == pricing.get("prompt"):
        yield "The price per input image equals that per prompt token: it may be meant per token of the image."


def _origins(row: dict[str, Any]) -> Iterator[Origin]:
    for name, read_as in ORIGINS.items():
        if row.get(name):
            yield Origin(name, str(row[name]), read_as)
    if day(row.get("created")):
        yield Origin("created", str(row["created"]), "released_on")
    for holder, name, read_as in (
        ("top_provider", "max_completion_tokens", "max_output_tokens"),
        ("per_request_limits", "prompt_tokens", "max_input_tokens"),
        ("alias_target", "slug", "upstream_ids"),
    ):
        if value := part(row, holder).get(name):
            yield Origin(f"{holder}.{name}", str(value), read_as)
