"""Dismissal: a finding of the audit that a person has looked at and put aside, with the reason."""

from django.conf import settings
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q

LONGEST_REASON = 300


class Dismissal(models.Model):
    """One finding put aside. Rows are never deleted: who brings a finding back undoes its dismissal.

    ``digest`` follows from all that the finding is made of, so that it is of no other one: when a figure changes, the
    finding is there again. ``catalogs`` are the ids of those that it is about; who may not see one of them never learns
    of it. ``told`` is the finding in words, for the record.
    """

    digest = models.CharField(max_length=32)
    kind = models.CharField(max_length=20)
    catalogs = models.JSONField(default=list)
    told = models.TextField()
    reason = models.CharField(max_length=LONGEST_REASON, validators=[ProhibitNullCharactersValidator()])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(undone_at=None), name="dismissal_one_in_force"),
            models.CheckConstraint(condition=~Q(reason=""), name="dismissal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.told
