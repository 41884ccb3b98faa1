"""The catalog app: what Ratecard knows."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Catalogs, offers and their prices."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
