"""Two catalogs that share models, links to what every page shows of them, and all that may happen afterwards."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from msgspec.structs import replace

from catalog.models import Catalog, Family, Offer, Share
from catalog.services.decisions import Decisions, decide
from catalog.sources.base import OfferRecord, PastState
from tests.make import DOLLAR, catalog, contract, record, row, state, sync

PART = {"HX-Request": "true", "HX-Target": "results"}
LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)
FILES = ("csv", "json")
PAGES = {
    "offers": "/?sort=-input&col=family&col=input&col=output&col=state&preset=chat",
    "grouped": "/?group=model&q=gpt",
    "costs": "/costs/?excluded=1",
    "compare": "/compare/?o={0}&o={1}",
    "matrix": "/compare/catalogs/?c=team&c=other&sort=model",
    "model": "/models/openai/gpt-4.1/",
    "changes": "/changes/",
}
"""What is shared of each page; the numbers are the offers of gpt-4.1."""


def build() -> None:
    """Team sells gpt-4.1, gpt-4o and the old gpt-4; Other the first two of these, dearer."""
    team, other = catalog(), catalog("Other")
    dear = (row(input=3 * DOLLAR),)
    sync(team, *(record(name) for name in ("gpt-4.1", "gpt-4o", "gpt-4")))
    sync(other, *(record(name, rates=dear) for name in ("gpt-4.1", "gpt-4o")))


def addresses() -> dict[str, str]:
    """PAGES with the ids in them."""
    ids = Offer.objects.filter(ref="gpt-4.1").order_by("pk").values_list("pk", flat=True)
    return {name: address.format(*ids) for name, address in PAGES.items()}


def share(client: Client, address: str, **fields: str) -> str:
    """Share what this address shows, with anyone and pinned unless told otherwise; the path of the link."""
    asked = {"from": address, "title": "For you", "lasts": "30", "audience": "link", **fields}
    made = client.post("/shares/new/", asked)
    assert made.status_code == 302, made.content.decode()
    return f"/s/{Share.objects.latest('pk').token}/"


def everything_changes() -> None:
    """A price moves, an offer is retired, one with a past comes, one is re-matched, two families merge, terms come."""
    team, other = Catalog.objects.get(slug="team"), Catalog.objects.get(slug="other")
    past = PastState(LONG_AGO, state("gpt-4.1-mini", rates=(row(input=9 * DOLLAR),)))
    new = OfferRecord("gpt-4.1-mini", state("gpt-4.1-mini", rates=(row(input=8 * DOLLAR),)), LONG_AGO, (past,))
    new = replace(new, since=datetime(2025, 7, 1, tzinfo=UTC))
    sync(team, record("gpt-4.1", rates=(row(input=5 * DOLLAR),)), record("gpt-4o"), new, approve=True)
    contract(other, change=-5_000, reason="Half of it")
    own = Offer.objects.get(catalog=team, ref="gpt-4o")
    decide(Decisions(assignments={own.pk: ["openai/another"]}), "Told apart", None)
    assert Family.objects.filter(slug="openai/gpt-4o").exists()
    decide(Decisions(merges={"openai/gpt-4o": ["openai/gpt-4.1"]}), "Merged", None)


def shown(client: Client, path: str, query: str = "") -> str:
    """The results of a shared page, as htmx swaps them."""
    answer = client.get(path + query, headers=PART)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    """The rows of the file of a shared page."""
    found: list[dict[str, Any]] = json.loads(client.get(f"{path}export.json").getvalue())["rows"]
    return found


def banner(client: Client, path: str) -> str:
    """The words above what a shared page shows."""
    page = client.get(path).content.decode()
    words = re.findall(r'<div class="notice[^>]*>(.*?)</div>', page, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", " ".join(words)).split())


def everywhere(client: Client, path: str) -> Iterator[tuple[str, str]]:
    """All that a link gives, as text, and what it is."""
    from tests.pages.test_permissions import text_of

    for address in (path, f"{path}?since=1", *(f"{path}export.{ending}" for ending in FILES)):
        yield address, text_of(client.get(address))
    yield "part", shown(client, path)
