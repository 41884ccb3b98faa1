"""Offers in the admin."""

from django.contrib import admin

from catalog.admin.readonly import never
from catalog.models import Offer, Revision


class RevisionInline(admin.TabularInline):
    """An offer's revisions, the latest first."""

    model = Revision
    fields = ("valid_from", "valid_to", "name", "provider_name", "lifecycle", "price_state", "context_tokens")
    readonly_fields = fields
    extra = 0
    show_change_link = False
    has_add_permission = has_change_permission = has_delete_permission = never


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin):
    """Which offers there are, since when, and what of them is held back."""

    list_display = ("ref", "catalog", "first_seen_at", "held")
    list_filter = ("catalog",)
    list_select_related = ("catalog",)
    search_fields = ("ref",)
    inlines = (RevisionInline,)
    has_add_permission = has_change_permission = has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css"]}
