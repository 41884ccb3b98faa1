"""catalog_first_run: what a new installation starts with."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from catalog.models import Catalog, Visibility

REFERENCE: dict[str, Any] = {"name": "Reference", "slug": "reference", "kind": "reference"}
EXAMPLES: tuple[dict[str, Any], ...] = (
    {"name": "Freddy example", "slug": "freddy-example", "kind": "freddy", "organization": "org_abc123"},
    {"name": "Galtea example", "slug": "galtea-example", "kind": "galtea"},
)
SHARED: dict[str, Any] = {"visibility": Visibility.PUBLIC, "refresh_minutes": 24 * 60}


class Command(BaseCommand):
    """Bring in the reference catalog and the examples where there is no catalog yet; elsewhere do nothing."""

    help = "Bring in the reference prices and two example catalogs where there is no catalog yet."

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
        if slugs := list(ours.order_by("pk").values_list("slug", flat=True)):
            call_command("catalog_sync", *slugs, stdout=self.stdout, stderr=self.stderr)
