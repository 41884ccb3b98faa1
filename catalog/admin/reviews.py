"""The history of decisions in the admin: who decided what and when, what it changed, and undoing it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.admin.link_views import MOST_AT_ONCE, by
from catalog.admin.readonly import never
from catalog.models import Offer, Review
from catalog.services.decisions import Said, undo_all

MOST_SHOWN = 200
KINDS = {"aliases": "Name", "assignments": "Offer", "merges": "Family"}


class Touched(NamedTuple):
    """One thing that a decision changed: of which kind, what stood before it, and what it decided, in words."""

    kind: str
    what: str
    before: str
    after: str


class UndoneFilter(admin.SimpleListFilter):
    """By whether they stand."""

    title = "state"
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("no", "Not undone"), ("yes", "Undone")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """The decisions that were undone, or were not."""
        known = {"no": True, "yes": False}.get(self.value() or "")
        return queryset if known is None else queryset.filter(undone_at__isnull=known)


class PersonFilter(admin.RelatedOnlyFieldListFilter):
    """By whose they are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = "person"


@admin.action(description="Undo", permissions=["change"])
def undo_chosen(model_admin: ModelAdmin, request: HttpRequest, reviews: QuerySet[Review]) -> None:
    """Undo them, the latest first."""
    chosen = list(reviews.order_by("-at", "-pk")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, f"Choose {MOST_AT_ONCE} at most to undo at once. Nothing was undone.")
        return
    _undo(model_admin, request, chosen)


def _undo(model_admin: ModelAdmin, request: HttpRequest, reviews: Sequence[Review]) -> None:
    problems = undo_all(reviews, by(request))
    for review in reviews:
        if problem := problems.get(review.pk):
            messages.error(request, f"{review.action}: {problem}")
        else:
            model_admin.log_change(request, review, "Undone.")
            messages.success(request, f"Undone: {review.action}.")


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Decisions are never rewritten: one that was undone stays, with who undid it."""

    list_display = ("action", "at", "by", "undone_at", "undone_by")
    list_filter = (UndoneFilter, ("by", PersonFilter))
    list_select_related = ("by", "undone_by")
    list_per_page = 100
    search_fields = ("action", "by__username")
    date_hierarchy = "at"
    actions = (undo_chosen,)
    has_add_permission = has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css", "admin-matching.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Without what they touched, which may be thousands of names."""
        return super().get_queryset(request).defer("before", "after")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, called what it is."""
        return super().changelist_view(request, {"title": "Review history"} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What one decision changed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        review = self.get_object(request, object_id)
        if review is None:
            return HttpResponseRedirect(reverse("admin:catalog_review_changelist"))
        touched = touched_by(review)
        context = {
            "original": review,
            "touched": touched[:MOST_SHOWN],
            "more": len(touched) - MOST_SHOWN,
            "may": self.has_change_permission(request, review),
            "title": review.action,
            "media": self.media,
            "opts": self.opts,
        }
        shared = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/catalog/review/review.html", shared | context)

    def undo_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo this one (POST)."""
        review = get_object_or_404(Review, pk=pk)
        if not self.has_change_permission(request, review):
            raise PermissionDenied
        if request.method == "POST":
            _undo(self, request, [review])
        return HttpResponseRedirect(reverse("admin:catalog_review_change", args=[pk]))

    def get_urls(self) -> list[Any]:
        """That of the button too."""
        view = self.admin_site.admin_view(self.undo_one)
        return [path("<int:pk>/undo/", view, name="catalog_review_undo"), *super().get_urls()]


def touched_by(review: Review) -> Sequence[Touched]:
    """All that the decision changed. One query for the names of offers, and two for what is deferred."""
    ids = [int(offer) for offer in review.after.get("assignments", {})]
    offers = {
        str(one.pk): f"{one.ref} of {one.catalog}" for one in Offer.objects.filter(pk__in=ids).select_related("catalog")
    }
    return [
        Touched(
            KINDS[kind],
            offers.get(what, "an offer that is gone") if kind == "assignments" else what,
            _words(kind, review.before.get(kind, {}).get(what, [])),
            _words(kind, said),
        )
        for kind in KINDS
        for what, said in review.after.get(kind, {}).items()
    ]


def _words(kind: str, said: Said) -> str:
    if not said:
        return "a family of its own" if kind == "merges" else "left to the rules"
    return said[0] or "no model"
