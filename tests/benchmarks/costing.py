"""Ranking every offer by what a workload costs: beside the Offers pages, and beside Python over all rows."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from itertools import count as count_up
from typing import Any

from django.http import QueryDict
from django.test import Client

from catalog.filters import OfferFilter
from catalog.models import Catalog, Rate
from catalog.pricing.cost import EXCLUDED, Cost, Limits, cost
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import PriceState, RateRow
from catalog.pricing.workload import Workload
from catalog.services.asked import offers_asked
from catalog.services.costs import PRICES, SAID, breakdown
from catalog.services.ranking import RankedLine, lines_of, ranking
from tests.benchmarks import inside
from tests.benchmarks.cases import Case
from tests.benchmarks.clock import Caller, in_turns, median, warm

ROWS = 50
COSTS = "/costs/"
MOST_SECONDS = 60.0


class RankingError(Exception):
    """The two ways to rank do not agree."""


def measured(cases: list[Case], rounds: int) -> dict[str, Any]:
    """Median milliseconds in this process: of each Offers page, and for each preset of each step and the naive way."""
    browser = inside.client()
    pages = in_turns({case.name: _page(browser, case.ours) for case in cases}, rounds, MOST_SECONDS)
    return {
        "pages": [median(times) for times in pages.values()],
        "workloads": [{"name": preset.name, **_ranked(preset.workload, rounds)} for preset in PRESETS.values()],
    }


def _ranked(workload: Workload, rounds: int) -> dict[str, float]:
    offers, catalogs = _offers()
    lines = _first_rows(offers, workload, catalogs)
    if [line.per_request for line in lines] != [total for total, _, _ in naive(workload)]:
        raise RankingError("The ranking and Python over all rows differ.")
    ids = [line.offer.offer_id for line in lines]
    others = count_up(1)

    def another() -> None:
        """A workload that was never asked for, by prices that are in memory."""
        _first_rows(offers, replace(workload, output=workload.output + next(others)), catalogs)

    def anew() -> None:
        """As after a sync: nothing is in memory."""
        catalogs[0].version += 1
        _first_rows(offers, workload, catalogs)

    steps = {"rank": another, "breakdown": lambda: breakdown(ids, workload), "anew": anew}
    times = in_turns({name: _timed(step) for name, step in steps.items()}, rounds, MOST_SECONDS)
    times |= in_turns({"naive": _timed(lambda: naive(workload))}, min(rounds, 5), MOST_SECONDS)
    return {name: median(found) for name, found in times.items()}


def _first_rows(offers: OfferFilter, workload: Workload, catalogs: list[Catalog]) -> list[RankedLine]:
    return list(lines_of(made := ranking(offers, workload, catalogs), range(min(ROWS, made.listed)), workload).values())


def naive(workload: Workload) -> list[tuple[int | None, str, Cost]]:
    """The first rows as one would write it first: read every rate, work out every offer, sort, cut."""
    rows: dict[int, list[RateRow]] = defaultdict(list)
    terms: dict[int, tuple[str, PriceState, Limits]] = {}
    rates = Rate.objects.filter(listed=True).values_list("sort_name", *SAID, *PRICES)
    for name, offer, state, context, max_input, max_output, inherited, *prices in rates:
        row = dict(zip(PRICES, prices, strict=True))
        rows[offer].append(RateRow(**row, inherited=tuple(inherited.split())))
        terms[offer] = name, PriceState(state), Limits(context, max_input, max_output)
    found = []
    for offer, (name, state, limits) in terms.items():
        own = cost(rows[offer], workload, state=state, limits=limits)
        if own not in EXCLUDED:
            found.append((own.per_request if isinstance(own, Cost) else None, name, own))
    return sorted(found, key=lambda line: (line[0] is None, line[0] or 0, line[1]))[:ROWS]


def _offers() -> tuple[OfferFilter, list[Catalog]]:
    catalogs = list(Catalog.objects.all())
    return offers_asked(QueryDict(), catalogs), catalogs


def _page(browser: Client, path: str) -> Callable[[], float]:
    browser.get(path)
    return _timed(lambda: browser.get(path))


def _timed(run: Callable[[], object]) -> Callable[[], float]:
    def timed() -> float:
        started = time.perf_counter()
        run()
        return (time.perf_counter() - started) * 1000

    return timed


def raced(cases: list[Case], port: int, rounds: int) -> dict[str, float]:
    """Median milliseconds of whole responses: of all Offers pages, of the Costs page, and of it for a new workload."""
    caller = Caller(port)
    paths = {**{case.name: case.ours for case in cases}, "costs": COSTS}
    for path in paths.values():
        warm(port, path)
    fresh = count_up()
    runs = {name: lambda path=path: caller.get(path).ms for name, path in paths.items()}
    runs["new"] = lambda: caller.get(f"{COSTS}?n=1000&tin={100_000 + next(fresh)}&read=80%25&tout=1000").ms
    times = {name: median(found) for name, found in in_turns(runs, rounds, MOST_SECONDS).items()}
    return {"costs": times.pop("costs"), "new": times.pop("new"), "offers": median(list(times.values()))}
