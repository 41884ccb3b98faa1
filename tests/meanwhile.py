"""A sync that stores its results between the moment a catalog is read and the moment it is saved."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models.signals import pre_save

from catalog.models import Catalog
from tests.make import NOON


@contextmanager
def synced_before_it_is_saved() -> Iterator[dict[str, Any]]:
    """What the sync has stored by the time that a catalog is saved."""
    stored = {
        "version": 7,
        "facets": '[["openai", "priced", "active", "standard", "OpenAI", 3]]',
        "tier_floors": [128_000],
        "read_at": NOON,
        "changed_at": NOON,
        "next_sync_at": NOON,
        "lease_holder": "host:1:abcd",
        "lease_until": NOON,
        "last_error": "The server did not answer.",
        "failures": 2,
    }

    def store(**_: Any) -> None:
        Catalog.objects.update(**stored)

    pre_save.connect(store, sender=Catalog)
    try:
        yield stored
    finally:
        pre_save.disconnect(store, sender=Catalog)
