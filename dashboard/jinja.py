"""The Jinja2 environment of our pages."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined

from catalog.pricing.units import exact_text, price_text
from dashboard import formats

FORMATS = ("size_text", "floor_text", "money_text", "day_text", "moment_text", "age_text", "span_text", "stamp_text")


def environment(**options: Any) -> Environment:
    """An environment in which a name that does not exist is an error."""
    # Django's backend passes autoescape=True.
    env = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})  # noqa: S701
    env.globals.update(
        static=static,
        url=reverse,
        htmx_script=htmx_script,
        price_text=price_text,
        exact_text=exact_text,
        **{name: getattr(formats, name) for name in FORMATS},
    )
    return env
