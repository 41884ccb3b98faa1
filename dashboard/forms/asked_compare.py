"""What an address asks of the comparison: which offers stand side by side, and how. Page and files read it alike."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from catalog.pricing.rates import STANDARD
from catalog.services.catalogs import Catalogs
from catalog.services.compare import Side, side_by_side
from catalog.services.terms import Term, terms_at
from dashboard.address import Address
from dashboard.forms.compare import CompareView, read_compare
from dashboard.forms.picks import Picks, read_picks
from dashboard.forms.workload import PARAMETERS, WorkloadView, read_workload

DEFAULT = "coding"
"""The preset of an address that names no workload."""
FEWEST = 2


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored.

    ``modes`` are those in which any of the ``sides`` is sold, ``terms`` the contract terms of the moment asked for.
    """

    picks: Picks
    view: CompareView
    terms: Sequence[Term]
    sides: Sequence[Side]
    modes: Sequence[str]
    workload: WorkloadView
    problems: list[str]
    address: Address

    @property
    def ids(self) -> list[int]:
        """The offers that are picked."""
        return [one.offer_id for one in self.picks.picked]

    @property
    def comparable(self) -> bool:
        """Whether there are enough offers to compare."""
        return len(self.sides) >= FEWEST


def read_comparison(data: QueryDict, catalogs: Catalogs) -> Asked:
    """Read everything that an address of the comparison may say."""
    picks = read_picks(data, catalogs)
    view, problems = read_compare(data)
    problems = [*picks.problems, *problems]
    terms = terms_at(catalogs, view.as_of)
    ids = [one.offer_id for one in picks.picked]
    sides = side_by_side(ids, catalogs, view.as_of, terms) if ids else []
    modes = modes_of(sides)
    if view.mode not in modes:
        if len(sides) >= FEWEST:
            problems.append(f"None of these is offered in a mode “{view.mode[:40]}”.")
        view = view._replace(mode=STANDARD)
    data = data.copy()
    data.setlist("mode", view.parameters["mode"])
    workload = read_workload(data, default=DEFAULT)
    problems += [problem.sentence for problem in workload.problems]
    kept = {name: data.getlist(name)[:1] for name in PARAMETERS if name != "mode"} if workload.workload else {}
    address = Address(reverse("compare"), {"o": picks.texts, **view.parameters, **kept})
    return Asked(picks, view, terms, sides, modes, workload, problems, address)


def modes_of(sides: Sequence[Side]) -> list[str]:
    """The modes in which any of these offers is sold, standard first."""
    found = {rate.mode for side in sides for rate in side.rates}
    return sorted(found | {STANDARD}, key=lambda mode: (mode != STANDARD, mode))
