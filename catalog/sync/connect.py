"""From a catalog's row to the source that reads it and the door it reads through."""

from pathlib import Path

from django.conf import settings

from catalog.models import Catalog
from catalog.sources.base import Door, Setup, Source
from catalog.sources.errors import SourceRefused
from catalog.sources.http import HttpDoor
from catalog.sources.kinds import KINDS, source_for
from catalog.sources.saved import FileDoor

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
"""Documented answers by kind, for catalogs that are examples."""


def connect(catalog: Catalog, door: Door | None = None) -> tuple[Source, Door]:
    """The source of ``catalog``, and ``door`` or its own. Raises SourceRefused when it cannot be read as set up."""
    kind = KINDS.get(catalog.kind)
    if kind is None:
        raise SourceRefused(f"This Ratecard does not know the kind “{catalog.kind}”; delete the catalog or update it.")
    source = source_for(catalog.kind, Setup(catalog.organization, catalog.options))
    if door is not None:
        return source, door
    if catalog.is_example:
        return source, FileDoor(f"{kind.label}, an example", (EXAMPLES / f"{catalog.kind}.json").read_bytes())
    if not kind.over_network:
        return source, FileDoor(kind.label, b"{}")
    headers: dict[str, str] = {}
    if catalog.credential is not None:
        if not catalog.credential.opens:
            raise SourceRefused(
                f"The credential {catalog.credential.label} cannot be decrypted with any of CREDENTIAL_KEYS. "
                "Bring the old key back, or enter the secret again."
            )
        headers = catalog.credential.headers()
    elif kind.key_needed:
        raise SourceRefused(f"{kind.label} needs a credential; choose one in the admin.")
    return source, HttpDoor(catalog.base_url or kind.base_url, headers, allow_private=settings.ALLOW_PRIVATE_ADDRESSES)
