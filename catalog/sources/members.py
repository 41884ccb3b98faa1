"""Members of loosely typed rows: each is read as what it should be, or the row is refused in a sentence."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from catalog.sources.errors import RowError

MOST_TOKENS = 10**12

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
    """A count of tokens, which may be sent as ``128000.0`` or as text; None if it is missing or 0. Raises RowError."""
    value = row.get(name)
    if value in (None, ""):
        return None
    try:
        number = Decimal(str(value))
        if isinstance(value, bool) or not 0 <= number <= MOST_TOKENS or number != int(number):
            raise ValueError
    except (ArithmeticError, ValueError):
        raise RowError(f"“{name}” is not a count of tokens: {str(value)[:60]}.") from None
    return int(number) or None


def day(row: Row, name: str) -> str:
    """A date as sent (``2026-05-15``); "" if there is none or it is prose."""
    value = row.get(name)
    return value if isinstance(value, str) and _date(value) else ""


def has_come(sent: str, now: datetime) -> bool:
    """Whether a date as `day` reads it is today or past."""
    found = _date(sent)
    return found is not None and found <= now.astimezone(UTC).date()


def _date(sent: str) -> date | None:
    try:
        return date.fromisoformat(sent[:10])
    except ValueError:
        return None
