"""Any server with OpenAI's list of models (https://platform.openai.com/docs/api-reference/models/list).

OpenAI lists little more than ids. vLLM, Ollama, Groq, Mistral, Together, xAI, Anthropic and others add limits, prices,
dates and aliases, each under names of its own; whatever they give is used, under the first name that is there. What
prices are for is decided in `dialects`.
"""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from catalog.pricing.rates import STANDARD, price_state
from catalog.sources.base import Door, Fetched, OfferRecord, OfferState, Setup
from catalog.sources.dialects import Dialect, Told, has_prices, proven, told
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.listed import LITELLM_CREATED, OLLAMA, listed_state
from catalog.sources.payload import UNREADABLE, read_answer, read_rows
from catalog.sources.prices import price_origins, rate_rows
from catalog.sources.values import says_free

PATH = "/v1/models"
MOST_PAGES = 100


_object = msgspec.json.Decoder(float_hook=Decimal)


class Page(msgspec.Struct):
    """One page: OpenAI calls its rows ``data``, xAI's longer list ``models``; Ollama sends null for none."""

    data: list[msgspec.Raw] | msgspec.UnsetType | None = msgspec.UNSET
    models: list[msgspec.Raw] | msgspec.UnsetType | None = msgspec.UNSET
    has_more: bool | None = None
    last_id: str | None = None


class OpenAICompatibleSource:
    """One server's list; the options ``path`` and ``prices`` say where it is and what its prices are for."""

    def __init__(self, setup: Setup) -> None:
        self.path = "/" + str(setup.options.get("path") or PATH).strip().lstrip("/")
        self.prices = str(setup.options.get("prices") or "")

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """All pages, where the server has several."""
        path = self._below(door.address(""))
        rows, warnings = _pages(door, path)
        decoded = [row for raw in rows if isinstance(row := _decoded(raw), dict)]
        dialect = Dialect(self.prices) if self.prices else proven(decoded)
        if dialect is Dialect.NONE and not self.prices and has_prices(decoded):
            warnings.append(
                "The server lists prices without telling their unit, so none is used. "
                "The option “prices” of this catalog can name it."
            )
        read = read_rows(rows, dict[str, Any], _maker(decoded, dialect, now))
        return Fetched(read.offers, read.skipped, door.address(path), tuple(warnings))

    def _below(self, base: str) -> str:
        """The path below ``base``, which may itself end in a version as clients of OpenAI's want it: ``…/v1``."""
        if re.search(r"/v\d+\w*/?$", base):
            return re.sub(r"^/v1(?=/)", "", self.path)
        return self.path


def _decoded(raw: msgspec.Raw) -> Any:
    """The row, or None for one that cannot be read and will be skipped."""
    with suppress(*UNREADABLE):
        return _object.decode(raw)
    return None


def _pages(door: Door, path: str) -> tuple[list[msgspec.Raw], list[str]]:
    """The rows of all pages. Anthropic and others page with ``has_more`` and ``after_id``."""
    rows: list[msgspec.Raw] = []
    parameters: list[tuple[str, str]] = []
    for _ in range(MOST_PAGES):
        page = _page(_body(door, path, parameters))
        new = _rows(page)
        known = {bytes(row) for row in rows}
        if rows and all(bytes(row) in known for row in new):
            return rows, ["The server says that it has more models than it sent; its next page brought nothing new."]
        rows += new
        door.count(len(rows))
        if not (page.has_more and page.last_id):
            return rows, []
        parameters = [("after_id", page.last_id)]
    raise SourceUnreadable(f"The server's list did not end after {MOST_PAGES} pages.")


def _body(door: Door, path: str, parameters: list[tuple[str, str]]) -> bytes:
    try:
        return door.get(path, parameters)
    except SourceRefused as error:
        if error.status != 404:
            raise
        where = door.address(path)
        text = (
            f"The server has no list of models at {where}; check the base URL, or name the list in the option “path”."
        )
        raise SourceRefused(text, 404) from None


def _page(body: bytes) -> Page:
    """A page as an object; Together sends a bare array."""
    if body.lstrip()[:1] == b"[":
        return Page(data=read_answer(body, list[msgspec.Raw]))
    return read_answer(body, Page)


def _rows(page: Page) -> list[msgspec.Raw]:
    for rows in (page.data, page.models):
        if not isinstance(rows, msgspec.UnsetType):
            return rows or []
    raise SourceUnreadable("The answer does not have the documented shape: it holds neither “data” nor “models”.")


def _maker(rows: list[dict[str, Any]], dialect: Dialect, now: datetime) -> Callable[[dict[str, Any], str], OfferRecord]:
    """What turns a row into an offer.

    ``created`` is a release date only where rows differ in it and it is past: LiteLLM and Mistral send one moment for
    all, vLLM the present one, Ollama that of the download.
    """
    created = Counter(row["created"] for row in rows if isinstance(row.get("created"), int))
    yesterday = int((now - timedelta(days=1)).timestamp())

    def make(row: dict[str, Any], raw: str) -> OfferRecord:
        moment = row.get("created")
        own = isinstance(moment, int) and created[moment] == 1 and moment < yesterday and moment != LITELLM_CREATED
        believed = moment if own and row.get("owned_by") != OLLAMA else None
        state = listed_state(row, now, believed, raw)
        return OfferRecord(state.key, _priced(state, told(row, dialect), dialect))

    return make


def _priced(state: OfferState, price: Told, dialect: Dialect) -> OfferState:
    rates = rate_rows(STANDARD, price.found, dialect.unit)
    free = says_free(state.key)
    return replace(
        state,
        rates=rates,
        price_state=price_state(rates, other_prices=bool(price.other), variable=price.variable, zeros_confirmed=free),
        other_prices=price.other,
        notes=(*state.notes, *price.notes),
        origins=(*state.origins, *price_origins(STANDARD, price.found)),
    )
