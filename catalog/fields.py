"""Form fields for what people type into an address: sizes, moments, lists. Their errors name the value."""

import re
from copy import copy
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

SIZES = {"": 1, "k": 1_000, "m": 1_000_000}


def ungrouped(text: str) -> str:
    """A number without the commas between its thousands. In ``1,5`` it stays: that may mean one and a half."""
    return text.replace(",", "") if re.match(r"\d{1,3}(,\d{3})+(?![\d,])", text) else text


def whole_number(text: str) -> int | None:
    """``128000``, ``128,000``, ``128k`` or ``1.5m`` as a number; None for what is none, or not a whole one."""
    plain = ungrouped(text.strip().lower().replace("_", ""))
    match = re.fullmatch(r"(\d{1,12}(?:\.\d{1,6})?)\s*([km]?)", plain, re.A)
    number = Decimal(match[1]) * SIZES[match[2]] if match else None
    return int(number) if number is not None and number == int(number) else None


class LightField(forms.Field):
    """A field whose copy, made for each form, shares what no form changes: deep ones take half of its time."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy that can be given values of its own."""
        return copy(self)


class WordsField(LightField, forms.CharField):
    """The words of a search."""

    default_error_messages = {
        "max_length": "A search has at most %(limit_value)d characters; this one has %(show_value)d."
    }


class TokensField(LightField):
    """A number of tokens: ``128000``, ``128,000``, ``128k``, ``1m``, ``1.5m``."""

    def to_python(self, value: Any) -> int | None:
        """A whole number of tokens, at least 1, or None."""
        if not (value or "").strip():
            return None
        tokens = whole_number(value)
        if not tokens or tokens > 10**12:
            raise ValidationError(f"“{value}” is not a number of tokens such as 128000 or 128k.")
        return tokens


class DollarsField(LightField):
    """A price in US dollars per 1M tokens, 0 or more."""

    def to_python(self, value: Any) -> Decimal | None:
        """Dollars, or None."""
        text = ungrouped((value or "").strip().removeprefix("$"))
        if not text:
            return None
        if not re.fullmatch(r"\d{0,9}(\.\d{0,12})?", text) or text == ".":
            raise ValidationError(f"“{value}” is not a price in dollars such as 2.50.")
        return Decimal(text)


class DayField(LightField):
    """A day, or None."""

    def to_python(self, value: Any) -> date | None:
        """The day."""
        text = (value or "").strip()
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if text and day is None:
            raise ValidationError(f"“{value}” is not a day such as 2025-06-01.")
        return day


class MomentField(LightField):
    """A day, meant up to its end, or a moment, in UTC; None for now, whether left out or today."""

    def to_python(self, value: Any) -> datetime | None:
        """An aware moment in the past, or None."""
        text = (value or "").strip().replace(" ", "+")
        if not text:
            return None
        try:
            moment = self._read(text)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise ValidationError(f"“{value}” is not a day such as 2025-06-01.")
        now = timezone.now()
        if moment.date() > now.date():
            raise ValidationError(f"“{value}” is in the future; prices are known up to today.")
        return moment if moment < now else None

    def _read(self, text: str) -> datetime | None:
        day: date | None = parse_date(text)
        if day is not None:
            return datetime.combine(day, time.max, UTC)
        moment = parse_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None


class ManyField(LightField):
    """Several values of a closed list; the error names those that are not in it."""

    widget = forms.SelectMultiple

    def __init__(self, *, noun: str, **options: Any) -> None:
        super().__init__(**options)
        self.noun = noun
        self.allowed: frozenset[str] = frozenset()

    def to_python(self, value: Any) -> list[str]:
        """The values, each once, in the order given."""
        values = list(dict.fromkeys(item for item in value or [] if item))
        if unknown := [item for item in values if item not in self.allowed]:
            names = ", ".join(f"“{item[:60]}”" for item in unknown[:3])
            raise ValidationError(f"There is no {self.noun} {names} here.")
        return values
