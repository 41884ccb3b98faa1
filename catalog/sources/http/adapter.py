"""requests, with all its connections through one gate.

No `requests.Session`: its redirects, cookies, proxies and netrc would send what the door did not say where it did not
say.
"""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from catalog.sources.errors import SourceError
from catalog.sources.http import faults
from catalog.sources.http.origin import Origin, split
from catalog.sources.http.wire import Gate, pool_to


class GateAdapter(HTTPAdapter):
    """Gives each server a pool of its own, made by `wire`; tries nothing twice, for the door decides that."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(max_retries=Retry(total=False))
        self.gate = gate
        self.pools: dict[Origin, HTTPConnectionPool] = {}

    def get_connection_with_tls_context(self, request: Any, *args: Any, **options: Any) -> HTTPConnectionPool:
        """The pool of the server that the request names."""
        origin, _ = split(request.url)
        if origin not in self.pools:
            self.pools[origin] = pool_to(*origin, self.gate)
        return self.pools[origin]

    def cert_verify(self, *args: Any, **options: Any) -> None:
        """Leave the pool as it is: `wire` said whom it believes, and it always looks."""

    def close(self) -> None:
        """Close the connections that are still open."""
        for pool in self.pools.values():
            pool.close()
        self.pools.clear()


def explained(error: requests.RequestException | HTTPError, host: str) -> SourceError:
    """What an error of requests or urllib3 means: requests wraps that of urllib3, or says what it cannot send."""
    inner = error.args[0] if isinstance(error, requests.RequestException) and error.args else error
    return faults.explained(inner if isinstance(inner, HTTPError) else HTTPError(inner), host)
