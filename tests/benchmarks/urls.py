"""The limit: how quick a page can be here. The bytes of our own pages from memory, through the whole middleware."""

import os
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe


@cache
def pages() -> dict[str, bytes]:
    """The pages to send, by case, read once from the folder BENCH_PAGES."""
    return {file.stem: file.read_bytes() for file in Path(os.environ["BENCH_PAGES"]).glob("*.html")}


@require_safe
def limit(request: HttpRequest, case: str) -> HttpResponse:
    """Read the session and ask who the viewer is, as every page does, then send what is there."""
    request.session.get("anything")
    return HttpResponse(pages()[case] if request.user.pk is None else b"")


urlpatterns = [path("limit/<slug:case>", limit)]
