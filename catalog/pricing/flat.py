"""What one request costs by many prices at once: the rules of `catalog.pricing.cost`, without the lines.

A price list that is asked for one workload after another is made flat once: what no workload changes is settled then,
and an outcome is left to be a few comparisons and products.

An *outcome* is pico-dollars per request, or below 0 the place of a reason in REASONS, counted from -1 down.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from catalog.pricing.cost import EXCLUDED, STATES, Limits, Reason
from catalog.pricing.rates import PriceState
from catalog.pricing.workload import MOST_TOKENS, Workload

REASONS = tuple(Reason)
CODES = {reason: -1 - place for place, reason in enumerate(REASONS)}
CODES_EXCLUDED = frozenset(CODES[reason] for reason in EXCLUDED)

Gaps = tuple[bool, bool, bool, bool]
"""Whether the price of uncached, read, written and output tokens is missing, fallbacks and all."""
NO_GAPS = (False, False, False, False)


class FlatPrice(NamedTuple):
    """Pico-dollars per token, fallbacks filled in, and 0 for what ``gaps`` tells to be missing.

    ``most_prompt`` and ``most_output`` are tokens. ``otherwise`` is the outcome where the sum is 0.
    """

    most_prompt: int
    most_output: int
    gaps: Gaps
    uncached: int
    cached_read: int
    cache_written: int
    output: int
    request: int
    otherwise: int


def flat_price(
    prices: Mapping[str, int | None], *, state: PriceState, limits: Limits, is_offered: bool = True
) -> FlatPrice:
    """The flat form of a tier's prices, by component; ``is_offered`` tells whether they are of the workload's mode."""
    if not is_offered:
        return FlatPrice(MOST_TOKENS, MOST_TOKENS, NO_GAPS, 0, 0, 0, 0, 0, CODES[Reason.NOT_OFFERED])
    known = [most for most in (limits.context, limits.max_input) if most is not None]
    most_prompt = min(known, default=MOST_TOKENS)
    most_output = MOST_TOKENS if limits.max_output is None else limits.max_output
    if state in STATES:
        return FlatPrice(most_prompt, most_output, NO_GAPS, 0, 0, 0, 0, 0, CODES[STATES[state]])
    uncached, output = prices["input"], prices["output"]
    read = uncached if prices["cache_read"] is None else prices["cache_read"]
    written = uncached if prices["cache_write"] is None else prices["cache_write"]
    if prices["blended"] is not None:
        uncached = read = written = output = prices["blended"]
    return FlatPrice(
        most_prompt,
        most_output,
        (uncached is None, read is None, written is None, output is None),
        uncached or 0,
        read or 0,
        written or 0,
        output or 0,
        prices["request"] or 0,
        0 if state is PriceState.FREE else CODES[Reason.ZERO_UNCONFIRMED],
    )


def outcomes(prices: Sequence[FlatPrice], workload: Workload) -> list[int]:
    """The outcome by each of these prices, which are those that the workload is charged by."""
    prompt, uncached, read, written = workload.prompt, workload.uncached, workload.cached_read, workload.cache_written
    output = workload.output
    missing = {gaps: _missing(gaps, workload) for gaps in {price.gaps for price in prices}}
    too_large, too_long = CODES[Reason.PROMPT_TOO_LARGE], CODES[Reason.OUTPUT_TOO_LARGE]
    return [
        too_large
        if prompt > most_prompt
        else too_long
        if output > most_output
        else missing[gaps]
        or uncached * price + read * price_read + written * price_written + output * price_output + request
        or otherwise
        for (
            most_prompt,
            most_output,
            gaps,
            price,
            price_read,
            price_written,
            price_output,
            request,
            otherwise,
        ) in prices
    ]


def _missing(gaps: Gaps, workload: Workload) -> int:
    """The outcome where these prices are missing; 0 if the workload needs none of them."""
    needed = (workload.uncached, workload.cached_read, workload.cache_written, workload.output)
    *prompt, output = (gap and tokens > 0 for gap, tokens in zip(gaps, needed, strict=True))
    if any(prompt):
        return CODES[Reason.NO_PRICE if output else Reason.NO_INPUT_PRICE]
    return CODES[Reason.NO_OUTPUT_PRICE] if output else 0
