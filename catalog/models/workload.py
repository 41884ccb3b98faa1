"""SavedWorkload: a workload that a person keeps by name, for themselves, for a team or for everyone signed in."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import F, Q

from catalog.pricing.rates import STANDARD
from catalog.pricing.workload import LONGEST_MODE, Workload, WorkloadError

LONGEST_NAME = 60


class Sharing(models.TextChoices):
    """Who may see a saved workload, besides its owner."""

    NOBODY = "nobody", "Only me"
    TEAM = "team", "A team"
    MEMBERS = "members", "Everyone who is signed in"


class SavedWorkloadQuerySet(models.QuerySet["SavedWorkload"]):
    """Saved workloads by who asks."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Their own, those shared with everyone, and those of their teams; none for who is not signed in.

        Staff see no more than others: what a person keeps for themselves is theirs.
        """
        if not user.is_authenticated:
            return self.none()
        in_team = Q(sharing=Sharing.TEAM, team__in=Group.objects.filter(user=user.pk))
        return self.filter(Q(owner=user.pk) | Q(sharing=Sharing.MEMBERS) | in_team)


class SavedWorkload(models.Model):
    """Numbers as in `Workload`. A team that no longer exists leaves it to its owner alone."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="workloads")
    name = models.CharField(max_length=LONGEST_NAME, validators=[ProhibitNullCharactersValidator()])
    requests = models.PositiveBigIntegerField(help_text="Per month.")
    prompt = models.PositiveBigIntegerField(help_text="Tokens per request, with those of the cache.")
    cached_read = models.PositiveBigIntegerField(default=0)
    cache_written = models.PositiveBigIntegerField(default=0)
    output = models.PositiveBigIntegerField(help_text="Tokens per request.")
    mode = models.CharField(max_length=LONGEST_MODE, default=STANDARD)
    sharing = models.CharField(max_length=8, choices=Sharing, default=Sharing.NOBODY)
    team = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="workloads")
    changed_at = models.DateTimeField(auto_now=True)

    objects = SavedWorkloadQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
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
            models.CheckConstraint(condition=Q(team=None) | Q(sharing=Sharing.TEAM), name="workload_team_if_shared"),
        ]

    def __str__(self) -> str:
        return self.name

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
