"""A vendor's server on this machine, over a real socket: answers as a test wants them, faults included."""

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived. ``headers`` are looked up by name in any case; ``connection`` is one number per connection."""

    path: str
    query: list[tuple[str, str]]
    headers: Message
    connection: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: one body with its length, or pieces written one by one until they end, then the line closes.

    ``raw`` pieces are all that is sent, without a status line: for servers that do not speak HTTP. ``reset`` ends the
    connection with a reset instead of an orderly close.
    """

    body: bytes | Iterable[bytes] = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bool = False
    reset: bool = False


Handler = Callable[[Request], Answer]


class Script:
    """A handler that gives these answers in turn, the last one for ever, and keeps the ``requests`` that came."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = answers
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        """The next answer."""
        self.requests.append(request)
        return self.answers[min(len(self.requests), len(self.answers)) - 1]


def slowly(pieces: Iterable[bytes], seconds: float) -> Iterator[bytes]:
    """The pieces, with a pause before each."""
    for piece in pieces:
        time.sleep(seconds)
        yield piece


@contextlib.contextmanager
def serving(handler: Handler, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve until the block ends; the value is the base URL, without a slash at its end."""
    server = _Server((host, 0), _handler_class(handler))
    server.tls = tls
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow answer must not hold up the test that hung up on it
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: socket.socket, client_address: object) -> None:
        # Here and not in the listening socket: a handshake that fails must not stop the server.
        with contextlib.suppress(OSError):
            if self.tls is not None:
                request.settimeout(5)
                request = self.tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
            if self.tls is not None:
                request.close()


def _handler_class(handler: Handler) -> type[BaseHTTPRequestHandler]:
    class Bound(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = parse_qsl(url.query, keep_blank_values=True)
            _send(self, handler(Request(url.path, query, self.headers, self.client_address[1])))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that it overrides)
            """Nothing: what a test expects to see it asserts."""

    return Bound


def _send(line: BaseHTTPRequestHandler, answer: Answer) -> None:
    whole = isinstance(answer.body, bytes)
    if answer.raw or answer.reset or not whole:
        line.close_connection = True
    if not answer.raw:
        line.send_response(answer.status)
        headers = Message()
        headers["Content-Type"] = "application/json"
        if whole:
            headers["Content-Length"] = str(len(answer.body))
        for name, value in answer.headers.items():
            del headers[name]
            headers[name] = value
        for name, value in headers.items():
            line.send_header(name, value)
        line.end_headers()
    with contextlib.suppress(OSError):  # the client may hang up whenever it has seen enough
        for piece in [answer.body] if whole else answer.body:
            line.wfile.write(piece)
        if answer.reset:
            line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.connection.close()
