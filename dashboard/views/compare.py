"""Offers side by side: two to six of them, every field in a row of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.pricing.cost import Cost
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import STANDARD
from catalog.pricing.terms import Term
from catalog.pricing.units import Unit
from catalog.services.catalogs import Catalogs, catalogs_visible_to
from catalog.services.compare import Side, found_offers, side_by_side
from catalog.services.costs import breakdown
from catalog.services.terms import terms_at
from dashboard.address import Address
from dashboard.charts.bars import legend
from dashboard.charts.steps import step_chart
from dashboard.formats import age_text, moment_text
from dashboard.forms.compare import CompareView, read_compare
from dashboard.forms.picks import MOST, Picks, read_picks
from dashboard.forms.workload import FIELDS, PARAMETERS, WorkloadView, read_workload
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import Request, part_asked_for, render_page
from dashboard.saved_views import keeps_views, said_of_view
from dashboard.tables.compare import differing, sections
from dashboard.tables.compare_costs import cost_bars, cost_section
from dashboard.tables.compare_prices import contracts, modes_of, price_sections, series, steps
from dashboard.tables.offers import UNIT_WORDS

DEFAULT = "coding"
"""The preset of an address that names no workload."""
CHARTED = {"output": "Output", "input": "Input"}


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored."""

    picks: Picks
    view: CompareView
    terms: Sequence[Term]
    sides: list[Side]
    workload: WorkloadView
    problems: list[str]
    address: Address


def _asked(data: QueryDict, catalogs: Catalogs) -> Asked:
    picks = read_picks(data, catalogs)
    view, problems = read_compare(data)
    problems = [*picks.problems, *problems, *said_of_view(data)]
    terms = terms_at(catalogs, view.as_of)
    ids = [one.offer_id for one in picks.picked]
    sides = side_by_side(ids, catalogs, view.as_of, terms) if ids else []
    if view.mode not in modes_of(sides):
        if len(sides) > 1:
            problems.append(f"None of these is offered in a mode “{view.mode[:40]}”.")
        view = view._replace(mode=STANDARD)
    data = data.copy()
    data.setlist("mode", view.parameters["mode"])
    workload = read_workload(data, default=DEFAULT)
    problems += [problem.sentence for problem in workload.problems]
    kept = {name: data.getlist(name)[:1] for name in PARAMETERS if name != "mode"} if workload.workload else {}
    address = Address(reverse("compare"), {"o": picks.texts, **view.parameters, **kept})
    return Asked(picks, view, terms, sides, workload, problems, address)


def _read(data: QueryDict, catalogs: Catalogs) -> tuple[Address, Sequence[str]]:
    asked = _asked(data, catalogs)
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

    picks, view, terms, sides, workload, problems, address = _asked(request.GET, catalogs)
    address = address.with_plain(request.plain)
    ids = [one.offer_id for one in picks.picked]
    modes = modes_of(sides)
    if not part and not problems and _has_others(request, address):
        return HttpResponseRedirect(str(address))

    asked = workload.workload
    costs = breakdown(ids, asked, view.as_of, terms) if sides and asked else {}
    prices = price_sections(sides, view.mode, view.unit) if sides else []
    rows, untold = sections(sides, [cost_section(sides, workload, costs), *prices], now) if sides else ([], [])
    shown_rows, left_out = differing(rows) if view.differing else (rows, 0)
    until = view.as_of or now
    charts = {label: step_chart(series(sides, view.mode, name), until, view.unit) for name, label in CHARTED.items()}
    context = {
        "frame": shown,
        "address": address,
        "catalogs": catalogs,
        "picks": picks,
        "may_add": len(picks.picked) < MOST,
        "sides": sides,
        "moves": _moves(picks, address),
        "problems": problems,
        "view": view,
        "modes": modes,
        "units": [(choice, choice.value.upper() if choice != Unit.TOKEN else "token") for choice in reversed(Unit)],
        "unit_words": UNIT_WORDS[view.unit],
        "sections": shown_rows,
        "untold": untold,
        "contracts": contracts(sides),
        "left_out": left_out,
        "starred": any(cell.note and cell.kind == "price" for one in prices for row in one.rows for cell in row.cells),
        "charts": {label: chart for label, chart in charts.items() if chart},
        "workload": workload,
        "presets": {key: address.to(**{**dict.fromkeys(FIELDS, None), **_preset(key, view)}) for key in PRESETS},
        "preset_names": {key: preset.name for key, preset in PRESETS.items()},
        "costs_address": Address(reverse("costs"), {**workload.parameters, "as_of": view.parameters["as_of"]}),
        "bars": cost_bars(sides, costs),
        "legend": legend([own for own in costs.values() if isinstance(own, Cost)]),
        "steps": steps(sides, view.mode, until),
        "found": _found(view, picks, catalogs, address),
        "offers": Address(reverse("offers"), {"o": picks.texts, **view._replace(differing=False, add="").parameters}),
        "part": part,
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
