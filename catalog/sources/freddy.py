"""The models that a Freddy (Aitronos) organization may use.

Format: https://docs.aitronos.com/docs/api-reference/organizations/list-models. Revisions of that page spell the members
in camelCase and in snake_case, so both are read. Prices are one blended number of US dollars per 1,000 tokens, or null.
The global list (https://docs.aitronos.com/docs/api-reference/objects/model-object) has no prices yet.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from catalog.sources.base import Door, Fetched, Setup
from catalog.sources.errors import SourceRefused, SourceUnreadable
from catalog.sources.freddy_models import in_snake, record, ref_of
from catalog.sources.payload import read_answer, read_rows, text_at

DETAILS = [("include_details", "true"), ("include_deprecated", "true")]
"""Parameters of the global list: all it knows, for pages hide what is deprecated themselves."""


class Answer(msgspec.Struct):
    """Either list, in snake_case; the global one names no organization."""

    models: list[msgspec.Raw]
    total_count: int | None = None
    organization_id: str | None = None


class FreddySource:
    """The organization's list, or with the option ``global`` the one of all models."""

    def __init__(self, setup: Setup) -> None:
        self.organization = setup.organization.strip()
        self.everything = bool(setup.options.get("global"))

    def fetch(self, door: Door, now: datetime) -> Fetched:
        """One request: the list has no pages."""
        if not (self.organization or self.everything):
            raise SourceRefused(
                "Freddy's list is that of an organization, and this catalog names none; "
                "the id is in Freddy Hub, Settings, Organization."
            )
        path = "/v1/models" if self.everything else f"/v1/organizations/{quote(self.organization, safe='')}/models"
        try:
            body = door.get(path, DETAILS if self.everything else ())
        except SourceRefused as error:
            raise self._explained(error) from None
        answer = read_answer(msgspec.json.encode(in_snake(read_answer(body, dict[str, msgspec.Raw]))), Answer)
        warnings = tuple(self._warnings(answer))
        repeated = _repeated(answer.models)
        rows = read_rows(
            answer.models,
            dict[str, Any],
            lambda row, raw: record(row, raw, repeated),
            named_by=lambda row: ref_of(text_at(row, "key"), text_at(row, "id"), repeated),
        )
        return Fetched(rows.offers, rows.skipped, door.address(path), warnings)

    def _explained(self, error: SourceRefused) -> SourceRefused:
        if error.status == 403 and not self.everything:
            text = (
                f"The key's user is not a member of the Freddy organization {self.organization}: "
                "use a key of one of its members, or correct the organization's id."
            )
        elif error.status == 404 and not self.everything:
            text = f"Freddy knows no organization {self.organization}; its id is in Freddy Hub, Settings, Organization."
        else:
            return error
        return SourceRefused(text, error.status)

    def _warnings(self, answer: Answer) -> Iterator[str]:
        """What is odd about the answer. Raises SourceUnreadable when models are missing from it."""
        announced, sent = answer.total_count, len(answer.models)
        if announced is not None and announced != sent:
            told = f"Freddy announced {announced:,} models and sent {sent:,}"
            if announced > sent:
                raise SourceUnreadable(f"{told}: the answer is incomplete.")
            yield f"{told}."
        if not self.everything and answer.organization_id not in (None, self.organization):
            yield f"Freddy answered for the organization {answer.organization_id}, not for {self.organization}."


def _repeated(rows: list[msgspec.Raw]) -> set[str]:
    """The keys that several models share."""
    keys = Counter(text_at(row, "key") for row in rows)
    return {key for key, times in keys.items() if key and times > 1}
