"""How offers are compared side by side, as the address says. Which ones they are is in `dashboard.forms.picks`."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.fields import MomentField, WordsField
from catalog.pricing.rates import STANDARD
from catalog.pricing.units import Unit

LONGEST_SEARCH = 200


class CompareView(NamedTuple):
    """How they are shown. ``differing`` leaves out rows that are equal, ``add`` is a search for one more offer.

    ``day`` is ``as_of`` as it was written.
    """

    unit: Unit = Unit.MILLION
    mode: str = STANDARD
    as_of: datetime | None = None
    day: str = ""
    differing: bool = False
    add: str = ""

    @property
    def parameters(self) -> dict[str, Sequence[str]]:
        """The parameters of the address, without those at their default."""
        return {
            "unit": [] if self.unit == Unit.MILLION else [self.unit.value],
            "mode": [] if self.mode == STANDARD else [self.mode],
            "as_of": [self.day] if self.as_of else [],
            "differing": ["1"] if self.differing else [],
            "add": [self.add] if self.add else [],
        }


def read_compare(data: QueryDict) -> tuple[CompareView, list[str]]:
    """Read the parameters. What makes no sense is ignored, and named in a sentence."""
    problems = []
    day, as_of = data.get("as_of", "").strip(), None
    try:
        as_of = MomentField(required=False).clean(day)
    except ValidationError as error:
        problems += error.messages
    units = [unit for unit in Unit if unit == (data.get("unit") or Unit.MILLION)]
    if not units:
        problems.append(f"“{data['unit'][:40]}” is no unit; there are 1m, 1k and 1.")
    try:
        add = WordsField(required=False, max_length=LONGEST_SEARCH).clean(data.get("add", ""))
    except ValidationError as error:
        add, problems = "", [*problems, *error.messages]
    view = CompareView(
        unit=(units or [Unit.MILLION])[0],
        mode=data.get("mode") or STANDARD,
        as_of=as_of,
        day=day,
        differing=bool(data.get("differing")),
        add=add,
    )
    return view, problems
