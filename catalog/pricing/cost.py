"""What one request of a workload costs by the prices of one offer, line by line, or why that cannot be said.

* The tier is chosen by the whole prompt, its cached parts included, and reprices all tokens of the request.
* Tokens read from or written to the cache are billed as input where their own price is not known.
* One price for all tokens (`RateRow.blended`) applies to cached ones too. A price per request is added.
* A request must fit: its prompt the context window and the largest input, its output the largest output, each where it
  is known. OpenAI and Anthropic count prompt and output together against the window
  (https://platform.openai.com/docs/guides/conversation-state#managing-the-context-window,
  https://docs.anthropic.com/en/docs/build-with-claude/context-windows), Google counts them apart
  (https://ai.google.dev/gemini-api/docs/models). Catalogs do not say whose rule an offer follows, so a sum above the
  window does not exclude it: `Cost.above_window` tells.
* A total of 0 counts only where the catalog or a contract says that the offer is free: elsewhere a 0 may be a gap.
* A contract term changes the prices first (`catalog.pricing.terms`); all of the above is then said of its prices.

`catalog.services.cost_sql` has the same rules for databases.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from catalog.pricing.rates import STANDARD, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state
from catalog.pricing.workload import Workload


class Reason(StrEnum):
    """Why there is no cost: what is not known, or why the offer cannot do it."""

    NO_INPUT_PRICE = "no_input_price"
    NO_OUTPUT_PRICE = "no_output_price"
    NO_PRICE = "no_price"
    VARIABLE = "variable"
    NOT_TOKEN_PRICED = "not_token_priced"
    ZERO_UNCONFIRMED = "zero_unconfirmed"
    NOT_OFFERED = "not_offered"
    PROMPT_TOO_LARGE = "prompt_too_large"
    OUTPUT_TOO_LARGE = "output_too_large"

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return SENTENCES[self]


SENTENCES = {
    Reason.NO_INPUT_PRICE: "The input price is not known.",
    Reason.NO_OUTPUT_PRICE: "The output price is not known.",
    Reason.NO_PRICE: "Neither the input nor the output price is known.",
    Reason.VARIABLE: "The price varies from request to request.",
    Reason.NOT_TOKEN_PRICED: "It is not priced per token.",
    Reason.ZERO_UNCONFIRMED: "The price is given as 0, which may also mean that it was never filled in.",
    Reason.NOT_OFFERED: "It is not offered in this mode.",
    Reason.PROMPT_TOO_LARGE: "The prompt is larger than it can read.",
    Reason.OUTPUT_TOO_LARGE: "The output is longer than it can write.",
}
EXCLUDED = (Reason.NOT_OFFERED, Reason.PROMPT_TOO_LARGE, Reason.OUTPUT_TOO_LARGE)
"""The offer cannot do it, whatever it costs."""
STATES = {
    PriceState.VARIABLE: Reason.VARIABLE,
    PriceState.NOT_TOKEN_PRICED: Reason.NOT_TOKEN_PRICED,
    PriceState.ZERO_UNCONFIRMED: Reason.ZERO_UNCONFIRMED,
}
NO_PRICES = {"input": Reason.NO_INPUT_PRICE, "output": Reason.NO_OUTPUT_PRICE}


class Limits(NamedTuple):
    """Sizes of an offer in tokens; None is unknown and excludes nothing."""

    context: int | None = None
    max_input: int | None = None
    max_output: int | None = None


NO_LIMITS = Limits()


class TakenFrom(StrEnum):
    """Whose price stands in where a tier or mode does not state its own."""

    OWN = ""
    LOWER_TIER = "lower tier"
    STANDARD = "standard mode"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a request: ``tokens`` at ``rate`` pico-dollars each make ``amount`` pico-dollars.

    ``component`` is one of `rates.COMPONENTS`; for ``request`` there are no tokens and the rate is the amount.
    ``billed_as`` is another component where the offer has no price of this one. ``list_rate`` is the catalog's own
    price of what it is billed as, from which a contract may have moved the rate; None if the catalog names none.
    """

    component: str
    tokens: int
    rate: int
    amount: int
    billed_as: str
    taken_from: TakenFrom = TakenFrom.OWN
    list_rate: int | None = None

    @property
    def falls_back(self) -> bool:
        """Whether the price is another component's, tier's or mode's."""
        return self.billed_as != self.component or self.taken_from is not TakenFrom.OWN


