"""SavedWorkload: a workload that a person keeps by name."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from catalog.models.kept import Kept, KeptQuerySet, team_if_shared
from catalog.pricing.rates import STANDARD
from catalog.pricing.workload import LONGEST_MODE, Workload, WorkloadError


class SavedWorkload(Kept):
    """Numbers as in `Workload`."""

    requests = models.PositiveBigIntegerField(help_text="Per month.")
    prompt = models.PositiveBigIntegerField(help_text="Tokens per request, with those of the cache.")
    cached_read = models.PositiveBigIntegerField(default=0)
    cache_written = models.PositiveBigIntegerField(default=0)
    output = models.PositiveBigIntegerField(help_text="Tokens per request.")
    mode = models.CharField(max_length=LONGEST_MODE, default=STANDARD)

    objects = KeptQuerySet["SavedWorkload"].as_manager()

    class Meta(Kept.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="workload_one_per_name",
                violation_error_message="Another workload has this name already.",
            ),
            models.CheckConstraint(
                condition=Q(requests__gte=1, prompt__gte=1) & Q(prompt__gte=F("cached_read") + F("cache_written")),
                name="workload_possible",
            ),
            team_if_shared("workload_team_if_shared"),
        ]

    @property
    def workload(self) -> Workload:
        """Its numbers."""
        return Workload(
            requests=self.requests,
            prompt=self.prompt,
            output=self.output,
            cached_read=self.cached_read,
            cache_written=self.cache_written,
            mode=self.mode,
        )

    def clean(self) -> None:
        """Raise ValidationError if there can be no such workload."""
        try:
            _ = self.workload
        except WorkloadError as error:
            raise ValidationError(str(error)) from None
