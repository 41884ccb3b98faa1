"""Cached tokens as shares of the prompt, in percent, and back: the round trip keeps every token."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from catalog.pricing.workload import LABELS, Problem, Workload, WorkloadError

ALL = Decimal(100)


class Shares(NamedTuple):
    """Which part of the prompt is read from the cache and which is written to it, in percent."""

    read: Decimal
    written: Decimal


def cached_tokens(prompt: int, shares: Shares) -> tuple[int, int]:
    """The tokens read and written that ``shares`` of a ``prompt`` are; half a token counts as one.

    The written ones are rounded together with the read ones, so that shares of up to 100% never make more than the
    prompt holds. Raises WorkloadError, with the fields ``cached_read`` and ``cache_written``.
    """
    problems = [
        Problem((name,), f"{LABELS[name]} must be from 0 to 100% of the prompt.")
        for name, share in zip(("cached_read", "cache_written"), shares, strict=True)
        if not (share.is_finite() and 0 <= share <= ALL)
    ]
    if not problems and sum(map(Fraction, shares)) > 100:
        sentence = f"{shares.read}% read from the cache and {shares.written}% written to it are more than the prompt."
        problems.append(Problem(("cached_read", "cache_written"), sentence))
    if problems:
        raise WorkloadError(problems)
    read, both = _part(prompt, Fraction(shares.read)), _part(prompt, sum(map(Fraction, shares), Fraction()))
    return read, both - read


def shares_of(workload: Workload) -> Shares:
    """The shares with the fewest decimals that `cached_tokens` makes the same tokens of."""
    whole, read, both = workload.prompt, workload.cached_read, workload.cached_read + workload.cache_written
    first = _shortest(whole, read, Decimal(0))
    return Shares(first, _shortest(whole, both, first))


def _part(prompt: int, percent: Fraction) -> int:
    return int(prompt * percent / 100 + Fraction(1, 2))


def _shortest(prompt: int, tokens: int, before: Decimal) -> Decimal:
    """The shortest percentage that on top of ``before`` makes so many of the prompt's tokens."""
    exact = Fraction(100 * tokens, prompt) - Fraction(before)
    places = 0
    while True:
        scale = 10**places
        share = Decimal(int(exact * scale + Fraction(1, 2))).scaleb(-places) if exact > 0 else Decimal(0)
        reached = Fraction(before) + Fraction(share)
        if reached <= 100 and _part(prompt, reached) == tokens:
            return share
        places += 1
