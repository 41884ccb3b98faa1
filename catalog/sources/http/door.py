"""Ask a catalog's server for an answer, again if need be, and give up with a sentence that says why."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import requests
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from catalog.sources.base import Parameters, Watch
from catalog.sources.body import checked
from catalog.sources.errors import SourceError, SourceRefused, SourceUnavailable
from catalog.sources.http import faults, statuses
from catalog.sources.http.adapter import GateAdapter, explained
from catalog.sources.http.limits import Budget, Limits
from catalog.sources.http.origin import base_origin, redirected
from catalog.sources.http.waits import retry_at
from catalog.sources.http.wire import Gate
from catalog.sources.http.words import shown, words

OURS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Ratecard/0.1"}
REDIRECTS = {301, 302, 303, 307, 308}
PIECE = 2**16
MOST_OF_AN_ERROR = 2**16
"""Bytes of an error's body that are looked at for the server's own message."""


class HttpDoor:
    """Reads from one catalog's server, by one thread at a time. Close it, or use it in a ``with`` statement.

    ``headers`` carry the key: they are sent to that server alone and shown nowhere. Raises SourceRefused when the base
    URL or the headers cannot be used.
    """

    def __init__(
        self, base_url: str, headers: Mapping[str, str], *, allow_private: bool, limits: Limits | None = None
    ) -> None:
        origin = base_origin(base_url)
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise SourceRefused("The key holds a line break or a letter that no key has; enter it again.")
        self.base_url = base_url.rstrip("/")
        self._host = str(origin)
        self._headers = {**OURS, **headers}
        self._secrets = [value.removeprefix("Bearer ") for value in headers.values()]
        self._limits = limits or Limits()
        self._budget = Budget(self._limits, self._host)
        self._adapter = GateAdapter(Gate(self._budget, allow_private, carries_key=bool(headers)))

    def __repr__(self) -> str:
        return f"<HttpDoor {self.base_url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are still open."""
        self._adapter.close()

    def address(self, path: str) -> str:
        """The full address of ``path``, without parameters."""
        return f"{self.base_url}{path}"

    def count(self, rows: int, total: int | None = None) -> None:
        """Nothing: a sync's own door keeps count."""

    def watched_by(self, watch: Watch) -> None:
        """Tell ``watch`` of each answer's bytes as they come over the wire."""
        self._budget.watch = watch

    def get(self, path: str, parameters: Parameters = ()) -> bytes:
        """The body of a successful answer: text that may be JSON. Raises SourceError, and ValueError for a bad path.

        What may pass (no connection, too many requests, trouble of the server's own) is tried again after a wait, which
        is the one that the server asks for if that is short enough.
        """
        if not path.startswith("/") and path:  # it would name another server: https://api.example + .evil.example
            raise ValueError("A path begins with a slash.")
        url = self.address(path) + (f"?{urlencode(parameters)}" if parameters else "")
        self._budget.start()
        attempt = 1
        while True:
            try:
                return checked(self._followed(url, path), self._limits.depth)
            except SourceUnavailable as error:
                wait = self._wait(error, attempt)
                if attempt == self._limits.attempts or wait > self._budget.left():
                    raise
            time.sleep(wait)
            attempt += 1

    def _wait(self, error: SourceUnavailable, attempt: int) -> float:
        """Seconds until the next attempt, without end if the server wants more of them than we wait."""
        if error.retry_at is None:
            return self._limits.backoff * 2.0 ** (attempt - 1)
        asked = max((error.retry_at - datetime.now(UTC)).total_seconds(), 0)
        return asked if asked <= self._limits.longest_wait else float("inf")

    def _followed(self, url: str, path: str) -> bytes:
        """The body at ``url``, or from where its server sends us within itself."""
        seen: set[str] = set()
        while url not in seen and len(seen) <= self._limits.redirects:
            seen.add(url)
            with self._asked(url) as response:
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or not location:
                    return self._body(response, path)
                url, away = redirected(url, location)
                if away is not None:
                    raise statuses.elsewhere(self._host, shown(str(away), self._secrets), response.status)
        raise statuses.in_circles(self._host)

    @contextmanager
    def _asked(self, url: str) -> Iterator[BaseHTTPResponse]:
        """The answer of one request, its body still to be read; a connection that was read to its end stays open."""
        self._budget.refill()
        try:
            request = requests.Request("GET", url, headers=self._headers).prepare()
            response = self._adapter.send(request, stream=True, timeout=self._limits.read)
            try:
                yield response.raw
            finally:
                response.raw.close()
        except (requests.RequestException, HTTPError) as error:
            raise explained(error, self._host) from None

    def _body(self, response: BaseHTTPResponse, path: str) -> bytes:
        if 200 <= response.status < 300 and response.status != 206:  # 206 is a part of an answer
            return self._whole(response)
        said = ""
        with suppress(SourceError, HTTPError):
            said = words(response.read(MOST_OF_AN_ERROR, decode_content=True), self._secrets)
        until = retry_at(response.headers, datetime.now(UTC), limited=response.status == statuses.BUSY)
        raise statuses.meaning(response.status, self._host, path, key=bool(self._secrets), said=said, until=until)

    def _whole(self, response: BaseHTTPResponse) -> bytes:
        pieces, size = [], 0
        while piece := response.read(PIECE, decode_content=True):
            size += len(piece)
            if size > self._limits.body:
                raise faults.too_large(self._limits.body, "after decompression")
            pieces.append(piece)
        return b"".join(pieces)
