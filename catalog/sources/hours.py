"""Prices of certain hours: windows of the week in UTC, which prices hold in each, and how to say so in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

DAY = 24 * 60
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes ``start <= minute < end`` of the days of ``days`` (0 is Monday), UTC.

    One whose end comes before its start wraps past midnight, and of each of its days it holds both parts; one whose
    ends are equal holds all day. That is how OpenRouter and LiteLLM read their windows.
    """

    start: int
    end: int
    days: frozenset[int] = EVERY_DAY

    def holds(self, day: int, minute: int) -> bool:
        """Whether it is open at this minute of this day."""
        if day not in self.days:
            return False
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def clock(number: object) -> int | None:
    """Minutes since midnight of an HHMM number (``1030`` is 10:30, ``2400`` the end of the day); None if it is none."""
    try:
        hours, minutes = divmod(int(str(number).partition(".")[0]), 100)
    except ValueError:
        return None
    inside = 0 <= hours <= 24 and 0 <= minutes < 60 and hours * 60 + minutes <= DAY
    return hours * 60 + minutes if inside else None


def day_number(value: object) -> int | None:
    """0 for Monday to 6 for Sunday, from a name, its abbreviation or an ISO number (1 to 7); None if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value - 1 if 1 <= value <= 7 else None
    name = str(value).strip().casefold()
    found = [number for number, day in enumerate(DAYS) if len(name) >= 3 and day.casefold().startswith(name)]
    return found[0] if found else None


def moments(windows: Iterable[Window]) -> Iterator[tuple[int, int, int]]:
    """Every (day, start, end) of the week within which none of ``windows`` opens or closes."""
    edges = sorted({0, DAY, *(edge for window in windows for edge in (window.start, window.end))})
    for day in range(7):
        for start, end in pairwise(edges):
            yield day, start, end


def joined(spans: Iterable[tuple[int, int, int]]) -> tuple[Window, ...]:
    """The fewest windows that hold exactly these (day, start, end), which must come in order."""
    days: dict[int, list[list[int]]] = {}
    for day, start, end in spans:
        mine = days.setdefault(day, [])
        if mine and mine[-1][1] == start:
            mine[-1][1] = end
        else:
            mine.append([start, end])
    alike: dict[tuple[tuple[int, int], ...], set[int]] = {}
    for day, mine in days.items():
        alike.setdefault(tuple((start, end) for start, end in mine), set()).add(day)
    return tuple(Window(*span, frozenset(members)) for spans, members in alike.items() for span in spans)


def in_words(windows: Iterable[Window]) -> str:
    """For example ``Monday to Friday 01:00 to 04:00 and 06:00 to 10:00 UTC; Saturday and Sunday all day UTC``."""
    by_days: dict[frozenset[int], list[Window]] = {}
    for window in windows:
        by_days.setdefault(window.days, []).append(window)
    return "; ".join(
        f"{'' if days == EVERY_DAY else _days(days) + ' '}{_and([_span(window) for window in own])} UTC"
        for days, own in by_days.items()
    )


def _span(window: Window) -> str:
    whole = window.start == window.end or (window.start, window.end) == (0, DAY)
    return "all day" if whole else f"{_time(window.start)} to {_time(window.end)}"


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _days(days: frozenset[int]) -> str:
    first, last = min(days), max(days)
    if len(days) > 2 and len(days) == last - first + 1:
        return f"{DAYS[first]} to {DAYS[last]}"
    return _and([DAYS[day] for day in sorted(days)])


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
