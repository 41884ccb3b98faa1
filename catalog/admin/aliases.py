"""Aliases in the admin: what names stand for, as people have decided."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.decisions import decided
from catalog.admin.link_views import by
from catalog.admin.links import ALL
from catalog.admin.readonly import never
from catalog.models import Alias, Link
from catalog.services import matching


@admin.action(description="Leave to the rules again", permissions=["change"])
def forget(model_admin: ModelAdmin, request: HttpRequest, aliases: QuerySet[Alias]) -> None:
    """Take back what people decided of these names."""
    decided(model_admin, request, lambda: matching.forget([alias.name for alias in aliases], by(request)))


class AliasList(ChangeList):
    """A page of aliases, each with how many offers are called so."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, then the counts: one query, however many rows."""
        super().get_results(request)
        aliases: list[Any] = list(self.result_list)
        named = Link.objects.filter(valid_to=None, name__in=[alias.name for alias in aliases])
        counts = dict(named.order_by().values_list("name").annotate(count=Count("pk")))
        for alias in aliases:
            alias.count = counts.get(alias.name, 0)
        self.result_list = aliases


@admin.register(Alias)
class AliasAdmin(admin.ModelAdmin):
    """They are made by decisions on links, and taken back here."""

    list_display = ("name", "family_link", "offers")
    list_select_related = ("family",)
    list_per_page = 100
    search_fields = ("name", "family__slug")
    actions = (forget,)
    has_add_permission = has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css", "admin-matching.css"]}

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """One with counts."""
        return AliasList

    @admin.display(description="family", ordering="family__slug")
    def family_link(self, alias: Alias) -> SafeString | str:
        """What the name stands for."""
        if alias.family is None:
            return "no model"
        page = reverse("admin:catalog_family_change", args=[alias.family.pk])
        return format_html('<a href="{}">{}</a>', page, alias.family.slug)

    @admin.display(description="offers called so")
    def offers(self, alias: Any) -> int:
        """How many current offers it settles, but for those that a person decided alone."""
        count: int = alias.count
        return count

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Its page is the list of the offers that are called so."""
        alias = self.get_object(request, object_id)
        query = urlencode({"state": ALL, "q": alias.name}) if alias else ""
        return HttpResponseRedirect(f"{reverse('admin:catalog_link_changelist')}?{query}")
