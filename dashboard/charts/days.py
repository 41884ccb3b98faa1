"""The days that a time axis names: years, months or days, as many as there is room for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

Place = Callable[[datetime], float]
MOST = 5


class Tick(NamedTuple):
    """A day on the axis: its place from the left, and what to call it."""

    x: str
    text: str


def days(first: datetime, until: datetime, x: Place) -> list[Tick]:
    """Up to five days from ``first`` to ``until``; ``x`` gives a moment's place in percent."""
    span = until - first
    if span > timedelta(days=45):
        moments = list(_months(first, until))
    else:
        start = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        moments = [start + timedelta(days=n) for n in range(max((until - start).days + 1, 0))]
    if span > timedelta(days=730):
        moments = [moment for moment in moments if moment.month == 1]
    each = -(-len(moments) // MOST) or 1
    ticks, year = [], until.year
    for moment in moments[::each]:
        if x(moment) > 96:
            break  # no room for a name
        if span > timedelta(days=730):
            text = f"{moment:%Y}"
        else:
            text = f"{moment:%b}" if span > timedelta(days=45) else f"{moment.day} {moment:%b}"
            text += f" {moment:%Y}" if moment.year != year else ""
        year = moment.year
        ticks.append(Tick(f"{x(moment):.2f}%", text))
    return ticks


def _months(first: datetime, until: datetime) -> Iterator[datetime]:
    moment = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while True:
        moment = (moment + timedelta(days=32)).replace(day=1)
        if moment > until:
            return
        yield moment
