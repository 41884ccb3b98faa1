"""The kinds of catalog that Ratecard reads. A new source is one file beside this one and one entry in KINDS."""

from importlib import import_module

from catalog.sources.base import Setup, Source
from catalog.sources.kind import Kind, Option, Scheme, Type

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
            seller="vercel",
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
            seller="openrouter",
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
