"""Each thing that goes wrong has its sentence."""

import socket
import threading
import time
from dataclasses import replace

import pytest

from catalog.sources.errors import SourceRefused, SourceUnavailable, SourceUnreadable
from tests.certificates import certificate
from tests.serve import Answer, Script, closed_port, serving, slowly
from tests.sources.http.asking import BEARER, KEY, ONCE, OVER, answer, ask, fault, fault_at

STATUSES = {
    401: "refused the key (status 401). Check that it is right and neither expired nor revoked.",
    403: "does not let this key read /v1/models (status 403).",
    404: "has nothing at /v1/models (status 404). Check the base URL.",
    410: "has nothing at /v1/models (status 410). Check the base URL.",
    418: "did not answer with its models (status 418).",
    304: "did not answer with its models (status 304).",
    206: "did not answer with its models (status 206).",
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_no_says_what_to_do(status):
    error = fault(answer(status))
    assert isinstance(error, SourceRefused)
    assert error.status == status
    assert str(error).startswith("127.0.0.1:")
    assert str(error).endswith(STATUSES[status])


def test_without_a_key_the_sentence_asks_for_one():
    assert str(fault(answer(401), headers={})).endswith("asks for a key (status 401). Choose a credential for it.")
    assert str(fault(answer(403), headers={})).endswith("let anyone read /v1/models without a key (status 403).")


@pytest.mark.parametrize(
    ("status", "text"),
    [(429, "had too many requests (status 429)."), (500, "has trouble of its own (status 500).")],
)
def test_what_may_pass_is_unavailable(status, text):
    error = fault(answer(status))
    assert isinstance(error, SourceUnavailable)
    assert str(error).endswith(text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "The answer is empty."),
        (b" \n", "The answer is empty."),
        (b"\n<!doctype html><title>Sign in</title>", "The answer is HTML or XML, not JSON"),
        (b'{"name": "caf\xe9"}', "The answer is not UTF-8 text: byte 13 cannot be read."),
        (b"[" * 65 + b"]" * 65, "The answer has lists and objects more than 64 levels deep."),
        (b"{" * 100_000, "The answer has lists and objects more than 64 levels deep."),
    ],
)
def test_an_answer_that_cannot_be_json(body, text):
    error = fault(answer(body=body))
    assert isinstance(error, SourceUnreadable)
    assert str(error).startswith(text)


def test_an_answer_that_says_gzip_and_is_not():
    error = fault(answer(body=b"[1, 2, 3]", Content_Encoding="gzip"))
    assert isinstance(error, SourceUnreadable)
    assert str(error) == "The answer is compressed and cannot be unpacked: it is damaged."


BROKEN = {
    "reset": Answer([b"["], headers={"Content-Length": "9"}, reset=True),
    "closed": Answer([b"["], headers={"Content-Length": "9"}),
    "closed between chunks": Answer([b"1\r\n[\r\n"], headers={"Transfer-Encoding": "chunked"}),
    "nothing": Answer(b"", raw=True),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_line_that_breaks(answer):
    error = fault(answer, limits=ONCE)
    assert isinstance(error, SourceUnavailable)
    assert str(error).endswith("broke the connection off before its answer was whole.")


@pytest.mark.parametrize(
    "raw",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 two hundred\r\n\r\n", b"\0\1\2\r\n\r\n", f"Bearer {KEY}\r\n".encode()],
)
def test_a_server_that_speaks_something_else(raw):
    assert str(fault(Answer(raw, raw=True))).endswith(
        "answered with something that is not HTTP; check the base URL and its port."
    )


def test_lengths_that_contradict_each_other_and_headers_without_end():
    for head in (b"Content-Length: 3, 4\r\n", b"A: b\r\n" * 200, b"A: " + b"b" * 70_000 + b"\r\n"):
        error = fault(Answer(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n[]", raw=True))
        assert str(error).endswith("is not HTTP; check the base URL and its port.")


def test_silence():
    error = fault(Answer(slowly([b"["], 2)), limits=replace(ONCE, read=0.3))
    assert str(error).endswith("sent nothing for 0.3 seconds.")


def test_nobody_listens():
    assert "refused the connection" in str(fault_at(f"http://127.0.0.1:{closed_port()}"))


def test_nobody_picks_up():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        waiting = []
        for _ in range(3):  # they fill the queue, so that the system drops whoever comes next
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(server.getsockname())
            waiting.append(one)
        error = fault_at(f"http://127.0.0.1:{server.getsockname()[1]}", limits=replace(ONCE, connect=0.5))
        for one in waiting:
            one.close()
    assert str(error).endswith("could not be reached within 0.5 seconds.")


def test_a_name_that_dns_does_not_know(monkeypatch):
    def unknown(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert str(fault_at("https://catalog.test")) == (
        "No address was found for catalog.test. Check the base URL's spelling and this machine's DNS."
    )


def test_a_resolver_that_is_silent(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: time.sleep(2) or [])
    assert "No address was found" in str(fault_at("https://catalog.test", limits=replace(ONCE, connect=0.3)))


def test_a_name_that_no_dns_name_can_be():
    assert "No address was found" in str(fault_at(f"http://{'a' * 70}.test"))


def test_tls_that_is_trusted(monkeypatch, tmp_path):
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = Script(answer())
    assert ask(server, tls=context) == b'{"data": []}'
    assert server.requests[0].headers["Authorization"] == BEARER["Authorization"]


@pytest.mark.parametrize(
    ("options", "trusted", "why"),
    [
        ({}, False, "self-signed certificate"),
        ({"days": -1}, True, "certificate has expired"),
        ({"address": "127.0.0.9"}, True, "IP address mismatch"),
    ],
)
def test_tls_that_is_not(monkeypatch, tmp_path, options, trusted, why):
    context, file = certificate(tmp_path, **options)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = Script(answer())
    error = _refusal(server, context)
    assert f"could not prove who it is: {why}" in str(error)
    assert server.requests == []


def _refusal(server, context):
    with serving(server, tls=context) as url:
        error = fault_at(url)
    assert isinstance(error, SourceRefused)
    return error


def test_https_to_a_server_of_plain_http():
    with serving(Script(answer())) as url:
        error = fault_at(url.replace("http://", "https://"))
    assert "No secure connection to 127.0.0.1" in str(error)


def test_a_handshake_that_never_comes():
    with socket.create_server(("127.0.0.1", 0)) as server:
        error = fault_at(f"https://127.0.0.1:{server.getsockname()[1]}", limits=replace(ONCE, connect=0.5))
    assert str(error).endswith("could not be reached within 0.5 seconds.")


def test_a_handshake_that_is_broken_off():
    def hang_up(server):
        line, _ = server.accept()
        with line:
            line.recv(2**16)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hang_up, args=[server])
        thread.start()
        error = fault_at(f"https://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert isinstance(error, SourceUnavailable)
    assert str(error).endswith("broke the connection off before its answer was whole.")


def test_the_time_limit_holds_inside_tls(monkeypatch, tmp_path):
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    error = fault(Answer(slowly([b" "] * 100, 0.05)), tls=context, limits=OVER)
    assert str(error).endswith("was not done after 1.5 seconds.")
