"""catalog_first_run: what a new installation starts with."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from catalog.models import Catalog, Visibility


class Command(BaseCommand):
    """Bring in the reference catalog where there is no catalog yet; elsewhere do nothing."""

    help = "Bring in the reference prices where there is no catalog yet."

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
