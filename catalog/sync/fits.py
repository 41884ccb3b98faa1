"""Which fetched offers the database can hold. One that it cannot is left out like any other bad row.

SQLite takes much that PostgreSQL refuses; the limits are the stricter ones on both, so that a catalog reads the same.
"""

from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from catalog.models import Revision
from catalog.pricing.rates import COMPONENTS, highest_price
from catalog.sources.base import MOST_TOKENS, Fetched, OfferRecord, OfferState, Skip
from catalog.sync.states import COLUMNS

LENGTHS = {
    field.name: field.max_length for field in Revision._meta.fields if field.name in COLUMNS and field.max_length
}
LONGEST_REF = 300
LONGEST_MODE = 60
COUNTS = ("context_tokens", "max_input_tokens", "max_output_tokens")
HIGHEST_PRICES = tuple(map(highest_price, COMPONENTS))
HIGHEST = 2**63 - 1
HIGHEST_POSITION = 2**31 - 1
NUL = b"\\u0000"
_texts, _counts, _prices = attrgetter(*LENGTHS), attrgetter(*COUNTS), attrgetter(*COMPONENTS)
_encode = msgspec.json.Encoder().encode


def fitting(fetched: Fetched, new: Iterable[OfferRecord]) -> Fetched:
    """The fetch with clean texts, and those ``new`` states that cannot be stored among the skipped rows, with why.

    The others are on record as they are, so that they fit.
    """
    reasons = {record.ref: reason for record in new if (reason := _misfit(record))}
    skipped = (*fetched.skipped, *(Skip(ref, reason) for ref, reason in reasons.items()))
    return replace(
        fetched,
        offers=tuple(record for record in fetched.offers if record.ref not in reasons) if reasons else fetched.offers,
        skipped=tuple(
            Skip(storable(skip.ref)[:LONGEST_REF], storable(skip.reason), storable(skip.stem)) for skip in skipped
        ),
        read_from=storable(fetched.read_from),
        warnings=tuple(map(storable, fetched.warnings)),
    )


def storable(text: str) -> str:
    """The text without the NUL characters and halves of surrogate pairs that a database does not keep."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _misfit(record: OfferRecord) -> str:
    """Why the record cannot be stored, or ""."""
    if len(record.ref) > LONGEST_REF:
        return f"Its id has {len(record.ref):,} characters; {LONGEST_REF} are the most that are kept."
    states = [record.state, *(past.state for past in record.past)]
    if reason := next((reason for state in states for reason in _misfits(state)), ""):
        return reason
    # Sources take texts from outside the row too, such as the name that it has in a table.
    return "It holds a NUL character, which PostgreSQL does not keep." if NUL in _encode(record) else ""


def _misfits(state: OfferState) -> Iterator[str]:
    for (name, most), text in zip(LENGTHS.items(), _texts(state), strict=True):
        if len(text) > most:
            yield f"Its {name.replace('_', ' ')} has {len(text):,} characters; {most} are the most that are kept."
    for name, count in zip(COUNTS, _counts(state), strict=True):
        if count is not None and not 0 < count <= MOST_TOKENS:
            yield f"Its {name.replace('_', ' ')} cannot be {count if abs(count) < 10**15 else 'that many digits long'}."
    if abs(state.position or 0) > HIGHEST_POSITION:
        yield f"Its position is {state.position}."
    for row in state.rates:
        if len(row.mode) > LONGEST_MODE:
            yield f"One of its modes has {len(row.mode):,} characters; {LONGEST_MODE} are the most that are kept."
        if any(price and price > most for price, most in zip(_prices(row), HIGHEST_PRICES, strict=True)):
            yield "One of its prices is too large to be one."
        if not 0 <= row.above <= HIGHEST or (row.up_to or 0) > HIGHEST:
            yield "One of its tiers begins or ends beyond all numbers of tokens."
