"""The icon, for browsers and pages that ask for it by its old name: the admin's name none of their own."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def icon(request: HttpRequest) -> HttpResponseRedirect:
    """To the mark."""
    return HttpResponseRedirect(static("mark.svg"))
