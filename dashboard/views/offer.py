"""An offer's page: all its prices, where each came from, and how they changed."""

import msgspec
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.fields import MomentField
from catalog.pricing.units import Unit
from catalog.services.catalogs import catalogs_visible_to
from catalog.services.offer import offer_detail
from catalog.services.terms import terms_at
from dashboard.address import Address
from dashboard.formats import age_text, moment_text
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import render_page
from dashboard.tables.cells import PRICE_STATE_WORDS
from dashboard.tables.offers import PRICES, UNIT_WORDS, contracts_of


@require_safe
def offer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The page of one offer, now or as of a moment."""
    now = timezone.now()
    catalogs = catalogs_visible_to(request.user)
    shown = frame(request, catalogs, now)
    read = [(age_text(each.read_at, now), moment_text(each.read_at)) for each in catalogs if each.read_at]
    etag = version(request, shown, catalogs, also=read)
    if response := not_modified(request, etag):
        return response

    problems = []
    as_of = None
    try:
        as_of = MomentField(required=False).clean(request.GET.get("as_of"))
    except ValidationError as error:
        problems = error.messages
    unit = next((unit for unit in Unit if unit == request.GET.get("unit")), Unit.MILLION)
    detail = offer_detail(pk, catalogs, as_of, terms_at(catalogs, as_of))
    if detail is None:
        raise Http404("There is no such offer in the catalogs that you may see.")
    kept = {name: [request.GET[name]] for name in ("as_of", "unit") if request.GET.get(name) and not problems}
    latest = detail.revision or detail.history[0].revision
    listed = {(rate.mode, rate.above, name) for rate in detail.rates if latest.valid_to is None for name in PRICES}
    response = render_page(
        request,
        "offers/detail.html",
        {
            "frame": shown,
            "address": Address(request.path, kept),
            "detail": detail,
            "latest": latest,
            "known": request.user.is_authenticated,
            "held_beside": {key: one for key, one in detail.held.items() if key in listed},
            "held_apart": [one for key, one in detail.held.items() if key not in listed],
            "contracts": contracts_of(detail),
            "raw": msgspec.json.format(latest.raw, indent=2),
            "as_of": as_of,
            "problems": problems,
            "unit": unit,
            "units": [(choice, choice.value.upper() if choice != Unit.TOKEN else "token") for choice in reversed(Unit)],
            "unit_words": UNIT_WORDS[unit],
            "price_states": PRICE_STATE_WORDS,
        },
    )
    stamp(response, etag)
    return response
