"""Members of loosely typed rows: each is read as what it should be, or the row is refused in a sentence."""

from collections.abc import Mapping
from typing import Any

from catalog.sources.errors import RowError
from catalog.sources.values import token_count

Row = Mapping[str, Any]


def text(row: Row, name: str) -> str:
    """A text; "" if there is none. Raises RowError for anything else."""
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(f"“{name}” is not a text.")
    return value.strip()


def texts(row: Row, name: str) -> tuple[str, ...]:
    """The texts of a list, each once; what else it holds is passed over."""
    value = row.get(name)
    items = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(item for item in items if isinstance(item, str) and item))


def part(row: Row, name: str) -> dict[str, Any]:
    """An object; an empty one if there is none. Raises RowError for anything else."""
    value = row.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RowError(f"“{name}” is not an object.")
    return value


def tokens(row: Row, name: str) -> int | None:
    """A count of tokens as `token_count` reads it; None if it is missing or 0. Raises RowError for anything else."""
    value = row.get(name)
    count = token_count(value)
    if count is None and (isinstance(value, bool) or value not in (None, "", 0, "0")):
        raise RowError(f"“{name}” is not a count of tokens: {str(value)[:60]}.")
    return count
