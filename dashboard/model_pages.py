"""Where the pages of models are, as long as there may be none."""

from functools import cache
from urllib.parse import quote

from django.urls import Resolver404, resolve


@cache
def models_path() -> str:
    """The path before a family's slug, "" where models have no pages."""
    try:
        resolve("/models/vendor/name/")
    except Resolver404:
        return ""
    return "/models/"


def model_address(slug: str | None, day: str = "") -> str:
    """The page of the family of this slug as of ``day``, as an address writes it; "" where it has none."""
    if not slug or "/" not in slug or not models_path():
        return ""
    return f"{models_path()}{quote(slug)}/{f'?as_of={quote(day)}' if day else ''}"
