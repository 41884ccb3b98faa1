"""catalog_check: try a catalog without storing anything."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from catalog.management.lookup import catalog_called
from catalog.sync.check import Reasons, check_catalog

MOST_SHOWN = 10


class Command(BaseCommand):
    """Fetch a catalog and say what a sync would do; exit code 1 if it would not store what it finds."""

    help = "Fetch a catalog, store nothing, and say what a sync would do or what is wrong; exit code 1 then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SLUG."""
        parser.add_argument("slug", metavar="SLUG")

    def handle(self, *, slug: str, **options: object) -> None:
        """The summary, then the first rows that would be left out or held back."""
        result = check_catalog(catalog_called(slug))
        self.stdout.write(f"{slug}: {result.summary}")
        self._show("skipped", result.skipped)
        self._show("held", result.held)
        if not result.is_good:
            sys.exit(1)

    def _show(self, word: str, rows: Reasons) -> None:
        for ref, reason in rows[:MOST_SHOWN]:
            self.stdout.write(f"  {word} {ref}: {reason}")
        if len(rows) > MOST_SHOWN:
            self.stdout.write(f"  and {len(rows) - MOST_SHOWN:,} more {word}")
