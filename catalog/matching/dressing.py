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
MOST_TOKENS = 2


class Plain(NamedTuple):
    """A shorter key and what was taken away: an organisation in front, or a way of serving at the end.

    ``own_name`` tells that a vendor may well have named a model of its own so (``…-fast``).
    """

    key: str
    rule: Rule
    variant: str = ""
    own_name: bool = False
    prefixed: bool = False


@lru_cache(maxsize=65536)
def undressed(key: str, provider: str) -> tuple[Plain, ...]:
    """Shorter forms of a key, the nearest first: prefixes before suffixes, then both."""
    bare = [Plain(rest, Rule.PREFIX, prefixed=True) for rest in _without_prefix(key, provider)]
    ends = list(_without_suffix(key))
    both = [end._replace(prefixed=True) for plain in bare for end in _without_suffix(plain.key)]
    return (*bare, *ends, *both)


def _without_prefix(key: str, provider: str) -> Iterator[str]:
    """Without a vendor's name in front, or the provider's own."""
    tokens = key.split("-")
    own = key_of(provider).split("-")
    owns = {"-".join(own[:count]) for count in range(1, len(own) + 1)}
    for count in range(1, min(len(tokens), 5)):
        head = "-".join(tokens[:count])
        if head in SPELLED or head in owns:
            rest = "-".join(tokens[count:])
            yield rest
            yield from _without_prefix(rest, provider)


def _without_suffix(key: str) -> Iterator[Plain]:
    tokens = key.split("-")
    for count in range(1, MOST_TOKENS + 1):
        tail = "-".join(tokens[-count:])
        if len(tokens) > count and (word := SUFFIXES.get(tail)):
            head = "-".join(tokens[:-count])
            yield Plain(head, Rule.SUFFIX, word, own_name=word in SPEEDS)
            for more in _without_suffix(head):
                yield more._replace(variant=f"{more.variant} {word}", own_name=more.own_name or word in SPEEDS)
