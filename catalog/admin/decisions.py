"""How a decision is taken in the admin: tried, logged, and told of with the way to undo it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from catalog.models import Review
from catalog.services.decisions import Impossible


def decided(model_admin: ModelAdmin, request: HttpRequest, decision: Callable[[], Review]) -> Review | None:
    """Take the decision, log it and say so; None, and why, where it is impossible."""
    try:
        review = decision()
    except Impossible as error:
        messages.error(request, f"{error} Nothing was decided.")
        return None
    model_admin.log_addition(request, review, [{"added": {}}])
    if request.user.has_perm("catalog.view_review"):
        page = reverse("admin:catalog_review_change", args=[review.pk])
        messages.success(request, format_html('{}. <a href="{}">Look at it or undo it</a>', review.action, page))
    else:
        messages.success(request, f"{review.action}.")
    return review
