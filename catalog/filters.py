"""The filters that the Offers page, its exports and the API share."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone

from catalog.filter_types import DollarsFilter, ManyFilter, MomentFilter, TokensFilter, WordsFilter
from catalog.models import LISTED, Rate
from catalog.models.effective import column
from catalog.models.rate import RateQuerySet, tier_of
from catalog.models.search import MOST_WORDS, Holds, shape_of, words_of
from catalog.pricing.rates import STANDARD, PriceState
from catalog.pricing.terms import Term, day_of, in_force

FACETS = ("catalog", "provider", "state", "lifecycle", "mode")
"""Filters by a value of a closed list; pages count what each value would leave."""
RANGES = ("min_context", "max_context", "min_in", "max_in", "min_out", "max_out")


class OfferFilter(filters.FilterSet):
    """One rate per offer, filtered by what an address says.

    A value that makes no sense is ignored and ``problems`` says so. ``values`` holds what is left, by filter. Prices
    are those under ``terms``: the contract terms that hold on the day asked for, ordered by `pricing.terms.in_force`.
    """

    q = WordsFilter(method="by_words", max_length=200)
    catalog = ManyFilter(method="by_catalog", noun="catalog")
    provider = ManyFilter("provider", "in", noun="provider")
    state = ManyFilter("price_state", "in", noun="price state")
    lifecycle = ManyFilter(noun="lifecycle")
    mode = ManyFilter(noun="mode")
    min_context = TokensFilter("context_tokens", "gte")
    max_context = TokensFilter("context_tokens", "lte")
    min_in = DollarsFilter("input", "gte")
    max_in = DollarsFilter("input", "lte")
    min_out = DollarsFilter("output", "gte")
    max_out = DollarsFilter("output", "lte")
    prompt = TokensFilter()
    as_of = MomentFilter()

    class Meta:
        model = Rate
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        *,
        allowed: Mapping[str, frozenset[str]],
        catalog_ids: Mapping[str, int],
        terms: Iterable[Term] = (),
        known_at: datetime | None = None,
    ) -> None:
        """``catalog_ids`` are the viewer's catalogs, ``terms`` their contract terms for any day.

        ``allowed`` holds, for each of FACETS, the values to be found in them. Offers not yet ``known_at`` are left out.
        """
        super().__init__(data, queryset=Rate.objects.of(catalog_ids.values(), known_at))
        self.queryset: RateQuerySet
        self.catalog_ids, self._known_at, self._only = catalog_ids, known_at, False
        terms = tuple(terms)
        if any(term.fixed for term in terms):  # what a catalog gives no price for may have one here
            allowed = {**allowed, "state": allowed["state"] | {PriceState.PRICED.value, PriceState.FREE.value}}
        self.allowed = allowed
        for name in FACETS:
            self.form.fields[name].allowed = allowed[name]
        self.problems = [str(error) for errors in self.form.errors.values() for error in errors]
        self.values: dict[str, Any] = {name: self._value(name, allowed) for name in self.filters}
        self._limit("A search is for {} words at most", MOST_WORDS, words_of(self.values["q"] or ""))
        self._limit("One mode is shown at a time", 1, self.values["mode"])
        self.values["mode"] = self.values["mode"][:1] or [STANDARD]
        if set(self.values["lifecycle"]) == allowed["lifecycle"].intersection(LISTED):
            self.values["lifecycle"] = []
        self.terms = in_force(terms, day_of(self.moment or timezone.now())) if terms else ()
        for made in self.filters.values() if self.terms else ():
            made.field_name = self.column(made.field_name)

    @classmethod
    @cache
    def form_class(cls) -> type[forms.Form]:
        """The form of all filters, made once and not, as django-filter does, for each request."""
        fields = {name: made.field for name, made in cls.base_filters.items()}
        return type("OfferFilterForm", (forms.Form,), fields)

    def get_form_class(self) -> type[forms.Form]:
        """The form that reads the address; each instance has fields of its own."""
        return self.form_class()

    def _value(self, name: str, allowed: Mapping[str, frozenset[str]]) -> Any:
        if name in self.form.cleaned_data:
            return self.form.cleaned_data[name]
        return [item for item in self.data.getlist(name) if item in allowed[name]] if name in FACETS else None

    def _limit(self, sentence: str, most: int, values: list[str]) -> None:
        if left_out := ", ".join(f"“{value[:40]}”" for value in values[most:]):
            self.problems.append(f"{sentence.format(most)}; left out: {left_out}.")

    @property
    def moment(self) -> datetime | None:
        """The moment asked for, aware; None for now."""
        moment: datetime | None = self.values["as_of"]
        return moment

    def column(self, name: str) -> str:
        """What the column of a rate is called in these rates: that of a price holds the effective one."""
        return column(name, self.terms)

    @property
    def words(self) -> list[str]:
        """The words of the search."""
        return words_of(self.values["q"] or "")[:MOST_WORDS]

    @property
    def seeks(self) -> bool:
        """Whether a search is likely to leave few: one for a letter or two leaves nearly all."""
        return any(shape_of(self.words))

    @property
    def shape(self) -> Hashable | None:
        """What a statement over these offers follows from, whatever the words of its search; None for one of its own.

        With the contract terms of the day, not their names alone: they are values of the statement.
        """
        if self._only:
            return None
        values = repr([value for name, value in self.values.items() if name != "q"])
        return tuple(self.catalog_ids.items()), self._known_at, values, shape_of(self.words), self.terms

    def only(self, rates: Iterable[int]) -> None:
        """Leave out all but these rates, by id."""
        self.queryset = self.queryset.filter(pk__in=rates)
        self._only = True

    @property
    def narrows(self) -> bool:
        """Whether what catalogs have counted does not hold here.

        Something other than the facets limits the rows (a prompt too, which may be above the last tier), or a contract
        changes price states.
        """
        return bool(
            self.moment
            or self.values["q"]
            or any(self.values[name] is not None for name in ("prompt", *RANGES))
            or any(term.fixed for term in self.terms)
        )

    def universe(self) -> RateQuerySet:
        """One rate per offer and mode, limited by all but the facets: what facets count."""
        return self._limited(self.queryset.at(self.moment).under(self.terms))

    def rates(self) -> RateQuerySet:
        """One rate per offer, limited by every filter."""
        return self._chosen(self._limited(self._listed().filter(mode=self.values["mode"][0])))

    def charged(self, mode: str, tokens: int) -> RateQuerySet:
        """One rate per offer, by all filters but mode and prompt, which are given: see `RateQuerySet.charged`."""
        return self._chosen(self._apply(self._listed().charged(mode, tokens), "q", *RANGES))

    def charged_together(self, workloads: Iterable[tuple[str, int]]) -> RateQuerySet:
        """For each mode and prompt the rates they are charged by, and each offer's base rate in the standard mode.

        All filters but mode and prompt apply; prices asked for are those of the base rate.
        """
        base = Q(mode=STANDARD, above=0)
        wanted = reduce(or_, (tier_of(mode, tokens) for mode, tokens in workloads), base)
        rates = self._chosen(self._apply(self._listed().filter(wanted), "q"))
        if all(self.values[name] is None for name in RANGES):
            return rates
        return rates.filter(revision__in=self._apply(self._listed().filter(base), *RANGES).values("revision"))

    def of_any(self) -> list[RateQuerySet]:
        """All rates of every mode and tier, whatever the filters, to be read one after the other.

        Those that tables list come first, which the indexes hold; the hidden ones, few if any, second.
        """
        rates = self.queryset.under(self.terms)
        if self.moment:
            return [rates.at(self.moment)]
        hidden = self.form.fields["lifecycle"].allowed - set(LISTED)
        parts = [rates.filter(listed=True)]
        return [*parts, rates.at(None).filter(lifecycle__in=sorted(hidden))] if hidden else parts

    def charged_of_any(self, mode: str, tokens: int) -> list[RateQuerySet]:
        """Like `charged`, but whatever the facets: what the facets of a ranking count. To be read as `of_any`."""
        return [self._apply(part.charged(mode, tokens), "q", *RANGES) for part in self.of_any()]

    def _listed(self) -> RateQuerySet:
        rates = self.queryset.under(self.terms)
        if self.values["lifecycle"] or self.moment:
            return rates.at(self.moment).filter(lifecycle__in=self.values["lifecycle"] or LISTED)
        return rates.filter(listed=True)  # current too; nothing but what the indexes hold

    def _chosen(self, rates: RateQuerySet) -> RateQuerySet:
        return self._apply(rates, "catalog", "provider", "state")

    def _limited(self, rates: RateQuerySet) -> RateQuerySet:
        return self._apply(rates.for_prompt(self.values["prompt"] or 0), "q", *RANGES)

    def _apply(self, rates: RateQuerySet, *names: str) -> RateQuerySet:
        for name in names:
            rates = self.filters[name].filter(rates, self.values[name])
        return rates

    def by_words(self, rates: RateQuerySet, name: str, value: str) -> RateQuerySet:
        """Every word, in any order, somewhere in name, ref, key or provider."""
        return rates.filter(Holds(F("revision_id"), self.words))

    def by_catalog(self, rates: RateQuerySet, name: str, value: list[str]) -> RateQuerySet:
        """Any of these catalogs, by slug."""
        return rates.filter(catalog__in=[self.catalog_ids[slug] for slug in value])
