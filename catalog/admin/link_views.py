"""What staff do with links that they tick, with one of them by its buttons, or on the page that shows everything."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.admin.decisions import decided
from catalog.admin.figures import Shown, shown_figures, shown_rate
from catalog.models import Family, Link, Rate, Review
from catalog.services import matching
from catalog.services.review import Choice, Sheet, choices_of, found_families, offers_of, sheets

MOST_AT_ONCE = 100
MOST_OFFERS = 8
LONGEST_NUMBER = 18
"""Digits that fit a row's id."""
BACK = "_changelist_filters"
LATE = "Some of these offers were linked anew meanwhile. Nothing was decided: look again."


class ChoiceView(NamedTuple):
    """A family to choose from: its figures in texts, and its first offers where they are shown."""

    family: Family
    offers: int
    shown: Shown
    examples: Sequence[tuple[Rate, Shown]] = ()


class LinkView(NamedTuple):
    """What a link's cells show. ``may`` is whether this person decides, ``back`` where they come back to."""

    sheet: Sheet
    shown: Shown
    choices: Sequence[ChoiceView]
    may: bool
    back: str


def view_of(link: Link, sheet: Sheet, *, may: bool = False, back: str = "") -> LinkView:
    """The link as its cells show it."""
    return LinkView(sheet, shown_rate(sheet.rate), [choice_view(choice) for choice in sheet.choices], may, back)


def choice_view(choice: Choice, examples: Sequence[Rate] = ()) -> ChoiceView:
    """The family as a person chooses it."""
    shown = [(rate, shown_rate(rate)) for rate in examples]
    return ChoiceView(choice.family, choice.figures.offers, shown_figures(choice.figures), shown)


def choice_views(choices: Sequence[Choice]) -> list[ChoiceView]:
    """The families with their first offers. One query."""
    examples = offers_of([choice.family.pk for choice in choices], MOST_OFFERS)
    return [choice_view(choice, examples.get(choice.family.pk, ())) for choice in choices]


@admin.action(description="Accept: the family that it leads to", permissions=["change"])
def accept(model_admin: ModelAdmin, request: HttpRequest, links: QuerySet[Link]) -> None:
    """Let their families stand."""
    decided(model_admin, request, lambda: matching.accept(list(links), by(request)))


@admin.action(description="Reject: of no family", permissions=["change"])
def reject(model_admin: ModelAdmin, request: HttpRequest, links: QuerySet[Link]) -> None:
    """Say that these offers are of no family that is known."""
    decided(model_admin, request, lambda: matching.reject(list(links), by(request)))


@admin.action(description="Leave to the rules again", permissions=["change"])
def release(model_admin: ModelAdmin, request: HttpRequest, links: QuerySet[Link]) -> None:
    """Take back what people decided."""
    decided(model_admin, request, lambda: matching.release(list(links), by(request)))


@admin.action(description="Assign to a family…", permissions=["change"])
def assign(model_admin: ModelAdmin, request: HttpRequest, links: QuerySet[Link]) -> HttpResponse | None:
    """On to the page where the family is chosen."""
    chosen = [link.pk for link in links[: MOST_AT_ONCE + 1]]
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, f"Choose {MOST_AT_ONCE} at most to assign them to one family.")
        return None
    query = urlencode({"link": chosen, BACK: request.GET.urlencode()}, doseq=True)
    return HttpResponseRedirect(f"{reverse('admin:catalog_link_decide')}?{query}")


def decide(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The page of the links that the address names; for a POST, what its buttons or those of the list decide."""
    if request.method == "POST":
        if not model_admin.has_change_permission(request):
            raise PermissionDenied
        return _decide(model_admin, request)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    links = _current(request.GET.getlist("link"))
    if not links:
        messages.warning(request, "These offers were linked anew meanwhile, or there are none such.")
        return _list(request)
    found = sheets(links)
    search = request.GET.get("q", "").strip()
    choices = choices_of(found_families(search)) if search else _choices(found.values())
    context = {
        "links": [(link, view_of(link, found[link.pk])) for link in links],
        "search": search,
        "choices": choice_views(choices),
        "back": request.GET.get(BACK, ""),
        "may": model_admin.has_change_permission(request),
        "can_accept": all(link.family_id for link in links),
        "reviewed": any(link.state == "manual" for link in links),
        "title": f"Which model is {links[0].offer.ref}?" if len(links) == 1 else f"Which model are these {len(links)}?",
        "opts": model_admin.opts,
        "media": model_admin.media,
    }
    shared = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, "admin/catalog/link/decide.html", shared | context)


def _decide(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    do, ids, slug = _asked(request)
    links = _current(ids)
    decisions: dict[str, Callable[[], Review]] = {
        "accept": lambda: matching.accept(links, by(request), slug),
        "reject": lambda: matching.reject(links, by(request)),
        "release": lambda: matching.release(links, by(request)),
        "assign": lambda: matching.assign(links, slug, by(request), by_name="by_name" in request.POST),
        "split": lambda: matching.split(links, slug, by(request)),
    }
    if not ids or do not in decisions:
        messages.error(request, "Choose some offers first. Nothing was decided.")
    elif len(links) < len(set(ids)):
        messages.error(request, LATE)
    elif do == "assign" and not slug:
        messages.error(request, "Choose a family, or write a new one. Nothing was decided.")
    elif decided(model_admin, request, decisions[do]):
        return _list(request)
    return HttpResponseRedirect(request.get_full_path()) if "link" in request.GET else _list(request)


def _asked(request: HttpRequest) -> tuple[str, list[str], str]:
    """What to do, with which links (ids), and the family that is told: by a row's own button, or by the page's."""
    sent = request.POST
    if "row" in sent:
        do, pk, slug = [*sent["row"].split(":", 2), "", ""][:3]
        return do, [pk], slug
    do = sent.get("do", "")
    slug = sent.get("new", "").strip() or sent.get("family", "")
    return do, sent.getlist("link"), "" if do == "accept" else slug


def _current(ids: Sequence[str]) -> list[Link]:
    """The current links of these ids, those of one name beside each other. A request has 1,000 fields at most."""
    links = Link.objects.filter(pk__in=numbers(ids), valid_to=None).select_related("offer__catalog", "family")
    return list(links.order_by("name", "pk"))


def _choices(found: Any) -> list[Choice]:
    """What any of these sheets may be of, each family once."""
    return list({choice.family.pk: choice for sheet in found for choice in sheet.choices}.values())


def _list(request: HttpRequest) -> HttpResponseRedirect:
    """Back to where a person came from: the page of a family, or the list as it was."""
    if family := numbers([request.POST.get("of", "")]):
        return HttpResponseRedirect(reverse("admin:catalog_family_change", args=family))
    filters = request.GET.get(BACK, "")
    return HttpResponseRedirect(f"{reverse('admin:catalog_link_changelist')}{'?' if filters else ''}{filters}")


def by(request: HttpRequest) -> Any:
    """Who decides: the admin lets nobody in who is not signed in."""
    return request.user


def numbers(texts: Iterable[str]) -> list[int]:
    """The ids among what an address or a form says."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER]
