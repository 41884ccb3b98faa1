"""Contract terms in the admin: entered, changed and withdrawn, and what each does to the offers of today."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from catalog.admin.readonly import never
from catalog.admin.term_form import LABELS, PREFIX, TermForm
from catalog.models import ContractTerm
from catalog.pricing.rates import COMPONENTS
from catalog.pricing.term_text import change_text, reach_text
from catalog.pricing.terms import day_of
from catalog.pricing.units import exact_text, price_text
from catalog.services.term_preview import Example, term_preview
from catalog.services.terms import Withdrawn, term_record, terms_withdraw

SEEN = "Whoever may see the catalog sees its list prices, your prices and the reason."
PRICES = "US dollars per 1M tokens, in every tier. What is left empty keeps its list price."
RECORD = ("recorded_at", "recorded_by", "withdrawn_at", "withdrawn_by")


class StateFilter(admin.SimpleListFilter):
    """By whether they hold today; those that were withdrawn are shown only if asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        names = ("In force today", "Still to come", "Over", "Withdrawn", "All, withdrawn too")
        return list(zip(("now", "coming", "over", "withdrawn", "all"), names, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[ContractTerm]) -> QuerySet[ContractTerm]:
        """The terms in the chosen state."""
        today = day_of(timezone.now())
        known = queryset.filter(withdrawn_at=None)
        ended = Q(last_day__lt=today)
        found = {
            "now": known.filter(~ended, first_day__lte=today),
            "coming": known.filter(first_day__gt=today),
            "over": known.filter(ended),
            "withdrawn": queryset.exclude(withdrawn_at=None),
            "all": queryset,
        }
        return found.get(self.value() or "", known)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The first one is not all of them."""
        first, *others = super().choices(changelist)
        yield {**first, "display": "On record"}
        yield from others


@admin.action(description="Withdraw", permissions=["change"])
def withdraw(model_admin: admin.ModelAdmin, request: HttpRequest, terms: QuerySet[ContractTerm]) -> None:
    """Take them off the record; pages of pinned moments keep showing what was known then."""
    chosen = list(terms.filter(withdrawn_at=None))
    count = terms_withdraw([term.pk for term in chosen], request.user.pk)
    for term in chosen:
        model_admin.log_change(request, term, "Withdrawn.")
    messages.success(request, f"{count} contract term{'' if count == 1 else 's'} withdrawn.")


@admin.register(ContractTerm)
class TermAdmin(admin.ModelAdmin):
    """A change withdraws the row and records another, so that what was known at a moment can be told."""

    form = TermForm
    list_display = ("what", "catalog", "reach", "reason", "first_day", "last_day", "recorded_at", "withdrawn_at")
    list_filter = (StateFilter, "catalog")
    list_select_related = ("catalog",)
    search_fields = ("reason", "pattern", "provider", "catalog__name")
    date_hierarchy = "first_day"
    actions = (withdraw,)
    readonly_fields = RECORD
    has_delete_permission = never

    class Media:
        css = {"all": ["admin-catalogs.css"]}

    @admin.display(description="change", ordering=F("change").asc(nulls_last=True))
    def what(self, term: ContractTerm) -> str:
        """What it does to prices."""
        return change_text(term.value)

    @admin.display(description="for")
    def reach(self, term: ContractTerm) -> str:
        """What of the catalog it is for."""
        return reach_text(term.value)

    def has_change_permission(self, request: HttpRequest, obj: ContractTerm | None = None) -> bool:
        """One that was withdrawn is for looking at."""
        return super().has_change_permission(request, obj) and (obj is None or obj.withdrawn_at is None)

    def get_fieldsets(self, request: HttpRequest, obj: ContractTerm | None = None) -> Any:
        """What it is for, what it does, when; and its record."""
        may_edit = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        prices = [f"{PREFIX}{name}" for name in COMPONENTS] if may_edit else []
        return (
            (None, {"fields": ("catalog", "provider", "pattern", "mode"), "description": SEEN}),
            ("Change", {"fields": ("percent",) if may_edit else ("what",)}),
            *([("Or prices of your own", {"fields": prices, "description": PRICES})] if prices else []),
            ("Contract", {"fields": ("reason", "first_day", "last_day")}),
            *([("Record", {"fields": RECORD})] if obj else []),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: ContractTerm | None = None) -> Any:
        """Its record; for a person who may only look, the change in words too."""
        return (*RECORD, "what")

    def save_model(self, request: HttpRequest, obj: ContractTerm, form: Any, change: bool) -> None:
        """Record it; in the place of the old one if something has changed."""
        if form.has_changed():
            term_record(obj, request.user.pk, instead_of=obj.pk if change else None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form, and what the term does to the offers of today."""
        term = self.get_object(request, object_id)
        preview = term_preview(term.value) if term and term.withdrawn_at is None else None
        context = {
            "preview": preview,
            "examples": [(each, _moves(each)) for each in preview.examples] if preview else [],
            "show_save_and_continue": False,  # saving leads to the term's own page anyway
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The form, or a word to whoever was too late."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **options)
        except Withdrawn as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:catalog_contractterm_changelist"))
        return response

    def response_add(
        self, request: HttpRequest, obj: ContractTerm, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its own page, which shows what it does."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._own_page(request, obj, "recorded")

    def response_change(self, request: HttpRequest, obj: ContractTerm) -> HttpResponse:
        """On to the page of the row that stands in its place."""
        if "_addanother" in request.POST:
            return super().response_change(request, obj)
        return self._own_page(request, obj, "saved")

    def _own_page(self, request: HttpRequest, term: ContractTerm, done: str) -> HttpResponse:
        messages.success(request, f"{term.reason} was {done}. Below is what it does to the offers of today.")
        return HttpResponseRedirect(reverse("admin:catalog_contractterm_change", args=[term.pk]))

    def withdraw_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw this one (POST)."""
        term = self.get_object(request, str(pk))
        if request.method == "POST" and term and self.has_change_permission(request, term):
            withdraw(self, request, ContractTerm.objects.filter(pk=pk))
        return HttpResponseRedirect(reverse("admin:catalog_contractterm_changelist"))

    def get_urls(self) -> list[Any]:
        """That of the button too."""
        view = self.admin_site.admin_view(self.withdraw_one)
        return [path("<int:pk>/withdraw/", view, name="catalog_contractterm_withdraw"), *super().get_urls()]


def _moves(example: Example) -> list[tuple[str, str, str]]:
    """What changes in an example: component, before, after, in US dollars per 1M tokens or per request."""
    return [
        (LABELS[name], _figures(name, getattr(example.before, name)), _figures(name, getattr(example.after, name)))
        for name in COMPONENTS
        if getattr(example.before, name) != getattr(example.after, name)
    ]


def _figures(name: str, pico: int | None) -> str:
    return exact_text(pico) if name == "request" and pico is not None else price_text(pico)
