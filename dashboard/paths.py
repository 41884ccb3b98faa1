"""Converters of what stands in addresses."""


class FamilyPath:
    """The slug of a family, ``vendor/name``: whatever a catalog or a person spelled, but for what no text holds.

    Addresses write it percent-encoded, so dots, colons, slashes and letters of any script are as good as others.
    """

    regex = r"[^\0]+"

    def to_python(self, value: str) -> str:
        """The slug."""
        return value

    def to_url(self, value: str) -> str:
        """The slug; Django encodes it."""
        return value
