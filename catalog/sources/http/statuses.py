"""What an HTTP status other than success means, one sentence for each."""

from datetime import datetime

from catalog.sources.errors import SourceError, SourceRefused, SourceUnavailable

BUSY = 429
PASSING = {408, 425, BUSY}
"""Like every 5xx, these may be gone at the next attempt."""


def meaning(status: int, host: str, path: str, *, key: bool, said: str, until: datetime | None) -> SourceError:
    """The error that ``status`` stands for.

    ``key`` tells whether one was sent, ``said`` is the server's own message, ``until`` when it wants to be asked again.
    """
    passing = status in PASSING or status >= 500
    text = f"{host} {_sentence(status, path, key)} (status {status})"
    if passing and until is not None:
        text += f" and asks to wait until {until:%H:%M:%S} UTC on {until.day} {until:%B %Y}"
    text += _advice(status, key)
    text += f" It says: “{said.rstrip('.')}”." if said else ""
    return SourceUnavailable(text, until) if passing else SourceRefused(text, status)


def elsewhere(host: str, target: str, status: int) -> SourceRefused:
    """A redirect that would leave the server that the base URL names."""
    return SourceRefused(
        f"{host} sends its readers on to {target} (status {status}). Ratecard does not follow to another server; if "
        "that is the right one, make it the base URL.",
        status,
    )


def in_circles(host: str) -> SourceRefused:
    """Redirects without an end."""
    return SourceRefused(f"{host} sends its readers from one address to the next without an end; check the base URL.")


def _sentence(status: int, path: str, key: bool) -> str:
    if status == 401:
        return "refused the key" if key else "asks for a key"
    if status == 403:
        return f"does not let this key read {path}" if key else f"does not let anyone read {path} without a key"
    if status in (404, 410):
        return f"has nothing at {path}"
    if status == BUSY:
        return "had too many requests"
    return "has trouble of its own" if status >= 500 else "did not answer with its models"


def _advice(status: int, key: bool) -> str:
    if status == 401:
        return ". Check that it is right and neither expired nor revoked." if key else ". Choose a credential for it."
    return ". Check the base URL." if status in (404, 410) else "."
