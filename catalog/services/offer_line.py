"""One row of the Offers table, as it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from catalog.pricing.rates import TOKEN_COMPONENTS, PriceState, RateRow
from catalog.pricing.terms import Term, effective, effective_state, term_for

FIELDS = (
    "offer_id",
    "catalog_id",
    "ref",
    "name",
    "provider_name",
    "provider_inferred",
    "input",
    "output",
    "cache_read",
    "cache_write",
    "blended",
    "inherited",
    "above",
    "up_to",
    "context_tokens",
    "max_output_tokens",
    "lifecycle",
    "price_state",
    "by_hour",
    "valid_from",
)
FITTED = ("provider", "revision__key", "mode")
"""What, besides FIELDS, tells which contract term applies to a row."""


class OfferLine(NamedTuple):
    """One row of the table. Prices are pico-dollars per token, sizes tokens; None is unknown.

    ``next_input`` is the input price above ``up_to``, where prices change with the prompt; ``held`` why a new price is
    held back; ``cost`` what a request of a workload costs, in pico-dollars; ``pk`` the id of the rate, ``of`` that of
    the offer's family and ``slug`` its name. They are None unless asked for. Where a contract has changed prices,
    ``term`` says how, and ``listed`` holds the catalog's own.
    """

    offer_id: int
    catalog_id: int
    ref: str
    name: str
    provider_name: str
    provider_inferred: bool
    input: int | None
    output: int | None
    cache_read: int | None
    cache_write: int | None
    blended: int | None
    inherited: str
    above: int
    up_to: int | None
    context_tokens: int | None
    max_output_tokens: int | None
    lifecycle: str
    price_state: str
    by_hour: bool
    valid_from: datetime
    next_input: int | None = None
    held: str | None = None
    cost: int | None = None
    pk: int | None = None
    of: int | None = None
    slug: str | None = None
    term: Term | None = None
    listed: RateRow | None = None


def lines_from(rows: Iterable[Sequence[Any]], more: Sequence[str], terms: Sequence[Term]) -> list[OfferLine]:
    """The lines of rows of values: of FIELDS, then of ``more``, then, where there are terms, of FITTED."""
    if not terms:
        return [_line(row, more) for row in rows] if more else [OfferLine(*row) for row in rows]
    place = len(FIELDS) + len(more)
    return [_under(terms, _line(row, more), *row[place:]) for row in rows]


def _line(row: Sequence[Any], more: Sequence[str]) -> OfferLine:
    """The line of the values of FIELDS, and of ``more`` behind them."""
    return OfferLine(*row[: len(FIELDS)], **dict(zip(more, row[len(FIELDS) :], strict=False)))


def _under(terms: Sequence[Term], line: OfferLine, provider: str, key: str, mode: str) -> OfferLine:
    """The line under the term that applies to it: the one by whose prices the database has sorted it."""
    term = term_for(terms, catalog=line.catalog_id, provider=provider, ref=line.ref, key=key, mode=mode)
    prices = {name: getattr(line, name) for name in TOKEN_COMPONENTS}
    listed = RateRow(mode, line.above, line.up_to, **prices, inherited=tuple(line.inherited.split()))
    row = effective(listed, term)
    if row == listed:
        return line
    following = effective(replace(listed, input=line.next_input), term).input
    changed: dict[str, Any] = {name: getattr(row, name) for name in TOKEN_COMPONENTS}
    return line._replace(
        **changed,
        inherited=" ".join(row.inherited),
        price_state=effective_state(PriceState(line.price_state), row, term).value,
        next_input=None if line.next_input is None else following,
        term=term,
        listed=listed,
    )
