"""The workloads that an address puts side by side: ``w`` once for each, up to five.

``w=Chat:50000:3000:0:0:400:standard`` is a name, then requests per month, prompt tokens, of them read from the cache
and written to it, output tokens, and the mode. A name may hold anything, colons too: the last six parts are the
numbers. A form may add one (``add`` is its name) or rename one (``rename`` is its place, ``to`` the new name).
"""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from django.http import QueryDict

from catalog.pricing.workload import Workload, WorkloadError
from catalog.services.costs_together import MOST_WORKLOADS
from catalog.services.kept import LONGEST_NAME

NUMBERS = ("requests", "prompt", "cached_read", "cache_written", "output")


class NamedWorkload(NamedTuple):
    """A workload and what its column is called."""

    name: str
    workload: Workload


def read_workloads(data: QueryDict, current: Workload | None) -> tuple[list[NamedWorkload], list[str]]:
    """The workloads of the address; what makes no sense is left out, and named in a sentence.

    ``current`` is the workload of the page, which is what ``add`` adds.
    """
    found: list[NamedWorkload] = []
    problems: list[str] = []
    for text in filter(None, data.getlist("w")):
        try:
            found.append(_read(text))
        except ValueError as error:
            problems.append(f"“{text[:40]}” is no workload: {error}")
    if place := data.get("rename", ""):
        found = _renamed(found, place, data.get("to", ""), problems)
    if "add" in data and current is not None:
        found.append(NamedWorkload(free_name(_clean(data.get("add", "")) or "Workload", found), current))
    if left_out := found[MOST_WORKLOADS:]:
        names = ", ".join(f"“{one.name}”" for one in left_out)
        problems.append(f"Up to {MOST_WORKLOADS} workloads stand side by side; left out: {names}.")
    return found[:MOST_WORKLOADS], problems


def written(named: NamedWorkload) -> str:
    """A workload as a value of ``w``."""
    numbers = (str(getattr(named.workload, name)) for name in NUMBERS)
    return ":".join((named.name, *numbers, quote(named.workload.mode, safe="")))


def free_name(name: str, taken: Sequence[NamedWorkload]) -> str:
    """The name, with a number if another workload has it."""
    names = {one.name for one in taken}
    tries = (f"{name[: LONGEST_NAME - 3]} {number}" for number in range(2, len(names) + 3))
    return name if name not in names else next(each for each in tries if each not in names)


def _read(text: str) -> NamedWorkload:
    """Raises ValueError with a sentence."""
    name, *numbers = text.rsplit(":", len(NUMBERS) + 1)
    if len(numbers) != len(NUMBERS) + 1:
        raise ValueError("it is a name, five numbers and a mode, with colons between them.")
    if not all(number.isascii() and number.isdigit() and len(number) < 12 for number in numbers[:-1]):
        raise ValueError("the five parts before the mode are whole numbers.")
    counts = dict(zip(NUMBERS, map(int, numbers), strict=False))
    try:
        return NamedWorkload(_clean(name) or "Workload", Workload(**counts, mode=unquote(numbers[-1])))
    except WorkloadError as error:
        raise ValueError(str(error)) from None


def _renamed(found: list[NamedWorkload], place: str, name: str, problems: list[str]) -> list[NamedWorkload]:
    chosen = int(place) if place.isascii() and place.isdigit() and len(place) < 3 else len(found)
    if chosen >= len(found):
        problems.append("There is no workload at that place to rename.")
        return found
    others = [*found[:chosen], *found[chosen + 1 :]]
    new = found[chosen]._replace(name=free_name(_clean(name) or found[chosen].name, others))
    return [*found[:chosen], new, *found[chosen + 1 :]]


def _clean(name: str) -> str:
    return " ".join(name.replace("\0", "").split())[:LONGEST_NAME].strip()
