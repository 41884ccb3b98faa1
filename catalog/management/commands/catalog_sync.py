"""catalog_sync: bring catalogs up to date from the command line."""

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from tqdm import tqdm

from catalog.models import Catalog, Outcome, Sync
from catalog.services.syncs import did_text
from catalog.sync.lease import Leased
from catalog.sync.run import sync_catalog

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Sync the named catalogs, or all enabled ones; a line each, exit code 1 if any failed or was held."""

    help = "Bring catalogs up to date: a line per catalog, exit code 1 if any failed or was held."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SLUG…, --all and --approve."""
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument("--all", action="store_true", help="every enabled catalog")
        parser.add_argument("--approve", action="store_true", help="store what the guard would hold back")

    def handle(self, *, slugs: list[str], all: bool, approve: bool, **options: object) -> None:  # noqa: A002
        """Sync one after the other."""
        catalogs = list(Catalog.objects.filter(enabled=True) if all else Catalog.objects.filter(slug__in=slugs))
        if missing := set(slugs) - {catalog.slug for catalog in catalogs}:
            known = ", ".join(Catalog.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"No catalog is called {', '.join(sorted(missing))}. There is: {known}.")
        if not catalogs:
            raise CommandError("Name a catalog or say --all; catalog_list shows what there is.")
        if not sync_each(catalogs, self.stdout, self.stderr, approve=approve):
            sys.exit(1)


def sync_each(catalogs: Iterable[Catalog], out: OutputWrapper, err: OutputWrapper, *, approve: bool = False) -> bool:
    """Sync one after the other, whatever becomes of the one before, and say a line each; whether all went well."""
    results = [_sync(catalog, out, err, approve) for catalog in catalogs]
    return False not in results


def _sync(catalog: Catalog, out: OutputWrapper, err: OutputWrapper, approve: bool) -> bool:
    with tqdm(desc=catalog.slug, unit=" offers", leave=False, disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        try:
            sync = sync_catalog(catalog, approve=approve, planned=catalog.next_sync_at, on_progress=progress)
        except Leased as error:
            err.write(f"{catalog.slug}: {error}")
            return False
        except Exception:
            log.exception("Sync of %s", catalog.slug)
            err.write(f"{catalog.slug}: Ratecard itself failed; its log has the details.")
            return False
    out.write(sync_line(sync))
    return sync.outcome in (Outcome.STORED, Outcome.UNCHANGED)


def sync_line(sync: Sync) -> str:
    """A sync in a line: ``team: stored (4 offers; 4 added)``."""
    # The message tells of those held and left out.
    details = "; ".join(filter(None, [f"{sync.seen:,} offers", did_text(sync, waits=True), sync.message]))
    off = "" if sync.catalog.enabled else "; it is disabled, so pages show nothing of it and nothing else syncs it"
    return f"{sync.catalog.slug}: {sync.outcome} ({details}){off}"
