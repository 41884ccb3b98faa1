"""ContractTerm: what a contract makes of a catalog's list prices, and from when to when we knew so."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.models import F, Q

from catalog.models.catalog import Catalog
from catalog.pricing.rates import COMPONENTS, highest_price
from catalog.pricing.terms import HIGHEST_CHANGE, LOWEST_CHANGE, Term

UNFIXED = Q(*(Q((name, None)) for name in COMPONENTS))
"""No price is fixed."""


class ContractTermQuerySet(models.QuerySet["ContractTerm"]):
    """Terms by what was known of them when."""

    def known_at(self, moment: datetime | None) -> Self:
        """Those on record at ``moment``; now for None."""
        if moment is None:
            return self.filter(withdrawn_at=None)
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment), recorded_at__lte=moment)


class ContractTerm(models.Model):
    """One term. Rows are never rewritten: who changes one withdraws it and records another.

    Prices are pico-dollars per token (``request``: per request), ``change`` basis points. ``services/terms.py`` alone
    writes rows, together with `Catalog.terms`.
    """

    catalog = models.ForeignKey(Catalog, on_delete=models.CASCADE, related_name="contract_terms")
    provider = models.CharField(max_length=100, blank=True)
    pattern = models.CharField(
        "models",
        max_length=120,
        blank=True,
        validators=[ProhibitNullCharactersValidator()],
        help_text="Models whose ref or key fits this: “*” is any characters, “?” one; case is ignored.",
    )
    mode = models.CharField(max_length=60, blank=True)
    change = models.IntegerField(
        null=True, blank=True, validators=[MinValueValidator(LOWEST_CHANGE), MaxValueValidator(HIGHEST_CHANGE)]
    )
    input = models.BigIntegerField(null=True, blank=True)
    output = models.BigIntegerField(null=True, blank=True)
    cache_read = models.BigIntegerField(null=True, blank=True)
    cache_write = models.BigIntegerField(null=True, blank=True)
    blended = models.BigIntegerField(null=True, blank=True)
    request = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(
        max_length=200,
        validators=[ProhibitNullCharactersValidator()],
        help_text="Such as the name of the contract: pages show it.",
    )
    first_day = models.DateField(help_text="Days are those of UTC.")
    last_day = models.DateField(null=True, blank=True, help_text="Left empty: until further notice.")

    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = ContractTermQuerySet.as_manager()

    class Meta:
        verbose_name = "contract term"
        ordering = ["catalog", "-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(change=None) & ~UNFIXED | Q(change__isnull=False) & UNFIXED, name="term_changes_or_fixes"
            ),
            models.CheckConstraint(
                condition=Q(change=None) | Q(change__gte=LOWEST_CHANGE, change__lte=HIGHEST_CHANGE),
                name="term_change_possible",
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(first_day__lte=F("last_day")), name="term_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("recorded_at")), name="term_recorded_first"
            ),
            *(
                models.CheckConstraint(
                    condition=Q((name, None)) | Q((f"{name}__gte", 0), (f"{name}__lte", highest_price(name))),
                    name=f"term_{name}_possible",
                )
                for name in COMPONENTS
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def value(self) -> Term:
        """The term as the price rules know it."""
        fixed = {name: price for name in COMPONENTS if (price := getattr(self, name)) is not None}
        return Term(
            id=self.pk,
            catalog=self.catalog_id,
            provider=self.provider,
            pattern=self.pattern,
            mode=self.mode,
            change=self.change,
            fixed=fixed,
            reason=self.reason,
            first_day=self.first_day,
            last_day=self.last_day,
        )
