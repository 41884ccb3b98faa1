"""Connections that only go to addresses that may be read from, and that keep to the time and bytes left.

A name is resolved once, each of its addresses is looked at, and the connection goes to exactly one of those: a name
that answers differently the second time is never asked a second time. Proxies and other settings of the environment
are not looked at, for they would connect somewhere else.
"""

import queue
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from catalog.sources.errors import SourceError
from catalog.sources.http import faults
from catalog.sources.http.address import Reach, reach
from catalog.sources.http.limits import Budget


class Place(NamedTuple):
    """One address of a name, as `socket.connect` takes it."""

    family: int
    sockaddr: Any


@dataclass(frozen=True, slots=True)
class Gate:
    """What every connection of one door goes by."""

    budget: Budget
    allow_private: bool
    carries_key: bool

    def connect(self, host: str, port: int, *, plain: bool) -> "PacedSocket":
        """A socket connected to the first address of ``host`` that may be read from and answers. Raises SourceError."""
        problem: SourceError = faults.no_address(self.budget.host)
        for place in self._places(host, port):
            if refusal := self._refusal(place, plain):
                problem = refusal
                continue
            sock = PacedSocket(place.family, socket.SOCK_STREAM)
            try:
                sock.budget = self.budget
                sock.settimeout(self.budget.step(self.budget.limits.connect))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.connect(place.sockaddr)
                sock.settimeout(self.budget.step(self.budget.limits.connect))  # of the TLS handshake
            except OSError as error:
                sock.close()
                problem = faults.not_reached(self.budget.host, error, self.budget.limits.connect)
            except SourceError:
                sock.close()
                raise
            else:
                return sock
        raise problem

    def _refusal(self, place: Place, plain: bool) -> SourceError | None:
        address = place.sockaddr[0]
        where = reach(address)
        if where is Reach.NEVER:
            return faults.forbidden(self.budget.host, address)
        if where is Reach.PRIVATE and not self.allow_private:
            return faults.private(self.budget.host, address)
        if where is Reach.PUBLIC and plain and self.carries_key:
            return faults.in_clear(self.budget.host)
        return None

    def _places(self, host: str, port: int) -> list[Place]:
        """The addresses of ``host``. In a thread, for nothing else puts a limit to the system's resolver."""
        found: queue.SimpleQueue[list[Place]] = queue.SimpleQueue()

        def look() -> None:
            try:
                answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):  # UnicodeError: a label that no DNS name can have
                answers = []
            found.put([Place(answer[0], answer[4]) for answer in answers])

        threading.Thread(target=look, daemon=True).start()
        try:
            return found.get(timeout=self.budget.step(self.budget.limits.connect))
        except queue.Empty:
            return []


class PacedSocket(socket.socket):
    """A socket whose every read keeps to the budget: however slowly bytes trickle in, they end in time."""

    budget: Budget

    def recv_into(self, *args: Any, **options: Any) -> int:
        """Read. Raises SourceError instead of an OSError."""
        return _paced(self, super().recv_into, *args, **options)


class PacedTLSSocket(ssl.SSLSocket):
    """The same inside TLS."""

    budget: Budget

    def recv_into(self, *args: Any, **options: Any) -> int:
        """Read. Raises SourceError instead of an OSError."""
        return _paced(self, super().recv_into, *args, **options)


def _paced(sock: PacedSocket | PacedTLSSocket, read: Any, *args: Any, **options: Any) -> int:
    sock.settimeout(sock.budget.step(sock.budget.limits.read))
    try:
        count: int = read(*args, **options)
    except TimeoutError:
        raise sock.budget.silence() from None
    except OSError:
        raise faults.broken_off(sock.budget.host) from None
    sock.budget.took(count)
    return count


class PlainConnection(HTTPConnection):
    """http through a gate."""

    def __init__(self, *args: Any, gate: Gate, **options: Any) -> None:
        super().__init__(*args, **options)
        self.gate = gate

    def _new_conn(self) -> socket.socket:
        return self.gate.connect(self._dns_host, self.port, plain=True)


class TLSConnection(HTTPSConnection):
    """https through a gate."""

    def __init__(self, *args: Any, gate: Gate, **options: Any) -> None:
        super().__init__(*args, **options)
        self.gate = gate

    def _new_conn(self) -> socket.socket:
        return self.gate.connect(self._dns_host, self.port, plain=False)

    def connect(self) -> None:
        """Connect and shake hands."""
        budget = self.gate.budget
        try:
            super().connect()
        except TimeoutError as error:
            raise faults.not_reached(budget.host, error, budget.limits.connect) from None
        cast(PacedTLSSocket, self.sock).budget = budget


def pool_to(scheme: str, host: str, port: int, gate: Gate) -> HTTPConnectionPool:
    """Connections to one server, kept open between the pages of an answer until the pool is closed."""
    if scheme == "http":
        pool = HTTPConnectionPool(host, port, maxsize=1, gate=gate)
        pool.ConnectionCls = PlainConnection
        return pool
    secure = HTTPSConnectionPool(host, port, maxsize=1, gate=gate, ssl_context=_trust())
    secure.ConnectionCls = TLSConnection
    return secure


def _trust() -> ssl.SSLContext:
    """Whom to believe: certifi's authorities and the system's, which SSL_CERT_FILE may name (a company's own)."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    context.sslsocket_class = PacedTLSSocket
    return context
