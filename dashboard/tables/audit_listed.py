"""Which findings an address of the audit lists, for its page and its files alike."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from catalog.services.audit import Found, audit
from catalog.services.catalogs import Catalogs
from catalog.services.dismissals import Dismissal, split
from dashboard.forms.audit import DISMISSED, Asked
from dashboard.tables.audit import by_model


class Listed(NamedTuple):
    """All findings that count as open and those that were put aside, those of the chosen tab, and those listed."""

    open_ones: Sequence[Found]
    others: Sequence[Found]
    of_tab: Sequence[Found]
    found: Sequence[Found]


def listed(asked: Asked, catalogs: Catalogs, dismissed: Mapping[str, Dismissal]) -> Listed:
    """What of these catalogs ``asked`` lists, in its order; ``dismissed`` by digest was put aside."""
    open_ones, others = split(audit(catalogs, asked.values["as_of"]), dismissed)
    of_tab = others if asked.tab == DISMISSED else [one for one in open_ones if asked.tab in ("", one.kind)]
    found = [one for one in of_tab if asked.wanted.passes(one)]
    return Listed(open_ones, others, of_tab, by_model(found) if asked.sort == "model" else found)
