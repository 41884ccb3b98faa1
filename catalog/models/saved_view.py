"""SavedView: how a page is shown, kept by name; DefaultView: which of them a page opens with."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.kept import Kept, KeptQuerySet, team_if_shared

LONGEST_QUERY = 4_000


class SavedView(Kept):
    """``page`` is the name of the page's route, ``query`` what its address says, without a page number.

    The query may name what only its owner may see, so nobody else is ever shown it as it is.
    """

    page = models.CharField(max_length=40)
    query = models.CharField(
        max_length=LONGEST_QUERY,
        blank=True,
        error_messages={"max_length": "This is more than a view can keep: take some filters off."},
    )

    objects = KeptQuerySet["SavedView"].as_manager()

    class Meta(Kept.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="view_one_per_name",
                violation_error_message="Another view of yours has this name on this page already.",
            ),
            team_if_shared("view_team_if_shared"),
        ]


class DefaultView(models.Model):
    """The view that its page opens with for ``user``, or without one for everybody who may see it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    page = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "page"], name="default_view_one_per_page"),
            models.UniqueConstraint(fields=["page"], condition=Q(user=None), name="default_view_one_for_all"),
        ]

    def __str__(self) -> str:
        return f"Default of {self.page}"
