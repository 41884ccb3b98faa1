"""A redirect is followed within its server and nowhere else; the key goes to no other."""

import pytest

from catalog.sources.errors import SourceRefused
from catalog.sources.http import HttpDoor
from tests.certificates import certificate
from tests.serve import Script, serving
from tests.sources.http.asking import BEARER, QUICK, answer, ask, fault, fault_at


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/v2/models?limit=5", "/v2/./models?limit=5#top", "../v2/models?limit=5"])
def test_a_redirect_within_the_server_is_followed(status, location):
    server = Script(answer(status, Location=location), answer(body=b"[1]"))
    assert ask(server) == b"[1]"
    assert (server.requests[1].path, server.requests[1].query) == ("/v2/models", [("limit", "5")])
    assert server.requests[1].headers["Authorization"] == BEARER["Authorization"]


def test_a_redirect_to_another_server_is_not():
    other = Script(answer())
    with serving(other) as target:
        error = fault(answer(302, Location=f"{target}/v1/models?key=abc"))
    assert isinstance(error, SourceRefused)
    assert error.status == 302
    assert f"sends its readers on to {target.removeprefix('http://')} (status 302)." in str(error)
    assert other.requests == []


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("//evil.example/v1/models", "evil.example"),
        ("http://127.0.0.1:1@evil.example/", "evil.example"),
        ("ftp://evil.example/", "an address that cannot be used"),
        ("http://[::1", "an address that cannot be used"),
        ("http://evil.example:99999/", "an address that cannot be used"),
        ("file:///etc/passwd", "an address that cannot be used"),
    ],
)
def test_a_redirect_that_hides_where_it_goes_is_not(location, named):
    assert f"sends its readers on to {named} (status 307)." in str(fault(answer(307, Location=location)))


def test_a_redirect_with_a_password_is_not():
    server = Script(answer())
    with serving(server) as url:
        server.answers = (answer(302, Location=url.replace("http://", "http://user:pass@")), answer())
        assert "Ratecard does not follow" in str(fault_at(url))
    assert len(server.requests) == 1


def test_a_redirect_without_an_address_is_an_answer_like_others():
    assert "did not answer with its models (status 302)" in str(fault(answer(302)))


def test_the_same_host_over_tls_is_followed_and_from_there_nothing_back_in_clear(monkeypatch, tmp_path):
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    plain, secure = Script(answer()), Script(answer(body=b"[1]"))
    with serving(plain) as url, serving(secure, tls=context) as secure_url:
        plain.answers = (answer(301, Location=f"{secure_url}/v1/models"),)
        with HttpDoor(url, BEARER, allow_private=True, limits=QUICK) as door:
            assert door.get("/v1/models") == b"[1]"
        secure.answers = (answer(301, Location=f"{url}/v1/models"),)
        assert "Ratecard does not follow" in str(fault_at(url))
    assert len(plain.requests) == 2
    assert secure.requests[0].headers["Authorization"] == BEARER["Authorization"]


@pytest.mark.parametrize("locations", [["/v1/models?limit=100"], ["/a", "/b"], ["/a", "/a"]])
def test_redirects_in_circles_end(locations):
    answers = [answer(302, Location=location) for location in locations] * 10
    server = Script(*answers)
    with pytest.raises(SourceRefused, match="from one address to the next without an end"):
        ask(server)
    assert len(server.requests) <= 3


def test_redirects_that_never_repeat_end_too():
    server = Script(*[answer(302, Location=f"/{number}") for number in range(99)])
    with pytest.raises(SourceRefused, match="without an end"):
        ask(server)
    assert len(server.requests) == QUICK.redirects + 1
