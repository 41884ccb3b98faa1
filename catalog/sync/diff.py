"""What a fetch would change: compared by content, so neither order nor a new unknown field is a change."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from catalog.models import Catalog, Revision
from catalog.sources.base import Lifecycle, OfferRecord, OfferState

SENT = ("origins", "raw")
"""What a state keeps of the answer itself; it may change while the offer does not."""


class Current(NamedTuple):
    """The current revision of a known offer."""

    offer_id: int
    revision_id: int
    digest: str
    lifecycle: str


@dataclass
class Plan:
    """What storing a fetch would do. ``retired`` are the refs that are gone."""

    added: list[OfferRecord] = field(default_factory=list)
    changed: list[OfferRecord] = field(default_factory=list)
    returned: list[OfferRecord] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    current: dict[str, Current] = field(default_factory=dict)
    live: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.changed or self.returned or self.retired)


def digest(state: OfferState) -> str:
    """SHA-256 over the normalised state."""
    content = {name: value for name, value in asdict(state).items() if name not in SENT}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def compare(catalog: Catalog, offers: Iterable[OfferRecord]) -> Plan:
    """Compare fetched offers with the current revisions of the catalog, in one query."""
    rows = Revision.objects.filter(offer__catalog=catalog, valid_to=None).values_list(
        "offer__ref", "offer_id", "pk", "digest", "lifecycle"
    )
    plan = Plan(current={row[0]: Current(*row[1:]) for row in rows})
    seen = set()
    for record in offers:
        seen.add(record.ref)
        known = plan.current.get(record.ref)
        if known is None:
            plan.added.append(record)
        elif known.lifecycle == Lifecycle.RETIRED:
            plan.returned.append(record)
        elif known.digest != digest(record.state):
            plan.changed.append(record)
    live = {ref for ref, known in plan.current.items() if known.lifecycle != Lifecycle.RETIRED}
    plan.live = len(live)
    plan.retired = sorted(live - seen)
    return plan
