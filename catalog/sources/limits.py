"""What the tables can hold: a row beyond it is skipped with its reason, instead of failing the whole sync."""

from dataclasses import replace

import msgspec

from catalog.sources.base import OfferRecord, OfferState
from catalog.sources.errors import RowError

LONGEST_REF = 300
LONGEST = {
    "name": 300,
    "key": 300,
    "provider": 100,
    "provider_name": 100,
    "scope": 40,
    "released_on": 40,
    "deprecates_on": 40,
    "knowledge_cutoff": 40,
}
"""Characters that each text of a state may have."""
MOST_TOKENS = 10**12
"""No model reads a trillion tokens: above it a catalog has sent something else."""
FURTHEST_POSITION = 2**31 - 1


def check(record: OfferRecord) -> None:
    """Raises RowError when an offer has no ref, or a value that cannot be stored."""
    if not record.ref.strip():
        raise RowError("It has no id.")
    if len(record.ref) > LONGEST_REF:
        raise RowError(f"Its id has {len(record.ref):,} characters; {LONGEST_REF} fit.")
    state = record.state
    for name, longest in LONGEST.items():
        if len(text := getattr(state, name)) > longest:
            raise RowError(f"Its {_words(name)} has {len(text):,} characters; {longest} fit.")
    for name in ("context_tokens", "max_input_tokens", "max_output_tokens"):
        count = getattr(state, name)
        if count is not None and not 0 < count <= MOST_TOKENS:
            raise RowError(f"Its {_words(name)} cannot be {_shown(count)}.")
    if state.position is not None and abs(state.position) > FURTHEST_POSITION:
        raise RowError(f"Its position cannot be {_shown(state.position)}.")
    if _holds_nul(record.ref, state):
        raise RowError("It holds the character NUL, which cannot be stored.")


def _holds_nul(ref: str, state: OfferState) -> bool:
    """PostgreSQL keeps no NUL in text (https://www.postgresql.org/docs/current/datatype-character.html)."""
    # JSON can write it in one way only; the second look is for the rare row that merely speaks of it.
    if "\\u0000" not in state.raw:
        return False
    return b"\\u0000" in msgspec.json.encode((ref, replace(state, raw=""))).replace(rb"\\", b"")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(number: int) -> str:
    return f"{number:,}" if abs(number) < 10**15 else "a number of more than 15 digits"
