"""How each vendor counts the tokens of one request: one function per form of usage record."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class UsageError(ValueError):
    """A text that is no usage record. The message is a sentence for the person who pasted it."""


class Usage(NamedTuple):
    """Tokens of one request; ``cached_read`` and ``cache_written`` are parts of ``prompt``."""

    prompt: int
    cached_read: int
    cache_written: int
    output: int


def openai(record: Mapping[str, Any]) -> Usage:
    """Chat completions and responses: the prompt includes what was cached, the output its reasoning.

    https://platform.openai.com/docs/guides/prompt-caching. OpenRouter and LiteLLM answer alike and add the tokens
    written to the cache, included too (https://openrouter.ai/docs/use-cases/usage-accounting). What the total holds
    beyond prompt and completion is reasoning that xAI and Gemini leave out of the latter, and output all the same; an
    embedding has no completion at all.
    """
    chat = "prompt_tokens" in record
    prompt_name, output_name = ("prompt_tokens", "completion_tokens") if chat else ("input_tokens", "output_tokens")
    details = record.get(f"{prompt_name}_details") or {}
    if not isinstance(details, dict):
        raise UsageError(f"Its {prompt_name}_details is not an object.")
    if not chat and "cache_read_input_tokens" in record:
        raise UsageError("It counts cached tokens both as OpenAI and as Anthropic do; only one of them can be right.")
    prompt = _needed(record, prompt_name)
    total = _count(record, "total_tokens")
    output = _count(record, output_name) if total else _needed(record, output_name)
    return Usage(
        prompt=prompt,
        cached_read=_count(details, "cached_tokens"),
        cache_written=_count(details, "cache_write_tokens", "cache_creation_tokens"),
        output=max(output, total - prompt),
    )


def anthropic(record: Mapping[str, Any]) -> Usage:
    """Messages: the input excludes what was read from the cache and what was written to it.

    https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance. A record of OpenAI's
    responses without details is read alike: it tells of nothing cached.
    """
    read = _count(record, "cache_read_input_tokens")
    written = _count(record, "cache_creation_input_tokens")
    return Usage(
        prompt=_needed(record, "input_tokens") + read + written,
        cached_read=read,
        cache_written=written,
        output=_needed(record, "output_tokens"),
    )


def gemini(record: Mapping[str, Any]) -> Usage:
    """The prompt includes what was cached but not what tools brought in; the candidates exclude thoughts.

    https://ai.google.dev/api/generate-content#UsageMetadata, in the spelling of the API or of the Python client. What
    is 0 is left out.
    """
    return Usage(
        prompt=_needed(record, "promptTokenCount", "prompt_token_count")
        + _count(record, "toolUsePromptTokenCount", "tool_use_prompt_token_count"),
        cached_read=_count(record, "cachedContentTokenCount", "cached_content_token_count"),
        cache_written=0,
        output=_count(record, "candidatesTokenCount", "candidates_token_count")
        + _count(record, "thoughtsTokenCount", "thoughts_token_count"),
    )


def _needed(record: Mapping[str, Any], *names: str) -> int:
    if all(record.get(name) is None for name in names):
        raise UsageError(f"It has no {names[0]}.")
    return _count(record, *names)


def _count(record: Mapping[str, Any], *names: str) -> int:
    """The first of ``names`` that is there, which must be a whole number; 0 where a vendor leaves it out."""
    for name in names:
        value = record.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UsageError(f"Its {name} is not a whole number of tokens.")
        return value
    return 0
