"""Sync: one attempt to bring a catalog up to date."""

from django.conf import settings
from django.db import models

from catalog.models.catalog import Catalog


class Outcome(models.TextChoices):
    """How a sync ended."""

    RUNNING = "running", "running"
    STORED = "stored", "stored"
    UNCHANGED = "unchanged", "unchanged"
    HELD = "held", "held"
    FAILED = "failed", "failed"


class Decision(models.TextChoices):
    """What a person decided about a held sync, or about one under way."""

    APPROVED = "approved", "approved"
    DISCARDED = "discarded", "discarded"
    STOPPED = "stopped", "stopped"


class Sync(models.Model):
    """One attempt to bring a catalog up to date, with its counts in offers.

    While it reads, ``pages`` are the answers that came, ``rows`` what they hold where a catalog comes in pages, of so
    many ``rows_in_all`` if it says so, and ``size`` the bytes. ``message`` is the sentence that pages show.
    ``skipped_rows`` lists [ref, reason], ``held_offers`` what the guard keeps back: [ref, reason]; ``held`` counts
    those of them that await a person. A sync that is held as a whole keeps
    what it fetched in ``kept`` (see `sync.held`) until a person approves or discards it, or the next sync has looked
    again: one that a person approved has the outcome ``stored``.
    """

    catalog = models.ForeignKey(Catalog, on_delete=models.CASCADE, related_name="syncs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.RUNNING)
    message = models.TextField(blank=True)
    read_from = models.TextField(blank=True)
    pages = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    rows_in_all = models.PositiveIntegerField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    retired = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    skipped_rows = models.JSONField(default=list)
    held_offers = models.JSONField(default=list)
    kept = models.BinaryField(null=True, editable=False)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        get_latest_by = "started_at"
        indexes = [models.Index(fields=["catalog", "-started_at"], name="sync_by_catalog")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.RUNNING) | models.Q(finished_at__isnull=False),
                name="sync_ended_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.catalog} {self.started_at:%Y-%m-%d %H:%M} {self.outcome}"
