"""What resellers put around a model's name: organisations in front, ways of serving at the end.

Only a known family is ever reached this way: ``databricks-gpt-5`` is gpt-5 where that is known, and a name of its own
where it is not.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from catalog.matching.keys import key_of
from catalog.matching.rules import Rule
from catalog.matching.vendors import SPELLED

STORED = ("fp4", "fp8", "fp16", "bf16", "int4", "int8", "nvfp4", "mxfp4", "awq", "gptq", "gguf", "4bit", "6bit", "8bit")
SERVED = ("tee", "free", "flex", "maas", "batch")
SPEEDS = ("fast", "ultrafast", "highspeed", "lightning", "priority")
SUFFIXES = {key_of(word): word for word in (*STORED, *SERVED, *SPEEDS)}
"""Ways to store, serve and speed up a model, by their keys."""
FIRST_TOKENS = {word.partition("-")[0] for word in SPELLED}
LAST_TOKENS = {word.rpartition("-")[2] for word in SUFFIXES}
MOST_PREFIX, MOST_SUFFIX = 4, 2


class Plain(NamedTuple):
    """A shorter key and what was taken away: an organisation in front, or a way of serving at the end.

    ``own_name`` tells that a vendor may well have named a model of its own so (``…-fast``).
    """

    key: str
    rule: Rule
    variant: str = ""
    own_name: bool = False
    prefixed: bool = False


provider_key = lru_cache(maxsize=4096)(key_of)
"""A provider's slug as a key."""


@lru_cache(maxsize=65536)
def undressed(key: str, provider: str) -> tuple[Plain, ...]:
    """Shorter forms of a key, the nearest first: prefixes before suffixes, then both."""
    bare = [Plain(rest, Rule.PREFIX, prefixed=True) for rest in _without_prefix(key, provider)]
    ends = list(_without_suffix(key))
    both = [end._replace(prefixed=True) for plain in bare for end in _without_suffix(plain.key)]
    return (*bare, *ends, *both)


def _without_prefix(key: str, provider: str) -> Iterator[str]:
    """Without a vendor's name in front, or the provider's own."""
    own = provider_key(provider)
    first = key.partition("-")[0]
    if first not in FIRST_TOKENS and first != own.partition("-")[0]:
        return
    tokens = key.split("-")
    for count in range(1, min(len(tokens), MOST_PREFIX + 1)):
        head = "-".join(tokens[:count])
        if head in SPELLED or f"{own}-".startswith(f"{head}-"):
            rest = "-".join(tokens[count:])
            yield rest
            yield from _without_prefix(rest, provider)


def _without_suffix(key: str) -> Iterator[Plain]:
    """Without one way of serving at the end, then without all."""
    tokens = key.split("-")
    if tokens[-1] not in LAST_TOKENS:
        return
    for count in range(1, min(len(tokens), MOST_SUFFIX + 1)):
        if word := SUFFIXES.get("-".join(tokens[-count:])):
            head = "-".join(tokens[:-count])
            yield Plain(head, Rule.SUFFIX, word, own_name=word in SPEEDS)
            for more in _without_suffix(head):
                yield more._replace(variant=f"{more.variant} {word}", own_name=more.own_name or word in SPEEDS)
