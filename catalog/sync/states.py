"""Stored revisions as states again, so that what is stored and what was fetched can be set side by side."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import msgspec

from catalog.models import Rate, Revision
from catalog.pricing.rates import RateRow
from catalog.sources.base import OfferState

SENT = ("origins", "raw")
"""What a state keeps of the answer itself; it may change while the offer does not."""
CONTENT = tuple(sorted(set(OfferState.__struct_fields__) - set(SENT)))
COLUMNS = tuple(name for name in CONTENT if name != "rates")
PRICES = tuple(field.name for field in fields(RateRow))
BATCH = 500
Row = TypeVar("Row")


def batches(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    """``rows``, or their ids, in parts that fit one statement."""
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def stored_states(revisions: Sequence[int]) -> dict[int, OfferState]:
    """The states of these revisions by their ids, without what was sent."""
    states = {}
    for part in batches(revisions):
        rates: dict[int, list[dict[str, Any]]] = defaultdict(list)
        rows = Rate.objects.filter(revision__in=part).order_by("pk")
        for revision, *prices in rows.values_list("revision_id", *PRICES):
            row = dict(zip(PRICES, prices, strict=True))
            rates[revision].append(row | {"inherited": row["inherited"].split()})
        for pk, *values in Revision.objects.filter(pk__in=part).order_by().values_list("pk", *COLUMNS):
            content = dict(zip(COLUMNS, values, strict=True)) | {"rates": rates[pk]}
            states[pk] = msgspec.convert(content, OfferState)
    return states
