"""What can go wrong between Ratecard and a catalog: each error is a sentence that a person can act on."""

from datetime import datetime


class SourceError(Exception):
    """A catalog could not be read. ``str(error)`` is shown on pages, so it never holds a key or a token."""


class SourceUnavailable(SourceError):
    """The catalog did not answer; the same call may work later, from ``retry_at`` (aware) on if it said so."""

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class SourceRefused(SourceError):
    """The catalog answered and said no; someone has to change the credential or the settings.

    ``status`` is the HTTP status: a source that knows what its vendor means by it says so in better words.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class SourceUnreadable(SourceError):
    """The catalog answered with something that is not its format."""


class RowError(ValueError):
    """One row cannot be used. The message is a sentence for the person who reads the sync."""
