"""Saved workloads in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.readonly import never
from catalog.models import SavedWorkload
from catalog.models.workload import Sharing


@admin.register(SavedWorkload)
class SavedWorkloadAdmin(admin.ModelAdmin):
    """What people share, to look at and to delete. What they keep for themselves is not shown."""

    list_display = ("name", "owner", "sharing", "team", "requests", "prompt", "output", "mode", "changed_at")
    list_filter = ("sharing",)
    list_select_related = ("owner", "team")
    search_fields = ("name",)
    has_add_permission = has_change_permission = never

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedWorkload]:
        """The shared ones."""
        return super().get_queryset(request).exclude(sharing=Sharing.NOBODY)
