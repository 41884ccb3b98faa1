"""The table of each page that has one, out of its address."""

from collections.abc import Callable
from datetime import datetime

from django.http import QueryDict

from catalog.services.catalogs import Catalogs
from dashboard.exports.changes import changes_table
from dashboard.exports.compare import compare_table
from dashboard.exports.costs import costs_table
from dashboard.exports.matrix import matrix_table
from dashboard.exports.offers import offers_table
from dashboard.exports.table import Table
from dashboard.forms.asked import read_offers
from dashboard.forms.asked_compare import read_comparison
from dashboard.forms.asked_costs import read_costs
from dashboard.forms.changes import read_asked
from dashboard.forms.matrix import read_matrix

Absolute = Callable[[str], str]
Build = Callable[[QueryDict, Catalogs, Absolute, datetime], Table | None]


def _offers(data: QueryDict, catalogs: Catalogs, absolute: Absolute, now: datetime) -> Table | None:
    asked = read_offers(data, catalogs)
    return None if asked.problems else offers_table(asked, catalogs, absolute, now)


def _costs(data: QueryDict, catalogs: Catalogs, absolute: Absolute, now: datetime) -> Table | None:
    asked = read_costs(data, catalogs)
    return None if asked.problems or not asked.ranked else costs_table(asked, catalogs, absolute, now)


def _matrix(data: QueryDict, catalogs: Catalogs, absolute: Absolute, now: datetime) -> Table | None:
    asked = read_matrix(data, catalogs)
    measure = asked.measure
    if asked.problems or measure is None or not asked.comparable:
        return None
    return matrix_table(asked, measure, catalogs, absolute, now)


def _compare(data: QueryDict, catalogs: Catalogs, absolute: Absolute, now: datetime) -> Table | None:
    asked = read_comparison(data, catalogs)
    return None if asked.problems or not asked.comparable else compare_table(asked, absolute, now)


def _changes(data: QueryDict, catalogs: Catalogs, absolute: Absolute, now: datetime) -> Table | None:
    asked = read_asked(data, catalogs)
    return None if asked.problems else changes_table(asked, catalogs, absolute, now)


TABLES: dict[str, Build] = {
    "export_offers": _offers,
    "export_costs": _costs,
    "export_matrix": _matrix,
    "export_compare": _compare,
    "export_changes": _changes,
}
"""By the names of the routes of their files. Each gives None where part of the address makes no sense.

``absolute`` makes a path of ours an address.
"""
