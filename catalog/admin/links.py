"""Links to review: which model each offer is said to be, why, what speaks for it, and a person's decision."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.safestring import SafeString

from catalog.admin import link_views
from catalog.admin.readonly import never
from catalog.matching import State
from catalog.models import Link
from catalog.services.review import sheets

UNSURE = (State.CONFLICT, State.AMBIGUOUS, State.PROBABLE, State.UNMATCHED)
SURE = (State.MANUAL, State.CERTAIN)
ALL = "all"


class StateFilter(admin.SimpleListFilter):
    """By how sure a link is; unless asked for others, those that a person may want to look at."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states, with how many links each has."""
        found = dict(Link.objects.filter(valid_to=None).order_by().values_list("state").annotate(links=Count("pk")))
        self.unsure = sum(found.get(state.value, 0) for state in UNSURE)
        states = [(state.value, f"{state.capitalize()} ({found.get(state, 0):,})") for state in (*UNSURE, *SURE)]
        return [*states, (ALL, f"All ({sum(found.values()):,})")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Link]) -> QuerySet[Link]:
        """The links in the chosen state."""
        if self.value() == ALL:
            return queryset
        return queryset.filter(state__in=[self.value()] if self.value() else [state.value for state in UNSURE])

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The first one is not all of them."""
        first, *others = super().choices(changelist)
        yield {**first, "display": f"Not certain ({self.unsure:,})"}
        yield from others


class ReviewList(ChangeList):
    """A page of links, each with its sheet."""

    def get_results(self, request: HttpRequest) -> None:
        """Read the page, then what its rows tell besides: four queries, however many rows."""
        super().get_results(request)
        links: list[Any] = list(self.result_list)
        found = sheets(links)
        may = self.model_admin.has_change_permission(request)
        back = urlencode({link_views.BACK: request.GET.urlencode()})
        for link in links:
            link.view = link_views.view_of(link, found[link.pk], may=may, back=back)
        self.result_list = links


@admin.register(Link)
class LinkAdmin(admin.ModelAdmin):
    """One row per offer. Syncs and decisions write links, so none is added, edited or deleted by hand."""

    list_display = ("offer_cell", "why_cell", "choices_cell")
    list_display_links = None
    list_filter = (StateFilter, "offer__catalog")
    list_select_related = ("offer__catalog", "family")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER  # the states have their counts already
    search_fields = ("name", "offer__ref", "family__slug")
    ordering = ("state", "name")
    actions = (link_views.accept, link_views.reject, link_views.assign, link_views.release)
    has_add_permission = has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css", "admin-matching.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Link]:
        """The links of today; those of the past are history."""
        return super().get_queryset(request).filter(valid_to=None)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """One with sheets."""
        return ReviewList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, called what it is for, and without the menu of the admin beside it: its rows are wide."""
        own = {"title": "Which model is it?", "is_nav_sidebar_enabled": False}
        return super().changelist_view(request, own | (extra_context or {}))

    @admin.display(description="offer", ordering="name")
    def offer_cell(self, link: Any) -> SafeString:
        """What it is called and where it is sold."""
        return render_to_string("admin/catalog/link/offer.html", {"link": link, "view": link.view})

    @admin.display(description="state and what its names say", ordering="state")
    def why_cell(self, link: Any) -> SafeString:
        """How sure its link is, by which rule, and what each name says."""
        return render_to_string("admin/catalog/link/why.html", {"link": link, "view": link.view})

    @admin.display(description="beside the families it may be of")
    def choices_cell(self, link: Any) -> SafeString:
        """Its figures beside those of the families to choose from, with a button for each."""
        return render_to_string("admin/catalog/link/choices.html", {"link": link, "view": link.view})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Its page is the one on which to decide."""
        return HttpResponseRedirect(f"{reverse('admin:catalog_link_decide')}?link={object_id}")

    def get_urls(self) -> list[Any]:
        """That of the page and of the buttons too."""
        view = self.admin_site.admin_view(self.decide)
        return [path("decide/", view, name="catalog_link_decide"), *super().get_urls()]

    def decide(self, request: HttpRequest) -> HttpResponse:
        """What speaks for which family, of the links that the address names; or what was decided (POST)."""
        return link_views.decide(self, request)
