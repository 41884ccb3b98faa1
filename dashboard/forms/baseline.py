"""What the ranking is compared with, as the address says.

``base`` is the offer (its id) that is used today, ``with`` the one whose break-even point with it is asked for, and
``axis`` what is varied to find that.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.http import QueryDict

from catalog.pricing.breakeven import Axis
from catalog.services.baseline import PricedOffer

AXES = {"cached": Axis.CACHED, "output": Axis.OUTPUT, "prompt": Axis.PROMPT, "volume": Axis.VOLUME}
DEFAULT_AXIS = "cached"


class BaselineView(NamedTuple):
    """Ids of offers, None where the address names none, and a key of AXES."""

    base: int | None = None
    other: int | None = None
    axis: str = DEFAULT_AXIS

    @property
    def offers(self) -> list[int]:
        """The offers that it names."""
        return [pk for pk in (self.base, self.other) if pk is not None]


def read_baseline(data: QueryDict) -> tuple[BaselineView, list[str]]:
    """Read the parameters; what makes no sense is ignored, and named in a sentence."""
    problems: list[str] = []
    base, other = (_offer(data.get(name, ""), problems) for name in ("base", "with"))
    axis = data.get("axis", "") or DEFAULT_AXIS
    if axis not in AXES:
        problems.append(f"“{axis[:40]}” is no axis; there are {', '.join(AXES)}.")
        axis = DEFAULT_AXIS
    if other is not None and (base is None or other == base):
        if base is None and "with" in data:
            problems.append("A break-even point is one with a baseline: choose what you use today.")
        other = None
    return BaselineView(base, other, axis if other is not None else DEFAULT_AXIS), problems


def known_baseline(view: BaselineView, priced: Mapping[int, PricedOffer]) -> tuple[BaselineView, list[str]]:
    """The view without offers that are not in ``priced``, and a sentence for each."""
    problems = []
    if view.base is not None and view.base not in priced:
        problems.append("The baseline is not on record among the offers that you may see.")
        view = BaselineView()
    elif view.other is not None and view.other not in priced:
        problems.append("What to compare the baseline with is not on record among the offers that you may see.")
        view = BaselineView(view.base)
    return view, problems


def baseline_parameters(view: BaselineView) -> dict[str, list[str]]:
    """The parameters of the address, without defaults."""
    return {
        "base": [] if view.base is None else [str(view.base)],
        "with": [] if view.other is None else [str(view.other)],
        "axis": [] if view.axis == DEFAULT_AXIS else [view.axis],
    }


def _offer(text: str, problems: list[str]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    problems.append(f"“{text[:40]}” is no offer.")
    return None
