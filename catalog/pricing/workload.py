"""A workload: what one request looks like in tokens, and how many of them a month has.

The prompt *includes* its cached parts: those read from the cache and those written to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from catalog.pricing.rates import STANDARD
from catalog.pricing.units import HIGHEST_PICO, HIGHEST_PICO_PER_REQUEST

MOST_REQUESTS = 10**9
"""A billion requests a month, about 400 each second."""
MOST_TOKENS = 10**7
"""Ten million tokens, the longest context window that any vendor names; for the prompt and for the output."""
MOST_PICO_PER_REQUEST = 2 * MOST_TOKENS * HIGHEST_PICO + HIGHEST_PICO_PER_REQUEST
"""What a request costs at the most: it fits the 64 bits of a database's integer. A month's total need not."""
LONGEST_MODE = 60

LABELS = {
    "requests": "Requests per month",
    "prompt": "Prompt tokens per request",
    "cached_read": "Prompt tokens read from the cache",
    "cache_written": "Prompt tokens written to the cache",
    "output": "Output tokens per request",
}
LEAST = {"requests": 1, "prompt": 1, "cached_read": 0, "cache_written": 0, "output": 0}


class Problem(NamedTuple):
    """Why a workload is impossible: the fields that do not go together, and a sentence."""

    fields: tuple[str, ...]
    sentence: str


class WorkloadError(ValueError):
    """A workload that cannot be. ``problems`` are all that was found; the message joins their sentences."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.sentence for problem in problems))


@dataclass(frozen=True, slots=True)
class Workload:
    """``requests`` per month in ``mode``; the rest are tokens per request.

    ``cached_read`` and ``cache_written`` are parts of ``prompt``. Raises WorkloadError for what cannot be: more cached
    than the prompt holds, no request, an empty prompt, negative or enormous numbers.
    """

    requests: int
    prompt: int
    output: int
    cached_read: int = 0
    cache_written: int = 0
    mode: str = STANDARD

    def __post_init__(self) -> None:
        problems = [
            Problem((name,), sentence) for name in LABELS if (sentence := _out_of_bounds(name, getattr(self, name)))
        ]
        if not problems and self.cached_read + self.cache_written > self.prompt:
            sentence = (
                f"{self.cached_read:,} tokens read from the cache and {self.cache_written:,} written to it are more "
                f"than the {self.prompt:,} of the prompt, which holds both."
            )
            problems.append(Problem(("cached_read", "cache_written", "prompt"), sentence))
        if not 0 < len(self.mode) <= LONGEST_MODE or "\0" in self.mode:  # PostgreSQL's texts hold no NUL
            problems.append(Problem(("mode",), f"The mode must be a name of 1 to {LONGEST_MODE} characters."))
        if problems:
            raise WorkloadError(problems)

    @property
    def uncached(self) -> int:
        """Prompt tokens per request that are neither read from the cache nor written to it."""
        return self.prompt - self.cached_read - self.cache_written


def _out_of_bounds(name: str, number: int) -> str:
    least, most = LEAST[name], MOST_REQUESTS if name == "requests" else MOST_TOKENS
    if isinstance(number, bool) or not isinstance(number, int):
        return f"{LABELS[name]} must be a whole number."
    if not least <= number <= most:
        return f"{LABELS[name]} must be from {least} to {most:,}."
    return ""
