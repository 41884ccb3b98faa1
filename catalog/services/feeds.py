"""Private feeds: a token in the address stands for the person who made it, and sees what they see then."""

import hashlib
import secrets

from django.contrib.auth.models import User
from django.utils import timezone

from catalog.models import FeedToken

BYTES = 32
LONGEST = 100


def feed_token_of(user: User) -> FeedToken | None:
    """The token of this user, as far as it is kept: it cannot be shown again."""
    return FeedToken.objects.filter(user=user).first()


def renew_feed_token(user: User) -> str:
    """A new token for this user, 256 bits in letters; the one before opens nothing any more."""
    token = secrets.token_urlsafe(BYTES)
    FeedToken.objects.update_or_create(user=user, defaults={"digest": _digest(token), "created_at": timezone.now()})
    return token


def revoke_feed_token(user: User) -> None:
    """From now on no token opens the feeds of this user."""
    FeedToken.objects.filter(user=user).delete()


def reader_with(token: str) -> User | None:
    """Whose token this is, None for nobody's and for someone who may not sign in any more. One query."""
    if not 0 < len(token) <= LONGEST:
        return None
    return User.objects.filter(feed_token__digest=_digest(token), is_active=True).first()


def _digest(token: str) -> str:
    # Not salted, and quick to make: nobody guesses 256 random bits, whereas a salt would have us try every row.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
