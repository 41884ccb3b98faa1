"""What can go wrong between Ratecard and a catalog: each error is a sentence that a person can act on."""


class SourceError(Exception):
    """A catalog could not be read. ``str(error)`` is shown on pages, so it never holds a key or a token."""


class SourceUnavailable(SourceError):
    """The catalog did not answer; the same call may work later."""


class SourceRefused(SourceError):
    """The catalog answered and said no; someone has to change the credential or the settings."""


class SourceUnreadable(SourceError):
    """The catalog answered with something that is not its format."""
