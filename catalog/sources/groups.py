"""Rows that stand in groups: models under their provider, or providers under their model."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import msgspec

from catalog.sources.base import OfferRecord, Skip
from catalog.sources.errors import SourceUnreadable
from catalog.sources.payload import Rows, read_answer, read_rows

G = TypeVar("G")
T = TypeVar("T")


def read_groups(
    groups: Iterable[tuple[str, msgspec.Raw]],
    shape: type[G],
    rows_of: Callable[[G], Iterable[msgspec.Raw]],
    row_shape: type[T],
    make: Callable[[G, T, str], OfferRecord],
    *,
    mark: str,
    named_by: str = "id",
) -> Rows:
    """Read each named group as ``shape`` and each of its rows as `payload.read_rows` does.

    A bad row costs only itself, a bad group only its rows. A ref is the group's name, ``mark`` and what ``named_by``
    names, and so a row that is skipped is known by it; with a group all refs that begin so are unread.
    """
    offers: dict[str, OfferRecord] = {}
    skipped: list[Skip] = []
    for name, raw in groups:
        try:
            group = read_answer(bytes(raw), shape)
        except SourceUnreadable as error:
            skipped.append(Skip(name[:300], f"{error} Nothing under it was read.", f"{name}{mark}"))
            continue
        rows = read_rows(rows_of(group), row_shape, partial(make, group), named_by=named_by)
        skipped += [Skip(f"{name}{mark}{skip.ref}"[:300], skip.reason) for skip in rows.skipped]
        for record in rows.offers:
            if record.ref in offers:
                skipped.append(Skip(record.ref, "It stands in the answer twice; the first one is kept."))
            offers.setdefault(record.ref, record)
    return Rows(tuple(offers.values()), tuple(skipped))
