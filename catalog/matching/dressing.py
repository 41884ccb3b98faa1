"""What resellers put around a model's name: organisations in front, ways of serving at the end.

Only a known family is ever reached this way: ``databricks-gpt-5`` is gpt-5 where that is known, and a name of its own
where it is not.
"""

import re
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
HOSTS = ("azure", "bedrock", "cerebras", "databricks", "fireworks", "groq", "snowflake", "together", "vertex")
PREFIXES = {*SPELLED, *HOSTS}
"""Makers of models, and those who host the models of others, by their keys."""
FIRST_TOKENS = {word.partition("-")[0] for word in PREFIXES}
LAST_TOKENS = {word.rpartition("-")[2] for word in SUFFIXES}
TOGETHER = re.compile(r"(?<=[a-z])-([1-9])(\d)(?=$|-(?![bkmex](?:-|$)))")
MOST_PREFIX, MOST_SUFFIX = 4, 2


class Plain(NamedTuple):
    """A shorter key, by which rule, and the way of serving that was taken from its end.

    ``speed`` tells that this was a speed: a vendor may well have a model of its own called ``…-fast``. ``stored`` tells
    that nothing else was taken away than how the model is stored or billed.
    """

    key: str
    rule: Rule
    variant: str = ""
    speed: bool = False

    @property
    def stored(self) -> bool:
        """No prefix, no speed, no digits: a vendor's own catalog may add this too."""
        return self.rule == Rule.SUFFIX and not self.speed


provider_key = lru_cache(maxsize=4096)(key_of)
"""A provider's slug as a key."""


@lru_cache(maxsize=65536)
def undressed(key: str, provider: str) -> tuple[Plain, ...]:
    """Shorter forms of a key, the nearest first: prefixes before suffixes, both, then run-together versions."""
    bare = [Plain(rest, Rule.PREFIX) for rest in _without_prefix(key, provider)]
    ends = list(_without_suffix(key))
    both = [end._replace(rule=Rule.PREFIX) for plain in bare for end in _without_suffix(plain.key)]
    found = (*bare, *ends, *both)
    apart = (plain._replace(key=split, rule=Rule.DIGITS) for plain in found for split in _digits_apart(plain.key))
    return (*found, *(Plain(split, Rule.DIGITS) for split in _digits_apart(key)), *apart)


def _digits_apart(key: str) -> Iterator[str]:
    """``gpt-52-codex`` as gpt-5.2-codex; what is followed by a unit (``27b``, ``32k``) is no version."""
    for found in TOGETHER.finditer(key):
        yield f"{key[: found.start()]}-{found[1]}-{found[2]}{key[found.end() :]}"


def _without_prefix(key: str, provider: str) -> Iterator[str]:
    """Without a vendor's name in front, or the provider's own."""
    own = provider_key(provider)
    first = key.partition("-")[0]
    if first not in FIRST_TOKENS and first != own.partition("-")[0]:
        return
    tokens = key.split("-")
    for count in range(1, min(len(tokens), MOST_PREFIX + 1)):
        head = "-".join(tokens[:count])
        if head in PREFIXES or f"{own}-".startswith(f"{head}-"):
            rest = key_of("-".join(tokens[count:]))
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
            yield Plain(head, Rule.SUFFIX, word, speed=word in SPEEDS)
            for more in _without_suffix(head):
                yield more._replace(variant=f"{more.variant} {word}", speed=more.speed or word in SPEEDS)
