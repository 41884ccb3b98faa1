"""Syncs of one catalog through a real payload: everything new, 1% of it changed, nothing changed.

`python -m tests.benchmarks.syncing BODY OUT` does one of them in a process of its own, so that its memory is its own.
"""

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import django
import msgspec

from catalog.pricing.units import Unit, usd
from catalog.sources.base import Door, Fetched, OfferRecord, Setup
from catalog.sources.freddy import FreddySource
from catalog.sources.kinds import KINDS, source_for
from catalog.sources.saved import FileDoor
from tests.benchmarks import places
from tests.benchmarks.rows import multiplied

OFFERS, QUICK_OFFERS = 10_000, 1_000
KIND = "freddy"
_encode = msgspec.json.Encoder(decimal_format="number").encode


class FromFile(FreddySource):
    """Freddy's source, whose answer lies in a file."""

    body: ClassVar[bytes] = b""

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """What the file holds."""
        return super().fetch(FileDoor("benchmark", self.body), now)


def measured(offers: int, folder: Path) -> list[dict[str, Any]]:
    """The figures of each sync, one after the other into a new database in ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    first, changed = folder / "first.json", folder / "changed.json"
    real = source_for("reference", Setup()).fetch(FileDoor("", b""), datetime.now(UTC)).offers
    (records,) = multiplied(real, offers, 1)
    first.write_bytes(answer(records, dearer=0))
    changed.write_bytes(answer(records, dearer=100))
    found = []
    for name, body in (("first sync", first), ("1% changed", changed), ("unchanged", changed)):
        out = folder / "figures.json"
        command = [sys.executable, "-m", "tests.benchmarks.syncing", str(body), str(out)]
        subprocess.run(command, cwd=places.ROOT, env=places.environment(folder), check=True)
        found.append({"name": name, **json.loads(out.read_text())})
    return found


def answer(records: Sequence[OfferRecord], dearer: int) -> bytes:
    """Real offers as Freddy would send them; every ``dearer``-th costs a fifth more, 0 for none."""
    models = [_model(n, record, 6 if dearer and n % dearer == 0 else 5) for n, record in enumerate(records)]
    return _encode({"organizationId": "org_bench", "models": models, "totalCount": len(models)})


def _model(number: int, record: OfferRecord, fifths: int) -> dict[str, Any]:
    state, price = record.state, record.state.rates[0].input
    return {
        "id": str(number),
        "title": state.name,
        "description": f"{state.name} of {state.provider_name}, for many tasks.",
        "key": record.ref,
        "external": state.key,
        "provider": state.provider,
        "isActive": True,
        "isVisibleInUI": True,
        "order": number,
        "maxTokens": state.context_tokens,
        "costPer1kTokens": None if price is None else usd(price * fifths // 5, Unit.THOUSAND),
    }


def main(body: Path, out: Path) -> None:
    """One sync of what ``body`` holds; its figures go to ``out``."""
    django.setup()
    from django.core.management import call_command

    from catalog.models import Catalog
    from catalog.sync.run import sync_catalog

    call_command("migrate", verbosity=0, interactive=False)
    KINDS[KIND] = replace(KINDS[KIND], source=f"{__name__}.FromFile", over_network=False)
    FromFile.body = body.read_bytes()
    new = {"name": "Bench", "kind": KIND, "organization": "org_bench"}
    catalog, _ = Catalog.objects.get_or_create(slug="bench", defaults=new)
    started, busy = time.perf_counter(), time.process_time()
    sync = sync_catalog(catalog)
    figures = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - busy,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bytes": len(FromFile.body),
        "seen": sync.seen,
        "stored": sync.added + sync.changed,
    }
    out.write_text(json.dumps(figures))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
