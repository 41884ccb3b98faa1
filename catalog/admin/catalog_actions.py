"""What staff do with the catalogs that they tick, or with one on its own page."""

from collections.abc import Sequence

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.models import Catalog
from catalog.services.upkeep import request_sync

Catalogs = QuerySet[Catalog] | Sequence[Catalog]


@admin.action(description="Sync now", permissions=["change"])
def sync_now(model_admin: ModelAdmin, request: HttpRequest, catalogs: Catalogs) -> None:
    """Let the worker sync each at once; those that are disabled are named and left alone."""
    enabled = [catalog for catalog in catalogs if catalog.enabled]
    request_sync(enabled)
    for catalog in enabled:
        model_admin.log_change(request, catalog, "Sync asked for.")
    if enabled:
        names = ", ".join(catalog.name for catalog in enabled)
        messages.success(request, f"The worker syncs now: {names}. The result will be under Syncs.")
    if disabled := ", ".join(catalog.name for catalog in catalogs if not catalog.enabled):
        messages.warning(request, f"Not synced, since disabled: {disabled}. Enable first.")


@admin.action(description="Enable", permissions=["change"])
def enable(model_admin: ModelAdmin, request: HttpRequest, catalogs: QuerySet[Catalog]) -> None:
    """Sync them again, and show their offers."""
    _switch(model_admin, request, catalogs, enabled=True)


@admin.action(description="Disable", permissions=["change"])
def disable(model_admin: ModelAdmin, request: HttpRequest, catalogs: QuerySet[Catalog]) -> None:
    """Sync them no more, and hide their offers."""
    _switch(model_admin, request, catalogs, enabled=False)


def _switch(model_admin: ModelAdmin, request: HttpRequest, chosen: QuerySet[Catalog], *, enabled: bool) -> None:
    word = "enabled" if enabled else "disabled"
    catalogs = list(chosen.exclude(enabled=enabled))
    Catalog.objects.filter(pk__in=[catalog.pk for catalog in catalogs]).update(enabled=enabled)
    for catalog in catalogs:
        model_admin.log_change(request, catalog, f"{word.capitalize()}.")
    names = ", ".join(catalog.name for catalog in catalogs)
    messages.success(request, f"Now {word}: {names}." if names else f"They were {word} already.")
