"""Usage records of each vendor become the tokens that it bills."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.usage import LONGEST_TEXT, MOST_RECORDS, read_usage, workload_of_usage
from catalog.pricing.usage_forms import Usage, UsageError
from catalog.pricing.workload import Workload, WorkloadError

CHAT = {
    "prompt_tokens": 1_486,
    "completion_tokens": 651,
    "total_tokens": 2_137,
    "prompt_tokens_details": {"cached_tokens": 1_408, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 512},
}
RESPONSES = {
    "input_tokens": 125,
    "output_tokens": 48,
    "total_tokens": 173,
    "input_tokens_details": {"cached_tokens": 98},
    "output_tokens_details": {"reasoning_tokens": 0},
}
CLAUDE = {
    "input_tokens": 21,
    "cache_creation_input_tokens": 188_086,
    "cache_read_input_tokens": 400,
    "output_tokens": 393,
    "service_tier": "standard",
}
GEMINI = {
    "promptTokenCount": 2_000,
    "cachedContentTokenCount": 1_500,
    "candidatesTokenCount": 300,
    "thoughtsTokenCount": 700,
    "toolUsePromptTokenCount": 50,
    "totalTokenCount": 3_050,
}


def read(record):
    return read_usage(json.dumps(record))


@pytest.mark.parametrize(
    ("record", "usage"),
    [
        (CHAT, Usage(prompt=1_486, cached_read=1_408, cache_written=0, output=651)),
        (RESPONSES, Usage(prompt=125, cached_read=98, cache_written=0, output=48)),
        (CLAUDE, Usage(prompt=188_507, cached_read=400, cache_written=188_086, output=393)),
        (GEMINI, Usage(prompt=2_050, cached_read=1_500, cache_written=0, output=1_000)),
    ],
)
def test_overlaps_are_counted_as_each_vendor_does(record, usage):
    assert read(record) == [usage]


def test_the_python_client_of_gemini_spells_it_otherwise():
    record = {"prompt_token_count": 10, "cached_content_token_count": 4, "thoughts_token_count": None}
    assert read({"usage_metadata": record}) == [Usage(10, 4, 0, 0)]


def test_tokens_written_to_the_cache_by_openrouter_are_part_of_the_prompt():
    details = {"cached_tokens": 0, "cache_write_tokens": 100}
    record = {"prompt_tokens": 194, "completion_tokens": 2, "prompt_tokens_details": details}
    assert read(record) == [Usage(194, 0, 100, 2)]


def test_reasoning_that_a_completion_leaves_out_is_output_all_the_same():
    assert read({"prompt_tokens": 758, "completion_tokens": 102, "total_tokens": 1_725}) == [Usage(758, 0, 0, 967)]


def test_an_embedding_has_no_output():
    assert read({"prompt_tokens": 8, "total_tokens": 8}) == [Usage(8, 0, 0, 0)]


def test_a_short_record_of_responses_or_of_anthropic_means_the_same():
    assert read({"input_tokens": 5, "output_tokens": 2}) == [Usage(5, 0, 0, 2)]
    assert read({"input_tokens": 5, "cache_read_input_tokens": None, "output_tokens": 2}) == [Usage(5, 0, 0, 2)]


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "x", "object": "chat.completion", "choices": [], "usage": CHAT},
        {"custom_id": "1", "response": {"status_code": 200, "body": {"usage": CHAT}}},
        {"type": "response.completed", "response": {"usage": CHAT}},
        {"result": {"type": "succeeded", "message": {"usage": CHAT}}},
    ],
)
def test_a_whole_answer_holds_its_record(answer):
    assert read(answer) == read(CHAT)
    assert read([answer, answer]) == read([CHAT, CHAT])


def test_a_list_becomes_its_averages():
    records = [{"prompt_tokens": 10, "completion_tokens": 1}, {"prompt_tokens": 13, "completion_tokens": 2}, CLAUDE]
    # Prompts of 10, 13 and 188,507 are 62,843.33 on average; outputs of 1, 2 and 393 are 132.
    assert workload_of_usage(json.dumps(records), requests=7) == Workload(7, 62_843, 132, 133, 62_695)


def test_averages_never_cache_more_than_the_prompt():
    full = {"prompt_tokens": 1, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": 1}}
    two = {"prompt_tokens": 2, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 1}}
    assert workload_of_usage(json.dumps([full, two]), requests=1, mode="batch") == Workload(1, 2, 1, 1, 0, "batch")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not JSON."),
        ("{'prompt_tokens': 1}", "This is not JSON."),
        ("[" * 100_000, "This is not JSON."),
        ("9" * 5_000, "This is not JSON."),
        ("[]", "The list holds 0 records; it takes 1 to 10,000."),
        ("[" + "0," * MOST_RECORDS + "0]", "The list holds 10,001 records; it takes 1 to 10,000."),
        (" " * (LONGEST_TEXT + 1), "The text has 1,000,001 characters; 1,000,000 are the most that are read."),
        ("3", "This is not the usage of an OpenAI, Anthropic or Gemini answer."),
        ('{"tokens": 3}', "it has no prompt_tokens, input_tokens or promptTokenCount."),
        ('[{"input_tokens": 5, "output_tokens": 1}, {"input_tokens": 5}]', "Record 2: It has no output_tokens."),
        ('{"input_tokens": null, "output_tokens": 1}', "It has no input_tokens."),
        ('{"prompt_tokens": 5}', "It has no completion_tokens."),
        ('{"prompt_tokens": "5", "completion_tokens": 1}', "Its prompt_tokens is not a whole number of tokens."),
        ('{"prompt_tokens": 5.5, "completion_tokens": 1}', "Its prompt_tokens is not a whole number of tokens."),
        ('{"prompt_tokens": true, "completion_tokens": 1}', "Its prompt_tokens is not a whole number of tokens."),
        ('{"prompt_tokens": 5, "completion_tokens": -1}', "Its completion_tokens is not a whole number of tokens."),
        ('{"prompt_tokens": 5, "total_tokens": NaN}', "Its total_tokens is not a whole number of tokens."),
        ('{"prompt_tokens": 5, "completion_tokens": 1, "prompt_tokens_details": [1]}', "details is not an object."),
        ('{"promptTokenCount": 0}', "Prompt tokens per request must be from 1 to 10,000,000."),
        ('{"promptTokenCount": 5, "cachedContentTokenCount": 6}', "6 tokens read from the cache and 0 written"),
        (
            '{"input_tokens": 9, "output_tokens": 1, "input_tokens_details": {}, "cache_read_input_tokens": 5}',
            "It counts cached tokens both as OpenAI and as Anthropic do",
        ),
    ],
)
def test_what_is_no_record_is_told_in_a_sentence(text, sentence):
    with pytest.raises(UsageError) as refused:
        read_usage(text)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


names = st.sampled_from([*CHAT, *RESPONSES, *CLAUDE, *GEMINI, "usage", "response", "body", "prompt_token_count", "x"])
values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
records = st.recursive(values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6))


@given(st.text() | records.map(json.dumps), st.integers())
def test_a_text_is_a_workload_or_a_sentence(text, requests):
    try:
        workload_of_usage(text, requests=requests)
    except (UsageError, WorkloadError) as error:
        assert str(error).endswith(".")
