"""A library's objects as plain JSON values, for the verbatim copy that a revision keeps."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """``value`` as JSON values: unset fields left out, Decimals, dates and times as text."""
    if isinstance(value, Decimal | date | time):
        return str(value)
    if is_dataclass(value):
        return _members({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _members(vars(value))


def _members(items: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain(item) for key, item in items.items() if item is not None}
