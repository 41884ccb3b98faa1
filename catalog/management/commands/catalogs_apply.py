"""catalogs_apply: set up the catalogs of a file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.services.catalogs_file import FileMistake, catalogs_apply


class Command(BaseCommand):
    """Apply CATALOGS_FILE, or the file named; say what that changed."""

    help = "Set up the catalogs of CATALOGS_FILE (see catalogs.example.toml); it adds and changes, never deletes."

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE."""
        parser.add_argument("file", nargs="?", default=settings.CATALOGS_FILE, metavar="FILE")

    def handle(self, *, file: str, **options: object) -> None:
        """A line for each catalog that was added or changed."""
        if not file:
            raise CommandError("Name a file, or set CATALOGS_FILE.")
        try:
            lines = catalogs_apply(Path(file))
        except FileMistake as error:
            raise CommandError(f"{error} Nothing of the file was applied.") from None
        for line in lines or ["Nothing to change: the catalogs are as the file says."]:
            self.stdout.write(line)
