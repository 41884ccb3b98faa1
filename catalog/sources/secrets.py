"""The verbatim copy of a row that a revision keeps: every digit as sent, without what nobody else may read."""

import re
from functools import lru_cache

import msgspec

REMOVED = "[removed by Ratecard]"
SECRET = re.compile(
    r"(api|access|secret|private|auth|master|virtual|subscription|signing|encryption)[_-]?keys?(_id)?$|"
    r"passw|passphrase|secret|(^|_)auth$|authorization|credential|cookie|webhook|headers$|connection_?string|api_?base|base_?url|"
    r"dsn$|pwd$|sas[_-]?ur[il]$|signature|bearer|^private$|"
    r"our_?markup|cost_?to_?us|profit_?margin",
    re.IGNORECASE,
)
"""Names of members that hold keys, the addresses behind which keys lie, or margins. A bare ``key`` names a model."""
TOKEN = re.compile(r"(?i:(?:^|[_-])(?:token|session(?:[_-]?id)?))$|[a-z](?:Token|Session(?:Id)?)$")
"""Names of members that hold an access token, unless it is a number: ``image_token`` may be a price."""
USER = re.compile(r"(?<=://)[^/?#\s]*@")
"""Who an address signs in as: ``user:password@``."""
PRICE = re.compile(r"cost|price|per_?token$", re.IGNORECASE)
NUMBER = re.compile(rb'"?-?[\d.]+([eE][-+]?\d+)?"?')
STRING = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?')
"""Each string of a JSON text, one after the other; a name is followed by a colon."""
NOTHING = (b"null", b"true", b"false", b'""')


def verbatim(row: bytes) -> str:
    """The JSON of one row, every number digit for digit.

    Members that hold secrets lose their value, and addresses the user and the password in them.
    Raises UnicodeDecodeError, and RecursionError for a row nested beyond all use.
    """
    if any(map(_is_suspect, _names(row))) or (_may_have_user(row) and any(map(_has_user, _strings(row)))):
        return msgspec.json.encode(_bare(msgspec.Raw(row))).decode()
    return row.decode()


def _names(row: bytes) -> set[bytes]:
    """The names of all members, at any depth. Without escapes every quote begins or ends a string."""
    if b"\\" in row:
        return {name for name, colon in STRING.findall(row) if colon}
    parts = row.split(b'"')
    return {name for name, after in zip(parts[1::2], parts[2::2], strict=True) if after.lstrip()[:1] == b":"}


def _strings(row: bytes) -> list[bytes]:
    return [text for text, _ in STRING.findall(row)]


@lru_cache(maxsize=4096)  # the rows of an answer share their names
def _is_suspect(name: bytes) -> bool:
    """Whether a member of this name may hold a secret. A name with escapes may be any."""
    text = name.decode(errors="replace")
    return "\\" in text or SECRET.search(text) is not None or _is_token(text)


def _may_have_user(sent: bytes) -> bool:
    return b"@" in sent or b"\\u0040" in sent


def _has_user(sent: bytes) -> bool:
    """Whether a string, without its quotes, holds an address with a user."""
    return _may_have_user(sent) and USER.search(_text(b'"' + sent + b'"')) is not None


def _text(sent: bytes) -> str:
    try:
        return msgspec.json.decode(sent, type=str)
    except msgspec.DecodeError:  # half a pair of surrogates
        return sent.decode(errors="replace")


def _is_token(name: str) -> bool:
    return TOKEN.search(name) is not None and not PRICE.search(name)


def _bare(value: msgspec.Raw) -> object:
    """The value without its secrets; of members with the same name only the last is left."""
    start = bytes(value).lstrip()[:1]
    if start == b"{":
        members = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
        return {name: REMOVED if _hides(name, item) else _bare(item) for name, item in members.items()}
    if start == b"[":
        return [_bare(item) for item in msgspec.json.decode(value, type=list[msgspec.Raw])]
    if start == b'"' and USER.search(text := _text(bytes(value).strip())):
        return USER.sub(f"{REMOVED}@", text)
    return value


def _hides(name: str, value: msgspec.Raw) -> bool:
    sent = bytes(value).strip()
    if sent in NOTHING:
        return False
    if SECRET.search(name):
        return True
    return _is_token(name) and not NUMBER.fullmatch(sent)
