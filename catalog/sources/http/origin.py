"""Which server a URL names, and which base URLs and redirects are let through."""

from typing import NamedTuple
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from catalog.sources.errors import SourceRefused

PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """One server."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """How sentences name it: the port only where it is not the usual one."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"


def base_origin(base_url: str) -> Origin:
    """The server of a base URL. Raises SourceRefused, without quoting it, for one that cannot be used."""
    url = _parsed(base_url)
    origin = url and _origin(url)
    if url is None or origin is None:
        raise SourceRefused("The base URL has to begin with http:// or https:// and the name of a server.")
    if url.auth is not None:
        raise SourceRefused("The base URL must hold no user name or password; a key belongs in a credential.")
    if url.query is not None or url.fragment is not None:
        raise SourceRefused("The base URL must hold no “?” or “#”; what follows them is not a part of it.")
    return origin


def split(url: str) -> tuple[Origin, str]:
    """The server of a URL of ours, and what to ask it for."""
    parsed = parse_url(url)
    return Origin(parsed.scheme or "", parsed.host or "", parsed.port or PORTS[parsed.scheme or ""]), parsed.request_uri


def redirected(url: str, location: str) -> tuple[str, Origin | None]:
    """Where a redirect from ``url`` leads, and the server that it would leave for, None if it leaves for none.

    The same host over TLS instead of in clear is no other server.
    """
    try:
        target = _parsed(urljoin(url, location))
    except ValueError:
        target = None
    origin = target and _origin(target)
    if target is None or origin is None:
        return "", Origin("https", "an address that cannot be used", PORTS["https"])
    ours, _ = split(url)
    same = origin == ours or (ours.scheme == "http" and origin.scheme == "https" and origin.host == ours.host)
    return target.url, None if same and target.auth is None else origin


def _parsed(text: str) -> Url | None:
    try:
        return parse_url(text)
    except LocationParseError:
        return None


def _origin(url: Url) -> Origin | None:
    if url.scheme not in PORTS or not url.host:
        return None
    return Origin(url.scheme, url.host, url.port or PORTS[url.scheme])
