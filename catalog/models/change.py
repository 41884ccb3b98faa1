"""Change: what set one revision of an offer apart from the one before it, as the Changes page lists it.

All of it follows from offers and revisions. `sync/changes.py` alone writes it: with the revisions, in their
transaction, or anew for a whole catalog; a test holds that both say the same.
"""

from enum import IntFlag

from django.db import models
from django.db.models import Q

from catalog.models.catalog import Catalog
from catalog.models.offer import LIFECYCLES, PRICE_STATES, Offer, Revision

LARGEST_MOVE = 2**31 - 1
"""``moved`` of a price that was free, and the most that it can be."""

LEAST_MOVES = (100, 500)
"""What pages ask ``moved`` to be at least: 10 and 50 percent."""


class ChangeKind(IntFlag):
    """What happened to an offer; a change is of one or more kinds."""

    NEW = 1
    RETIRED = 2
    RETURNED = 4
    UP = 8
    DOWN = 16
    PRICING = 32
    """A price became known or is no longer, or what it holds for changed: nothing that went up or down."""
    LIMITS = 64
    LIFECYCLE = 128
    READING = 256
    """A catalog was first read: this one is of no offer."""


class Change(models.Model):
    """One step in the history of an offer, listed on ``day``: that of ``at``, from when on it holds.

    ``revision`` is the state after it; the state before it ended at ``at``. Without an offer it tells instead that the
    catalog was first read, with so many ``offers``: those are not changes. Prices are the standard base rate's in
    pico-dollars per token; ``differences`` lists all else: [what, before, after, whether it is a price].
    """

    catalog = models.ForeignKey(Catalog, on_delete=models.CASCADE, related_name="changes", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, null=True, related_name="changes", db_index=False)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()
    recorded_at = models.DateTimeField(help_text="When Ratecard learned of it.")
    kinds = models.PositiveSmallIntegerField(help_text="A sum of ChangeKind.")
    moved = models.PositiveIntegerField(null=True, help_text="The largest move of a price, in tenths of a percent.")
    offers = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300)
    ref = models.CharField(max_length=300, blank=True)
    provider = models.CharField(max_length=100, blank=True)
    provider_name = models.CharField(max_length=100, blank=True)
    lifecycle = models.CharField(max_length=10, choices=LIFECYCLES, blank=True)
    price_state_before = models.CharField(max_length=20, choices=PRICE_STATES, blank=True)
    price_state = models.CharField(max_length=20, choices=PRICE_STATES, blank=True)
    input_before = models.BigIntegerField(null=True)
    input = models.BigIntegerField(null=True)
    output_before = models.BigIntegerField(null=True)
    output = models.BigIntegerField(null=True)
    differences = models.JSONField(default=list)

    class Meta:
        ordering = ["-day", "-recorded_at", "sort_name", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "at"], name="change_one_per_moment"),
            models.UniqueConstraint(fields=["catalog"], condition=Q(offer=None), name="change_one_first_reading"),
        ]
        indexes = [
            # Each is wide enough to filter, count and page without touching the rows. None begins with the catalog:
            # SQLite would take it, and sort.
            models.Index(
                fields=["-day", "-recorded_at", "sort_name", "-id", "catalog", "kinds", "provider", "moved"],
                name="change_by_day",
            ),
            models.Index(
                fields=["-recorded_at", "-at", "id", "catalog", "kinds", "provider", "moved", "day"],
                name="change_by_recording",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}"


class ChangeDay(models.Model):
    """How many ``changes`` of the same kinds and provider, that moved ``moved`` or more, a catalog has on a day.

    ``moved`` is 0 or the largest of LEAST_MOVES that they reach.

    It tells pages which days they show, and how many changes those have, without counting 100,000 rows (400 ms).
    """

    catalog = models.ForeignKey(Catalog, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    kinds = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=100, blank=True)
    provider_name = models.CharField(max_length=100, blank=True)
    moved = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "catalog", "kinds", "provider", "provider_name", "moved"], name="change_day_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.changes} on {self.day}"
