"""The server's own message is added to the sentence, and nothing comes with it that should not."""

import base64
import hashlib
import json
import re
from functools import partial
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.errors import SourceRefused
from catalog.sources.http import HttpDoor
from catalog.sources.http.words import MOST, shown, words
from tests.sources.http.asking import KEY, answer, fault, raised


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "Model list is off"}},
        {"type": "error", "error": {"type": "permission_error", "message": "Model list is off"}},
        {"statusCode": 403, "error": "Forbidden", "message": "Model list is off"},
        {"statusCode": 403, "error": "Forbidden", "message": ["Model list is off"]},
        {"detail": "Model list is off"},
        {"detail": [{"loc": ["query", "limit"], "msg": "Model list is off", "type": "value_error"}]},
        {"error": "Model list is off"},
        {"errors": [{"title": "Model list is off"}]},
        "Model list is off",
    ],
)
def test_vendors_messages(body):
    assert str(fault(answer(403, json.dumps(body).encode()))).endswith(" It says: “Model list is off”.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no</html>",
        b"\xff",
        b"7",
        b"[]",
        b'{"error": null}',
        b'{"error":' * 5_000,
        b'{"message": "' + b"a" * 2**17,
    ],
)
def test_what_holds_no_message_adds_none(body):
    assert str(fault(answer(404, body))).endswith("Check the base URL.")


@pytest.mark.parametrize(
    "told",
    [
        KEY,
        KEY.upper(),
        f"Bearer {KEY}",
        f"{KEY[:12]}...",
        f"…{KEY[-9:]}",
        "x" * (MOST - 10) + KEY,
        f"{KEY[:6]}\u200b{KEY}",
        f"/v1/models?api_key={KEY}&limit=100",
        hashlib.sha256(KEY.encode()).hexdigest(),
        base64.b64encode(f"user:{KEY}".encode()).decode(),
    ],
)
def test_a_key_that_is_sent_back_is_left_out(told):
    text = str(fault(answer(401, json.dumps({"error": {"message": f"Wrong key {told} given"}}).encode())))
    assert "It says: “Wrong key" in text
    for start in range(len(KEY) - 8):
        assert KEY[start : start + 8].lower() not in text.lower()
    assert told not in text


@pytest.mark.parametrize("header", ["Location", "Retry-After", "Content-Type", "WWW-Authenticate"])
def test_a_key_in_a_header_of_the_answer_is_not_shown(header):
    for status in (302, 401, 503):
        text = str(fault(answer(status, **{header: f"https://{KEY}.example/{KEY}"})))
        assert KEY[8:] not in text.lower()


@pytest.mark.parametrize("secret", ["sk/live+9876==abc", "a%41b+c/d=e"])
@pytest.mark.parametrize(
    "encode",
    [
        partial(quote, safe=""),
        quote_plus,
        lambda text: quote(text, safe="").lower(),
        lambda text: quote(text, safe="")[:14] + "...",
        lambda text: "".join(f"%{ord(char):02X}" for char in text),
    ],
)
def test_a_percent_encoded_key_is_left_out_too(secret, encode):
    assert re.fullmatch(
        r"Wrong key \[removed\](%\w{0,2})?(\.\.\.)? given", shown(f"Wrong key {encode(secret)} given", [secret])
    )


def test_what_only_looks_percent_encoded_stays():
    assert shown("100% of %41 and %zz", ["sk-live-9876"]) == "100% of %41 and %zz"


def test_a_short_secret_is_left_out_too():
    assert shown("no: abc, ABC", ["abc"]) == "no: [removed], [removed]"


def test_control_characters_and_long_texts_do_not_reach_the_page():
    assert shown("a\x00\r\n\x1b[31mb\u202ec\u2028d", []) == "a [31mb c d"
    assert len(shown("word " * 100, [])) <= MOST


@given(st.binary() | st.text().map(lambda text: json.dumps({"error": {"message": text}}).encode()), st.text(min_size=1))
def test_any_body_gives_a_short_line_without_the_secret(body, secret):
    line = words(body, [secret])
    assert len(line) <= MOST
    assert line.isprintable()
    if len(secret) >= 8 and secret.isascii() and secret.isprintable() and " " not in secret:
        assert secret not in line


@pytest.mark.parametrize("header", [f"Bearer {KEY}\n", f"Bearer {KEY}é", f"Bearer {KEY}\r\nHost: evil", f"{KEY}\0"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(header):
    error = raised(lambda: HttpDoor("https://api.example", {"Authorization": header}, allow_private=False))
    assert isinstance(error, SourceRefused)
    assert str(error) == "The key holds a line break or a letter that no key has; enter it again."
