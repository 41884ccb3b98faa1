"""An offer's link: what its names say together, and how sure that is."""

from itertools import permutations

import pytest

from catalog.matching import Match, Names, Rule, State, find, match, match_all, snapshots_fit

KNOWN = find(
    [],
    kept=[
        "openai/gpt-4.1",
        "openai/gpt-4-turbo-preview",
        "openai/gpt-5",
        "openai/gpt-5-mini",
        "openai/gpt-5.2",
        "openai/gpt-3.5-turbo",
        "anthropic/claude-3-5-sonnet",
        "anthropic/claude-sonnet-4-5",
        "google/gemini-pro",
        "google/gemini-3-flash-preview",
        "zhipuai/glm-5",
        "zhipuai/glm-5-turbo",
        "nvidia/nemotron-3-nano-30b-a3b",
        "alibaba/qwen3-32b",
        "deepseek/deepseek-v3.2",
        "minimax/MiniMax-M2.5",
    ],
)


def one(key: str, *upstream: str, provider: str = "", title: str = "") -> Match:
    """The match of one offer against KNOWN."""
    return match(Names(key=key, upstream_ids=upstream, provider=provider, title=title), KNOWN)


@pytest.mark.parametrize(
    ("key", "family"),
    [
        ("gpt-4.1", "openai/gpt-4.1"),
        ("azure/eu/gpt-4.1", "openai/gpt-4.1"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5"),
        ("claude-4.5-sonnet", "anthropic/claude-sonnet-4-5"),
        ("claude-3-5-sonnet@20241022", "anthropic/claude-3-5-sonnet"),
        ("qwen/qwen3-32b:free", "alibaba/qwen3-32b"),
        ("Qwen/Qwen-3-32B", "alibaba/qwen3-32b"),
        ("deepseek.v3.2", "deepseek/deepseek-v3.2"),
        ("accounts/fireworks/models/deepseek-v3p2", "deepseek/deepseek-v3.2"),
        ("minimax-m2.5", "minimax/MiniMax-M2.5"),
    ],
)
def test_a_name_that_is_a_familys_own_is_certain(key: str, family: str) -> None:
    found = one(key)
    assert (found.family, found.state, found.rule) == (family, State.CERTAIN, Rule.NAME)


@pytest.mark.parametrize(
    ("key", "provider", "family", "rule", "variant"),
    [
        ("databricks-gpt-5", "databricks", "openai/gpt-5", Rule.PREFIX, ""),
        ("openai-gpt-5-mini", "snowflake", "openai/gpt-5-mini", Rule.PREFIX, ""),
        ("umans-glm-5", "umans-ai", "zhipuai/glm-5", Rule.PREFIX, ""),
        ("z-ai-glm-5-turbo", "venice", "zhipuai/glm-5-turbo", Rule.PREFIX, ""),
        ("anthropic--claude-4.5-sonnet", "sap", "anthropic/claude-sonnet-4-5", Rule.PREFIX, ""),
        ("zai-org/GLM-5-FP8", "wandb", "zhipuai/glm-5", Rule.SUFFIX, "fp8"),
        ("Qwen/Qwen3-32B-TEE", "chutes", "alibaba/qwen3-32b", Rule.SUFFIX, "tee"),
        ("glm-5-6bit-free", "x", "zhipuai/glm-5", Rule.SUFFIX, "6bit free"),
        ("minimax-m2.5-highspeed", "x", "minimax/MiniMax-M2.5", Rule.SUFFIX, "highspeed"),
        ("nemotron-3-nano:30b", "ollama", "nvidia/nemotron-3-nano-30b-a3b", Rule.ACTIVE_SIZE, ""),
        ("openai-gpt-52", "venice", "openai/gpt-5.2", Rule.DIGITS, ""),
        ("perplexity/glm-5", "perplexity", "zhipuai/glm-5", Rule.OTHER_VENDOR, ""),
    ],
)
def test_what_resellers_put_around_a_name_is_probable(
    key: str, provider: str, family: str, rule: Rule, variant: str
) -> None:
    found = one(key, provider=provider)
    assert (found.family, found.state, found.rule, found.variant) == (family, State.PROBABLE, rule, variant)


@pytest.mark.parametrize(
    "key",
    [
        "gpt-4-turbo",
        "gpt-5-pro",
        "gpt-5-nano",
        "claude-3-5-sonnet-preview",
        "glm-5-instruct",
        "gpt-5-exp",
        "ftg-3.0",
        "gpt-32b",
        "fireworks-ai-4.1b-to-16b",
        "ft:gpt-3.5-turbo",
        "1024-x-1024/50-steps/other",
        "bedrock/guardrails",
        "",
    ],
)
def test_what_no_rule_leads_to_a_family_stays_unmatched(key: str) -> None:
    found = one(key)
    assert (found.family, found.state, found.rule) == (None, State.UNMATCHED, Rule.UNKNOWN)


def test_ids_that_name_different_models_are_a_conflict() -> None:
    found = one("gpt-4.1", "gpt-4-turbo-preview", provider="openai", title="GPT-4.1")
    assert (found.family, found.state, found.rule) == (None, State.CONFLICT, Rule.IDS_DIFFER)
    assert found.candidates == ("openai/gpt-4-turbo-preview", "openai/gpt-4.1")
    assert [(said.role, said.raw, said.family) for said in found.evidence] == [
        ("upstream", "gpt-4-turbo-preview", "openai/gpt-4-turbo-preview"),
        ("key", "gpt-4.1", "openai/gpt-4.1"),
        ("title", "GPT-4.1", "openai/gpt-4.1"),
    ]
    assert one("gpt-5", "gpt-5-mini").state == State.CONFLICT


def test_the_conflict_shows_from_one_catalog_alone() -> None:
    [found] = match_all([Names(key="gpt-4.1", upstream_ids=("gpt-4-turbo-preview",), provider="openai")])
    assert (found.family, found.state) == (None, State.CONFLICT)


def test_ids_that_agree_are_certain_and_the_upstream_id_speaks_for_a_name_of_ones_own() -> None:
    agreed = one("claude-3-5-sonnet", "claude-3-5-sonnet-20241022")
    assert (agreed.family, agreed.state, agreed.snapshot) == ("anthropic/claude-3-5-sonnet", State.CERTAIN, "20241022")
    own = one("our-fast-model", "azure/gpt-5")
    assert (own.family, own.state, own.name) == ("openai/gpt-5", State.CERTAIN, "gpt-5")


@pytest.mark.parametrize(
    ("key", "upstream", "state"),
    [
        ("qwen/qwen3-32b", "qwen/qwen3-32b-04-28", State.PROBABLE),
        ("gpt-3.5-turbo", "gpt-3.5-turbo-0125", State.PROBABLE),
        ("meta/llama-4-scout", "meta/llama-4-scout-17b-16e-instruct", State.PROBABLE),
        ("cohere/command-a", "cohere/command-a-03-2025", State.PROBABLE),
        ("google/gemini-2.5-pro-preview-05-06", "google/gemini-2.5-pro-preview-03-25", State.CONFLICT),
        ("meta/llama-3-8b", "meta/llama-3-70b", State.CONFLICT),
        ("meta/llama-3-8b", "meta/llama-3.1-8b", State.CONFLICT),
        ("openai/gpt-4", "openai/gpt-4-32k", State.CONFLICT),
        ("openai/gpt-4", "openai/gpt-4-turbo", State.CONFLICT),
        ("morph/auto-1", "upstage/auto-1", State.CONFLICT),
    ],
)
def test_ids_may_differ_in_dates_sizes_and_filling_words(key: str, upstream: str, state: State) -> None:
    [found] = match_all([Names(key=key, upstream_ids=(upstream,), provider="openrouter")])
    assert found.state == state


def test_of_nearly_the_same_ids_the_one_that_more_providers_use_is_the_family() -> None:
    offers = [
        Names(key="qwen/qwen3-32b", upstream_ids=("qwen/qwen3-32b-04-28",), provider="openrouter"),
        Names(key="qwen3-32b", provider="groq"),
    ]
    assert [found.family for found in match_all(offers)] == ["alibaba/qwen3-32b"] * 2


def test_a_moving_name_is_kept_apart_and_marked() -> None:
    offers = [Names(key=key, provider="google") for key in ("gemini-pro", "gemini-pro-latest")]
    plain, moving = match_all(offers)
    assert (plain.family, plain.alias) == ("google/gemini-pro", False)
    assert (moving.family, moving.alias) == ("google/gemini-pro-latest", True)
    assert moving.suggestions == ("google/gemini-pro",)


def test_a_moving_name_is_linked_to_the_model_its_catalog_says_it_is_today() -> None:
    found = one("~anthropic/claude-sonnet-latest", "anthropic/claude-sonnet-4.5")
    assert (found.family, found.state, found.alias) == ("anthropic/claude-sonnet-4-5", State.CERTAIN, True)


def test_region_variant_and_snapshot_tell_offers_of_a_family_apart() -> None:
    found = one("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert (found.region, found.snapshot, found.variant) == ("eu", "20250929", "")
    assert one("qwen/qwen3-32b-fp8:free").variant == "free fp8"


def test_titles_only_suggest() -> None:
    found = one("mdl_8f3", title="OpenAI: GPT-4.1 (free)")
    assert (found.family, found.state, found.suggestions) == (None, State.UNMATCHED, ("openai/gpt-4.1",))
    assert one("mdl_8f3", title="A model").suggestions == ()


def test_a_reviewed_alias_beats_the_rules() -> None:
    offers = [Names(key="gpt-4.1", provider="openai"), Names(key="databricks-gpt-4.1", provider="databricks")]
    reviewed = {"databricks-gpt-4-1": "openai/gpt-4.1-databricks", "gpt-4-1": None}
    rejected, chosen = match_all(offers, aliases=reviewed)
    assert (chosen.family, chosen.state, chosen.rule) == ("openai/gpt-4.1-databricks", State.MANUAL, Rule.REVIEWED)
    assert (rejected.family, rejected.state, rejected.suggestions) == (None, State.MANUAL, ())


def test_an_alias_does_not_hide_a_conflict() -> None:
    offer = Names(key="gpt-4.1", upstream_ids=("gpt-4-turbo-preview",), provider="openai")
    [found] = match_all([offer], aliases={"gpt-4-1": "openai/gpt-4.1"})
    assert (found.family, found.state) == (None, State.CONFLICT)


def test_the_match_names_what_an_alias_is_to_be_filed_under() -> None:
    offer = Names(key="acme/house-model-20250101", provider="acme")
    [before] = match_all([offer])
    [after] = match_all([offer], aliases={before.name: "acme/house-model"})
    assert (before.state, after.state, after.family) == (State.UNMATCHED, State.MANUAL, "acme/house-model")


def test_the_order_of_offers_does_not_matter() -> None:
    offers = [
        Names(key="grok-4-fast", provider="venice"),
        Names(key="x-ai/grok-4", provider="openrouter"),
        Names(key="grok-4", provider="azure"),
        Names(key="GROK_4_FAST", provider="poe"),
    ]
    found = [dict(zip(order, match_all(order), strict=True)) for order in permutations(offers)]
    assert all(one == found[0] for one in found)


def test_snapshots_fit_unless_two_are_stated() -> None:
    assert snapshots_fit("20241022", "20241022") is True
    assert snapshots_fit("", "") is True
    assert snapshots_fit("20241022", "20240620") is False
    assert snapshots_fit("20241022", "") is None


def test_every_rule_has_its_sentence() -> None:
    assert all(rule.sentence.endswith(".") for rule in Rule)
