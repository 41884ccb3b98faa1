"""The Changes page: what came, went and moved in the catalogs that the viewer may see, day by day."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.change_filters import CHANGE_FACETS, MOVES, ChangeFilter
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.changes import (
    ChangeGroup,
    change_lines,
    change_values,
    changes_of,
    count_change_facets,
    counted_change_groups,
    day_counts,
    stored_change_groups,
)
from dashboard.address import Address
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.tables import change_filters as parts
from dashboard.tables.changes import days

PER_PAGE = 50
TYPED = ("q",)
"""Filters that people type: each keystroke replaces the address instead of adding to the history."""


@require_safe
def changes(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results")
    shown = frame(request, catalogs, now)
    etag = version(request, shown, catalogs, part)
    if response := not_modified(request, etag):
        return response

    groups = stored_change_groups(catalogs)
    allowed = allowed_values(catalogs, groups)
    changes = ChangeFilter(request.GET, changes_of(catalogs), allowed=allowed, catalog_ids=ids_of(catalogs))
    facets = count_change_facets(counted_change_groups(changes) if changes.narrows else groups, changes.values)
    problems = list(changes.problems)
    paginator = Paginator(range(facets.total), PER_PAGE)
    page = paginator.get_page(_page(request.GET.get("page", ""), paginator.num_pages, problems))
    filters = filter_parameters(changes)
    address = Address(reverse("changes"), {**filters, "page": [str(page.number)] if page.number > 1 else []})
    if not part and not problems and _has_defaults(request, address):
        return HttpResponseRedirect(str(address))

    start = (page.number - 1) * PER_PAGE
    lines = change_lines(changes, start, min(start + PER_PAGE, facets.total)) if facets.total else []
    counts = day_counts(changes, lines) if lines else {}
    by_id = {catalog.pk: (catalog.mark, catalog.name, catalog.slug) for catalog in catalogs}
    by_slug = {catalog.slug: (catalog.mark, catalog.name) for catalog in catalogs}
    words = parts.words_for(groups, by_slug)
    context: dict[str, Any] = {
        "frame": shown,
        "address": address,
        "feed": Address(reverse("feed"), filters),
        "private_feed": Address(reverse("feed-address"), filters),
        "catalogs": catalogs,
        "values": changes.values,
        "moves": list(MOVES),
        "problems": problems,
        "facets": facets,
        "menus": parts.menus(allowed, facets, changes.values, words, by_slug),
        "chips": parts.chips(changes.values, words, address),
        "days": days(lines, counts, by_id, reverse("offers"), now.date()),
        "rows": len(lines),
        "page": page,
        "first": start + 1,
        "part": part,
    }
    response = render_page(request, "changes/list.html", context, part)
    if part:
        typed = request.htmx.trigger_name in TYPED
        response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response


def ids_of(catalogs: Catalogs) -> dict[str, int]:
    """The ids of these catalogs by their slugs."""
    return {catalog.slug: catalog.pk for catalog in catalogs}


def allowed_values(catalogs: Catalogs, groups: list[ChangeGroup]) -> dict[str, frozenset[str]]:
    """What an address may name: the viewer's catalogs, and what the groups of their changes hold."""
    return {**change_values(groups), "catalog": frozenset(ids_of(catalogs))}


def filter_parameters(changes: ChangeFilter) -> dict[str, list[str]]:
    """The filters of an address that hold."""
    many = {name: list(changes.values[name]) for name in (*CHANGE_FACETS, "move")}
    one = {name: str(changes.values[name] or "") for name in ("q", "since", "until")}
    return {name: many.get(name) or list(filter(None, [one.get(name, "")])) for name in changes.values}


def _page(text: str, last: int, problems: list[str]) -> int:
    """The page asked for, from 1."""
    if not text:
        return 1
    number = int(text[:9]) if text.isascii() and text.isdigit() else 0
    if number < 1:
        problems.append(f"“{text[:40]}” is no page.")
    elif number > last:
        problems.append(f"There is no page {number:,}; this is the last one.")
    return min(max(number, 1), last)


def _has_defaults(request: Request, address: Address) -> bool:
    """Whether the address holds empty parameters or defaults, as a form without JavaScript sends them."""
    known = {*ChangeFilter.base_filters, "page"}
    return {name for name in request.GET if name in known} != set(address.parameters) or any(
        "" in values for values in request.GET.lists()
    )
