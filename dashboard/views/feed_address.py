"""The private address of a person's feeds: made, renewed and taken back by them."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.services.catalogs import catalogs_visible_to
from catalog.services.changes import stored_change_groups
from catalog.services.feeds import feed_token_of, renew_feed_token, revoke_feed_token
from dashboard.address import Address
from dashboard.forms.changes import change_parameters, read_changes
from dashboard.pages import frame
from dashboard.parts import Request, render_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def feed_address(request: Request) -> HttpResponseBase:
    """The page. A new address is shown once, in the answer to the form that asked for it."""
    user = cast(User, request.user)
    catalogs = catalogs_visible_to(user)
    filters = change_parameters(read_changes(request.GET, catalogs, stored_change_groups(catalogs)))
    here = Address(reverse("feed-address"), filters)
    private = ""
    if request.method == "POST":
        wanted = request.POST.get("do")
        if wanted == "revoke":
            revoke_feed_token(user)
            response = HttpResponseRedirect(str(here))
            response.status_code = 303
            return response
        if wanted != "make":
            raise BadRequest("A private address can be made and taken back, nothing else.")
        feed = Address(reverse("feed"), {**filters, "token": [renew_feed_token(user)]})
        private = request.build_absolute_uri(str(feed))
    context = {
        "frame": frame(request, catalogs, timezone.now()),
        "address": here,
        "changes": Address(reverse("changes"), filters),
        "filtered": any(filters.values()),
        "token": feed_token_of(user),
        "private": private,
    }
    return render_page(request, "changes/feed_address.html", context)
