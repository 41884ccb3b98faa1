"""Effective prices as SQL over `Rate`, by the rules of `catalog.pricing.terms`: to sort, filter and rank by."""

from collections.abc import Sequence

from django.db.models import BigIntegerField, Case, CharField, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from catalog.models.glob import Fits
from catalog.pricing.rates import COMPONENTS, TOKEN_COMPONENTS, PriceState
from catalog.pricing.terms import WHOLE, Term, fixes

PREFIX = "own_"
MOVED = frozenset({*COMPONENTS, "price_state"})
"""Columns of `Rate` that a contract changes."""


def column(name: str, terms: Sequence[Term]) -> str:
    """What the column of a rate is called `under` these terms: by its own name where they cannot change it."""
    return f"{PREFIX}{name}" if terms and name in MOVED else name


def columns_under(terms: Sequence[Term]) -> dict[str, Case]:
    """The effective prices and price state. ``terms`` are in the order of `pricing.terms.in_force`."""
    matches = [(is_for(term), term) for term in terms]
    prices = {
        name: Case(
            *(When(match, then=_price(term, name)) for match, term in matches),
            default=F(name),
            output_field=BigIntegerField(),
        )
        for name in COMPONENTS
    }
    state = Case(
        *(When(match, then=_state(term)) for match, term in matches), default=F("price_state"), output_field=CharField()
    )
    return {f"{PREFIX}{name}": made for name, made in (prices | {"price_state": state}).items()}


def strongest(terms: Sequence[Term]) -> Case:
    """The id of the term that applies to a rate."""
    matches = (When(is_for(term), then=Value(term.id)) for term in terms)
    return Case(*matches, default=None, output_field=BigIntegerField())


def is_for(term: Term) -> Q:
    """The rates that a term is for."""
    found = Q(catalog=term.catalog)
    if term.provider:
        found &= Q(provider=term.provider)
    if term.mode:
        found &= Q(mode=term.mode)
    if term.pattern:
        found &= Q(Fits(F("ref"), term.pattern)) | Q(Fits(F("revision__key"), term.pattern))
    return found


def _price(term: Term, name: str) -> Combinable:
    if term.change is not None:
        return _changed(name, term.change)
    alone, beside = (fixes(term, name, blended=blended) for blended in (True, False))
    if not (alone or beside):
        return F(name)
    fixed = Value(term.fixed[name], BigIntegerField())
    if alone and beside:
        return fixed
    return Case(When(blended__isnull=beside, then=fixed), default=F(name), output_field=BigIntegerField())


def _changed(name: str, change: int) -> Case:
    """As `pricing.terms.changed`, in two parts: a price per request times basis points leaves 64 bits."""
    share = Value(WHOLE + change, BigIntegerField())
    whole = Value(WHOLE, BigIntegerField())
    moved = F(name) / whole * share + (F(name) % whole * share + Value(WHOLE // 2, BigIntegerField())) / whole
    at_least = Greatest(Value(1, BigIntegerField()), moved)
    return Case(When(**{f"{name}__gt": 0}, then=at_least), default=F(name), output_field=BigIntegerField())


def _state(term: Term) -> Combinable:
    """The price state: that of the catalog unless the contract fixes prices that say more."""
    told = []
    for blended in (True, False):
        fixed = [name for name in TOKEN_COMPONENTS if fixes(term, name, blended=blended)]
        rows = Q(blended__isnull=not blended)
        if any(term.fixed[name] for name in fixed):
            told.append(When(rows, then=Value(PriceState.PRICED.value)))
        elif {"blended"} <= {*fixed}:
            told.append(When(rows, then=Value(PriceState.FREE.value)))
        elif {"input", "output"} <= {*fixed}:
            for name in {"cache_read", "cache_write"} - {*fixed}:
                rows &= Q((name, None)) | Q((name, 0))
            told.append(When(rows, then=Value(PriceState.FREE.value)))
    return Case(*told, default=F("price_state"), output_field=CharField())
