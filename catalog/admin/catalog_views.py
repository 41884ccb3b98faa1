"""The pages of the admin that a catalog needs besides its form: which kind to add, and how a test went."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.admin.catalog_actions import sync_now
from catalog.models import Catalog
from catalog.services.setup import catalog_add
from catalog.sources.kinds import KINDS
from catalog.sync.check import check_catalog

SOON = "The worker reads it within a minute."
MOST_SHOWN = 20


def kinds(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The kinds of catalog: public ones to add with one click, the others to set up."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    there = {catalog.kind: catalog for catalog in Catalog.objects.all()}
    context = {
        "presets": [(kind, there.get(kind.slug)) for kind in KINDS.values() if kind.is_public],
        "others": [kind for kind in KINDS.values() if not kind.is_public],
    }
    return _page(model_admin, request, "kinds", "Add a catalog: which kind?", context)


def preset(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Add a public catalog with all its defaults (POST)."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    kind = KINDS.get(request.POST.get("kind", ""))
    if kind is None or not kind.is_public:
        return HttpResponseRedirect(reverse("admin:catalog_catalog_add"))
    try:
        catalog = catalog_add(kind=kind.slug, name=kind.label)
    except ValidationError as error:
        messages.error(request, f"{kind.label} was not added: {' '.join(error.messages)}")
        return HttpResponseRedirect(f"{reverse('admin:catalog_catalog_add')}?kind={kind.slug}")
    model_admin.log_addition(request, catalog, [{"added": {}}])
    return added(request, catalog)


def added(request: HttpRequest, catalog: Catalog) -> HttpResponse:
    """On from a new catalog to its own page, where it can be tried."""
    messages.success(request, f"{catalog.name} was added. {SOON if catalog.enabled else 'It is not enabled yet.'}")
    return _own_page(catalog)


def check(model_admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Test connection (POST): fetch, store nothing, and show what a sync would do."""
    catalog = _changeable(model_admin, request, pk)
    if request.method != "POST":  # as after signing in again
        return _own_page(catalog)
    result = check_catalog(catalog)
    groups = {
        "Held back until a person has looked": result.held,
        "Skipped": result.skipped,
        "Added": [(ref, "") for ref in result.added],
        "Changed": [(ref, "") for ref in result.changed],
        "Back again": [(ref, "") for ref in result.returned],
        "Retired": [(ref, "") for ref in result.retired],
    }
    shown = [(name, rows[:MOST_SHOWN], len(rows), len(rows) - MOST_SHOWN) for name, rows in groups.items() if rows]
    context = {"original": catalog, "result": result, "groups": shown}
    return _page(model_admin, request, "check", f"Test of {catalog.name}", context)


def sync(model_admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Sync now (POST)."""
    catalog = _changeable(model_admin, request, pk)
    if request.method == "POST":
        sync_now(model_admin, request, [catalog])
    return _own_page(catalog)


def _changeable(model_admin: ModelAdmin, request: HttpRequest, pk: int) -> Catalog:
    catalog = get_object_or_404(Catalog.objects.select_related("credential"), pk=pk)
    if not model_admin.has_change_permission(request, catalog):
        raise PermissionDenied
    return catalog


def _own_page(catalog: Catalog) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalog_catalog_change", args=[catalog.pk]))


def _page(
    model_admin: ModelAdmin, request: HttpRequest, name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    shared = model_admin.admin_site.each_context(request) | {"media": model_admin.media, "title": title}
    return TemplateResponse(request, f"admin/catalog/catalog/{name}.html", shared | context)
