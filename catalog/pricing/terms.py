"""Contract terms: what a catalog's list prices become for whoever has a contract.

A term is a change in % or fixed prices, for a catalog or a part of it, from one day to another. Of several that fit,
one alone applies: the most special (`rank`). The same rules as SQL are in `catalog.models.effective`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from fnmatch import translate
from functools import lru_cache
from typing import Any

from catalog.pricing.rates import COMPONENTS, TOKEN_COMPONENTS, PriceState, RateRow

WHOLE = 10_000
"""Basis points of an unchanged price."""
LOWEST_CHANGE, HIGHEST_CHANGE = -9_900, 30_000
"""In basis points. Four times the highest prices still make sums of one request that fit 64 bits."""
MOST_STARS = 8
"""In one pattern: more say nothing, and cost databases time."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term. Empty texts mean any: ``provider`` a provider's slug, ``pattern`` a glob, ``mode`` a rate's mode.

    ``change`` is in basis points, -2000 is 20% off; without it there are ``fixed`` prices by component (COMPONENTS), in
    pico-dollars per token or request. It holds from ``first_day`` to the end of ``last_day``, UTC; None: until further
    notice.
    """

    id: int
    catalog: int
    first_day: date
    last_day: date | None = None
    provider: str = ""
    pattern: str = ""
    mode: str = ""
    change: int | None = None
    fixed: Mapping[str, int] = field(default_factory=dict, hash=False)
    reason: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def rank(self) -> tuple[bool, bool, bool, date, int]:
        """The highest applies: a pattern beats a provider beats a mode; then the latest to begin or be entered."""
        return bool(self.pattern), bool(self.provider), bool(self.mode), self.first_day, self.id

    def applies(self, catalog: int, provider: str, ref: str, key: str, mode: str) -> bool:
        """Whether it is for this offer, whose own name (``ref``) or ``key`` fits the pattern, in this mode."""
        return (
            self.catalog == catalog
            and self.provider in ("", provider)
            and self.mode in ("", mode)
            and (not self.pattern or fits(self.pattern, ref) or fits(self.pattern, key))
        )


def day_of(moment: datetime) -> date:
    """The day, in UTC, whose terms hold at this moment."""
    return moment.astimezone(UTC).date()


def in_force(terms: Iterable[Term], day: date) -> tuple[Term, ...]:
    """Those that hold on this day, each before those that it beats."""
    return tuple(sorted((term for term in terms if term.holds_on(day)), key=lambda term: term.rank, reverse=True))


def term_for(terms: Sequence[Term], *, catalog: int, provider: str, ref: str, key: str, mode: str) -> Term | None:
    """Of terms in the order of `in_force` the one that applies."""
    return next((term for term in terms if term.applies(catalog, provider, ref, key, mode)), None)


def terms_for(terms: Sequence[Term], *, catalog: int, provider: str, ref: str, key: str) -> tuple[Term, ...]:
    """Those of ``terms`` that are for this offer, each in a mode of its own or in all, in their order."""
    return tuple(term for term in terms if term.applies(catalog, provider, ref, key, term.mode))


def fits(pattern: str, text: str) -> bool:
    """Whether the text is what the glob says: ``*`` is any characters, ``?`` one; the case of A to Z is ignored."""
    return _glob(pattern).match(text) is not None


@lru_cache(maxsize=1_000)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.replace("[", "[[]")), re.IGNORECASE | re.ASCII)


def changed(price: int | None, change: int) -> int | None:
    """The price changed by basis points, rounded half up to a pico-dollar.

    Unknown stays unknown and 0 stays 0; what costs something never becomes 0.
    """
    return price and max(1, (price * (WHOLE + change) + WHOLE // 2) // WHOLE)


def fixes(term: Term, component: str, *, blended: bool) -> bool:
    """Whether the term sets this price: in a row with one price for all tokens that one, in others those beside it."""
    return component in term.fixed and (component == "request" or (component == "blended") == blended)


def effective(row: RateRow, term: Term | None) -> RateRow:
    """The row under the term that applies to it.

    A change moves every price that is known. A fixed price holds in every tier and mode that the term is for; what it
    does not name keeps its list price.
    """
    if term is None:
        return row
    if term.change is not None:
        moved: dict[str, Any] = {name: changed(getattr(row, name), term.change) for name in COMPONENTS}
        return replace(row, **moved)
    blended = row.blended is not None
    fixed: dict[str, Any] = {name: term.fixed[name] for name in COMPONENTS if fixes(term, name, blended=blended)}
    return replace(row, **fixed, inherited=tuple(name for name in row.inherited if name not in fixed))


def effective_state(state: PriceState, row: RateRow, term: Term | None) -> PriceState:
    """What is known of the prices of ``row``, which is under the term already; ``state`` is that of the list prices.

    Prices that a contract fixes are priced or free whatever the catalog says. A change says nothing new.
    """
    fixed = [name for name in TOKEN_COMPONENTS if term and fixes(term, name, blended=row.blended is not None)]
    if not fixed:
        return state
    if any(getattr(row, name) for name in fixed):
        return PriceState.PRICED
    free = {"blended"} if row.blended is not None else {"input", "output"}
    return PriceState.FREE if free <= {*fixed} and not any(_costs(row)) else state


def _costs(row: RateRow) -> Iterable[int | None]:
    """The token prices that a request can be charged by."""
    return [row.blended] if row.blended is not None else [getattr(row, name) for name in TOKEN_COMPONENTS]
