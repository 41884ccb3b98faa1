"""Who serves or makes a model, by one slug and one name, however a catalog spells it.

Slugs and names are those of genai-prices (https://github.com/pydantic/genai-prices) where it has the provider, so that
its offers and those of other catalogs stand under one label.
"""

PROVIDER_NAMES = {
    "ai21": "AI21 Labs",
    "aitronos": "Aitronos",
    "anthropic": "Anthropic",
    "arcee": "Arcee",
    "avian": "Avian",
    "aws": "AWS Bedrock",
    "azure": "Microsoft Azure",
    "baseten": "Baseten",
    "cerebras": "Cerebras",
    "cloudflare": "Cloudflare Workers AI",
    "cohere": "Cohere",
    "cursor": "Cursor",
    "databricks": "Databricks",
    "deepinfra": "DeepInfra",
    "deepseek": "Deepseek",
    "doubleword": "Doubleword",
    "elevenlabs": "ElevenLabs",
    "fal-ai": "fal",
    "featherless-ai": "Featherless AI",
    "fireworks": "Fireworks",
    "freddy": "Freddy",
    "github-copilot": "GitHub Copilot",
    "google": "Google",
    "groq": "Groq",
    "hf-inference": "HF Inference",
    "huggingface": "Hugging Face",
    "hyperbolic": "Hyperbolic",
    "meta": "Meta",
    "minimax": "MiniMax",
    "mistral": "Mistral",
    "modal": "Modal",
    "moonshotai": "MoonshotAi",
    "nebius": "Nebius",
    "novita": "Novita",
    "nscale": "Nscale",
    "ollama": "Ollama",
    "openai": "OpenAI",
    "openai-decisions": "OpenAI Decisions",
    "openrouter": "OpenRouter",
    "ovhcloud": "OVHcloud AI Endpoints",
    "perplexity": "Perplexity",
    "publicai": "Public AI",
    "quicksilverpro": "QuickSilver Pro",
    "replicate": "Replicate",
    "sambanova": "SambaNova",
    "scaleway": "Scaleway",
    "together": "Together AI",
    "typesafe": "TypeSafe",
    "vertex_ai": "Google Vertex AI",
    "voyageai": "Voyage AI",
    "wavespeed": "WaveSpeed",
    "x-ai": "X AI",
    "zai": "Z.AI",
    "zhipuai": "Zhipu AI",
}
SLUGS = {
    "amazon-bedrock": "aws",
    "azure_ai": "azure",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "cloudflare-workers-ai": "cloudflare",
    "fireworks-ai": "fireworks",
    "fireworks_ai": "fireworks",
    "gemini": "google",
    "github_copilot": "github-copilot",
    "google-vertex": "vertex_ai",
    "meta-llama": "meta",
    "mistral ai": "mistral",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "novita-ai": "novita",
    "together_ai": "together",
    "togetherai": "together",
    "voyage": "voyageai",
    "xai": "x-ai",
    "z-ai": "zai",
    "zai-org": "zai",
}
"""What catalogs say for a provider of another slug; in lower case."""


def provider_named(sent: str, name: str = "") -> tuple[str, str]:
    """Slug and name of the provider that a catalog calls ``sent``; a slug without capitals.

    ``name`` is how the catalog itself shows a provider that nobody knows; without one, that is ``sent``.
    """
    word = sent.strip().casefold()
    slug = SLUGS.get(word, word)
    return slug, PROVIDER_NAMES.get(slug) or name or sent.strip()
