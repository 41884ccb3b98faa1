"""What people keep by name, in the admin: what they share, to look at and to delete."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.admin.readonly import never
from catalog.models import SavedView, SavedWorkload
from catalog.models.kept import Kept, Sharing


class KeptAdmin(admin.ModelAdmin):
    """What people keep for themselves is not shown."""

    list_filter = ("sharing",)
    list_select_related = ("owner", "team")
    search_fields = ("name",)
    has_add_permission = has_change_permission = never

    def get_queryset(self, request: HttpRequest) -> QuerySet[Kept]:
        """What is shared."""
        return super().get_queryset(request).exclude(sharing=Sharing.NOBODY)


@admin.register(SavedWorkload)
class SavedWorkloadAdmin(KeptAdmin):
    """Saved workloads."""

    list_display = ("name", "owner", "sharing", "team", "requests", "prompt", "output", "mode", "changed_at")


@admin.register(SavedView)
class SavedViewAdmin(KeptAdmin):
    """Saved views, without their query, which may name what only their owner may see."""

    list_display = ("name", "page", "owner", "sharing", "team", "changed_at")
    exclude = ("query",)
