"""Where the pages of models are."""

from functools import cache
from urllib.parse import quote, urlencode

from django.urls import reverse


@cache
def _path() -> str:
    """What stands before a family's slug: a table writes many of them."""
    return reverse("model", args=["-"]).removesuffix("-/")


def model_address(slug: str | None, day: str = "") -> str:
    """The page of the family of this slug as of ``day``, as an address writes it; "" for no family."""
    return f"{_path()}{quote(slug)}/{'?' + urlencode({'as_of': day}) if day else ''}" if slug else ""
