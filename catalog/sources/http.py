"""The one door to the network."""

from collections.abc import Mapping
from urllib.parse import urlencode

import requests

from catalog.sources.base import Parameters


class HttpDoor:
    """Reads from one catalog's server."""

    def __init__(self, base_url: str, headers: Mapping[str, str], *, allow_private: bool) -> None:
        self.base_url = base_url.rstrip("/")
        self.headers = headers
        self.allow_private = allow_private

    def address(self, path: str) -> str:
        """The full address of ``path``, without parameters."""
        return f"{self.base_url}{path}"

    def get(self, path: str, parameters: Parameters = ()) -> bytes:
        """The body of a successful answer. Raises SourceError."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return requests.get(f"{self.address(path)}{query}", headers=dict(self.headers), timeout=10).content
