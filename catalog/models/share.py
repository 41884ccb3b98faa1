"""Share: a link that shows one view of a page to others, as known at a moment or live."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q

LONGEST_TITLE = 120
LONGEST_NOTE = 500
LONGEST_QUERY = 4_000
BYTES = 24
"""Random bytes in a token: 192 bits, which nobody guesses."""


def new_token() -> str:
    """A token of 32 letters, digits, dashes and underscores."""
    return secrets.token_urlsafe(BYTES)


class Audience(models.TextChoices):
    """Who may open a link."""

    LINK = "link", "Anyone who has the link"
    MEMBERS = "members", "Everyone who is signed in"


class ShareQuerySet(models.QuerySet["Share"]):
    """Links by whether they open anything."""

    def open_at(self, now: datetime) -> Self:
        """Those that are neither revoked nor expired, and whose author may still sign in."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(lasting, revoked_at=None, owner__is_active=True)


class Share(models.Model):
    """``page`` is the name of the page's route, ``argument`` what stands in its path, ``query`` what it shows.

    The query may name what only its author may see, so nobody is ever shown it as it is. ``catalogs`` are those that
    the author saw: [id, slug, visibility, when it was last read, ids of the groups that it was for]. A link without
    ``pinned_at`` is live. The token is kept as it is, so that its author can copy it again.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    argument = models.CharField(max_length=750, blank=True)
    query = models.CharField(
        max_length=LONGEST_QUERY,
        blank=True,
        error_messages={"max_length": "This is more than a link can hold: take some filters off."},
    )
    catalogs = models.JSONField(default=list, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE, validators=[ProhibitNullCharactersValidator()])
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, validators=[ProhibitNullCharactersValidator()])
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.MEMBERS)
    pinned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opens = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=models.F("created_at")), name="share_expires_later"
            )
        ]

    def __str__(self) -> str:
        return self.title
