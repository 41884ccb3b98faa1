"""Theme and row height: two cookies, set by a form."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from dashboard.address import back
from dashboard.pages import HEIGHTS, THEMES
from dashboard.parts import Request

YEAR = 365 * 24 * 3600


@require_POST
def appearance(request: Request) -> HttpResponse:
    """Keep the choice and go back to the page it was made on."""
    response = (
        HttpResponse(status=204) if request.htmx else HttpResponseRedirect(back(request.POST.get("next", ""), request))
    )
    for name, values in (("theme", THEMES), ("rows", HEIGHTS)):
        if (value := request.POST.get(name, "")) in values:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
