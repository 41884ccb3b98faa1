"""Where families that people merged have gone."""

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key", int, str)


def trail(start: Key, merged: Mapping[Key, Key]) -> list[Key]:
    """``start``, what that was merged into, and so on: the last one is what it is by now."""
    steps = [start]
    while steps[-1] in merged:
        steps.append(merged[steps[-1]])
    return steps
