"""Offers side by side: two to six of them, every field in a row of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.pricing.cost import Cost
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import STANDARD
from catalog.pricing.units import Unit
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.compare import found_offers
from dashboard.address import Address
from dashboard.charts.bars import legend
from dashboard.charts.steps import drawn_lines, step_chart
from dashboard.exports.formats import export_links, export_path
from dashboard.formats import age_text, moment_text
from dashboard.forms.asked_compare import DEFAULT, read_comparison
from dashboard.forms.compare import CompareView
from dashboard.forms.history import history_links, history_start
from dashboard.forms.picks import MOST, Picks
from dashboard.forms.workload import PARAMETERS
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables.compare_costs import cost_bars
from dashboard.tables.compare_prices import contracts, series, steps
from dashboard.tables.compare_whole import comparison
from dashboard.tables.offers import UNIT_WORDS
from dashboard.tables.told_cells import told

CHARTED = {"output": "Output", "input": "Input"}


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    asked = read_comparison(data, catalogs)
    return asked.address, asked.problems


@require_safe
@keeps_views("compare", "Offers side by side", "No offers picked", _read, not_kept=("page", "add", "view"))
def compare(request: Request) -> HttpResponseBase:
    """The page, or for htmx its results."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    part = part_asked_for(request, "results")
    shown = frame(request, catalogs, now)
    read = [(age_text(each.read_at, now), moment_text(each.read_at)) for each in catalogs if each.read_at]
    etag = version(request, shown, catalogs, part, also=read)
    if response := not_modified(request, etag):
        return response

    asked = read_comparison(request.GET, catalogs)
    asked = asked._replace(
        problems=[*asked.problems, *said_of_view(request.GET)], address=asked.address.with_plain(request.plain)
    )
    picks, view, sides, workload, address = asked.picks, asked.view, asked.sides, asked.workload, asked.address
    if not part and not asked.problems and _has_others(request, address):
        return HttpResponseRedirect(str(address))

    table = comparison(asked, now)
    until = view.as_of or now
    since = history_start(view.history, until)
    charted = {
        label: step_chart(series(sides, view.mode, name), until, view.unit, since) for name, label in CHARTED.items()
    }
    charts = {label: chart for label, chart in charted.items() if chart}
    context = {
        "frame": shown,
        "address": address,
        "catalogs": catalogs,
        "picks": picks,
        "may_add": len(picks.picked) < MOST,
        "sides": sides,
        "told": told,
        "moves": _moves(picks, address),
        "problems": asked.problems,
        "view": view,
        "modes": asked.modes,
        "units": [(choice, choice.value.upper() if choice != Unit.TOKEN else "token") for choice in reversed(Unit)],
        "unit_words": UNIT_WORDS[view.unit],
        "sections": table.sections,
        "untold": table.untold,
        "contracts": contracts(sides),
        "left_out": table.left_out,
        "starred": table.starred,
        "charts": charts,
        "drawn": drawn_lines(charts.values()),
        "history": history_links(view.history, address),
        "workload": workload,
        "presets": {key: address.to(**{**dict.fromkeys(PARAMETERS, None), **_preset(key, view)}) for key in PRESETS},
        "preset_names": {key: preset.name for key, preset in PRESETS.items()},
        "costs_address": Address(reverse("costs"), {**workload.parameters, "as_of": view.parameters["as_of"]}),
        "bars": cost_bars(sides, table.costs),
        "legend": legend([own for own in table.costs.values() if isinstance(own, Cost)]),
        "steps": steps(sides, view.mode, until),
        "found": _found(view, picks, catalogs, address),
        "offers": Address(
            reverse("offers"), {"o": picks.texts, **view._replace(differing=False, add="", history="").parameters}
        ),
        "part": part,
        "exports": export_links("export_compare", address, "add") if asked.comparable else [],
        "as_text": export_path("export_compare", "txt", address, "add"),
    }
    response = render_page(request, "compare/page.html", context, part)
    if part:
        response.headers["HX-Push-Url"] = str(address)
    stamp(response, etag)
    return response


def _moves(picks: Picks, address: Address) -> dict[int, Mapping[str, str]]:
    """By offer, the addresses without it, and with it one place further left and right; "" at the ends."""
    texts = picks.texts
    moves: dict[int, Mapping[str, str]] = {}
    for place, one in enumerate(picks.picked):
        left = [*texts[: place - 1], texts[place], texts[place - 1], *texts[place + 1 :]] if place else []
        right = [*texts[:place], *texts[place + 1 : place + 2], texts[place], *texts[place + 2 :]]
        moves[one.offer_id] = {
            "without": address.to(o=picks.without(one.offer_id)),
            "left": address.to(o=left) if place else "",
            "right": address.to(o=right) if place + 1 < len(texts) else "",
        }
    return moves


def _preset(key: str, view: CompareView) -> dict[str, str | None]:
    """A preset as the address names it; the mode of the prices stays what it is."""
    return {"preset": None if key == DEFAULT else key, "mode": None if view.mode == STANDARD else view.mode}


def _found(view: CompareView, picks: Picks, catalogs: Catalogs, address: Address) -> list[tuple[Any, str]]:
    """The offers that the search finds, each with the address that has it too."""
    if not view.add or len(picks.picked) >= MOST:
        return []
    found = found_offers(view.add, catalogs, picks.ids)
    return [(one, address.to(o=[*picks.texts, str(one.offer_id)], add=None)) for one in found]


def _has_others(request: Request, address: Address) -> bool:
    """Whether the address holds something that is not the page's own, as a tray without JavaScript sends it."""
    given = set(request.GET) - {"view"}
    return given != set(address.parameters) or any("" in values for _, values in request.GET.lists())
