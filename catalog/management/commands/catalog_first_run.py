"""catalog_first_run: what a new installation starts with."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from catalog.models import Catalog, Visibility
from catalog.services.catalogs_file import FileMistake, catalogs_apply


class Command(BaseCommand):
    """Bring in the reference catalog where there is no catalog yet, then apply CATALOGS_FILE."""

    help = "Bring in the reference prices where there is no catalog yet, and apply CATALOGS_FILE."

    def handle(self, *args: object, **options: object) -> None:
        """Create and sync it. One that was made but never read (the first run was stopped) is read now."""
        if not Catalog.objects.exists():
            Catalog.objects.create(
                name="Reference",
                slug="reference",
                kind="reference",
                visibility=Visibility.PUBLIC,
                refresh_minutes=24 * 60,
            )
        if Catalog.objects.filter(slug="reference", kind="reference", read_at=None).exists():
            call_command("catalog_sync", "reference", stdout=self.stdout, stderr=self.stderr)
        if settings.CATALOGS_FILE:
            self._apply(Path(settings.CATALOGS_FILE))

    def _apply(self, path: Path) -> None:
        """Apply the file. With a mistake in it Ratecard starts all the same, with the catalogs as they were."""
        try:
            for line in catalogs_apply(path):
                self.stdout.write(line)
        except FileMistake as error:
            self.stderr.write(f"{error} Nothing of the file was applied; the catalogs are as they were.")
