"""The kinds of catalog that Ratecard reads, and what each asks of whoever sets one up.

A new source is one file beside this one and one entry in KINDS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import import_module

from catalog.sources.base import OptionValue, Setup, Source


class Scheme(StrEnum):
    """How a key is sent."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"
    API_KEY = "api-key"

    def headers(self, secret: str) -> dict[str, str]:
        """The request header that carries ``secret``."""
        if self is Scheme.BEARER:
            return {"Authorization": f"Bearer {secret}"}
        return {{"x-api-key": "X-API-Key", "api-key": "api-key"}[self.value]: secret}


class Type(StrEnum):
    """What an option's value is."""

    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Option:
    """Something a catalog of one kind may be told. ``choices`` closes the list of values of a text.

    ``spares_organization`` tells that with this option set the catalog needs no organization.
    """

    name: str
    label: str
    type: Type = Type.TEXT
    help: str = ""
    choices: tuple[str, ...] = ()
    spares_organization: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of catalog.

    ``base_url`` is the usual address, "" where a person has to name one and the kind is read over the network.
    ``schemes`` are the ways to send a key, the usual one first; none means that a key is of no use. ``refresh_minutes``
    is the usual interval between two syncs, ``least_minutes`` the shortest that the vendor wants. ``own_order``: the
    vendor wants its models shown in the order that it gives them.
    """

    slug: str
    label: str
    source: str
    about: str = ""
    base_url: str = ""
    over_network: bool = True
    organization: bool = False
    schemes: tuple[Scheme, ...] = ()
    key_needed: bool = False
    options: tuple[Option, ...] = ()
    refresh_minutes: int = 60
    least_minutes: int = 1
    own_order: bool = False

    @property
    def is_public(self) -> bool:
        """Whether it can be read as it is: its address is known, and it needs neither a key nor an organization."""
        return bool(self.base_url or not self.over_network) and not (self.key_needed or self.organization)


class OptionError(ValueError):
    """Options that a kind does not take; the message names each and says what it wants."""


ALL_SCHEMES = tuple(Scheme)
YES_OR_NO = ("true", "false")
LEFT_TO_GALTEA = "Whether to list them; Galtea decides if empty."

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        Kind(
            slug="reference",
            label="Reference prices",
            source="catalog.sources.reference.ReferenceSource",
            about="Public list prices of some 50 providers, packaged with Ratecard and read offline.",
            over_network=False,
            refresh_minutes=24 * 60,
        ),
        Kind(
            slug="freddy",
            label="Freddy organization",
            source="catalog.sources.freddy.FreddySource",
            about="The models that one Freddy (Aitronos) organization may use.",
            base_url="https://api.freddy.aitronos.com",
            organization=True,
            schemes=ALL_SCHEMES,
            key_needed=True,
            options=(
                Option(
                    "global",
                    "All of Freddy's models",
                    Type.FLAG,
                    "Read the global list, not the organization's.",
                    spares_organization=True,
                ),
            ),
            least_minutes=60,
            own_order=True,
        ),
        Kind(
            slug="models_dev",
            label="models.dev",
            source="catalog.sources.models_dev.ModelsDevSource",
            about="List prices of more than 100 providers from the public database models.dev.",
            base_url="https://models.dev",
            options=(
                Option(
                    "providers",
                    "Providers",
                    Type.LIST,
                    "Only these, by their models.dev ids (openai, amazon-bedrock); all of them if empty.",
                ),
            ),
            refresh_minutes=6 * 60,
            least_minutes=30,
        ),
        Kind(
            slug="huggingface",
            label="Hugging Face router",
            source="catalog.sources.huggingface.HuggingFaceSource",
            about="What Hugging Face's inference providers charge, one offer per model and provider.",
            base_url="https://router.huggingface.co",
            schemes=(Scheme.BEARER,),
        ),
        Kind(
            slug="vercel",
            label="Vercel AI Gateway",
            source="catalog.sources.vercel.VercelSource",
            about="The models and prices of Vercel's AI Gateway.",
            base_url="https://ai-gateway.vercel.sh",
        ),
        Kind(
            slug="openai_compatible",
            label="OpenAI-compatible server",
            source="catalog.sources.openai_compatible.OpenAICompatibleSource",
            about="Any server with OpenAI's list of models: vLLM, Ollama, Groq, Mistral, Together, xAI and others.",
            schemes=ALL_SCHEMES,
            options=(
                Option("path", "Path of the list", Type.TEXT, "/v1/models if empty; xAI has /v1/language-models too."),
                Option(
                    "prices",
                    "Unit of the prices",
                    Type.TEXT,
                    "What prices in the list are for, in US dollars or cents. If empty, prices are used only where "
                    "the form of the list proves their unit.",
                    choices=("none", "per_token", "per_1k", "per_1m", "cents_per_100m"),
                ),
            ),
        ),
        Kind(
            slug="galtea",
            label="Galtea",
            source="catalog.sources.galtea.GalteaSource",
            about="The models and costs of a Galtea account: its own and Galtea's predefined ones.",
            base_url="https://api.galtea.ai",
            schemes=(Scheme.BEARER,),
            key_needed=True,
            options=(
                Option("ids", "Model ids", Type.LIST, "Only these models."),
                Option("organizationIds", "Organization ids", Type.LIST, "Only models of these organizations."),
                Option("names", "Exact names", Type.LIST, "Only models with one of these names."),
                Option("name", "Part of the name", Type.TEXT, "Only models whose name holds this text."),
                Option("includeDefaultEntities", "Predefined models", Type.TEXT, LEFT_TO_GALTEA, YES_OR_NO),
                Option("includeOwnEntities", "Own models", Type.TEXT, LEFT_TO_GALTEA, YES_OR_NO),
                Option("sort", "Order", Type.LIST, "A field and asc or desc, in pairs; createdAt,asc if empty."),
                Option("fromCreatedAt", "Created from", Type.MOMENT, "Only models created at this moment or later."),
                Option("toCreatedAt", "Created until", Type.MOMENT, "Only models created up to this moment."),
                Option("limit", "Models per request", Type.NUMBER, "1,000 if empty; all pages are read either way."),
            ),
        ),
        Kind(
            slug="openrouter",
            label="OpenRouter",
            source="catalog.sources.openrouter.OpenRouterSource",
            about="The models that OpenRouter routes to, with its public prices. No key is needed.",
            base_url="https://openrouter.ai",
            schemes=(Scheme.BEARER,),
            options=(
                Option(
                    "output_modalities", "Output modalities", Type.LIST, "text, image, audio …; all of them if empty."
                ),
                Option("user", "Models of the key's user", Type.FLAG, "Only what that user may use; needs a key."),
            ),
        ),
        Kind(
            slug="litellm",
            label="LiteLLM proxy",
            source="catalog.sources.litellm.LiteLLMSource",
            about="The deployments of a team's own LiteLLM proxy.",
            schemes=(Scheme.BEARER, Scheme.X_API_KEY, Scheme.API_KEY),
            options=(
                Option("healthy_only", "Healthy ones only", Type.FLAG, "Leave out models whose deployments all fail."),
                Option("team", "Team", Type.TEXT, "Only what the team of this id may use."),
            ),
        ),
        Kind(
            slug="litellm_prices",
            label="LiteLLM price list",
            source="catalog.sources.litellm_prices.LiteLLMPricesSource",
            about="The public list of prices and limits by which LiteLLM counts costs.",
            base_url="https://raw.githubusercontent.com/BerriAI/litellm/main",
            refresh_minutes=6 * 60,
            least_minutes=10,
        ),
    )
}


def source_for(kind: str, setup: Setup) -> Source:
    """A source of this kind, imported only now: some carry megabytes of data. Raises KeyError for an unknown kind."""
    module, _, name = KINDS[kind].source.rpartition(".")
    source: Source = getattr(import_module(module), name)(setup)
    return source


def clean_options(kind: Kind, given: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """The options that ``kind`` takes, each of its type: text is read as commands and files write it.

    Empty values and flags that are off are left out. Raises OptionError, with a sentence for each value that is not
    understood.
    """
    known = {option.name: option for option in kind.options}
    problems = [f"{kind.label} has no option “{name}”." for name in given if name not in known]
    cleaned: dict[str, OptionValue] = {}
    for name, value in given.items():
        if name in known and value not in ("", None, []):
            try:
                cleaned[name] = _clean(known[name], value)
            except ValueError as error:
                problems.append(f"Option “{name}”: {error}")
    if problems:
        raise OptionError(" ".join(problems))
    return {name: value for name, value in cleaned.items() if value not in (False, [], "")}


def _clean(option: Option, value: OptionValue) -> OptionValue:
    if option.type is Type.LIST:
        items = value.replace("\n", ",").split(",") if isinstance(value, str) else value
        if not isinstance(items, list):
            raise ValueError(f"“{value}” is not a list of values separated by commas.")
        return [item.strip() for item in map(str, items) if item.strip()]
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    if option.type is Type.FLAG:
        if text.lower() not in ("true", "false", "1", "0", "yes", "no"):
            raise ValueError(f"“{text}” is neither true nor false.")
        return text.lower() in ("true", "1", "yes")
    if option.type is Type.NUMBER:
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
            raise ValueError(f"“{text}” is not a whole number above 0.")
        return int(text)
    if option.type is Type.MOMENT:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text}” is not a moment such as 2025-06-01T00:00:00Z.") from None
    if option.choices and text not in option.choices:
        raise ValueError(f"“{text}” is none of {', '.join(option.choices)}.")
    return text
