"""Catalogs as they are named on a command line."""

from django.core.management.base import CommandError

from catalog.models import Catalog


def catalog_called(slug: str) -> Catalog:
    """The catalog with this slug. Raises CommandError, which names those that there are."""
    catalog = Catalog.objects.filter(slug=slug).select_related("credential").first()
    if catalog is None:
        known = ", ".join(Catalog.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"No catalog is called {slug}. There is: {known}.")
    return catalog
