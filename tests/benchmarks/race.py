"""One page, asked of all servers in turns."""

import json
import re
from typing import Any

import brotli

from tests.benchmarks.cases import Case
from tests.benchmarks.clock import Answer, AnswerError, Caller, in_turns, warm

BROTLI_QUALITY = 5
MOST_SECONDS = 120.0
ROW = b'<a class="name"'
HTMX = {"HX_Request": "true", "HX_Target": "results"}


def raced(case: Case, ports: dict[str, int], rounds: int) -> dict[str, Any]:
    """Times of the whole page by all, and by us of the part that htmx asks for, of the 304, and with gzip."""
    paths = {"ours": case.ours, "datasette": case.rival, "limit": f"/limit/{case.key}"}
    callers = {name: Caller(port) for name, port in ports.items()}
    answers = {name: warm(port, paths[name]) for name, port in ports.items()}
    page, ours = answers["ours"], callers["ours"]
    if answers["limit"].body.count(ROW) != page.body.count(ROW):  # its bytes differ by a token and the time of day
        raise AnswerError(f"The limit's {case.name} is not ours.")
    etag = ""

    def whole() -> float:
        nonlocal etag
        answer = ours.get(case.ours)
        etag = answer.headers["ETag"]
        return answer.ms

    def same() -> float:
        answer = ours.get(case.ours, 200, 304, If_None_Match=etag)
        if answer.status == 200:  # a minute has passed: "Read 5 min ago" is no longer true
            answer = ours.get(case.ours, 304, If_None_Match=answer.headers["ETag"])
        return answer.ms

    others = {name: lambda name=name: callers[name].get(paths[name]).ms for name in ports if name != "ours"}
    runs = {
        "ours": whole,
        **others,
        "part": lambda: ours.get(case.ours, **HTMX).ms,
        "same": same,
        "gzip": lambda: ours.get(case.ours, Accept_Encoding="gzip").ms,
    }
    part = ours.get(case.ours, **HTMX)
    return {
        "rows": page.body.count(ROW),
        "total": _total(page),
        "rival_total": _rival_total(callers["datasette"], case) if "datasette" in callers else None,
        "bytes": {
            "raw": len(page.body),
            "gzip": len(ours.get(case.ours, Accept_Encoding="gzip").body),
            "br": _brotli_bytes(ours, case.ours, page.body),
            "part": len(part.body),
            "part_gzip": len(ours.get(case.ours, Accept_Encoding="gzip", **HTMX).body),
        },
        "times": in_turns(runs, rounds, MOST_SECONDS),
    }


def _total(page: Answer) -> int:
    found = re.search(rb"<b>([\d,]+) offers?</b>", page.body)
    return int(found[1].replace(b",", b"")) if found else 0


def _rival_total(caller: Caller, case: Case) -> int:
    answer = caller.get(case.rival.replace("/offers?", "/offers.json?"))
    total: int = json.loads(answer.body)["filtered_table_rows_count"]
    return total


def _brotli_bytes(caller: Caller, path: str, page: bytes) -> int:
    """As the server sends it, or as it would be."""
    answer = caller.get(path, Accept_Encoding="br")
    sent = answer.headers["Content-Encoding"] == "br"
    return len(answer.body if sent else brotli.compress(page, quality=BROTLI_QUALITY))
