"""catalog_list: the catalogs and how they are."""

from django.core.management.base import BaseCommand

from catalog.models import Catalog
from catalog.services.facets import offers_listed


class Command(BaseCommand):
    """One line per catalog: slug, kind, offers, when it was last read, its last error."""

    help = "List the catalogs: slug, kind, offers, when last read, last error."

    def handle(self, *args: object, **options: object) -> None:
        """Print them, or how to get one."""
        catalogs = list(Catalog.objects.all())
        if not catalogs:
            self.stdout.write("No catalog yet. `catalog_first_run` brings in the reference prices.")
        width = max((len(catalog.slug) for catalog in catalogs), default=0)
        for catalog in catalogs:
            read = f"read {catalog.read_at:%Y-%m-%d %H:%M} UTC" if catalog.read_at else "never read"
            state = "" if catalog.enabled else "disabled"
            parts = [f"{offers_listed(catalog):,} offers", read, state, catalog.last_error]
            self.stdout.write(f"{catalog.slug:{width}}  {catalog.kind:16}  {'  '.join(filter(None, parts))}")
