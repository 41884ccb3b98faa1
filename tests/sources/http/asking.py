"""Ask a server of ours through the door, with limits that even a busy machine keeps."""

import traceback
from dataclasses import replace

from catalog.sources.errors import SourceError
from catalog.sources.http import HttpDoor, Limits
from tests.serve import Answer, Script, serving

KEY = "sk-live-4f9a8b7c6d5e4f3a2b1c"
BEARER = {"Authorization": f"Bearer {KEY}"}
QUICK = Limits(connect=10, read=10, total=20, backoff=0.01, longest_wait=10, wire=2**18, body=2**20)
ONCE = replace(QUICK, attempts=1)
OVER = replace(ONCE, total=1.5)
"""For what shall run out of time, though something keeps arriving."""


def ask(handler, *, headers=BEARER, limits=QUICK, tls=None):
    """The body that the server's answer comes to."""
    with serving(handler, tls=tls) as url, HttpDoor(url, headers, allow_private=True, limits=limits) as door:
        return door.get("/v1/models", [("limit", "100")])


def fault(*answers, **options):
    """The error that these answers end in, found to hold no key and no query, neither itself nor in its traceback."""
    return raised(lambda: ask(Script(*answers), **options))


def fault_at(url, *, headers=BEARER, limits=ONCE, allow_private=True):
    """The error that a base URL ends in."""

    def call():
        with HttpDoor(url, headers, allow_private=allow_private, limits=limits) as door:
            door.get("/v1/models", [("limit", "100")])

    return raised(call)


def raised(call):
    """The SourceError that ``call`` raises."""
    try:
        result = call()
    except SourceError as error:
        told = str(error) + "".join(traceback.format_exception(error))
        assert KEY not in told
        assert KEY[8:] not in told
        assert "limit=100" not in told
        return error
    raise AssertionError(f"No error, but {result!r}")


def answer(status=200, body=b'{"data": []}', **headers):
    """An answer; headers with underscores for dashes."""
    return Answer(body, status, {name.replace("_", "-"): value for name, value in headers.items()})
