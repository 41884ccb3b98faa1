"""Catalogs in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import Catalog

HEALTH = ("read_at", "changed_at", "next_sync_at", "last_error")


@admin.register(Catalog)
class CatalogAdmin(admin.ModelAdmin):
    """Name, visibility and refresh interval are a person's; health is a sync's."""

    list_display = ("name", "kind", "enabled", "visibility", "refresh_minutes", "read_at", "last_error")
    list_filter = ("kind", "enabled", "visibility")
    search_fields = ("name", "slug")
    readonly_fields = ("kind", *HEALTH)
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "enabled", "refresh_minutes")}),
        ("Who may see it", {"fields": ("visibility", "groups")}),
        ("Health", {"fields": HEALTH}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The reference catalog is made on the first run; there is no other kind to add yet."""
        return False
