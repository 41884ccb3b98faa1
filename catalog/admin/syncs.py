"""Syncs in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.readonly import never
from catalog.models import Sync


@admin.register(Sync)
class SyncAdmin(admin.ModelAdmin):
    """What each sync did, and why it left rows out."""

    list_display = (
        "started_at",
        "catalog",
        "outcome",
        "seen",
        "added",
        "changed",
        "retired",
        "held",
        "skipped",
        "message",
    )
    list_filter = ("outcome", "catalog")
    list_select_related = ("catalog",)
    date_hierarchy = "started_at"
    exclude = ("kept",)
    has_add_permission = has_change_permission = has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sync]:
        """Without the answers that held syncs keep, which are megabytes."""
        return super().get_queryset(request).defer("kept")
