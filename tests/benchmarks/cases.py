"""What is asked for: the same five pages of 100 rows of us and of Datasette.

Where nothing is said of lifecycles we leave the deprecated offers out (3 of 100) and Datasette lists them too: to leave
them out would double its time at 100,000 rows.
"""

import re
import sqlite3
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.benchmarks.rival import FACETS

PER_PAGE = 100
PROVIDERS = {"openai": "OpenAI", "google": "Google", "mistral": "Mistral", "openrouter": "OpenRouter"}
WORDS = "claude sonnet"


class Case(NamedTuple):
    """One page: ``ours`` is its address here, ``rival`` what Datasette is asked for. ``key`` names it in addresses."""

    key: str
    name: str
    ours: str
    rival: str


def cases_for(listed: int) -> list[Case]:
    """The cases for a table of so many listed offers (more than one page); the deep page lies in its middle."""
    middle = max(2, listed // PER_PAGE // 2)
    return [
        Case("first", "first page", _ours(), _rival(_sort="name")),
        Case(
            "sorted",
            "filter + sort",
            _ours(provider=[*PROVIDERS], sort="-input"),
            _rival(provider__in=",".join(PROVIDERS.values()), _sort_desc="input"),
        ),
        Case("search", "search", _ours(q=WORDS), _rival(_search=WORDS, _sort="name")),
        Case(
            "deep",
            "deep page",
            _ours(page=str(middle)),
            _rival(_sort="name", _next=f"after {(middle - 1) * PER_PAGE}"),
        ),
        Case(
            "facets",
            "facets",
            _ours(state="priced", lifecycle=["active", "deprecated"]),
            _rival(price_state="priced", lifecycle__in="active,deprecated", _sort="name"),
        ),
    ]


def _ours(**parameters: str | list[str]) -> str:
    return f"/?{urlencode({**parameters, 'per': str(PER_PAGE)}, doseq=True)}"


def _rival(**parameters: str) -> str:
    pairs = [*parameters.items(), ("_size", str(PER_PAGE)), *(("_facet", name) for name in FACETS)]
    return f"/offers/offers?{urlencode(pairs)}"


def placed(case: Case, database: Path) -> Case:
    """The case with "after N rows" in Datasette's address replaced by the key that its own links would have there."""
    found = re.search(r"_next=after\+(\d+)", case.rival)
    if not found:
        return case
    with sqlite3.connect(database) as rows:
        sql = "SELECT name, id FROM offers ORDER BY name, id LIMIT 1 OFFSET ?"
        name, row = rows.execute(sql, (int(found[1]) - 1,)).fetchone()
    rows.close()
    return case._replace(rival=case.rival.replace(found[0], f"_next={quote(f'{_tilde(name)},{row}')}"))


def _tilde(text: str) -> str:
    """Datasette's own escaping: https://docs.datasette.io/en/stable/internals.html#tilde-encoding."""
    plain = (chr(b) if chr(b).isalnum() or chr(b) in "_-" else "+" if b == 32 else f"~{b:02X}" for b in text.encode())
    return "".join(plain)
