"""What an address says of the Changes page: its filters and its page."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from catalog.change_filters import CHANGE_FACETS, ChangeFilter
from catalog.fields import MomentField
from catalog.services.catalogs import Catalogs, known_at
from catalog.services.changes import ChangeGroup, change_values, changes_of, stored_change_groups
from catalog.services.family import family_seen
from dashboard.address import Address
from dashboard.forms.offers import number_of
from dashboard.forms.workload import WorkloadView, read_workload


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored. ``address`` has no page.

    ``groups`` are the counts of all changes.
    """

    groups: list[ChangeGroup]
    changes: ChangeFilter
    workload: WorkloadView
    problems: Sequence[str]
    address: Address


def read_asked(data: QueryDict, catalogs: Catalogs) -> Asked:
    """Read all of an address of the Changes page but its page number."""
    groups = stored_change_groups(catalogs)
    changes = read_changes(data, catalogs, groups)
    workload = read_workload(data)
    problems = [*changes.problems, *(problem.sentence for problem in workload.problems)]
    own = workload.parameters if workload.workload else {}
    address = Address(reverse("changes"), {**change_parameters(changes), **own})
    return Asked(groups, changes, workload, problems, address)


def read_changes(data: QueryDict, catalogs: Catalogs, groups: list[ChangeGroup]) -> ChangeFilter:
    """The changes of these catalogs as the address filters them; ``groups`` are their counts.

    A family is named by its slug: its offers are those of the last day asked for. It takes two queries to find it, so
    one is shown at a time. As of a day means up to it.
    """
    data = data.copy()
    if day := data.get("as_of", ""):
        data.setdefault("until", day[:10])
    ids = {catalog.slug: catalog.pk for catalog in catalogs}
    allowed = {**change_values(groups), "catalog": frozenset(ids)}
    asked = list(dict.fromkeys(slug for slug in data.getlist("family") if slug))
    seen = family_seen(asked[0], catalogs) if asked else None
    if asked:
        data.setlist("family", [seen.slug if seen else asked[0]])
    moment = known_at(catalogs)
    ends = [end for end in (_moment(data.get("until", "")), moment) if end]  # a day may end after the moment
    families = {seen.slug: seen.offers_at(min(ends, default=None))} if seen else {}
    found = ChangeFilter(
        data, changes_of(catalogs), allowed=allowed, catalog_ids=ids, families=families, known_at=moment
    )
    if left_out := ", ".join(f"“{slug[:60]}”" for slug in asked[1:4]):
        found.problems.append(f"Changes of one model are shown at a time; left out: {left_out}.")
    return found


def _moment(until: str) -> datetime | None:
    """The end of this day; None for today, and for what is no day."""
    try:
        return MomentField().to_python(until)
    except ValidationError:
        return None


def change_parameters(changes: ChangeFilter) -> dict[str, list[str]]:
    """The filters of an address that hold."""
    many = {name: list(changes.values[name]) for name in (*CHANGE_FACETS, "family", "move")}
    one = {name: [str(changes.values[name])] for name in ("q", "since", "until") if changes.values[name]}
    return {name: many.get(name) or one.get(name, []) for name in changes.values}


def read_page(data: QueryDict, last: int, problems: list[str]) -> int:
    """The page asked for, from 1 to ``last``; one that cannot be is named in a sentence."""
    text = data.get("page", "")
    number = number_of(text)
    if text and number < 1:
        problems.append(f"“{text[:40]}” is no page.")
    elif number > last:
        problems.append(f"There is no page {number:,}; this is the last one.")
    return min(max(number, 1), last)
