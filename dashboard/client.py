"""Who asks: the address of the client, as far as it can be believed."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address, or None where it is unknown; of IPv6 its /64 network, which is a single client's.

    Each of our PROXY_COUNT proxies adds the address that it was called from to the end of X-Forwarded-For, so the first
    of them wrote the entry that many places from the end. Whatever stands before it anyone may have made up.
    """
    called_from = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        return _network(forwarded[-settings.PROXY_COUNT].strip()) or _network(called_from)
    return _network(called_from)


def _network(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False).network_address)
    return str(address)
