"""Which addresses a catalog may be read from.

The registries: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


class Reach(Enum):
    """Where an address leads."""

    PUBLIC = "public"
    PRIVATE = "private"
    """This machine, its networks, and whatever else is not of the public internet."""
    NEVER = "never"
    """The local link, and the services by which clouds hand a machine its credentials."""


# Metadata services outside the local link: AWS, Google, Oracle, Scaleway; Alibaba, Oracle, Azure.
METADATA = frozenset(
    ip_address(text)
    for text in (
        "fd00:ec2::23",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fd00:c1::a9fe:a9fe",
        "fd00:42::42",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
    )
)
# IPv6 that stands for the IPv4 address in its last 32 bits: NAT64 (RFC 6052) and the old "compatible" form (RFC 4291).
ENDS_IN_IPV4 = (ip_network("64:ff9b::/96"), ip_network("::/96"))


def reach(text: str) -> Reach:
    """Where the address ``text`` leads, as the system resolver writes it (``fe80::1%eth0`` too)."""
    address = _meant(ip_address(text))
    if address.is_link_local or address in METADATA:
        return Reach.NEVER
    if address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified):
        return Reach.PUBLIC
    return Reach.PRIVATE


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only wraps, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if inner := address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1]):
        return inner
    if any(address in network for network in ENDS_IN_IPV4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
