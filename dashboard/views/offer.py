"""An offer's page: all its prices, where each came from, and how they changed."""

from datetime import datetime

import msgspec
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.fields import MomentField
from catalog.pricing.units import Unit
from catalog.services.catalogs import catalogs_visible_to
from catalog.services.family import ends_seen, link_of
from catalog.services.offer import offer_detail
from catalog.services.terms import terms_at
from dashboard.address import Address
from dashboard.formats import age_text, moment_text
from dashboard.forms.offers import read_unit
from dashboard.pages import frame, not_modified, stamp, version
from dashboard.parts import render_page
from dashboard.tables.cells import PRICE_STATE_WORDS
from dashboard.tables.offers import PRICES, UNIT_WORDS, contracts_of, says_zero


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

    as_of, problems = _moment(request)
    unit = read_unit(request.GET, problems)
    detail = offer_detail(pk, catalogs, as_of, terms_at(catalogs, as_of))
    if detail is None:
        raise Http404("There is no such offer in the catalogs that you may see.")
    kept = {
        "as_of": [request.GET["as_of"]] if as_of else [],
        "unit": [] if unit == Unit.MILLION else [unit.value],
    }
    link = link_of(pk, catalogs, as_of)
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
            "link": link,
            "family": ends_seen([link.family], catalogs)[link.family.pk] if link and link.family else None,
            "known": request.user.is_authenticated,
            "held_beside": {key: one for key, one in detail.held.items() if key in listed},
            "held_apart": [one for key, one in detail.held.items() if key not in listed],
            "contracts": contracts_of(detail),
            "says_zero": says_zero(detail),
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


@require_safe
def offer_model(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From an offer to the page of its model; to its own page where no model is known of it.

    Tables link here: so none has to read, for each of its rows, what the model's address is.
    """
    as_of, _ = _moment(request)
    link = link_of(pk, catalogs_visible_to(request.user), as_of)
    if link is None:
        raise Http404("There is no such offer in the catalogs that you may see.")
    path = reverse("model", args=[link.family.slug]) if link.family else reverse("offer", args=[pk])
    return HttpResponseRedirect(str(Address(path, dict(request.GET.lists()))))


def _moment(request: HttpRequest) -> tuple[datetime | None, list[str]]:
    """The moment asked for, and sentences on why it was ignored."""
    try:
        return MomentField(required=False).clean(request.GET.get("as_of")), []
    except ValidationError as error:
        return None, error.messages
