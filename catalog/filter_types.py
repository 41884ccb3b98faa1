"""Types of filters, each with a form field of `catalog.fields`."""

from copy import copy
from decimal import Decimal
from typing import Any, Self

import django_filters as filters

from catalog.fields import DayField, DollarsField, ManyField, MomentField, TokensField, WordsField
from catalog.models.rate import RateQuerySet

PICO_PER_DOLLAR_PER_MILLION = 1_000_000


class Light(filters.Filter):
    """A filter whose copy, made for each request, shares what no request changes: a deep one costs ten times more."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A copy that can have a parent of its own, and finds its method there."""
        made = copy(self)
        if self.method is not None:
            made.method = self.method
        return made


class WordsFilter(Light):
    """A filter by the words of a search."""

    field_class = WordsField


class TokensFilter(Light):
    """A filter by a number of tokens."""

    field_class = TokensField


class DollarsFilter(Light):
    """A filter by dollars per 1M tokens over a column of pico-dollars per token."""

    field_class = DollarsField

    def filter(self, qs: RateQuerySet, value: Decimal | None) -> RateQuerySet:
        """Offers whose price is not known are left out: they are neither above nor below."""
        found: RateQuerySet = super().filter(qs, None if value is None else int(value * PICO_PER_DOLLAR_PER_MILLION))
        return found


class MomentFilter(Light):
    """A filter by a moment."""

    field_class = MomentField


class DayFilter(Light):
    """A filter by a day."""

    field_class = DayField


class ManyFilter(Light):
    """A filter by any of several values."""

    field_class = ManyField
