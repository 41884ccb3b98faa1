"""The families that a set of offers is about."""

import pytest

from catalog.matching import Names, State, find, match_all
from catalog.matching.vendor_names import VENDOR_NAMES
from catalog.matching.vendors import VENDORS


def slugs(*offers: tuple[str, str], kept: tuple[str, ...] = ()) -> set[str]:
    """The families found in offers, given as (provider, key)."""
    known = find([Names(key=key, provider=provider) for provider, key in offers], kept=kept)
    return {family.slug for family in known.families.values()}


def states(*offers: tuple[str, str]) -> list[tuple[str | None, str]]:
    """Family and state of each offer, given as (provider, key)."""
    return [(one.family, one.state) for one in match_all(Names(key=key, provider=provider) for provider, key in offers)]


@pytest.mark.parametrize(
    ("provider", "key", "family"),
    [
        ("anthropic", "claude-opus-4-6", "anthropic/claude-opus-4-6"),
        ("minimax", "MiniMax-M2.1", "minimax/MiniMax-M2.1"),
        ("mistral", "labs-leanstral", "mistral/labs-leanstral"),
        ("openrouter", "z-ai/glm-5.2", "zhipuai/glm-5.2"),
        ("azure", "o3", "openai/o3"),
        ("aws", "qwen.qwen3-32b-v1:0", "alibaba/qwen3-32b"),
        ("nvidia", "deepseek-ai/deepseek-r1", "deepseek/deepseek-r1"),
        ("groq", "llama-3.1-nemotron-70b", "nvidia/llama-3.1-nemotron-70b"),
        ("google", "claude-opus-4-6", "anthropic/claude-opus-4-6"),
        ("alibaba-cn", "kimi-k2.5", "moonshotai/kimi-k2.5"),
    ],
)
def test_a_family_is_known_by_its_vendor(provider: str, key: str, family: str) -> None:
    assert slugs((provider, key)) == {family}


def test_how_the_vendor_is_known_tells_how_sure_a_match_is() -> None:
    assert states(("anthropic", "claude-9")) == [("anthropic/claude-9", State.CERTAIN)]
    assert states(("openrouter", "qwen/qwen9")) == [("alibaba/qwen9", State.CERTAIN)]
    assert states(("groq", "qwen9")) == [("alibaba/qwen9", State.PROBABLE)]
    assert states(("groq", "house-model")) == [(None, State.UNMATCHED)]


def test_an_unknown_maker_before_the_name_makes_no_family() -> None:
    assert slugs(("nano-gpt", "neversleep/llama-3-lumimaid-70b")) == set()
    assert slugs(("groq", "llama-3-70b"), ("proxy", "groq/llama-3-70b")) == {"meta/llama-3-70b"}


def test_the_vendors_own_spelling_is_the_familys() -> None:
    assert slugs(("venice", "minimax-m2-1"), ("minimax", "MiniMax-M2.1"), ("x", "minimax/minimax-m2.1")) == {
        "minimax/MiniMax-M2.1"
    }
    assert slugs(("aws", "meta.llama3-1-8b-instruct-v1:0"), ("groq", "meta-llama/llama-3.1-8b-instruct")) == {
        "meta/llama-3.1-8b-instruct"
    }


def test_a_kept_family_stays_as_it_is_spelled() -> None:
    assert slugs(("openai", "gpt-4.1"), kept=("openai/GPT-4.1",)) == {"openai/GPT-4.1"}
    assert slugs(("openrouter", "z-ai/glm-5"), kept=("z-ai/GLM-5",)) == {"z-ai/GLM-5"}


def test_what_is_put_around_a_name_makes_no_family() -> None:
    offers = [("zai", "glm-5"), ("wandb", "zai-org/GLM-5-FP8"), ("venice", "zai-org-glm-5"), ("x", "z-ai/glm-5-fast")]
    assert slugs(*offers) == {"zhipuai/glm-5"}
    assert slugs(("doubleword", "Qwen/Qwen3-14B-FP8")) == {"alibaba/Qwen3-14B-FP8"}


def test_a_speed_in_a_name_may_be_a_model_of_its_own() -> None:
    assert "minimax/MiniMax-M2.5-highspeed" in slugs(("minimax", "MiniMax-M2.5"), ("minimax", "MiniMax-M2.5-highspeed"))
    listed = ("x-ai", "grok-4"), ("x-ai", "grok-4-fast-reasoning"), ("venice", "x-ai/grok-4-fast")
    assert "xai/grok-4-fast" in slugs(*listed)
    sold = ("a", "google/veo-3"), ("b", "google/veo-3"), ("a", "google/veo-3-fast")
    assert "google/veo-3-fast" not in slugs(*sold)
    assert "google/veo-3-fast" in slugs(*sold, ("b", "google/veo-3-fast"))


def test_a_name_that_its_vendor_lists_as_a_preview_alone_is_ambiguous() -> None:
    resold = ("opencode", "gemini-3-flash"), ("databricks", "databricks-gemini-3-flash")
    offers = *resold, ("google", "gemini-3-flash-preview")
    found = match_all(Names(key=key, provider=provider) for provider, key in offers)
    assert [one.state for one in found] == [State.AMBIGUOUS, State.AMBIGUOUS, State.CERTAIN]
    assert found[0].candidates == ("google/gemini-3-flash", "google/gemini-3-flash-preview")
    both = ("google", "gemini-3-flash-preview"), ("google", "gemini-3-flash")
    assert states(*resold[:1], *both)[0] == ("google/gemini-3-flash", State.CERTAIN)


def test_a_common_word_is_left_to_a_person_where_nothing_tells_its_vendor() -> None:
    offers = ("morph", "auto"), ("openrouter", "openrouter/auto"), ("perplexity", "r1-1776"), ("openrouter", "r1-1776")
    assert states(*offers) == [
        ("morph/auto", State.CERTAIN),
        (None, State.AMBIGUOUS),
        ("perplexity/r1-1776", State.CERTAIN),
        ("perplexity/r1-1776", State.PROBABLE),
    ]


def test_a_name_of_several_vendors_is_ambiguous_unless_the_offer_tells_which() -> None:
    offers = ("morph", "auto"), ("upstage", "auto"), ("elsewhere", "auto"), ("elsewhere", "upstage/auto")
    assert states(*offers) == [
        ("morph/auto", State.CERTAIN),
        ("upstage/auto", State.CERTAIN),
        (None, State.AMBIGUOUS),
        ("upstage/auto", State.CERTAIN),
    ]


def test_an_active_size_is_left_out_where_only_one_family_has_it() -> None:
    offers = ("qwen", "qwen3-30b-a3b"), ("ollama", "qwen3:30b")
    assert states(*offers) == [("alibaba/qwen3-30b-a3b", State.CERTAIN), ("alibaba/qwen3-30b-a3b", State.PROBABLE)]
    two = states(*offers, ("qwen", "qwen3-30b-a5b"))
    assert two[1] == ("alibaba/qwen3-30b", State.PROBABLE)


def test_snapshots_of_a_model_are_one_family() -> None:
    dated = ("anthropic", "claude-3-5-sonnet-20240620"), ("anthropic", "claude-3-5-sonnet-20241022")
    assert slugs(*dated) == {"anthropic/claude-3-5-sonnet"}


def test_every_vendor_has_a_name():
    assert list(VENDOR_NAMES) == [vendor.slug for vendor in VENDORS]
