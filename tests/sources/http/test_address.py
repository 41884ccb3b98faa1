"""Which addresses are read from, whatever names lead to them."""

import socket

import pytest

from catalog.sources.errors import SourceRefused
from catalog.sources.http import HttpDoor
from catalog.sources.http.address import Reach, reach
from tests.serve import Script, serving
from tests.sources.http.asking import BEARER, KEY, QUICK, answer, fault_at, raised

NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
]
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "fc00::1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 (an address to be refused)
    "::",
    "224.0.0.1",
    "ff02::1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2001:db8::1",
]
PUBLIC = ["8.8.8.8", "172.15.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", NEVER)
def test_the_local_link_and_metadata_lead_nowhere(address):
    assert reach(address) is Reach.NEVER


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_private(address):
    assert reach(address) is Reach.PRIVATE


@pytest.mark.parametrize("address", PUBLIC)
def test_the_rest_is_public(address):
    assert reach(address) is Reach.PUBLIC


def answers(monkeypatch, *addresses):
    """Let DNS answer with these addresses, one list for each time it is asked, the last for ever."""
    asked = []
    system = socket.getaddrinfo

    def look(host, port, *args, **options):
        asked.append(host)
        found = addresses[min(len(asked), len(addresses)) - 1]
        return [place for address in found for place in system(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return asked


@pytest.mark.parametrize("address", [address for address in NEVER if "%" not in address])
@pytest.mark.parametrize("allow_private", [True, False])
def test_a_name_that_leads_to_metadata_is_refused_even_where_private_is_allowed(monkeypatch, address, allow_private):
    answers(monkeypatch, [address])
    error = fault_at("http://catalog.test", allow_private=allow_private)
    assert isinstance(error, SourceRefused)
    assert str(error).startswith(f"catalog.test is at {address}, an address of the local link or of a cloud's metadata")


@pytest.mark.parametrize("spelled", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_refused_however_it_is_spelled(spelled):
    error = fault_at(f"http://{spelled}:9/", allow_private=False)
    assert "which is not a public address; set ALLOW_PRIVATE_ADDRESSES to read from it." in str(error)


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    asked = answers(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    server = Script(answer())
    with serving(server) as url:
        base = url.replace("127.0.0.1", "catalog.test")
        with HttpDoor(base, BEARER, allow_private=True, limits=QUICK) as door:
            assert door.get("/v1/models") == b'{"data": []}'
            assert door.get("/v1/models") == b'{"data": []}'
        assert asked == ["catalog.test"]
        assert server.requests[0].headers["Host"] == base.removeprefix("http://")
        assert "cloud's metadata" in str(fault_at(base))
    assert len(server.requests) == 2


def test_of_several_addresses_the_first_that_may_be_read_and_answers_is_taken(monkeypatch):
    answers(monkeypatch, ["169.254.169.254", "127.0.0.9", "127.0.0.1"])
    with serving(Script(answer())) as url:
        base = url.replace("127.0.0.1", "catalog.test")
        with HttpDoor(base, BEARER, allow_private=True, limits=QUICK) as door:
            assert door.get("/v1/models") == b'{"data": []}'


def test_a_key_does_not_travel_in_clear_over_the_internet(monkeypatch):
    answers(monkeypatch, ["8.8.8.8"])
    error = fault_at("http://catalog.test")
    assert isinstance(error, SourceRefused)
    assert str(error) == (
        "The base URL is plain http, so the key would travel to catalog.test in clear; use https, or no credential."
    )


@pytest.mark.parametrize(
    ("base_url", "text"),
    [
        ("ftp://api.example", "has to begin with http:// or https://"),
        ("api.example/v1", "has to begin with http:// or https://"),
        ("file:///etc/passwd", "has to begin with http:// or https://"),
        ("http://", "has to begin with http:// or https://"),
        ("", "has to begin with http:// or https://"),
        ("http://api.example:99999", "has to begin with http:// or https://"),
        ("http://[::1", "has to begin with http:// or https://"),
        (f"https://user:{KEY}@api.example", "must hold no user name or password"),
        (f"https://{KEY}@api.example", "must hold no user name or password"),
        (f"https://api.example/v1?key={KEY}", "must hold no “?” or “#”"),
        (f"https://api.example/v1#{KEY}", "must hold no “?” or “#”"),
    ],
)
def test_a_base_url_that_cannot_be_used_is_refused_without_being_quoted(base_url, text):
    error = raised(lambda: HttpDoor(base_url, {}, allow_private=True))
    assert isinstance(error, SourceRefused)
    assert text in str(error)
