"""catalog_first_run: what a new installation starts with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from catalog.management.commands.catalog_sync import sync_each
from catalog.models import Catalog, Visibility
from catalog.services.catalogs_file import FileMistake, catalogs_apply

REFERENCE: dict[str, Any] = {"name": "Reference", "slug": "reference", "kind": "reference"}
EXAMPLES: tuple[dict[str, Any], ...] = (
    {"name": "Freddy example", "slug": "freddy-example", "kind": "freddy", "organization": "org_abc123"},
    {"name": "Galtea example", "slug": "galtea-example", "kind": "galtea"},
)
SHARED: dict[str, Any] = {"visibility": Visibility.PUBLIC, "refresh_minutes": 24 * 60}


class Command(BaseCommand):
    """Bring in the reference catalog and examples where there is no catalog yet, then apply CATALOGS_FILE."""

    help = "Bring in the reference prices and two examples where there is no catalog yet, and apply CATALOGS_FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--no-examples."""
        parser.add_argument("--no-examples", action="store_true", help="bring in the reference prices alone")

    def handle(self, *, no_examples: bool, **options: object) -> None:
        """Create and sync them. What was made but never read (the first run was stopped) is read now.

        Where somebody has signed in before, the examples were removed by a person, and stay away.
        """
        if not Catalog.objects.exists():
            with transaction.atomic():
                Catalog.objects.create(**REFERENCE, **SHARED)
                if not no_examples and not get_user_model().objects.filter(last_login__isnull=False).exists():
                    for example in EXAMPLES:
                        Catalog.objects.create(**example, **SHARED, is_example=True)
        ours = Catalog.objects.filter(Q(slug="reference", kind="reference") | Q(is_example=True), read_at=None)
        sync_each(ours.order_by("pk"), self.stdout, self.stderr)  # one that fails is read later on, like any other
        if settings.CATALOGS_FILE:
            self._apply(Path(settings.CATALOGS_FILE))

    def _apply(self, path: Path) -> None:
        """Apply the file. With a mistake in it Ratecard starts all the same, with the catalogs as they were."""
        try:
            for line in catalogs_apply(path):
                self.stdout.write(line)
        except FileMistake as error:
            self.stderr.write(f"{error} Nothing of the file was applied; the catalogs are as they were.")
