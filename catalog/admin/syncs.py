"""Syncs in the admin."""

from django.contrib import admin

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
    has_add_permission = has_change_permission = has_delete_permission = never
