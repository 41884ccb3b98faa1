"""The catalogs that a viewer may see, and how fresh they are."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import EmptyResultSet

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
    try:
        statement = _visible_to(viewer.pk, getattr(viewer, "is_staff", False), settings.PUBLIC_DASHBOARD)
    except EmptyResultSet:
        return []
    return list(Catalog.objects.raw(*statement))


# Every page reads the catalogs anew, but half of the time went into writing the statement, which follows from these.
@lru_cache(maxsize=1_000)
def _visible_to(pk: int | None, is_staff: bool, is_public: bool) -> tuple[str, tuple[Any, ...]]:
    viewer = get_user_model()(pk=pk, is_staff=is_staff) if pk else AnonymousUser()
    return Catalog.objects.visible_to(viewer).query.sql_with_params()


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
