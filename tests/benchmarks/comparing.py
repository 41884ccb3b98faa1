"""The pages that compare catalogs beside the Offers page: whole responses, seen before and by a new server.

*Warm* is a page that the server has answered before, *first* the very first one that a server just started answers.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db.models import Count
from django.urls import reverse

from catalog.models import Catalog, Rate
from catalog.pricing.rates import STANDARD
from tests.benchmarks.cases import PER_PAGE
from tests.benchmarks.clock import Caller, in_turns, median, warm

OFFERS = "Offers"
MOST_SECONDS = 60.0
FIRST_ROUNDS = 3
SIDES, COLUMNS = 6, 4


def pages() -> dict[str, str]:
    """Their addresses by name: the model is the one that most offers are of, and those stand side by side."""
    listed = Rate.objects.filter(listed=True, mode=STANDARD, above=0)
    known = listed.filter(family__isnull=False).order_by().values_list("family__slug")
    (slug, _), *_ = known.annotate(offers=Count("pk")).order_by("-offers", "family__slug")
    offers = listed.filter(family__slug=slug).order_by("pk").values_list("offer_id", flat=True)[:SIDES]
    catalogs = Catalog.objects.order_by("pk").values_list("slug", flat=True)
    return {
        OFFERS: f"{reverse('offers')}?per={PER_PAGE}",
        "Matrix of four": f"{reverse('catalog-matrix')}?{'&'.join(f'c={one}' for one in catalogs[:COLUMNS])}",
        "Side by side": f"{reverse('compare')}?{'&'.join(f'o={pk}' for pk in offers)}",
        "Model": reverse("model", args=[slug]),
        "Changes": reverse("changes"),
        "Audit": reverse("audit"),
        "Catalog": reverse("catalog", args=[catalogs[0]]),
    }


def raced(port: int, rounds: int, another: Callable[[], AbstractContextManager[int]]) -> list[dict[str, Any]]:
    """Median milliseconds of each page, warm and first; ``another`` starts a server and gives its port."""
    paths = pages()
    caller = Caller(port)
    for path in paths.values():
        warm(port, path)
    warmed = in_turns(
        {name: lambda path=path: caller.get(path).ms for name, path in paths.items()}, rounds, MOST_SECONDS
    )
    firsts: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(FIRST_ROUNDS):
        for name, path in paths.items():
            with another() as own:
                firsts[name].append(Caller(own).get(path).ms)
    return [{"name": name, "warm": median(warmed[name]), "first": median(firsts[name])} for name in paths]
