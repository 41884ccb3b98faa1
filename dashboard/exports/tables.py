"""The table of each page that has one, out of its address."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from django.http import Http404, QueryDict

from catalog.services.catalogs import Catalogs
from catalog.services.facets import stored_counts
from catalog.services.family import family_seen
from dashboard.exports.audit import audit_table
from dashboard.exports.changes import changes_table
from dashboard.exports.compare import compare_table
from dashboard.exports.costs import costs_table
from dashboard.exports.matrix import matrix_table
from dashboard.exports.model import model_table
from dashboard.exports.offers import offers_table
from dashboard.exports.table import Table
from dashboard.forms.asked import read_offers
from dashboard.forms.asked_compare import read_comparison
from dashboard.forms.asked_costs import read_costs
from dashboard.forms.audit import read_audit
from dashboard.forms.changes import read_asked
from dashboard.forms.matrix import read_matrix
from dashboard.forms.model import read_model


class Wanted(NamedTuple):
    """What a file is asked for: the address of a page, over these catalogs, at this time.

    ``of`` is what stands in the path of the page; ``absolute`` makes a path of ours an address. ``known`` tells that
    whoever asks is signed in.
    """

    data: QueryDict
    catalogs: Catalogs
    of: str
    absolute: Callable[[str], str]
    now: datetime
    known: bool = False


Build = Callable[[Wanted], Table]


class NoTable(Exception):
    """An address of which part makes no sense; the text says which and why."""


def _check(problems: Iterable[str], *, complete: bool = True, missing: str = "") -> None:
    told = [*problems, *([] if complete else [missing])]
    if told:
        raise NoTable(" ".join(told))


def _offers(wanted: Wanted) -> Table:
    asked = read_offers(wanted.data, wanted.catalogs)
    _check(asked.problems)
    return offers_table(asked, wanted.catalogs, wanted.absolute, wanted.now)


def _costs(wanted: Wanted) -> Table:
    asked = read_costs(wanted.data, wanted.catalogs)
    _check(asked.problems, complete=bool(asked.ranked), missing="There is no workload to rank by.")
    return costs_table(asked, wanted.catalogs, wanted.absolute, wanted.now)


def _matrix(wanted: Wanted) -> Table:
    asked = read_matrix(wanted.data, wanted.catalogs)
    if asked.measure is None:
        raise NoTable(" ".join(asked.problems) or "There is no workload to compare by.")
    _check(asked.problems, complete=asked.comparable, missing="A comparison takes two catalogs.")
    return matrix_table(asked, asked.measure, wanted.catalogs, wanted.absolute, wanted.now)


def _compare(wanted: Wanted) -> Table:
    asked = read_comparison(wanted.data, wanted.catalogs)
    _check(asked.problems, complete=asked.comparable, missing="A comparison takes two offers.")
    return compare_table(asked, wanted.absolute, wanted.now)


def _model(wanted: Wanted) -> Table:
    seen = family_seen(wanted.of, wanted.catalogs)
    if seen is None:
        raise Http404("There is no such model in the catalogs that you may see.")
    asked = read_model(wanted.data, wanted.catalogs, seen)
    _check(asked.problems)
    return model_table(asked, wanted.catalogs, seen, wanted.absolute, wanted.now)


def _changes(wanted: Wanted) -> Table:
    asked = read_asked(wanted.data, wanted.catalogs)
    _check(asked.problems)
    return changes_table(asked, wanted.catalogs, wanted.absolute, wanted.now)


def _audit(wanted: Wanted) -> Table:
    asked = read_audit(wanted.data, wanted.catalogs, stored_counts(wanted.catalogs))
    _check(asked.problems)
    return audit_table(asked, wanted.catalogs, wanted.absolute, wanted.now, with_reasons=wanted.known)


TABLES: dict[str, Build] = {
    "export_offers": _offers,
    "export_costs": _costs,
    "export_matrix": _matrix,
    "export_compare": _compare,
    "export_model": _model,
    "export_changes": _changes,
    "export_audit": _audit,
}
"""By the names of the routes of their files. Each raises NoTable, that of a model Http404 where there is none."""
