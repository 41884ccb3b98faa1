"""One name taken apart, rule by rule."""

import pytest

from catalog.matching import normalised, parse


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("  GPT_4.1 ", "gpt-4-1"),
        ("gpt 4.1", "gpt-4-1"),
        ("openrouter/anthropic/claude-3.5-sonnet", "claude-sonnet-3-5"),
        ("accounts/fireworks/models/deepseek-v3p2", "deepseek-v-3-2"),
        ("@cf/meta/llama-3.1-8b-instruct", "llama-3-1-8-b-instruct"),
        ("hf:zai-org/GLM-4.7-Flash", "glm-4-7-flash"),
        ("us.anthropic.claude-opus-4-6-v1", "claude-opus-4-6"),
        ("bedrock/us-gov-west-1/anthropic.claude-3-5-sonnet-20240620-v1:0", "claude-sonnet-3-5"),
        ("us-gov.anthropic.claude-3-haiku-20240307-v1:0", "claude-haiku-3"),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-sonnet-3-5"),
        ("openai.gpt-oss-120b-1:0", "gpt-oss-120-b"),
        ("deepseek.v3.2", "deepseek-v-3-2"),
        ("deepseek.r1-v1:0", "deepseek-r-1"),
        ("gpt-4.1", "gpt-4-1"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("claude-opus-4-6@default", "claude-opus-4-6"),
        ("qwen/qwen3-coder:free", "qwen-3-coder"),
        ("nemotron-3-nano:30b", "nemotron-3-nano-30-b"),
        ("claude-3-5-sonnet-20241022", "claude-sonnet-3-5"),
        ("gpt-4o-2024-08-06", "gpt-4-o"),
        ("glm-4p7", "glm-4-7"),
        ("claude-4.7-opus", "claude-opus-4-7"),
        ("claude-opus4-8", "claude-opus-4-8"),
        ("claude-sonnet-4-0", "claude-sonnet-4"),
        ("claude-instant-1.2", "claude-instant-1-2"),
    ],
)
def test_what_stands_around_a_models_name_is_taken_away(raw: str, key: str) -> None:
    assert parse(raw).key == key


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4-turbo-preview",
        "gpt-4.1-mini",
        "gpt-3.5-turbo-0125",
        "qwen3-235b-a22b-instruct-2507",
        "kimi-k2-0905",
        "deepseek-v3.2-exp",
        "o3-pro",
        "gemini-pro-latest",
        "command-r-08-2024",
        "mistral.mistral-7b-instruct-v0:2",
    ],
)
def test_what_may_be_another_model_stays_in_the_name(name: str) -> None:
    words = name.lower().replace("mistral.", "").replace(":", "-").replace(".", "-").split("-")
    assert parse(name).key.replace("-", "") == "".join(words)


def test_the_parts_are_kept() -> None:
    name = parse("bedrock/us-gov-west-1/anthropic.claude-3-5-sonnet-20240620-v1:0")
    assert (name.route, name.region, name.vendor) == (("bedrock",), "us-gov-west-1", "anthropic")
    assert (name.snapshot, name.stem) == ("20240620", "claude-3-5-sonnet")
    assert [str(rule) for rule in name.rules] == ["path", "bedrock", "date", "version"]
    assert parse("azure/eu/gpt-4.1").region == "eu"
    assert parse("apac.anthropic.claude-sonnet-4-5-20250929-v1:0").region == "apac"
    assert parse("z-ai/glm-5.2:free")[3:7] == ("zhipuai", (), "", "free")
    assert parse("claude-opus-4@20250514").snapshot == "20250514"
    assert parse("MiniMaxAI/MiniMax-M2.1").stem == "MiniMax-M2.1"


def test_a_vendor_before_a_dot_must_be_a_known_one() -> None:
    assert (parse("gpt-4.1").vendor, parse("flux.1-dev").vendor) == ("", "")
    assert parse("anthropic.claude-sonnet-5").vendor == "anthropic"


def test_names_that_move_are_aliases() -> None:
    assert parse("~anthropic/claude-sonnet-latest").alias
    assert parse("claude-3-5-haiku-latest").alias
    assert parse("gpt-5-chat-latest").key != parse("gpt-5-chat").key
    assert not parse("gpt-4.1").alias


def test_an_alias_is_filed_under_vendor_and_model_alone() -> None:
    assert normalised("bedrock/eu.anthropic.claude-opus-4-6-v1") == "anthropic/claude-opus-4-6"
    assert normalised("Anthropic/Claude_4.6_Opus:thinking") == "anthropic/claude-opus-4-6"
    assert normalised("my-model") == "my-model"


@pytest.mark.parametrize("raw", ["", " ", "/", "~", ":", "@", "a/", "-latest", "us.", ".", "2024-08-06", "@20250929"])
def test_odd_names_are_read_too(raw: str) -> None:
    assert normalised(normalised(raw)) == normalised(raw)