@dataclass(frozen=True, slots=True)
class Cost:
    """Pico-dollars ``per_request`` and ``per_month``, exact, and the lines that add up to the former.

    ``above`` and ``up_to`` are the ends of the tier in prompt tokens. ``blended`` tells that one price holds for all
    tokens, ``above_window`` that prompt and output together exceed the context window. ``term`` is the contract term
    that has changed the tier's prices.
    """

    lines: tuple[Line, ...]
    per_request: int
    per_month: int
    above: int
    up_to: int | None
    blended: bool
    above_window: bool
    term: Term | None = None

    @property
    def list_per_request(self) -> int | None:
        """Pico-dollars of the same lines by the catalog's own prices; None where it does not name them all."""
        listed = [(line.tokens if line.component != "request" else 1, line.list_rate) for line in self.lines]
        known = [tokens * rate for tokens, rate in listed if rate is not None]
        return sum(known) if len(known) == len(listed) else None


def cost(
    rates: Sequence[RateRow],
    workload: Workload,
    *,
    state: PriceState,
    limits: Limits = NO_LIMITS,
    term: Term | None = None,
) -> Cost | Reason:
    """What the workload costs by the ``rates`` of one offer (all its modes and tiers), or why there is no number.

    ``rates`` and ``state`` are the catalog's own; ``term`` is the one that applies to the offer in the workload's mode.
    """
    listed = priced_by(rates, workload)
    if listed is None:
        return Reason.NOT_OFFERED
    row = effective(listed, term)
    state = effective_state(state, row, term)
    if reason := _too_large(workload, limits) or STATES.get(state):
        return reason
    parts = _parts(row, workload)
    missing = {billed_as for _, billed_as, _ in parts if getattr(row, billed_as) is None}
    if missing:
        return Reason.NO_PRICE if len(missing) > 1 else NO_PRICES[missing.pop()]
    if row.request is not None:
        parts.append(("request", "request", 0))
    lines = [_line(row, part, _taken_from(rates, row, part[1]), list_rate=getattr(listed, part[1])) for part in parts]
    total = sum(line.amount for line in lines)
    if not total and state is not PriceState.FREE:
        return Reason.ZERO_UNCONFIRMED
    return Cost(
        lines=tuple(lines),
        per_request=total,
        per_month=total * workload.requests,
        above=row.above,
        up_to=row.up_to,
        blended=row.blended is not None,
        above_window=limits.context is not None and workload.prompt + workload.output > limits.context,
        term=term if row != listed else None,
    )


def priced_by(rates: Iterable[RateRow], workload: Workload) -> RateRow | None:
    """The row of the workload's mode whose tier holds its prompt; None if there is none."""
    return next(
        (
            row
            for row in rates
            if row.mode == workload.mode
            and row.above < workload.prompt
            and (row.up_to is None or workload.prompt <= row.up_to)
        ),
        None,
    )


def _too_large(workload: Workload, limits: Limits) -> Reason | None:
    if any(most is not None and workload.prompt > most for most in (limits.context, limits.max_input)):
        return Reason.PROMPT_TOO_LARGE
    if limits.max_output is not None and workload.output > limits.max_output:
        return Reason.OUTPUT_TOO_LARGE
    return None


def _parts(row: RateRow, workload: Workload) -> list[tuple[str, str, int]]:
    """The parts of a request that have tokens: component, the one whose price is used, tokens."""
    if row.blended is not None:
        return [("blended", "blended", workload.prompt + workload.output)]
    read_as = "input" if row.cache_read is None else "cache_read"
    written_as = "input" if row.cache_write is None else "cache_write"
    parts = [
        ("input", "input", workload.uncached),
        ("cache_read", read_as, workload.cached_read),
        ("cache_write", written_as, workload.cache_written),
        ("output", "output", workload.output),
    ]
    return [part for part in parts if part[-1]]


def _line(row: RateRow, part: tuple[str, str, int], taken_from: TakenFrom, *, list_rate: int | None) -> Line:
    component, billed_as, tokens = part
    rate = getattr(row, billed_as)
    amount = rate if component == "request" else tokens * rate
    return Line(component, tokens, rate, amount, billed_as, taken_from, list_rate)


def _taken_from(rates: Iterable[RateRow], row: RateRow, component: str) -> TakenFrom:
    """Where an inherited price was stated: in the standard mode if the mode's first tier inherits it too."""
    if component not in row.inherited:
        return TakenFrom.OWN
    first = min((other for other in rates if other.mode == row.mode), key=lambda other: other.above)
    stated = row.mode == STANDARD or component not in first.inherited
    return TakenFrom.LOWER_TIER if stated else TakenFrom.STANDARD
