"""The benchmark still fits the product: its builder fills a database and its pages are there."""

import json
import sqlite3
from pathlib import Path

import pytest
from django.test import Client

from catalog.matching import find
from tests.benchmarks import build, cases, comparing, costing, flat, matching, report, syncing

OFFERS = 210


@pytest.mark.django_db
def test_the_builder_fills_pages_for_every_case_and_for_datasette(client: Client, tmp_path: Path) -> None:
    build.fill(OFFERS)
    listed = build.listed()
    assert listed > cases.PER_PAGE
    flat.write(tmp_path / "offers.sqlite3")
    rows = sqlite3.connect(tmp_path / "offers.sqlite3")
    assert rows.execute("SELECT count(*), count(DISTINCT ref) FROM offers").fetchone() == (OFFERS, OFFERS)
    rows.close()
    for case in cases.cases_for(listed):
        response = client.get(case.ours)
        assert response.status_code == 200, case
        assert b'<a class="name"' in response.content, case
        assert "after+" not in cases.placed(case, tmp_path / "offers.sqlite3").rival
    assert [client.get(path).status_code for path in comparing.pages().values()] == [200] * 7
    costs = costing.measured(cases.cases_for(listed), rounds=1)
    assert (len(costs["pages"]), len(costs["workloads"])) == (5, 6)


@pytest.mark.urls("tests.benchmarks.urls")
def test_the_limit_sends_what_is_in_its_folder(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "first.html").write_bytes(b"<table>")
    monkeypatch.setenv("BENCH_PAGES", str(tmp_path))
    response = client.get("/limit/first")
    assert (response.status_code, response.content) == (200, b"<table>")
    assert response.headers["Content-Security-Policy"]


def test_syncs_are_measured_through_a_real_answer(tmp_path: Path) -> None:
    figures = syncing.measured(210, tmp_path / "sync")
    assert [(sync["name"], sync["seen"]) for sync in figures] == [(name, 210) for name in report.MOST_SYNC_SECONDS]
    first, changed, unchanged = (sync["stored"] for sync in figures)
    assert (first, unchanged) == (210, 0)
    assert 0 < changed <= 3
    figures[2] |= {"seconds": 0.75, "cpu": 0.5, "peak_mb": 123.0}
    lines = [" ".join(line.split()) for line in report.sync_report(figures).splitlines()]
    assert "unchanged 0 0.75 0.50 ≤ 0.5 not met 123 met" in lines


def test_matching_is_scored_by_names_and_by_pairs(tmp_path: Path) -> None:
    labels = {
        "azure|gpt-4.1": "openai/gpt-4.1",
        "databricks|databricks-gpt-4-1": "openai/gpt-4.1",
        "openrouter|openai/gpt-4o": "openai/gpt-4o",
        "venice|gpt-4o": "openai/gpt-4.1",
        "elsewhere|house-model": "openai/gpt-4o",
    }
    known = find([], kept=set(labels.values()))
    score = matching.scored(labels, known, labels.values())
    assert {name: score[name] for name in report.MATCHED} == {"right": 3, "wrong": 1, "elsewhere": 0, "none": 1}
    assert (score["precision"], score["recall"]) == (3 / 4, 3 / 5)
    assert (score["pair_precision"], score["pair_recall"]) == (1 / 2, 1 / 4)
    assert [name for name, *_ in matching.mistaken(labels, known)] == ["venice|gpt-4o", "elsewhere|house-model"]
    halves = [matching.only(labels, half) for half in (0, 1)]
    assert halves[0] | halves[1] == labels
    assert not halves[0].keys() & halves[1].keys()
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    figures = matching.measured(str(tmp_path / "labels.json"))
    lines = [" ".join(line.split()) for line in report.matching_report(figures).splitlines()]
    assert "the labels' alone all 5 3 1 0 1 0.7500 not met 0.6000 not met 0.7500 0.5000 not met 0.2500 not met" in lines
    assert sum(figures["states"].values()) == matching.OFFERS


def test_the_report_sets_each_figure_beside_its_goal() -> None:
    times = {"ours": [10.0], "datasette": [40.0], "limit": [1.0], "part": [8.0], "same": [1.0], "gzip": [11.0]}
    case = {
        "name": "first page",
        "rows": 100,
        "total": 900,
        "rival_total": 1000,
        "times": times,
        "statements": [{"sql": "SELECT 1", "ms": 2.5, "plan": ["SCAN"]}] * 3,
        "viewer_queries": 7,
        "bytes": dict.fromkeys(("raw", "gzip", "br", "part", "part_gzip"), 1000),
    }
    visit = {"requests": ["/"] * 9, "bytes": 50_000, "clicks": [80.0]}
    costs = {"pages": [8.0, 10.0, 30.0], "workloads": [{"name": "Chat", "rank": 9.0, "breakdown": 1.0, "anew": 5.0}]}
    costs["workloads"][0]["naive"] = 200.0
    costs["page"] = {"offers": 10.0, "costs": 14.0, "new": 50.0}
    made = {
        "costs": costs,
        "exports": [{"name": "csv", "seconds": 3.8, "bytes": 17_256_000, "idle_mb": 103.0, "peak_mb": 151.0}],
        "compared": [
            {"name": "Offers", "warm": 10.0, "first": 100.0},
            {"name": "Model", "warm": 21.0, "first": 150.0},
        ],
        "catalogs": 6,
        "listed": 900,
        "bytes": 10**6,
        "seconds": 1.0,
        "cases": [case],
        "visit": visit,
    }
    sizes = [{**made, "offers": offers} for offers in report.GROWTH_SIZES]
    lines = [" ".join(line.split()) for line in report.size_report(sizes[0]).splitlines()]
    assert "first page 100 of 900 (Datasette: 1,000) 1 10.0 10.0 40.0 40.0 1.0 1.0 0.25 met 10.00 not met" in lines
    assert "first page 3 7 not met 7.5 8.0 1.0 11.0 1.0 1.0 1.0 1.0 1.0" in lines
    assert "requests of a first visit 9 ≤ 8 not met" in lines
    assert "Chat 9.0 1.0 1.00 met 5.0 200 20" in lines
    assert "10.0 14.0 1.40 met 50.0 5.00" in lines
    assert "Model 21.0 2.10 not met 150 1.50 met" in lines
    assert "÷ Offers, goal ≤ 1.5" not in report.size_report({**made, "offers": 1_000})
    assert "csv 3.8 17.3 103 151 not met" in lines
    assert "1.00 met" in " ".join(report.growth_report(sizes).split())
    assert report.growth_report(sizes[:1]) == ""
    assert "2.5 ms\n  SELECT 1\n  > SCAN" in report.slow_statements(sizes, 2)
