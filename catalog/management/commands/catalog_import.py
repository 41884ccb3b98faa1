"""catalog_import: bring in an upstream answer saved as a file, on machines without network."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalog.management.commands.catalog_sync import sync_line
from catalog.management.lookup import catalog_called
from catalog.models import Outcome
from catalog.sync.answer import NotImportable, sync_answer
from catalog.sync.lease import Leased


class Command(BaseCommand):
    """Sync a catalog with a file instead of its server; exit code 1 if that failed or was held."""

    help = "Sync a catalog with its server's answer saved as a file (curl -o FILE); exit code 1 if failed or held."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SLUG, FILE and --approve."""
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--approve", action="store_true", help="store what the guard would hold back")

    def handle(self, *, slug: str, file: Path, approve: bool, **options: object) -> None:
        """One line, as catalog_sync writes it."""
        try:
            sync = sync_answer(catalog_called(slug), file, approve=approve)
        except (NotImportable, Leased) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(sync_line(sync))
        if sync.outcome not in (Outcome.STORED, Outcome.UNCHANGED):
            sys.exit(1)
