"""The key of a name: what is left when case and separators are taken away. Names are compared by it."""

import re

TOKEN = re.compile(r"[^\W\d_]+|\d+")
POINT = re.compile(r"(?<=\d)p(?=\d)")
SHORT = 2


def key_of(text: str) -> str:
    """Words and numbers in lower case, joined by dashes: ``Qwen3.6-Plus`` and ``qwen-3-6-plus`` are the same.

    ``4p7`` is 4.7 as Fireworks spells it. Claude's version goes last, wherever it stands (``claude-3.5-sonnet``), and
    without its ``.0``.
    """
    tokens = TOKEN.findall(POINT.sub("-", text.casefold()))
    return "-".join(_claude(tokens) if tokens[:1] == ["claude"] else tokens)


def _claude(tokens: list[str]) -> list[str]:
    end = 1
    while end < len(tokens) and tokens[end].isdigit() and len(tokens[end]) <= SHORT:
        end += 1
    tier = tokens[end : end + 1]
    if end > 1 and tier and tier[0].isalpha() and len(tier[0]) > SHORT:
        tokens = ["claude", *tier, *tokens[1:end], *tokens[end + 1 :]]
    while tokens[3:4] == ["0"] and tokens[2].isdigit() and len(tokens[2]) == 1:
        tokens = tokens[:3] + tokens[4:]
    return tokens
