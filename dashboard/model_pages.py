"""Where the pages of models are, as long as there may be none."""

from functools import cache
from urllib.parse import quote, urlencode

from django.urls import NoReverseMatch, reverse


@cache
def _path() -> str:
    """What stands before a family's slug, "" where models have no pages."""
    try:
        return reverse("model", args=["-"]).removesuffix("-/")
    except NoReverseMatch:
        return ""


def model_address(slug: str | None, day: str = "") -> str:
    """The page of the family of this slug as of ``day``, as an address writes it; "" where it has none."""
    if not slug or not _path():
        return ""
    return f"{_path()}{quote(slug)}/{'?' + urlencode({'as_of': day}) if day else ''}"
