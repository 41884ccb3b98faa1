"""Rate: the prices of one revision in one tier and mode, as the tables list them.

A table of offers is read from this one table. It therefore carries copies of what tables show, filter and sort by; a
join to the revisions costs 10 to 70 ms more at 100,000 offers. `sync/store.py` alone writes rates, together with their
revision, and a test holds that the copies agree.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Self

from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from catalog.models.catalog import Catalog
from catalog.models.effective import columns_under
from catalog.models.family import Family
from catalog.models.offer import LIFECYCLES, PRICE_STATES, Offer, Revision
from catalog.pricing.rates import COMPONENTS, STANDARD, highest_price
from catalog.pricing.terms import Term
from catalog.sources.base import Lifecycle

LISTED = (Lifecycle.ACTIVE, Lifecycle.PREVIEW)
"""Lifecycles that tables show unless asked for others."""

SORTED = (
    ("sort_name",),
    ("sort_provider",),
    *((name,) for name in COMPONENTS[:4]),
    ("context_tokens",),
    ("max_output_tokens",),
    ("lifecycle", "price_state", "by_hour"),
    ("valid_from",),
)
"""What tables sort by, each with an index of its own."""
FILTERED = ("catalog", "provider", "price_state")


def tier_of(mode: str, tokens: int) -> Q:
    """The tier of ``mode`` that a prompt of ``tokens`` (not 0) is charged by."""
    return Q(Q(up_to=None) | Q(up_to__gte=tokens), mode=mode, above__lt=tokens)


class RateQuerySet(models.QuerySet["Rate"]):
    """Rates by moment, mode and prompt size: together they leave one row per offer."""

    def at(self, moment: datetime | None) -> Self:
        """The rates that were true at ``moment``; of now for None."""
        if moment is None:
            return self.filter(valid_to=None)
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=moment), valid_from__lte=moment)

    def of(self, catalogs: Iterable[int], known_at: datetime | None = None) -> Self:
        """Those of these catalogs, of offers known at that moment: one seen later brings its past along."""
        rates = self.filter(catalog__in=list(catalogs))
        return rates if known_at is None else rates.filter(offer__first_seen_at__lte=known_at)

    def for_prompt(self, tokens: int) -> Self:
        """The tier that a prompt of ``tokens`` is priced by; the base tier for 0."""
        if tokens == 0:
            return self.filter(above=0)
        return self.filter(Q(up_to=None) | Q(up_to__gte=tokens), above__lt=tokens)

    def charged(self, mode: str, tokens: int) -> Self:
        """Of each offer the one rate that a prompt of ``tokens`` (not 0) is charged by in ``mode``.

        An offer that has none is there with its standard base rate, so that it can be told of.
        """
        own = tier_of(mode, tokens)
        if mode == STANDARD:
            return self.filter(own)  # every offer has one: tiers leave no gap
        sold = self.filter(own).values("revision")
        return self.filter(own | Q(~Q(revision__in=sold), mode=STANDARD, above=0))

    def under(self, terms: Sequence[Term]) -> "RateQuerySet":
        """The rates with their effective prices, in the columns that `effective.column` names."""
        return _under(tuple(terms)) & self if terms else self


@lru_cache(maxsize=64)
def _under(terms: tuple[Term, ...]) -> "RateQuerySet":
    """All rates under these terms. Django takes milliseconds to resolve so many expressions, so it does that once."""
    return Rate.objects.alias(**columns_under(terms))


class Rate(models.Model):
    """Prices in pico-dollars per token (``request``: per request) for prompts of ``above < tokens <= up_to``.

    ``inherited`` names the components, by spaces, that this tier or mode does not state itself.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="rates")
    mode = models.CharField(max_length=60, default=STANDARD)
    above = models.PositiveBigIntegerField(default=0)
    up_to = models.PositiveBigIntegerField(null=True)
    input = models.BigIntegerField(null=True)
    output = models.BigIntegerField(null=True)
    cache_read = models.BigIntegerField(null=True)
    cache_write = models.BigIntegerField(null=True)
    blended = models.BigIntegerField(null=True)
    request = models.BigIntegerField(null=True)
    inherited = models.CharField(max_length=100, blank=True)

    # Copies of what the tables need
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+", db_index=False)
    catalog = models.ForeignKey(Catalog, on_delete=models.CASCADE, related_name="+", db_index=False)
    ref = models.CharField(max_length=300)
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300)
    provider = models.CharField(max_length=100, blank=True)
    provider_name = models.CharField(max_length=100, blank=True)
    sort_provider = models.CharField(max_length=100, null=True)  # noqa: DJ001 (what is not known is sorted last)
    provider_inferred = models.BooleanField(default=False)
    position = models.IntegerField(null=True)
    lifecycle = models.CharField(max_length=10, choices=LIFECYCLES)
    price_state = models.CharField(max_length=20, choices=PRICE_STATES)
    context_tokens = models.PositiveBigIntegerField(null=True)
    max_input_tokens = models.PositiveBigIntegerField(null=True)
    max_output_tokens = models.PositiveBigIntegerField(null=True)
    by_hour = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    # Of the offer's current link; the copies of `sync/links.py`. Rates of the past keep what they had last.
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    apart = models.PositiveSmallIntegerField(default=0, help_text="How far it is set apart within its family.")
    listed = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(valid_to__isnull=True, lifecycle__in=[value.value for value in LISTED]), models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = RateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "mode", "above"], name="rate_one_per_tier"),
            models.CheckConstraint(condition=Q(up_to=None) | Q(above__lt=F("up_to")), name="rate_tier_is_not_empty"),
            *(
                models.CheckConstraint(
                    condition=Q((name, None)) | Q((f"{name}__gte", 0), (f"{name}__lte", highest_price(name))),
                    name=f"rate_{name}_possible",
                )
                for name in COMPONENTS
            ),
        ]
        indexes = [
            # One per sort key, each wide enough to filter and count without touching the rows.
            *(
                models.Index(
                    # SQLite asks for "listed" again
                    fields=[*dict.fromkeys(("mode", "above", *keys, "sort_name", "id", *FILTERED, "listed"))],
                    condition=Q(listed=True),
                    name=f"rate_by_{keys[0]}",
                )
                for keys in SORTED
            ),
            models.Index(
                fields=["mode", "above", "lifecycle", "sort_name"], condition=Q(valid_to=None), name="rate_current"
            ),
            models.Index(fields=["offer"], name="rate_of_offer"),
            models.Index(
                fields=[
                    *("mode", "above", "family", "catalog", "apart", "input", "output"),
                    *("id", "provider", "price_state", "listed"),
                ],
                condition=Q(listed=True),
                name="rate_by_family",
            ),
            # All that a ranking by cost reads: a third of the time of reading the rows, at 100,000 offers.
            models.Index(
                fields=[
                    *("mode", "above", "up_to", *COMPONENTS, "price_state"),
                    *("context_tokens", "max_input_tokens", "max_output_tokens"),
                    *("sort_name", "id", "catalog", "provider", "lifecycle", "family", "apart", "listed"),
                ],
                condition=Q(listed=True),
                name="rate_costs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.mode} above {self.above}"
