"""One row of an OpenAI-compatible server's list, but for its prices: each field under the first name that is there.

What each server sends: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (``max_model_len``,
``root``), https://console.groq.com/docs/api-reference#models (``context_window``, ``active``),
https://docs.mistral.ai/api/#tag/models (``max_context_length``, ``aliases``, ``deprecation``),
https://docs.anthropic.com/en/api/models-list (``display_name``, ``max_input_tokens``),
https://docs.x.ai/developers/rest-api-reference/inference/models (``aliases``, ``context_length``).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from catalog.pricing.rates import PriceState, RateRow
from catalog.sources.base import Lifecycle, OfferState, Origin
from catalog.sources.errors import RowError
from catalog.sources.providers import provider_named
from catalog.sources.values import capabilities, day, has_come, token_count

Row = Mapping[str, Any]

NAME = ("display_name", "name", "title")
PROVIDER = ("organization", "owned_by")
CONTEXT = ("context_length", "contextLength", "context_window", "max_model_len", "max_context_length")
INPUT = ("max_input_tokens", "max_prompt_length", "inputTokenLimit")
OUTPUT = ("max_output_tokens", "max_completion_tokens", "max_output_length", "outputTokenLimit")
ENDS = ("shutdown_date", "deprecation", "deprecation_date", "retires_at", "expiration_date")
UPSTREAM = ("canonical_id", "root", "hugging_face_id")
CUTOFF = ("knowledge_cutoff", "training_data_cutoff")
OLLAMA = "library"
# Who owns a model, by the software that serves it: that is not a provider.
SOFTWARE = {"system", OLLAMA, "vllm", "sglang", "llamacpp", "user", "organization-owner", "openai-internal"}
LITELLM_CREATED = 1677610602
"""``created`` of every model of a LiteLLM proxy, which calls all of them OpenAI's, too."""

STATES = {
    "deprecated": Lifecycle.DEPRECATED,
    "retired": Lifecycle.DELETED,
    "hidden": Lifecycle.HIDDEN,
    "beta": Lifecycle.PREVIEW,
    "alpha": Lifecycle.PREVIEW,
    "preview": Lifecycle.PREVIEW,
}


def listed_state(row: Row, now: datetime, released: int | None, raw: str) -> OfferState:
    """The state of one row, with no price yet.

    ``released`` is its ``created``, where that can be believed. Raises RowError for a row without an id.
    """
    ref = row.get("id")
    if not (isinstance(ref, str) and ref.strip()):
        raise RowError("It has no id.")
    found = {
        "name": _text(row, NAME),
        "provider": _provider(row),
        "description": _text(row, ("description",)),
        "context_tokens": _count(row, CONTEXT),
        "max_input_tokens": _count(row, INPUT),
        # Elsewhere ``max_tokens`` may be a context; beside ``max_input_tokens`` it is Anthropic's output limit.
        "max_output_tokens": _count(row, (*OUTPUT, "max_tokens") if "max_input_tokens" in row else OUTPUT),
        "released_on": _day({**row, "created": released}, ("release_date", "created_at", "created")),
        "deprecates_on": _day(row, ENDS),
        "knowledge_cutoff": _text(row, CUTOFF),
    }
    ends = str(found["deprecates_on"][1] or "")
    lifecycle, told_by = _lifecycle(row, has_come(ends, now))
    values: dict[str, Any] = {field: value for field, (_, value) in found.items() if value}
    provider, provider_name = provider_named(str(values.pop("provider", "")))
    return OfferState(
        key=ref,
        provider=provider,
        provider_name=provider_name,
        upstream_ids=tuple(_upstream_ids(row, ref)),
        lifecycle=lifecycle,
        modalities_in=_modalities(row, "input_modalities"),
        modalities_out=_modalities(row, "output_modalities"),
        capabilities=capabilities(_capabilities(row.get("capabilities"))),
        rates=(RateRow(),),
        price_state=PriceState.UNKNOWN,
        notes=tuple(_notes(row)),
        origins=(
            Origin("id", ref, "key"),
            *(Origin(sent_as, str(row[sent_as]), field) for field, (sent_as, value) in found.items() if value),
            *([Origin(told_by, str(row[told_by]).lower(), "lifecycle")] if told_by else []),
        ),
        raw=raw,
        **{"name": ref, **values},
    )


def _text(row: Row, names: tuple[str, ...]) -> tuple[str, str]:
    sent_as = next((name for name in names if isinstance(row.get(name), str) and row[name].strip()), "")
    return sent_as, row[sent_as].strip() if sent_as else ""


def _count(row: Row, names: tuple[str, ...]) -> tuple[str, int | None]:
    sent_as = next((name for name in names if token_count(row.get(name))), "")
    return sent_as, token_count(row.get(sent_as))


def _day(row: Row, names: tuple[str, ...]) -> tuple[str, str]:
    """The first that is a day; Anthropic sends the epoch where it does not know."""
    sent_as = next((name for name in names if day(row.get(name)) > "1971"), "")
    return sent_as, day(row.get(sent_as))


def _provider(row: Row) -> tuple[str, str]:
    if row.get("created") == LITELLM_CREATED:
        return "", ""
    sent_as, provider = _text(row, PROVIDER)
    return (sent_as, provider) if provider.casefold() not in SOFTWARE else ("", "")


def _lifecycle(row: Row, ended: bool) -> tuple[Lifecycle, str]:
    """Where the row says it stands, and the member that tells so.

    Together's states end in what matters (``MODEL_STATUS_DEPRECATED``). A day in the future on which a model ends
    leaves it active until then.
    """
    for sent_as in ("lifecycle", "status"):
        word = str(row.get(sent_as) or "").casefold().rpartition("_")[2]
        if word in STATES:
            return STATES[word], sent_as
    for sent_as in ("deprecated", "archived"):
        if row.get(sent_as) is True:
            return Lifecycle.DEPRECATED, sent_as
    if row.get("active") is False:
        return Lifecycle.HIDDEN, "active"
    return (Lifecycle.DEPRECATED if ended else Lifecycle.ACTIVE), ""


def _notes(row: Row) -> Iterator[str]:
    if row.get("active") is False:
        yield "The server lists this model as not active."
    if row.get("lifecycle") == "retired":
        yield "The server still lists this model, as retired."
    if isinstance(replacement := row.get("deprecation_replacement_model"), str) and replacement:
        yield f"The server names {replacement} as its replacement."


def _upstream_ids(row: Row, ref: str) -> Iterator[str]:
    """Other ids of the same model, but for moving names (``…-latest``) and vLLM's paths of local files."""
    aliases = row.get("aliases")
    ids = [row.get(name) for name in UPSTREAM] + (aliases if isinstance(aliases, list) else [])
    texts = dict.fromkeys(value for value in ids if isinstance(value, str) and value)
    yield from (value for value in texts if value != ref and not value.endswith("latest") and value[0] not in "/.")


def _modalities(row: Row, name: str) -> tuple[str, ...]:
    architecture = row.get("architecture")
    values = row.get(name) or (architecture.get(name) if isinstance(architecture, dict) else None)
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()


def _capabilities(value: object) -> Iterator[str]:
    """From a list of words, or an object of flags or, as Anthropic sends it, of ``{"supported": true}``."""
    if isinstance(value, list):
        yield from (word for word in value if isinstance(word, str))
    elif isinstance(value, dict):
        for word, flag in value.items():
            if flag is True or (isinstance(flag, dict) and flag.get("supported") is True):
                yield word
