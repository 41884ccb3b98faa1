"""changes_rebuild: write the Changes page's rows anew."""

from django.core.management.base import BaseCommand, CommandError

from catalog.models import Catalog
from catalog.sync.changes import rebuild_changes
from catalog.sync.lease import Leased, lease


class Command(BaseCommand):
    """Write all changes of every catalog anew from its revisions: after an update that sees them with other eyes."""

    help = "Write the changes of every catalog anew from what is stored of its offers."

    def handle(self, *args: object, **options: object) -> None:
        """Say how many there are, a line per catalog. Raises CommandError while one of them is being synced."""
        for catalog in Catalog.objects.order_by("pk"):
            try:
                with lease(catalog):
                    catalog.refresh_from_db(fields=["version"])
                    self.stdout.write(f"{catalog.slug}: {rebuild_changes(catalog):,} changes")
            except Leased as error:
                raise CommandError(f"{error} Try again in a moment.") from None
