"""Fill a database with offers through the product's own sync, as they would get there."""

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from catalog.models import Catalog, Outcome, Rate, Visibility
from catalog.pricing.rates import STANDARD
from catalog.sources.base import Setup
from catalog.sources.kinds import KINDS, source_for
from catalog.sources.saved import FileDoor
from catalog.sync.run import sync_catalog
from tests.benchmarks.rows import Multiplied, multiplied

NAMES = ("Reference", "Freddy", "Galtea", "LiteLLM", "OpenRouter", "models.dev")
YEAR_MINUTES = 365 * 24 * 60  # so that a kept database does not count as stale
KIND = "reference"


class Built(TypedDict):
    """What was built and how long it took."""

    offers: int
    catalogs: int
    seconds: float


def built(folder: Path, offers: int, say: Callable[[str], None]) -> Built:
    """The database of the settings, which lies in ``folder``, with so many offers; filled now unless it was before."""
    note = folder / "built.json"
    if not note.exists():
        for path in folder.glob("ratecard.sqlite3*"):
            path.unlink()
        started = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        with _in_a_hurry():
            fill(offers, say)
        note.write_text(json.dumps(Built(offers=offers, catalogs=len(NAMES), seconds=time.monotonic() - started)))
    made: Built = json.loads(note.read_text())
    return made


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """Write without care for a crash, after which all would be built anew: half the time at 100,000 offers."""
    with connection.cursor() as cursor:
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000"):
            cursor.execute(f"PRAGMA {pragma}")
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        connection.close()  # the next connection has the product's own pragmas


def fill(offers: int, say: Callable[[str], None] = lambda line: None) -> None:
    """Sync as many offers into an empty database, in equal parts into a few public catalogs."""
    real = source_for(KIND, Setup()).fetch(FileDoor("", b""), timezone.now()).offers
    kept = KINDS[KIND]
    KINDS[KIND] = replace(kept, source=f"{Multiplied.__module__}.{Multiplied.__qualname__}")
    try:
        for name, records in zip(NAMES, multiplied(real, offers, len(NAMES)), strict=True):
            say(f"storing {len(records):,} offers of {name}")
            Multiplied.records = records
            catalog = Catalog.objects.create(
                name=name,
                slug=name.lower().replace(".", "-"),
                kind=KIND,
                visibility=Visibility.PUBLIC,
                refresh_minutes=YEAR_MINUTES,
            )
            sync = sync_catalog(catalog)
            if sync.outcome != Outcome.STORED:
                raise RuntimeError(f"The sync of {name} ended as {sync.outcome}: {sync.message}")
    finally:
        KINDS[KIND] = kept
        Multiplied.records = ()


def listed() -> int:
    """How many offers the Offers page lists when nothing is chosen."""
    return Rate.objects.filter(listed=True, mode=STANDARD, above=0).count()
