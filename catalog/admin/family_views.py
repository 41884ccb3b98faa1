"""The pages of the admin that a family needs: its own, and the one where families are merged."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.admin.decisions import decided
from catalog.admin.figures import shown_rate
from catalog.admin.link_views import MOST_AT_ONCE, by, choice_views, numbers
from catalog.models import Family, Link
from catalog.services import matching
from catalog.services.review import base_rates, choices_of, found_families

MOST_SHOWN = 500


@admin.action(description="Merge…", permissions=["change"])
def merge_chosen(model_admin: ModelAdmin, request: HttpRequest, families: QuerySet[Family]) -> HttpResponse | None:
    """On to the page where it is chosen into which one."""
    chosen = [family.pk for family in families[: MOST_AT_ONCE + 1]]
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, f"Choose {MOST_AT_ONCE} at most to merge them into one family.")
        return None
    return HttpResponseRedirect(_merge_page(chosen))


def family(model_admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A family: its offers, the names that people have decided to be its, and what was merged into it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    found = get_object_or_404(Family.objects.select_related("merged_into"), pk=pk)
    links = list(
        Link.objects.filter(family=found, valid_to=None)
        .select_related("offer__catalog")
        .order_by("offer__catalog__name", "offer__ref")[:MOST_SHOWN]
    )
    rates = base_rates(link.offer_id for link in links)
    context = {
        "original": found,
        "links": [(link, rates.get(link.offer_id), shown_rate(rates.get(link.offer_id))) for link in links],
        "aliases": found.aliases.order_by("name")[:MOST_SHOWN],
        "merged": found.merged.order_by("slug"),
        "may": model_admin.has_change_permission(request),
        "may_split": request.user.has_perm("catalog.change_link"),
        "may_see_links": request.user.has_perm("catalog.view_link"),
        "merge_page": _merge_page([pk]),
    }
    return _page(model_admin, request, "family", found.slug, context)


def merge(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The families that the address names, and those that they may be merged into; or their merging (POST)."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    families = _named(request.GET.getlist("family"))
    if not families:
        messages.warning(request, "Choose some families to merge first.")
        return HttpResponseRedirect(reverse("admin:catalog_family_changelist"))
    if request.method == "POST":
        return _merge(model_admin, request, families)
    search = request.GET.get("q", "").strip()
    targets = found_families(search) if search else families if len(families) > 1 else []
    context = {
        "families": choice_views(choices_of(families)),
        "search": search,
        "choices": choice_views(choices_of(targets)),
        "may": True,
    }
    names = families[0].slug if len(families) == 1 else f"{len(families)} families"
    return _page(model_admin, request, "merge", f"Merge {names} into…", context)


def _merge(model_admin: ModelAdmin, request: HttpRequest, families: Sequence[Family]) -> HttpResponse:
    into = request.POST.get("into", "")
    slugs = [family.slug for family in families]
    if not into:
        messages.error(request, "Choose the family that they are merged into. Nothing was decided.")
    elif review := decided(model_admin, request, lambda: matching.merge(slugs, into, by(request))):
        gone = review.after["merges"]
        [end] = {slug for said in gone.values() for slug in said}
        for one in Family.objects.filter(slug__in=[*gone, end]):
            model_admin.log_change(request, one, f"{', '.join(gone)} merged into {end}."[:500])
        return _own_page(Family.objects.get(slug=end).pk)
    return HttpResponseRedirect(request.get_full_path())


def part(model_admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Take a family out of the one that it was merged into (POST)."""
    found = get_object_or_404(Family, pk=pk)
    if not model_admin.has_change_permission(request, found):
        raise PermissionDenied
    posted = request.method == "POST" and found.merged_into_id is not None
    if posted and decided(model_admin, request, lambda: matching.part(found.slug, by(request))):
        model_admin.log_change(request, found, "Taken apart again.")
    return _own_page(pk)


def _named(ids: Sequence[str]) -> list[Family]:
    """The families of these ids that are not merged into another one."""
    return list(Family.objects.filter(pk__in=numbers(ids[:MOST_AT_ONCE]), merged_into=None))


def _merge_page(families: Sequence[int]) -> str:
    return f"{reverse('admin:catalog_family_merge')}?{urlencode({'family': families}, doseq=True)}"


def _own_page(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalog_family_change", args=[pk]))


def _page(
    model_admin: ModelAdmin, request: HttpRequest, name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    own = {"media": model_admin.media, "title": title, "opts": model_admin.opts}
    shared = model_admin.admin_site.each_context(request) | own
    return TemplateResponse(request, f"admin/catalog/family/{name}.html", shared | context)
