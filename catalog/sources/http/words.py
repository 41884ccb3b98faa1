"""What a server itself says of an error, made fit to be shown: short, on one line, and without a secret."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import msgspec

MOST = 200
NAMES = ("message", "msg", "detail", "error_description", "error", "errors", "title")
"""Members that hold the message, or an object that does, the best first."""
DEEPEST = 5
SHARED = 8
"""So many characters in a row that a secret has too are taken to be a part of it."""
REMOVED = "[removed]"
PIECE = re.compile(r"%([0-9A-Fa-f]{2})|.", re.DOTALL)
"""One character, which may stand percent-encoded as it does in an address."""
QUERY = re.compile(r"\?\S*=\S*")
TOKEN = re.compile(r"[A-Za-z0-9_+/=]{32,}")


def words(body: bytes, secrets: Iterable[str]) -> str:
    """The message in an error's body, "" if there is none.

    Of OpenAI's ``{"error": {"message"}}``, Anthropic's ``{"error": {"type", "message"}}``, NestJS's ``{"error",
    "message"}`` and FastAPI's ``{"detail": [{"msg"}]}``, whatever is there.
    """
    try:
        found = _find(msgspec.json.decode(body), DEEPEST)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return shown(found, secrets)


def shown(text: str, secrets: Iterable[str]) -> str:
    """The text on one line of at most 200 characters, without the secrets or parts of them, other tokens or queries."""
    text = " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())
    for secret in secrets:
        text = _without(text, secret)
    text = TOKEN.sub(REMOVED, QUERY.sub("", text))
    return text if len(text) <= MOST else text[: MOST - 1].rstrip() + "…"


def _find(value: Any, levels: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and levels:
        return "; ".join(found for item in value[:3] if (found := _find(item, levels - 1)))
    if isinstance(value, dict) and levels:
        return next((found for name in NAMES if (found := _find(value.get(name), levels - 1))), "")
    return ""


def _without(text: str, secret: str) -> str:
    """Also parts, in any case and percent-encoded: servers shorten a key that they quote, and write it as they like."""
    searched, decoded = _decoded(text), _decoded(secret)
    length = min(SHARED, len(decoded))
    if not length:
        return text
    known = b"\n".join([decoded, secret.encode("ascii", "replace").lower()])
    hidden: set[int] = set()
    for start in range(len(searched) - length + 1):
        if searched[start : start + length] in known:
            hidden.update(range(start, start + length))
    marked = "".join("\0" if index in hidden else char for index, char in enumerate(_pieces(text)))
    return re.sub("\0+", REMOVED, marked)


def _pieces(text: str) -> list[str]:
    return [piece[0] for piece in PIECE.finditer(text)]


def _decoded(text: str) -> bytes:
    """The text in lower case, one byte for each of its pieces."""
    plain = (
        bytes.fromhex(piece[1]) if piece[1] else piece[0].encode("ascii", "replace") for piece in PIECE.finditer(text)
    )
    return b"".join(plain).lower()
