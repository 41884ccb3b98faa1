"""The catalog matrix beside the Offers pages: whole responses, of a page seen before and of one with new filters."""

from itertools import count as count_up

from tests.benchmarks.cases import Case
from tests.benchmarks.clock import Caller, in_turns, median, warm

MATRIX = "/compare/catalogs/"
MOST_SECONDS = 60.0


def raced(cases: list[Case], port: int, rounds: int) -> dict[str, float]:
    """Median milliseconds of all Offers pages, of the matrix, and of it under filters that nobody has asked for yet."""
    caller = Caller(port)
    paths = {**{case.name: case.ours for case in cases}, "matrix": MATRIX}
    for path in paths.values():
        warm(port, path)
    fresh = count_up(1)
    runs = {name: lambda path=path: caller.get(path).ms for name, path in paths.items()}
    runs["new"] = lambda: caller.get(f"{MATRIX}?min_context={next(fresh)}").ms
    times = {name: median(found) for name, found in in_turns(runs, rounds, MOST_SECONDS).items()}
    return {"matrix": times.pop("matrix"), "new": times.pop("new"), "offers": median(list(times.values()))}
