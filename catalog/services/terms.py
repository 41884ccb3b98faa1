"""Contract terms: which there are, and recording and withdrawing them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils import timezone

from catalog.models import Catalog, ContractTerm
from catalog.pricing.terms import Term as Term  # pages name the type
from catalog.pricing.terms import day_of, in_force
from catalog.sync.moment import writing


class Withdrawn(Exception):
    """The term was withdrawn meanwhile; the text is for whoever wanted to change it."""


def terms_of(catalogs: Iterable[Catalog]) -> tuple[Term, ...]:
    """The terms of these catalogs for any day, without a query."""
    return tuple(msgspec.convert(term, Term) for catalog in catalogs for term in catalog.terms)


def terms_at(catalogs: Iterable[Catalog], as_of: datetime | None) -> tuple[Term, ...]:
    """The terms in force on the day of ``as_of`` (None: today), each before those that it beats."""
    return in_force(terms_of(catalogs), day_of(as_of or timezone.now()))


@transaction.atomic
def term_record(term: ContractTerm, by: int | None, *, instead_of: int | None = None) -> None:
    """Put a new term on record; ``by`` is a user's id, ``instead_of`` that of the one that it replaces.

    Raises Withdrawn if that one is in force no more.
    """
    now = writing()
    places = {term.catalog_id}
    if instead_of is not None:
        places.add(ContractTerm.objects.values_list("catalog_id", flat=True).get(pk=instead_of))
    _lock(places)
    if instead_of is not None and not _withdraw([instead_of], by, now):
        raise Withdrawn("Someone else has changed or withdrawn this term meanwhile; nothing was saved.")
    term.pk, term._state.adding = None, True
    term.recorded_at, term.recorded_by_id = now, by
    term.withdrawn_at = term.withdrawn_by_id = None
    term.save(force_insert=True)
    _copy(places)


@transaction.atomic
def terms_withdraw(ids: Iterable[int], by: int | None) -> int:
    """Withdraw these terms; tells how many of them were in force until now."""
    ids, now = list(ids), writing()
    places = set(ContractTerm.objects.filter(pk__in=ids).values_list("catalog_id", flat=True))
    _lock(places)
    count = _withdraw(ids, by, now)
    _copy(places)
    return count


def _lock(places: set[int]) -> None:
    """One writer at a time for the copies of these catalogs (ids)."""
    list(Catalog.objects.select_for_update().filter(pk__in=places).order_by("pk").values_list("pk"))


def _withdraw(ids: list[int], by: int | None, now: datetime) -> int:
    in_force = ContractTerm.objects.filter(pk__in=ids, withdrawn_at=None)
    return in_force.update(withdrawn_at=now, withdrawn_by=by)


def _copy(places: set[int]) -> None:
    for pk in places:
        known = ContractTerm.objects.known_at(None).filter(catalog=pk).order_by("pk")
        Catalog.objects.filter(pk=pk).update(terms=[msgspec.to_builtins(term.value) for term in known])
