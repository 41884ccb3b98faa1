"""The sliders beside the number fields of a workload: where each stands, and how its steps are numbers."""

from collections.abc import Mapping
from math import log1p
from typing import NamedTuple

from catalog.pricing.workload import LABELS
from dashboard.forms.workload import FIELDS, WorkloadView

STEPS = 1_000
MOST = {"n": 10_000_000, "tin": 2_000_000, "tout": 200_000}
"""Where a slider ends; the field beside it takes more."""
HUNDRED = 100


class Slider(NamedTuple):
    """One number of the form. ``scale`` is ``log``, from 0 to ``most`` in STEPS, or ``percent``; see ratecard.js."""

    label: str
    unit: str
    scale: str
    steps: int
    most: int
    position: int


UNITS = {"n": "/ month", "tin": "tokens", "read": "% or tokens", "write": "% or tokens", "tout": "tokens"}


def sliders(view: WorkloadView) -> Mapping[str, Slider]:
    """The sliders by parameter; all at their start where the fields hold no workload."""
    made = {}
    for name, unit in UNITS.items():
        number = getattr(view.workload, FIELDS[name]) if view.workload else 0
        if name in MOST:
            position = round(STEPS * log1p(min(number, MOST[name])) / log1p(MOST[name]))
            made[name] = Slider(LABELS[FIELDS[name]], unit, "log", STEPS, MOST[name], position)
        else:
            share = round(HUNDRED * number / view.workload.prompt) if view.workload else 0
            made[name] = Slider(LABELS[FIELDS[name]], unit, "percent", HUNDRED, HUNDRED, share)
    return made
