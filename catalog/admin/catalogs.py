"""Catalogs in the admin: set up by kind, tried, synced, switched on and off."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from catalog.admin import catalog_views
from catalog.admin.catalog_actions import disable, enable, sync_now
from catalog.admin.catalog_form import PREFIX, catalog_form, kind_of
from catalog.models import Catalog
from catalog.models.setup import SET_BY_PEOPLE
from catalog.sources.kind import Kind
from catalog.sources.kinds import KINDS

HEALTH = ("kind_label", "read_at", "changed_at", "next_sync_at", "last_error")


@admin.register(Catalog)
class CatalogAdmin(admin.ModelAdmin):
    """How it is read and who sees it are a person's; health is a sync's."""

    list_display = ("name", "kind_label", "enabled", "visibility", "refresh_minutes", "read_at", "last_error")
    list_filter = ("enabled", "visibility", "kind")
    search_fields = ("name", "slug")
    readonly_fields = HEALTH
    actions = (sync_now, enable, disable)

    class Media:
        css = {"all": ["admin-catalogs.css"]}

    def view_on_site(self, catalog: Catalog) -> str:
        """Its page on the dashboard."""
        return reverse("catalog", args=[catalog.slug])

    @admin.display(description="kind", ordering="kind")
    def kind_label(self, catalog: Catalog) -> str:
        """What the kind is called."""
        return kind_of(catalog.kind).label

    def get_fieldsets(self, request: HttpRequest, obj: Catalog | None = None) -> Any:
        """Name, how it is read, its options, who sees it, and how it is: only what the kind asks."""
        kind = _kind(request, obj)
        asked = {"base_url": kind.over_network, "organization": kind.organization, "credential": bool(kind.schemes)}
        may_edit = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        options = [f"{PREFIX}{option.name}" for option in kind.options] if may_edit else ["options"]
        return (
            (None, {"fields": ("name", "slug", "enabled"), "description": kind.about}),
            ("How it is read", {"fields": (*(name for name in asked if asked[name]), "refresh_minutes")}),
            *([("Options", {"fields": options})] if kind.options else []),
            ("Who may see it", {"fields": ("visibility", "groups")}),
            *([("Health", {"fields": HEALTH})] if obj else []),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form of its kind."""
        # The stubs allow an anonymous user here; the admin lets none in.
        form = catalog_form(_kind(request, obj), request.user)  # type: ignore[arg-type]
        return super().get_form(request, obj, change=change, form=form, **options)

    def save_model(self, request: HttpRequest, obj: Catalog, form: Any, change: bool) -> None:
        """Save what a person has set and nothing else: a sync may have stored the rest meanwhile."""
        if change:
            obj.save(update_fields=[name for name in SET_BY_PEOPLE if name in (*form.changed_data, "options")])
        else:
            obj.save()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list of kinds, or the form of the kind that the address names."""
        if request.GET.get("kind") not in KINDS:
            return catalog_views.kinds(self, request)
        context = {
            "title": f"Add a catalog: {_kind(request, None).label}",
            "show_save_and_add_another": False,
            "show_save_and_continue": False,  # saving leads to the catalog's own page anyway
        }
        return super().add_view(request, form_url, context | (extra_context or {}))

    def response_add(self, request: HttpRequest, obj: Catalog, post_url_continue: str | None = None) -> HttpResponse:
        """On to the catalog's own page."""
        return catalog_views.added(request, obj)

    def get_urls(self) -> list[Any]:
        """Those of the buttons too."""
        views: dict[str, Callable[..., HttpResponse]] = {
            "add/preset/": catalog_views.preset,
            "<int:pk>/check/": catalog_views.check,
            "<int:pk>/sync/": catalog_views.sync,
        }
        own = [
            path(route, self.admin_site.admin_view(partial(view, self)), name=f"catalog_catalog_{view.__name__}")
            for route, view in views.items()
        ]
        return own + super().get_urls()


def _kind(request: HttpRequest, catalog: Catalog | None) -> Kind:
    return kind_of(catalog.kind if catalog else request.GET.get("kind", ""))
