"""The figures as aligned text, each beside its goal."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.clock import median, p95

MOST_OF_RIVAL = 1 / 3
MOST_OF_LIMIT = 5
MOST_QUERIES = 6
MOST_GROWTH = 3
MOST_REQUESTS = 8
MOST_VISIT_KB = 60
MOST_CLICK_MS = 100
GROWTH_SIZES = (10_000, 100_000)
MOST_OF_OFFERS = 1.5
MOST_OF_COMPARING = 2
COST_GOAL_SIZE = 10_000
MOST_SYNC_SECONDS = {"first sync": 3, "1% changed": 3, "unchanged": 0.5}
MOST_SYNC_MB = 300
MOST_EXPORT_MB = 150
MOST_MATCHING_SECONDS = 1
MATCHED = ("right", "wrong", "elsewhere", "none")
LEAST = (0.99, 0.92)
PRECISION_RECALL = [f"{name} ≥ {least}" for name, least in zip(("precision", "recall"), LEAST, strict=True)]


def machine(datasette: str) -> str:
    """One line on what it was measured with; ``datasette`` is its version or why there is none."""
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    chip = models[0].partition(": ")[2] if models else platform.machine()
    releases = f"Python {platform.python_version()}, Django {version('django')}, gunicorn {version('gunicorn')}"
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores {chip}, {load}, {releases}, SQLite {sqlite3.sqlite_version}, Datasette {datasette}"


def size_report(size: dict[str, Any]) -> str:
    """Everything of one size."""
    head = (
        f"{size['offers']:,} offers in {size['catalogs']} catalogs, {size['listed']:,} listed; "
        f"database {size['bytes'] / 1e6:,.0f} MB, built in {size['seconds']:.0f} s"
    )
    parts = [head, "=" * len(head)]
    if "cases" in size:
        parts += [_times(size["cases"]), _work(size["cases"]), _visit(size["visit"])]
    if "compared" in size:
        parts.append(compare_report(size["compared"]))
    if "costs" in size:
        parts.append(cost_report(size["costs"], size["offers"]))
    if "exports" in size:
        parts.append(export_report(size["exports"]))
    return "\n\n".join(parts).replace("\n\n===", "\n===")


def sync_report(syncs: Sequence[dict[str, Any]]) -> str:
    """Syncs of one catalog through a Freddy answer: seconds on the clock and of the processor, peak memory."""
    head = f"Syncs of {syncs[0]['seen']:,} rows, {syncs[0]['bytes'] / 1e6:.1f} MB of JSON: parse, compare and store"
    rows = [["each in a process of its own", "stored", "s", "CPU s", "goal", "", "peak MB", f"goal ≤ {MOST_SYNC_MB}"]]
    for sync in syncs:
        most, seconds = MOST_SYNC_SECONDS[sync["name"]], sync["seconds"]
        row = [sync["name"], f"{sync['stored']:,}", f"{seconds:.2f}", f"{sync['cpu']:.2f}", f"≤ {most}"]
        rows.append([*row, _met(seconds, most), f"{sync['peak_mb']:.0f}", _met(sync["peak_mb"], MOST_SYNC_MB)])
    return f"{head}\n{'=' * len(head)}\n\n{_aligned(rows)}"


def export_report(exports: Sequence[dict[str, Any]]) -> str:
    """Files of whole tables: seconds, and the memory of the process that answers, before and at its peak."""
    rows = [["files of all rows, each in a process of its own", "s", "MB", "idle MB", "peak MB"]]
    rows[0].append(f"goal ≤ {MOST_EXPORT_MB}")
    for export in exports:
        row = [export["name"], f"{export['seconds']:.1f}", f"{export['bytes'] / 1e6:.1f}", f"{export['idle_mb']:.0f}"]
        rows.append([*row, f"{export['peak_mb']:.0f}", _met(export["peak_mb"], MOST_EXPORT_MB)])
    return _aligned(rows)


def matching_report(figures: dict[str, Any]) -> str:
    """How quickly offers are matched and, with labels, how well."""
    seconds = figures["seconds"]
    head = f"Matching of {figures['offers']:,} offers"
    states = ", ".join(f"{count:,} {state}" for state, count in figures["states"].most_common())
    time = f"{seconds:.2f} s, {figures['cpu']:.2f} CPU s; goal ≤ {MOST_MATCHING_SECONDS}: "
    parts = [f"{head}\n{'=' * len(head)}", f"{time}{_met(seconds, MOST_MATCHING_SECONDS)}\n{states}"]
    if scores := figures.get("scores"):
        rows = [["families", "names", "", *MATCHED, *PRECISION_RECALL, "strict", *PRECISION_RECALL]]
        rows += [_scores(one) for one in scores]
        parts.append("Assignment, then pairs\n" + _aligned(rows))
    return "\n\n".join(parts)


def _scores(one: dict[str, Any]) -> list[str]:
    counts = [str(one[name]) for name in ("count", *MATCHED)]
    names, pairs = (
        [f"{one[name]:.4f} {_reached(one[name], least)}" for name, least in zip(both, LEAST, strict=True)]
        for both in (("precision", "recall"), ("pair_precision", "pair_recall"))
    )
    return [one["families"], one["names"], *counts, *names, f"{one['strict']:.4f}", *pairs]


def _reached(share: float, least: float) -> str:
    return "met" if share >= least else "not met"


def cost_report(costs: dict[str, Any], offers: int) -> str:
    """Rankings by cost: the page's rows and their sums beside the Offers pages and beside Python over all rows."""
    pages = median(costs["pages"])
    goal = f", goal ≤ {MOST_OF_OFFERS}" if offers == COST_GOAL_SIZE else ""
    rows = [[f"costs in ms; an Offers page {_ms(pages)}", "rank", "sums of 50", f"÷ Offers{goal}", "anew"]]
    rows[0] += ["naive", "× as quick"]
    for found in costs["workloads"]:
        ours = found["rank"] + found["breakdown"]
        ratio = f"{ours / pages:.2f}" + (f" {_met(ours / pages, MOST_OF_OFFERS):7}" if goal else "")
        row = [found["name"], _ms(found["rank"]), _ms(found["breakdown"]), ratio, _ms(found["anew"])]
        rows.append([*row, _ms(found["naive"]), f"{found['naive'] / ours:.0f}"])
    if "page" not in costs:
        return _aligned(rows)
    return f"{_aligned(rows)}\n\n{_cost_page(costs['page'], bool(goal))}"


