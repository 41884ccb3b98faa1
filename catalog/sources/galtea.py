"""The models of a Galtea account with their costs: its own and Galtea's predefined ones.

Format: https://docs.galtea.ai/api-reference/models/get-models, a bare array without a total or a link to the next page.
What a model is: https://docs.galtea.ai/concepts/model.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from catalog.sources.base import Door, Fetched, OptionValue, Parameters, Setup
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.galtea_models import record
from catalog.sources.payload import UNREADABLE, read_answer, read_rows

PATH = "/models"
FILTERS = ("ids", "organizationIds", "names", "name", "includeDefaultEntities", "includeOwnEntities")
MOMENTS = ("fromCreatedAt", "toCreatedAt")
OLDEST_FIRST = ["createdAt", "asc"]
"""Models created while the pages are read come last, so that no page shifts."""
PER_PAGE = 1_000
MOST_PAGES = 1_000
MOST_ROWS = 100_000


class Identified(msgspec.Struct):
    """What makes a row the same as another."""

    id: str


class GalteaSource:
    """All pages of ``GET /models``; each option is a parameter of that name."""

    def __init__(self, setup: Setup) -> None:
        self.options = setup.options
        limit = setup.options.get("limit")
        self.limit = int(limit) if isinstance(limit, int | str) else PER_PAGE

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """Page by page, until one is empty or brings nothing new."""
        try:
            rows, warnings = self._read(door, [*self._chosen(), *self._order(), ("limit", str(self.limit))])
        except SourceRefused as error:
            if error.status == 404:
                text = "There is no Galtea API at this address; its base URL is https://api.galtea.ai."
                raise SourceRefused(text, error.status) from None
            raise
        read = read_rows(rows, dict[str, Any], record)
        return Fetched(read.offers, read.skipped, door.address(PATH), warnings)

    def _read(self, door: Door, asked: list[tuple[str, str]]) -> tuple[list[msgspec.Raw], tuple[str, ...]]:
        """All rows, and what is odd about them.

        The server may send fewer rows than asked for at a time, so the next page starts after those that came. Raises
        SourceUnreadable when there are too many: without the rest, their models would look as if they were gone.
        """
        rows: list[msgspec.Raw] = []
        seen: set[str | bytes] = set()
        for pages in range(MOST_PAGES):
            page = read_answer(door.get(PATH, [*asked, ("offset", str(len(rows)))]), list[msgspec.Raw])
            identities = set(map(_identity, page))
            if identities <= seen:
                full = bool(page) and len(rows) == self.limit
                return rows, tuple(_oddities(len(rows), len(rows) - len(seen) if pages > 1 else 0, same_again=full))
            rows += page
            seen |= identities
            door.count(len(rows))
            if len(rows) > MOST_ROWS:
                break
        raise SourceUnreadable(
            f"Galtea has more models than Ratecard reads: {len(rows):,} came without an end. "
            "Narrow the catalog by its options, or raise the number of models per request."
        )

    def _chosen(self) -> Iterator[tuple[str, str]]:
        """The filters that are set. A list is its parameter several times, as OpenAPI's form style says."""
        for name in FILTERS:
            yield from ((name, value) for value in _texts(self.options.get(name)))
        for name in MOMENTS:
            yield from ((name, _aware(value)) for value in _texts(self.options.get(name)))

    def _order(self) -> Parameters:
        """The order as pairs of a field and a direction. Raises SourceRefused when they are none."""
        words = _texts(self.options.get("sort")) or OLDEST_FIRST
        if len(words) % 2 or any(word not in ("asc", "desc") for word in words[1::2]):
            raise SourceRefused(
                f"Galtea cannot sort by “{', '.join(words)}”: "
                "the order is a field and asc or desc, in pairs, such as createdAt, asc."
            )
        return [("sort", word) for word in words]


def _texts(value: OptionValue | None) -> list[str]:
    """An option's values as they stand in a query string; none if it is not set."""
    if isinstance(value, list):
        return value
    if isinstance(value, bool):
        return [str(value).lower()]
    return [] if value in (None, "") else [str(value)]


def _aware(moment: str) -> str:
    """The moment with its offset: Galtea wants one, and a person who writes none means UTC."""
    parsed = datetime.fromisoformat(moment)
    return moment if parsed.tzinfo else parsed.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")


def _identity(row: msgspec.Raw) -> str | bytes:
    with suppress(*UNREADABLE):
        return msgspec.json.decode(row, type=Identified).id
    return bytes(row)


def _oddities(rows: int, twice: int, *, same_again: bool) -> Iterator[str]:
    """Signs that models may be missing. Pages that repeat end a list, unless there was but one and it was full."""
    if same_again:
        yield f"Galtea sent the same {rows:,} models again for the next page, so there may be more than these."
    if twice:
        yield f"Galtea sent rows twice ({twice:,}): if its order changed from page to page, models may be missing."
