"""The catalogs that a viewer may see, and how fresh they are."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from catalog.models import Catalog as Catalog  # pages name the type

Viewer = AbstractBaseUser | AnonymousUser
Catalogs = Sequence[Catalog]


class Reader(AnonymousUser):
    """Whoever reads what somebody has shared: nobody who may do anything, and who sees these catalogs alone."""

    def __init__(self, catalogs: Catalogs) -> None:
        """``catalogs`` as `services.known` gives them."""
        self.catalogs = catalogs


def catalogs_visible_to(viewer: Viewer) -> list[Catalog]:
    """The catalogs that ``viewer`` may see, by name."""
    if isinstance(viewer, Reader):
        return list(viewer.catalogs)
    return list(Catalog.objects.visible_to(viewer))


def catalogs_known_to(viewer: Viewer) -> list[Catalog]:
    """The catalogs whose upkeep ``viewer`` may look at, by name: for staff the disabled ones too."""
    return list(Catalog.objects.known_to(viewer))


def fingerprint(catalogs: Iterable[Catalog]) -> str:
    """A text that changes when any of these catalogs, or which of them there are, changes."""
    parts = [
        f"{one.pk}:{one.slug}:{one.name}:{one.version}:{one.links_version}:{one.last_error}:{one.terms}:{one.known_at}"
        for one in catalogs
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def known_at(catalogs: Iterable[Catalog]) -> datetime | None:
    """Up to when what is told of these catalogs is known, None for now: see `services.known`."""
    return next((catalog.known_at for catalog in catalogs), None)


class Freshness(NamedTuple):
    """When the least recently read of some catalogs was read (None: none ever was), and which need attention.

    Of ``held`` ones a sync or a single offer waits for a decision, ``failed`` ones cannot be read.
    """

    read_at: datetime | None
    stale: tuple[str, ...]
    held: tuple[str, ...]
    failed: tuple[str, ...]


def freshness(catalogs: Catalogs) -> Freshness:
    """How fresh what these catalogs show is."""
    moments = [catalog.read_at for catalog in catalogs]
    failed = tuple(catalog.name for catalog in catalogs if catalog.last_error and catalog.failures)
    held = tuple(catalog.name for catalog in catalogs if not catalog.failures and (catalog.last_error or catalog.held))
    others = {*failed, *held}
    stale = tuple(catalog.name for catalog in catalogs if catalog.is_stale and catalog.name not in others)
    read = [moment for moment in moments if moment]
    return Freshness(min(read, default=None), stale, held, failed)
