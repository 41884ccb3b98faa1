"""Who makes models: the slug a family stands under, and how catalogs and model names give the maker away.

Slugs are those of models.dev (https://github.com/anomalyco/models.dev) where it has the vendor.
"""

from functools import lru_cache
from typing import NamedTuple

from catalog.matching.keys import key_of


class Vendor(NamedTuple):
    """A maker of models; what it is known by, each as words with spaces between.

    ``spelled`` are its other names, as organisation or as provider; ``names`` are the beginnings of what it calls its
    models; ``brands`` give it away wherever they stand, since it builds on the models of others.
    """

    slug: str
    spelled: str = ""
    names: str = ""
    brands: str = ""


VENDORS = (
    Vendor("ai21", "ai21labs ai21-labs", "jamba j2"),
    Vendor("aion-labs", "", "aion"),
    Vendor("alibaba", "qwen alibaba-qwen alibaba-cloud dashscope", "qwen qwq qvq tongyi wan2"),
    Vendor("allenai", "ai2", "olmo molmo tulu"),
    Vendor("amazon", "", "nova titan"),
    Vendor("anthropic", "", "claude"),
    Vendor("arcee-ai", "arcee", "trinity virtuoso arcee"),
    Vendor("baai", "", "bge"),
    Vendor("baidu", "qianfan", "ernie"),
    Vendor("black-forest-labs", "bfl", "flux"),
    Vendor("bytedance", "bytedance-seed volcengine", "seed doubao seedream seedance"),
    Vendor("cohere", "cohereforai coherelabs", "command c4ai rerank-v embed-english embed-multilingual"),
    Vendor("deepcogito", "", "cogito"),
    Vendor("deepseek", "deepseek-ai", "deepseek"),
    Vendor("elevenlabs", "", "eleven"),
    Vendor("google", "gemini google-ai-studio", "gemini gemma imagen veo lyria palm medgemma"),
    Vendor("ibm", "ibm-granite watsonx", "granite"),
    Vendor("inception", "inceptionlabs", "mercury"),
    Vendor("inclusionai", "bailing", "ling ring"),
    Vendor("liquid", "liquidai", "lfm"),
    Vendor("meta", "meta-llama llama facebook meta-models", "llama codellama muse"),
    Vendor("microsoft", "", "phi mai wizardlm"),
    Vendor("minimax", "minimaxai minimax-ai", "minimax abab"),
    Vendor(
        "mistral",
        "mistralai mistral-ai",
        "mistral mixtral codestral devstral magistral ministral pixtral voxtral open-mistral open-mixtral",
    ),
    Vendor("moonshotai", "moonshot moonshot-ai", "kimi moonshot"),
    Vendor("morph", "", "morph"),
    Vendor("nousresearch", "", "", "hermes"),
    Vendor("nvidia", "", "cosmos nv", "nemotron nemoretriever"),
    Vendor(
        "openai",
        "",
        "gpt o1 o3 o4 chatgpt codex text-embedding-3 text-embedding-ada davinci babbage whisper tts-1 dall-e sora "
        "omni-moderation computer-use-preview",
    ),
    Vendor("perplexity", "perplexity-ai", "sonar pplx", "sonar"),
    Vendor("reka", "rekaai", "reka"),
    Vendor("sarvam", "sarvamai", "sarvam"),
    Vendor("stability", "stabilityai stability-ai", "stable-diffusion sd3"),
    Vendor("stepfun", "stepfun-ai", "step"),
    Vendor("tencent", "", "hunyuan hy"),
    Vendor("thinkingmachines", "", "inkling"),
    Vendor("upstage", "", "solar"),
    Vendor("voyageai", "voyage voyage-ai", "voyage"),
    Vendor("writer", "", "palmyra"),
    Vendor("xai", "x-ai", "grok"),
    Vendor("xiaomi", "xiaomimimo", "mimo"),
    Vendor("zhipuai", "zai z-ai zai-org thudm zhipu zhipu-ai", "glm chatglm cogview"),
)
SPELLED = {key_of(word): vendor.slug for vendor in VENDORS for word in (vendor.slug, *vendor.spelled.split())}
"""Every name of a vendor, as a key, and its slug."""
NAMES = {key_of(word): vendor.slug for vendor in VENDORS for word in vendor.names.split()}
BRANDS = {word: vendor.slug for vendor in VENDORS for word in vendor.brands.split()}
MOST_TOKENS = max(name.count("-") for name in NAMES) + 1


@lru_cache(maxsize=4096)
def vendor_spelled(word: str) -> str:
    """The slug of the vendor that a catalog calls ``word``, or nothing."""
    return SPELLED.get(key_of(word), "")


@lru_cache(maxsize=65536)
def vendor_by_name(key: str) -> str:
    """The slug of the vendor that a model with this key is called after, or nothing."""
    tokens = key.split("-")
    branded = next((BRANDS[token] for token in tokens if token in BRANDS), "")
    starts = ("-".join(tokens[:count]) for count in range(MOST_TOKENS, 0, -1))
    return branded or next((NAMES[start] for start in starts if start in NAMES), "")


@lru_cache(maxsize=4096)
def vendor_of_provider(provider: str) -> tuple[str, bool]:
    """The vendor that sells under this provider's slug, and whether it is plainly its own name.

    ``moonshotai-cn`` and ``zai-coding-plan`` are a vendor's other counters: they may also sell the models of others.
    """
    if vendor := vendor_spelled(provider):
        return vendor, True
    tokens = key_of(provider).split("-")
    heads = ("-".join(tokens[:count]) for count in range(len(tokens) - 1, 0, -1))
    return next((SPELLED[head] for head in heads if head in SPELLED), ""), False
