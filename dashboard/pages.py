"""What all pages share: the frame around them, and answering 304 before any work is done."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from catalog.services.catalogs import Catalogs, Freshness, Viewer, fingerprint, freshness
from dashboard.formats import age_text

THEMES = ("auto", "light", "dark")
HEIGHTS = ("roomy", "tight")


def _release() -> str:
    """A text that changes with every deployed version of the code, the templates and the styles."""
    files = (
        path
        for folder in ("catalog", "dashboard", "templates", "static")
        for path in Path(settings.BASE_DIR, folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".svg"}
    )
    marks = sorted(f"{path}:{path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:12]


RELEASE = _release()


class Frame(NamedTuple):
    """The frame of a page for one viewer at one moment.

    ``health`` is fresh, stale, failed or off; ``read`` says it in words.
    """

    viewer: Viewer
    theme: str
    height: str
    now: datetime
    health: str
    read: str


def theme_of(request: HttpRequest) -> str:
    """The theme that the viewer chose: one of THEMES."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else "auto"


def frame(request: HttpRequest, catalogs: Catalogs, now: datetime) -> Frame:
    """The frame for this request over these catalogs."""
    height = request.COOKIES.get("rows", "")
    fresh = freshness(catalogs)
    count = len(fresh.failed) + len(fresh.held) + len(fresh.stale)
    if count:
        several = f"{count} of {len(catalogs)} catalogs need{'s' if count == 1 else ''} attention"
        read = several if len(catalogs) > 1 else _attention(fresh, catalogs[0].held)
    else:
        read = f"Read {age_text(fresh.read_at, now)}" if fresh.read_at else "Never read"
    return Frame(
        viewer=request.user,
        theme=theme_of(request),
        height=height if height in HEIGHTS else "roomy",
        now=now,
        health="failed" if fresh.failed else "stale" if count else "fresh" if fresh.read_at else "off",
        read=read,
    )


def _attention(fresh: Freshness, held: int) -> str:
    if fresh.failed:
        return "The last sync failed"
    if fresh.held:
        return "Prices are held back" if held else "A sync waits for approval"
    return "Not read for a while"


def version(request: HttpRequest, shown: Frame, catalogs: Catalogs, part: str = "", also: object = "") -> str:
    """The ETag of this page: it changes with the data, the viewer and their rights, the look, the day and the code.

    And with the secret behind the tokens of its forms, which is a new one after each sign-in: a page kept from before
    would hold forms that fail. ``also`` is whatever else the page shows.
    """
    if "CSRF_COOKIE" not in request.META:
        get_token(request)  # makes the secret on a first visit
    made_of = (
        RELEASE,
        request.get_full_path(),
        getattr(request, "plain", ""),  # in its links
        request.shared.version if hasattr(request, "shared") else "",
        part,
        shown.viewer.pk,
        getattr(shown.viewer, "is_staff", False),
        shown.viewer.get_username(),
        shown.theme,
        shown.height,
        shown.read,
        shown.now.date(),
        request.META["CSRF_COOKIE"],
        fingerprint(catalogs),
        also,
    )
    return f'"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:24]}"'


def not_modified(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """The 304 for a browser that has this version already."""
    response = get_conditional_response(request, etag=etag)
    if response is not None:
        stamp(response, etag)
    return response


def stamp(response: HttpResponseBase, etag: str) -> None:
    """Let browsers keep the page but ask each time whether it is still true; parts and pages apart."""
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
