"""The filters that the Changes page and its feed share."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import django_filters as filters
from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict

from catalog.filter_types import DayFilter, ManyFilter, WordsFilter
from catalog.models import LEAST_MOVES, Change, ChangeDay, ChangeKind
from catalog.models.search import MOST_WORDS, Holds, words_of

T = TypeVar("T", Change, ChangeDay)
CHANGE_FACETS = ("catalog", "provider", "kind")
"""Filters by values of closed lists; pages count what each value would leave."""
KINDS = {str(kind.name).lower(): kind for kind in ChangeKind}
"""The kinds of change by their names in addresses."""
MOVES = {str(least // 10): least for least in LEAST_MOVES}
"""Least moves to choose from, in percent, and in the tenths that a change holds."""


class ChangeFilter(filters.FilterSet):
    """Changes, filtered by what an address says.

    A value that makes no sense is ignored and ``problems`` says so. ``values`` holds what is left, by filter.
    """

    q = WordsFilter(method="by_words", max_length=200)
    catalog = ManyFilter(method="by_catalog", noun="catalog")
    provider = ManyFilter("provider", "in", noun="provider")
    family = ManyFilter(method="by_family", noun="model")
    kind = ManyFilter(method="by_kind", noun="kind of change")
    move = ManyFilter(method="by_move", noun="least move")
    since = DayFilter("day", "gte")
    until = DayFilter("day", "lte")

    class Meta:
        model = Change
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Change],
        *,
        allowed: Mapping[str, frozenset[str]],
        catalog_ids: Mapping[str, int],
        families: Mapping[str, Collection[int]],
        known_at: datetime | None = None,
    ) -> None:
        """``allowed`` holds, for each of CHANGE_FACETS, the values to be found in the viewer's catalogs.

        ``families`` are those that can be asked for: by slug, the ids of their offers in these catalogs. With
        ``known_at`` the changes are those known then, which the counts by day do not tell.
        """
        super().__init__(data, queryset=queryset)
        self.catalog_ids = catalog_ids
        self.families = families
        self.known_at = known_at
        allowed = {**allowed, "family": frozenset(families), "move": frozenset(MOVES)}
        for name, values in allowed.items():
            self.form.fields[name].allowed = values
        self.problems = [str(error) for errors in self.form.errors.values() for error in errors]
        self.values: dict[str, Any] = {name: self._value(name, allowed) for name in self.filters}
        if left_out := ", ".join(f"“{word[:40]}”" for word in words_of(self.values["q"] or "")[MOST_WORDS:]):
            self.problems.append(f"A search is for {MOST_WORDS} words at most; left out: {left_out}.")
        self.values["move"] = self.values["move"][:1]
        since, until = self.values["since"], self.values["until"]
        if since and until and since > until:
            self.problems.append(f"{until} is before {since}, so the last day was left out.")
            self.values["until"] = None

    @classmethod
    @cache
    def form_class(cls) -> type[forms.Form]:
        """The form of all filters, made once."""
        return type("ChangeFilterForm", (forms.Form,), {name: made.field for name, made in cls.base_filters.items()})

    def get_form_class(self) -> type[forms.Form]:
        """The form that reads the address; each instance has fields of its own."""
        return self.form_class()

    def _value(self, name: str, allowed: Mapping[str, frozenset[str]]) -> Any:
        if name in self.form.cleaned_data:
            return self.form.cleaned_data[name]
        return [item for item in self.data.getlist(name) if item in allowed[name]] if name in allowed else None

    @property
    def searches(self) -> bool:
        """Whether it takes a look at each change to tell whether it passes; else their counts by day tell."""
        return bool(self.values["q"] or self.values["family"] or self.known_at)

    @property
    def narrows(self) -> bool:
        """Whether something other than the facets limits the changes."""
        return any(self.values[name] for name in ("q", "family", "move", "since", "until"))

    def among(self, changes: QuerySet[T]) -> QuerySet[T]:
        """Those of the given changes, or of their counts by day, that pass all filters but the facets."""
        return self._apply(changes, "since", "until", "move", "family", "q")

    def chosen(self, changes: QuerySet[T]) -> QuerySet[T]:
        """Those that pass the facets too."""
        return self._apply(self.among(changes), *CHANGE_FACETS)

    def changes(self) -> QuerySet[Change]:
        """The changes that pass every filter."""
        found: QuerySet[Change] = self.queryset
        return self.chosen(found)

    def _apply(self, changes: QuerySet[T], *names: str) -> QuerySet[T]:
        for name in names:
            changes = self.filters[name].filter(changes, self.values[name])
        return changes

    def by_words(self, changes: QuerySet[Change], name: str, value: str) -> QuerySet[Change]:
        """Every word, in any order, somewhere in name, ref, key or provider."""
        return changes.filter(Holds(F("revision_id"), words_of(value)[:MOST_WORDS]))

    def by_catalog(self, changes: QuerySet[Change], name: str, value: list[str]) -> QuerySet[Change]:
        """Any of these catalogs, by slug."""
        return changes.filter(catalog__in=[self.catalog_ids[slug] for slug in value])

    def by_family(self, changes: QuerySet[Change], name: str, value: list[str]) -> QuerySet[Change]:
        """Of offers of any of these families."""
        return changes.filter(offer__in=[offer for slug in value for offer in self.families[slug]])

    def by_kind(self, changes: QuerySet[Change], name: str, value: list[str]) -> QuerySet[Change]:
        """Of any of these kinds."""
        return changes.alias(asked=F("kinds").bitand(mask_of(value))).filter(asked__gt=0)

    def by_move(self, changes: QuerySet[Change], name: str, value: list[str]) -> QuerySet[Change]:
        """With a price that moved that far, up or down."""
        return changes.filter(moved__gte=MOVES[value[0]])


def mask_of(kinds: list[str]) -> int:
    """The sum of these kinds."""
    return sum(KINDS[kind] for kind in kinds)
