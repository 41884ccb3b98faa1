"""Families in the admin: their offers, names and aliases; merged, taken apart and split from here."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from catalog.admin import family_views
from catalog.admin.link_views import numbers
from catalog.admin.readonly import never
from catalog.models import Alias, Family, Link


class MergedFilter(admin.SimpleListFilter):
    """Those that stand for themselves, unless asked for those that were merged."""

    title = "merged"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("yes", "Merged into another"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Family]) -> QuerySet[Family]:
        """The families that are, or are not."""
        if self.value() == "all":
            return queryset
        return queryset.filter(merged_into__isnull=self.value() != "yes")

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The first one is not all of them."""
        first, *others = super().choices(changelist)
        yield {**first, "display": "Not merged"}
        yield from others


class FamilyList(ChangeList):
    """A page of families, each with how many offers and aliases lead to it."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, then both counts: two queries, however many rows."""
        super().get_results(request)
        families: list[Any] = list(self.result_list)
        own = [family.pk for family in families]
        offers = _counts(Link.objects.filter(family__in=own, valid_to=None))
        aliases = _counts(Alias.objects.filter(family__in=own))
        for family in families:
            family.counts = offers.get(family.pk, 0), aliases.get(family.pk, 0)
        self.result_list = families


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("family").annotate(count=Count("pk")))


@admin.register(Family)
class FamilyAdmin(admin.ModelAdmin):
    """Families come from names, by syncs; what people do is to merge and to split them."""

    list_display = ("slug", "title", "offers_count", "aliases_count", "merged_into")
    list_filter = (MergedFilter,)
    list_select_related = ("merged_into",)
    list_per_page = 100
    search_fields = ("slug", "title")
    actions = (family_views.merge_chosen,)
    has_add_permission = has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css", "admin-matching.css"]}

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """One with counts."""
        return FamilyList

    @admin.display(description="offers")
    def offers_count(self, family: Any) -> int:
        """How many offers are of it now, retired ones too."""
        count: int = family.counts[0]
        return count

    @admin.display(description="aliases")
    def aliases_count(self, family: Any) -> int:
        """How many reviewed names lead to it."""
        count: int = family.counts[1]
        return count

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Its own page."""
        for pk in numbers([object_id]):
            return family_views.family(self, request, pk)
        return HttpResponseRedirect(reverse("admin:catalog_family_changelist"))

    def get_urls(self) -> list[Any]:
        """Those of merging too."""
        views: dict[str, Callable[..., HttpResponse]] = {
            "merge/": family_views.merge,
            "<int:pk>/part/": family_views.part,
        }
        own = [
            path(route, self.admin_site.admin_view(partial(view, self)), name=f"catalog_family_{view.__name__}")
            for route, view in views.items()
        ]
        return own + super().get_urls()