def compare_report(pages: Sequence[dict[str, Any]]) -> str:
    """Whole responses of the pages that compare beside those of the Offers page, which comes first."""
    goal = f"÷ Offers, goal ≤ {MOST_OF_COMPARING:g}"
    rows = [["whole responses in ms", "warm", goal, "first of a server", goal]]
    offers = pages[0]
    for page in pages:
        row = [page["name"]]
        for kind in ("warm", "first"):
            ratio = page[kind] / offers[kind]
            row += [_ms(page[kind]), "" if page is offers else f"{ratio:.2f} {_met(ratio, MOST_OF_COMPARING):7}"]
        rows.append(row)
    return _aligned(rows)


def _cost_page(page: dict[str, float], with_goal: bool) -> str:
    """Whole responses of the Costs page, with its summary, bars and filters, beside those of the Offers pages."""
    ratio = page["costs"] / page["offers"]
    goal = f", goal ≤ {MOST_OF_OFFERS}" if with_goal else ""
    rows = [
        ["whole responses in ms", "Offers", "Costs", f"÷ Offers{goal}", "of a new workload", "÷ Offers"],
        ["", _ms(page["offers"]), _ms(page["costs"])],
    ]
    rows[1] += [f"{ratio:.2f}" + (f" {_met(ratio, MOST_OF_OFFERS):7}" if goal else ""), _ms(page["new"])]
    rows[1].append(f"{page['new'] / page['offers']:.2f}")
    return _aligned(rows)


