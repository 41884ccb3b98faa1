"""The client's address: that of the connection, unless proxies of ours tell another."""

import pytest
from django.test import RequestFactory

from dashboard.client import client_address


def address(called_from: str, forwarded: str | None = None) -> str | None:
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=called_from, **more))


def test_without_proxies_nobody_is_believed():
    assert address("192.0.2.1", "198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.5, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.5, 198.51.100.7", "203.0.113.5"),
        (2, "made up,203.0.113.5 ,198.51.100.7", "203.0.113.5"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "made up", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, None, "192.0.2.1"),
    ],
)
def test_each_proxy_of_ours_tells_of_one_address(settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    assert address("192.0.2.1", forwarded) == expected


@pytest.mark.parametrize(
    ("called_from", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", None),  # a Unix socket has no address
    ],
)
def test_an_address_of_ipv6_stands_for_its_network(called_from, expected):
    assert address(called_from) == expected
