"""FeedToken: what opens a person's feeds without signing in."""

from django.conf import settings
from django.db import models


class FeedToken(models.Model):
    """The one token of a user, of which only the digest is kept: who reads the database cannot read feeds."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_token")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Feed token of {self.user.get_username()}"
