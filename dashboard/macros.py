"""Draw one macro of a template from Python: for pieces that are drawn once and remembered."""

from django.template import engines
from jinja2 import Environment
from markupsafe import Markup


def environment() -> Environment:
    """Jinja2's environment, as settings make it."""
    found: Environment = engines["jinja2"].env  # type: ignore[attr-defined]  # the stubs know Django's own backend alone
    return found


def drawn(template: str, macro: str, *values: object) -> Markup:
    """What this macro of the template draws of these values, in ASCII: the rest as character references."""
    markup: Markup = getattr(environment().get_template(template).module, macro)(*values)
    # One dash or accent in a table would make Python encode all of it by its slow way.
    return Markup(markup.encode("ascii", "xmlcharrefreplace").decode())  # noqa: S704 (drawn by a macro that escapes)
