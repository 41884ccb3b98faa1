"""How far back the charts of prices reach, as the address says: ``history``, by default all that is known."""

from datetime import datetime, timedelta

from django.http import QueryDict

from dashboard.address import Address

SPANS = {"90d": ("90 days", 90), "6m": ("6 months", 183), "1y": ("1 year", 365)}
"""What they are called, and their days."""


def read_history(data: QueryDict) -> tuple[str, list[str]]:
    """The key of SPANS, "" for all. What makes no sense is ignored, and named in a sentence."""
    given = data.get("history", "")
    if not given or given in SPANS:
        return given, []
    return "", [f"“{given[:40]}” is no time of a price history; there are {', '.join(SPANS)}."]


def history_start(history: str, until: datetime) -> datetime | None:
    """Where the charts start; None for where the first price is known."""
    return until - timedelta(days=SPANS[history][1]) if history else None


def history_links(history: str, address: Address) -> list[tuple[str, str, str, bool]]:
    """The choices: key, words, where each leads, and whether it is the one."""
    spans = {**{key: words for key, (words, _) in SPANS.items()}, "": "All"}
    return [(key, words, address.to(history=key), key == history) for key, words in spans.items()]
