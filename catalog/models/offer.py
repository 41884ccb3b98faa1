"""Offer and Revision: a model as one catalog sells it, and what was true of it when."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q

from catalog.models.catalog import Catalog
from catalog.models.search import SearchText
from catalog.models.sync import Sync
from catalog.pricing.rates import PriceState
from catalog.sources.base import Lifecycle

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""``valid_from`` of a state whose start the catalog does not tell."""

LIFECYCLES = [(value.value, value.value) for value in Lifecycle]
PRICE_STATES = [(value.value, value.value.replace("_", " ")) for value in PriceState]


class Offer(models.Model):
    """One model as one catalog sells it: identity only, all that changes is in its revisions."""

    catalog = models.ForeignKey(Catalog, on_delete=models.CASCADE, related_name="offers")
    ref = models.CharField(max_length=300, help_text="The catalog's own name for it.")
    first_seen_at = models.DateTimeField()
    held = models.JSONField(null=True, help_text="A new state that the guard keeps back until a person decides.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalog", "ref"], name="offer_identity"),
        ]

    def __str__(self) -> str:
        return self.ref


class Revision(models.Model):
    """The state of an offer over ``[valid_from, valid_to)``; never rewritten, current while ``valid_to`` is NULL.

    An offer that left its catalog has a current revision too: its last values, with the lifecycle ``retired``.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="revisions")
    sync = models.ForeignKey(Sync, on_delete=models.SET_NULL, null=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(help_text="When Ratecard learned of it.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the normalised state.")

    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300, blank=True)
    provider = models.CharField(max_length=100, blank=True)
    provider_name = models.CharField(max_length=100, blank=True)
    provider_inferred = models.BooleanField(default=False)
    upstream_ids = models.JSONField(default=list)
    description = models.TextField(blank=True)
    scope = models.CharField(max_length=40, blank=True)
    position = models.IntegerField(null=True, help_text="Place in the catalog's own order.")
    lifecycle = models.CharField(max_length=10, choices=LIFECYCLES)
    price_state = models.CharField(max_length=20, choices=PRICE_STATES)
    context_tokens = models.PositiveBigIntegerField(null=True)
    max_input_tokens = models.PositiveBigIntegerField(null=True)
    max_output_tokens = models.PositiveBigIntegerField(null=True)
    modalities_in = models.JSONField(default=list)
    modalities_out = models.JSONField(default=list)
    capabilities = models.JSONField(default=list)
    released_on = models.CharField(max_length=40, blank=True)
    deprecates_on = models.CharField(max_length=40, blank=True)
    knowledge_cutoff = models.CharField(max_length=40, blank=True)
    by_hour = models.BooleanField(default=False)
    other_prices = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    origins = models.JSONField(default=list)
    raw = models.TextField(default="{}", help_text="The catalog's own object: JSON text, verbatim but for secrets.")
    search = SearchText(help_text="Name, ref, key and provider in lower case.")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["offer"], condition=Q(valid_to=None), name="revision_one_current"),
            models.UniqueConstraint(fields=["offer", "valid_from"], name="revision_one_start"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lt=F("valid_to")), name="revision_starts_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.valid_from:%Y-%m-%d}"

    @property
    def start_known(self) -> bool:
        """Whether the catalog tells since when this state held."""
        return self.valid_from != BEGINNING
