"""What the door sends, how it reads a good answer, and when it asks again."""

import gzip
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.sources.errors import SourceError, SourceRefused, SourceUnavailable, SourceUnreadable
from catalog.sources.http import HttpDoor
from tests.serve import Answer, Script, closed_port, serving, slowly
from tests.sources.http.asking import BEARER, KEY, ONCE, OVER, QUICK, answer, ask, fault, fault_at, raised


def test_a_request_says_who_asks_what_it_reads_and_with_which_key():
    server = Script(answer())
    assert ask(server) == b'{"data": []}'
    (request,) = server.requests
    assert (request.path, request.query) == ("/v1/models", [("limit", "100")])
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["User-Agent"] == "Ratecard/0.1"
    assert request.headers["Accept"] == "application/json"


def test_parameters_keep_their_order_and_may_repeat():
    server = Script(answer())
    with serving(server) as url, HttpDoor(f"{url}/api/", {}, allow_private=True) as door:
        door.get("/models", [("ids", "b&c"), ("ids", "a"), ("name", "gpt 4")])
    assert server.requests[0].path == "/api/models"
    assert server.requests[0].query == [("ids", "b&c"), ("ids", "a"), ("name", "gpt 4")]


def test_proxies_and_passwords_of_the_environment_are_not_looked_at(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("default login somebody password something\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    server = Script(answer())
    assert ask(server, headers={}) == b'{"data": []}'
    assert "Authorization" not in server.requests[0].headers


def test_pages_come_over_one_connection_which_closes_with_the_door():
    server = Script(answer())
    with serving(server) as url:
        for _ in range(2):
            with HttpDoor(url, {}, allow_private=True) as door:
                for _ in range(3):
                    door.get("/models")
    assert len({request.connection for request in server.requests}) == 2


def test_the_cap_on_bytes_is_that_of_one_answer():
    page = b"[" + b" " * 2 * 10**5 + b"]"
    with serving(Script(answer(body=page))) as url, HttpDoor(url, {}, allow_private=True, limits=QUICK) as door:
        assert [door.get("/models") for _ in range(3)] == [page] * 3


def test_a_compressed_answer_is_unpacked_and_one_without_a_length_is_read_to_its_end():
    assert ask(Script(answer(body=gzip.compress(b'{"a": 1}'), Content_Encoding="gzip"))) == b'{"a": 1}'
    assert ask(Script(Answer([b'{"a"', b": 1}"]))) == b'{"a": 1}'
    chunks = [b"4\r\n[1, \r\n", b"2\r\n2]\r\n", b"0\r\n\r\n"]
    assert ask(Script(Answer(chunks, headers={"Transfer-Encoding": "chunked"}))) == b"[1, 2]"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(status):
    server = Script(answer(status), answer(status), answer(body=b"[1]"))
    assert ask(server) == b"[1]"
    assert len(server.requests) == 3


def test_a_connection_that_broke_is_tried_again():
    server = Script(Answer([b"["], headers={"Content-Length": "9"}, reset=True), Answer(b"", raw=True), answer())
    assert ask(server) == b'{"data": []}'


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_no_is_not_asked_again(status):
    server = Script(answer(status))
    with pytest.raises(SourceRefused) as caught:
        ask(server)
    assert caught.value.status == status
    assert len(server.requests) == 1


def test_attempts_end_and_wait_longer_each_time():
    server = Script(answer(503))
    began = time.monotonic()
    with pytest.raises(SourceUnavailable):
        ask(server, limits=replace(QUICK, total=5, attempts=3, backoff=0.15))
    assert len(server.requests) == 3
    assert time.monotonic() - began >= 0.15 + 0.3


HOUR = replace(QUICK, backoff=3_600)
"""The door's own wait is longer than the time for all: only a wait that the server asks for can be kept."""


def test_without_a_wait_that_the_server_asks_for_the_door_takes_its_own():
    server = Script(answer(429), answer())
    with pytest.raises(SourceUnavailable):
        ask(server, limits=HOUR)
    assert len(server.requests) == 1


@pytest.mark.parametrize("headers", [{"Retry_After": "0"}, {"retry_after_ms": "150", "Retry_After": "60"}])
def test_a_short_wait_that_the_server_asks_for_is_kept(headers):
    server = Script(answer(429, **headers), answer())
    began = time.monotonic()
    assert ask(server, limits=HOUR) == b'{"data": []}'
    assert len(server.requests) == 2
    if "retry_after_ms" in headers:
        assert time.monotonic() - began >= 0.15


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_is_not_waited_and_the_sentence_says_until_when(status):
    server = Script(answer(status, Retry_After="3600"))
    now = datetime.now(UTC)
    with pytest.raises(SourceUnavailable) as caught:
        ask(server)
    assert len(server.requests) == 1
    assert timedelta(0) <= caught.value.retry_at - now - timedelta(hours=1) < timedelta(seconds=30)
    assert f"asks to wait until {caught.value.retry_at:%H:%M:%S} UTC on " in str(caught.value)


def test_a_wait_longer_than_the_longest_is_not_begun_though_there_is_time_for_it():
    server = Script(answer(429, Retry_After="0.3"))
    with pytest.raises(SourceUnavailable):
        ask(server, limits=replace(QUICK, total=5, longest_wait=0.2))
    assert len(server.requests) == 1


def test_a_wait_that_would_outlast_the_time_limit_is_not_begun():
    server = Script(answer(429, Retry_After="30"), answer())
    error = raised(lambda: ask(server, limits=replace(QUICK, longest_wait=60)))
    assert len(server.requests) == 1
    assert error.retry_at is not None


def test_a_reset_of_the_rate_counts_only_where_the_rate_was_the_trouble():
    reset = str(int(time.time()) + 3_600)
    assert fault(answer(429, X_RateLimit_Reset=reset)).retry_at is not None
    assert fault(answer(503, X_RateLimit_Reset=reset)).retry_at is None


TRICKLES = {
    "a body": Answer(slowly([b" "] * 100, 0.05)),
    "headers": Answer(slowly([b"HTTP/1.1 200 OK\r\n", *[b"A: b\r\n"] * 90], 0.05), raw=True),
    "chunks": Answer(slowly([b"1\r\n \r\n"] * 100, 0.05), headers={"Transfer-Encoding": "chunked"}),
    "an error's body": Answer(slowly([b" "] * 100, 0.05), status=503),
}


@pytest.mark.parametrize("answer", TRICKLES.values(), ids=TRICKLES.keys())
def test_the_time_limit_holds_while_bytes_trickle_in(answer):
    error = fault(answer, limits=OVER)
    assert isinstance(error, SourceUnavailable)
    assert str(error).endswith(("was not done after 1.5 seconds.", "has trouble of its own (status 503)."))


def test_a_bomb_is_stopped_before_it_fills_the_memory():
    bomb = gzip.compress(b" " * 50 * 2**20)
    server = Script(answer(body=bomb, Content_Encoding="gzip"))
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnreadable, match="larger than 1,048,576 bytes after decompression"):
            ask(server)
        assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    finally:
        tracemalloc.stop()


def test_a_body_without_end_is_stopped_on_the_wire():
    def endless():
        while True:
            yield b" " * 2**14

    assert "larger than 262,144 bytes as sent" in str(fault(Answer(endless()), limits=ONCE))


def test_nothing_is_sent_to_an_address_that_may_not_be_read_from():
    server = Script(answer())
    with serving(server) as url:
        error = fault_at(url, allow_private=False)
    assert isinstance(error, SourceRefused)
    assert server.requests == []


def test_a_path_cannot_lead_to_another_server():
    with HttpDoor("https://api.example", BEARER, allow_private=False) as door:
        for path in (".evil.example/v1/models", "@evil.example/", ":1"):
            with pytest.raises(ValueError, match="begins with a slash"):
                door.get(path)


HEADS = st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\n", b"HTTP/1.0 429 \r\n", b"HTTP/1.1 "])
HEADERS = st.sampled_from(
    [b"Location: ", b"Retry-After: ", b"Content-Length: ", b"Content-Encoding: gzip\r\n", b"\r\n"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEADS, st.lists(HEADERS | st.binary(max_size=20)))
def test_whatever_a_server_sends_is_a_body_or_a_fault(head, rest):
    with (
        serving(Script(Answer(head + b"".join(rest), raw=True))) as url,
        HttpDoor(url, BEARER, allow_private=True, limits=ONCE) as door,
    ):
        try:
            assert isinstance(door.get("/v1/models"), bytes)
        except SourceError as error:
            assert KEY not in str(error)


def test_a_door_does_not_show_its_key():
    with HttpDoor("https://api.example", BEARER, allow_private=False) as door:
        assert repr(door) == "<HttpDoor https://api.example>"
        assert door.address("/v1/models") == "https://api.example/v1/models"