def growth_report(sizes: Sequence[dict[str, Any]]) -> str:
    """How times grow from the middle size to the large one; empty without both."""
    by_size = {size["offers"]: size["cases"] for size in sizes if "cases" in size}
    if not all(offers in by_size for offers in GROWTH_SIZES):
        return ""
    rows = [["", *(f"{offers:,}" for offers in GROWTH_SIZES), "ratio", f"goal ≤ {MOST_GROWTH}"]]
    for small, large in zip(*(by_size[offers] for offers in GROWTH_SIZES), strict=True):
        before, after = median(small["times"]["ours"]), median(large["times"]["ours"])
        rows.append(
            [small["name"], _ms(before), _ms(after), f"{after / before:.2f}", _met(after / before, MOST_GROWTH)]
        )
    return f"Ours in ms, {GROWTH_SIZES[1]:,} offers beside {GROWTH_SIZES[0]:,}\n\n{_aligned(rows)}"


def _times(cases: Sequence[dict[str, Any]]) -> str:
    rivals = "datasette" in cases[0]["times"]
    names = ["ours", *(["datasette"] if rivals else []), "limit"]
    rows = [["ms, median and p95", "rows", "rounds", *(word for name in names for word in (name, "p95"))]]
    rows[0] += [*([f"÷ Datasette, goal ≤ {MOST_OF_RIVAL:.2f}"] if rivals else []), f"÷ limit, goal ≤ {MOST_OF_LIMIT}"]
    for case in cases:
        times = case["times"]
        row = [case["name"], _rows(case), str(len(times["ours"]))]
        row += [word for name in names for word in (_ms(median(times[name])), _ms(p95(times[name])))]
        goals = {"datasette": MOST_OF_RIVAL, "limit": MOST_OF_LIMIT}
        for name in names[1:]:
            ratio = median(times["ours"]) / median(times[name])
            row.append(f"{ratio:.2f} {_met(ratio, goals[name]):7}")
        rows.append(row)
    return _aligned(rows)


def _rows(case: dict[str, Any]) -> str:
    other = case["rival_total"] not in (None, case["total"])
    return f"{case['rows']} of {case['total']:,}" + (f" (Datasette: {case['rival_total']:,})" if other else "")


def _work(cases: Sequence[dict[str, Any]]) -> str:
    rows = [[f"queries, goal ≤ {MOST_QUERIES}", "visitor", "viewer", "", "SQL ms", "part ms", "304 ms", "gzip ms"]]
    rows[0] += ["KB raw", "gzip", "br", "part raw", "part gzip"]
    for case in cases:
        times, size = case["times"], case["bytes"]
        count = len(case["statements"])
        met = _met(max(count, case["viewer_queries"]), MOST_QUERIES)
        row = [case["name"], str(count), str(case["viewer_queries"]), met]
        row.append(_ms(sum(statement["ms"] for statement in case["statements"])))
        row += [_ms(median(times[name])) for name in ("part", "same", "gzip")]
        row += [_kb(size[name]) for name in ("raw", "gzip", "br", "part", "part_gzip")]
        rows.append(row)
    return _aligned(rows)


def _visit(visit: Any) -> str:
    if isinstance(visit, str):
        return f"Chromium: {visit}"
    count, kilobytes, click = len(visit["requests"]), visit["bytes"] / 1000, median(visit["clicks"])
    rows = [
        ["Chromium", "", "goal", ""],
        ["requests of a first visit", str(count), f"≤ {MOST_REQUESTS}", _met(count, MOST_REQUESTS)],
        ["KB of a first visit, as sent", f"{kilobytes:.1f}", f"≤ {MOST_VISIT_KB}", _met(kilobytes, MOST_VISIT_KB)],
        ["ms from a sort click to its paint", f"{click:.0f}", f"≤ {MOST_CLICK_MS}", _met(click, MOST_CLICK_MS)],
        ["p95 of that", f"{p95(visit['clicks']):.0f}", "", ""],
    ]
    return _aligned(rows)


def slow_statements(sizes: Sequence[dict[str, Any]], least_ms: float) -> str:
    """Every statement that takes as long as that, with how the database goes about it."""
    found = []
    for size in sizes:
        for case in size.get("cases", ()):
            for statement in case["statements"]:
                if statement["ms"] >= least_ms:
                    head = f"{size['offers']:,} offers, {case['name']}: {statement['ms']:.1f} ms"
                    found.append(
                        "\n".join([head, f"  {statement['sql']}", *(f"  > {step}" for step in statement["plan"])])
                    )
    return "\n\n".join(found)


def _met(value: float, most: float) -> str:
    return "met" if value <= most else "not met"


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first one starts at the left, the others end at the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
