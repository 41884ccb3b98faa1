"""Kept: what a person keeps by name, for themselves, for a team or for everyone signed in."""

from typing import Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q

LONGEST_NAME = 60
K = TypeVar("K", bound="Kept")


class Sharing(models.TextChoices):
    """Who may see what a person keeps, besides them."""

    NOBODY = "nobody", "Only me"
    TEAM = "team", "A team"
    MEMBERS = "members", "Everyone who is signed in"


class KeptQuerySet(models.QuerySet[K]):
    """What people keep, by who asks."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Their own, what is shared with everyone, and that of their teams; nothing for who is not signed in.

        Staff see no more than others: what a person keeps for themselves is theirs.
        """
        if not user.is_authenticated:
            return self.none()
        in_team = Q(sharing=Sharing.TEAM, team__in=Group.objects.filter(user=user.pk))
        return self.filter(Q(owner=user.pk) | Q(sharing=Sharing.MEMBERS) | in_team)


class Kept(models.Model):
    """A team that no longer exists leaves it to its owner alone."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME, validators=[ProhibitNullCharactersValidator()])
    sharing = models.CharField(max_length=8, choices=Sharing, default=Sharing.NOBODY)
    team = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


def team_if_shared(name: str) -> models.CheckConstraint:
    """The constraint, to be called ``name``: there is a team only where it is shared with one."""
    return models.CheckConstraint(condition=Q(team=None) | Q(sharing=Sharing.TEAM), name=name)
