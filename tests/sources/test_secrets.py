"""The verbatim copy holds every digit, and nothing that opens a door."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.secrets import REMOVED, verbatim


@pytest.mark.parametrize(
    "row",
    [
        b'{ "price": 0.0000001500,\n "big": 123456789012345678901234567890, "e": 4.2000000000000006E-8 }',
        b'{"key": "gpt-4.1", "keywords": ["a"], "max_tokens": 5, "tokenizer": "GPT"}',
        b'{"input_cost_per_token": 0.10, "inputCostPerToken": "0.10", "output_cost_per_reasoning_token": 2.50}',
        '{"name": "Größe “x”"}'.encode(),
        b'{ "code_interpreter_cost_per_session": 0.030, "mail": "a@b.example" }',
        b'{ "url": "https:\\/\\/hub.example\\/@user:x\\u0040y", "odd": "\\ud800 a@b" }',
    ],
)
def test_what_holds_no_secret_stays_as_it_was_byte_for_byte(row):
    assert verbatim(row) == row.decode()


@pytest.mark.parametrize(
    "name",
    [
        *("api_key", "apiKey", "x-api-key", "apiKeys", "aws_access_key_id", "aws_secret_access_key", "client_secret"),
        *("token", "ACCESS_TOKEN", "refresh-token", "accessToken", "aws_session_token", "password", "cookie"),
        *("Authorization", "vertex_credentials", "extra_headers", "api_base", "base_url"),
        *("dsn", "SENTRY_DSN", "pwd", "dbPwd", "sas_url", "sasUri", "signature", "bearer", "bearer_auth", "private"),
        *("session", "s3_session", "aws_session", "sessionId", "s3_session_token"),
        *("ourMarkup", "cost_to_us", "profitMargin"),
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_the_value_of_a_secret_member_is_removed_however_deep_it_lies(name, depth):
    value = {name: "hunter2", "cost": 1}
    for _ in range(depth):
        value = {"litellm_params": [value, 7]}
    copy = verbatim(json.dumps(value).encode())
    assert "hunter2" not in copy
    assert copy.count(REMOVED) == 1
    assert '"cost":1' in copy


def test_numbers_beside_a_secret_keep_every_digit():
    row = b'{"litellm_params": {"api_key": "sk-1", "input_cost_per_token": 0.0000001500}, "n": 1E+2, '
    row += b'"big": 99999999999999999999}'
    assert verbatim(row) == (
        '{"litellm_params":{"api_key":"' + REMOVED + '","input_cost_per_token":0.0000001500},'
        '"n":1E+2,"big":99999999999999999999}'
    )


@pytest.mark.parametrize(
    "row",
    [
        rb'{"api_\u006bey": "hunter2"}',  # a name with an escape
        b'{"api_key": "hunter2", "api_key": null}',  # a name twice, the last one harmless
        b'{"a": "x", ":api_key" : "hunter2"}',
        rb'{"a": "\\\"", "api_key":"hunter2"}',
        b'{"api_key": {"value": "hunter2"}}',
        b'{"api_key": ["hunter2"]}',
        b'[{"x": [{"password": "hunter2"}]}]',
    ],
)
def test_a_secret_cannot_hide(row):
    assert "hunter2" not in verbatim(row)


@pytest.mark.parametrize(
    "sent",
    [
        b"https://user:hunter2@models.example/v1",
        b"see postgres://:hunter2@db.example/x and redis://u:hunter2@@r.example",
        rb"https:\/\/user:hunter2\u0040models.example",
        b"https://hunter2@models.example",
    ],
)
@pytest.mark.parametrize("row", [b'{"cost": 1e-07, "homepage": "%s"}', b'{"cost": 1e-07, "links": [{"to": "%s"}]}'])
def test_an_address_loses_its_user_and_password(row, sent):
    copy = verbatim(row % sent)
    assert "hunter2" not in copy
    assert f"://{REMOVED}@" in copy
    assert "1e-07" in copy
    assert ".example" in copy


def test_a_token_that_is_a_price_or_nothing_stays():
    row = b'{"pricing":{"image_token":"0.000001","token":2.5},"api_key":null,"session_token":""}'
    assert verbatim(row) == row.decode()
    row = b'{"private":false,"session":null,"max_session":3,"api_key":null}'
    assert verbatim(row) == row.decode()


names = st.sampled_from(["api_key", "a", "session_token", 'pass"word', "x\\api_key", ":secret"]) | st.text(max_size=5)
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("hunter2")
objects = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4))


def bare(value, hidden=False):
    """All texts that stand under no member with a secret's name."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from bare(item, hidden or any(word in name for word in ("api_key", "session_token", "secret")))
    elif isinstance(value, list):
        for item in value:
            yield from bare(item, hidden)
    elif value == "hunter2" and not hidden:
        yield value


@given(st.dictionaries(names, objects, max_size=4))
def test_secrets_go_and_all_else_stays_whatever_the_object(value):
    copy = json.loads(verbatim(json.dumps(value).encode()))
    assert list(json_texts(copy)).count("hunter2") == len(list(bare(value)))
    assert copy.keys() == value.keys()


def json_texts(value):
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from json_texts(item)
    else:
        yield value
