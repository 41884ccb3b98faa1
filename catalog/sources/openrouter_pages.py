"""OpenRouter's list, page after page. Without ``offset`` and ``limit`` it comes whole, with no next page."""

from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import msgspec

from catalog.sources.base import Door, Parameters
from catalog.sources.errors import SourceUnreadable
from catalog.sources.payload import read_answer

MOST_PAGES = 100


class Links(msgspec.Struct):
    """Where the answer goes on."""

    next: str | None = None


class Page(msgspec.Struct):
    """One answer. A whole list has no next page; older answers hold ``data`` alone."""

    data: list[msgspec.Raw]
    links: Links | None = None
    total_count: int | None = None


class Named(msgspec.Struct):
    """What tells a row from another, and whose model it is: ``OpenAI: GPT-4.1``."""

    id: str
    name: str | None = None


def all_pages(door: Door, path: str, parameters: Parameters) -> list[msgspec.Raw]:
    """The rows of all pages, each id once: a list may move while it is read. Raises SourceUnreadable."""
    rows: list[msgspec.Raw] = []
    seen: set[str] = set()
    asked = list(parameters)
    for _ in range(MOST_PAGES):
        page = read_answer(door.get(path, asked), Page)
        new = [row for row in page.data if named(row).id not in seen]
        ids = {named(row).id for row in new} - {""}
        if rows and not ids:
            break
        rows += new
        seen |= ids
        door.count(len(rows), page.total_count)
        following = page.links.next if page.links else None
        if not following and len(rows) >= (page.total_count or 0):
            return rows
        # Only the offset of the next address is taken: the key goes nowhere but to the catalog's own address.
        offset = dict(parse_qsl(urlsplit(following or "").query)).get("offset", str(len(rows)))
        asked = [*parameters, ("offset", offset)]
    if len(rows) < (page.total_count or 0):
        told = f"OpenRouter announced {page.total_count:,} models and sent {len(rows):,}"
        raise SourceUnreadable(f"{told}: the answer is incomplete.")
    return rows


def named(row: msgspec.Raw) -> Named:
    """Its id and name; both empty for a row that has none."""
    with suppress(msgspec.ValidationError):
        return msgspec.json.decode(row, type=Named)
    return Named("")
