"""What a fetch would change: compared by content, so neither order, noise nor a new unknown field is a change."""

import hashlib
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import msgspec

from catalog.models import Catalog, Revision
from catalog.sources.base import Fetched, Lifecycle, OfferRecord, OfferState
from catalog.sync.differences import UNORDERED, differences
from catalog.sync.fits import fitting
from catalog.sync.states import CONTENT, stored_states

GONE = (Lifecycle.RETIRED, Lifecycle.DELETED)
DEFAULTS = {item.name: item.default for item in msgspec.structs.fields(OfferState)}
"""NODEFAULT, which no value equals, for what every state has."""
DEFAULTS_OF_CONTENT = tuple(DEFAULTS[name] for name in CONTENT)
_content = attrgetter(*CONTENT)
_encode = msgspec.json.Encoder().encode


class Current(NamedTuple):
    """The current revision of a known offer."""

    offer_id: int
    revision_id: int
    digest: str
    lifecycle: str


@dataclass
class Plan:
    """What storing ``fetched`` would do. ``retired`` are the refs that left the catalog.

    ``before`` holds the stored states of the changed and returned offers; ``unread`` are the known refs whose row could
    not be used. Of the ``live`` offers (neither retired nor deleted by the catalog) so many would be ``gone``.
    """

    fetched: Fetched
    current: dict[str, Current]
    added: list[OfferRecord] = field(default_factory=list)
    changed: list[OfferRecord] = field(default_factory=list)
    returned: list[OfferRecord] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    before: dict[str, OfferState] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    live: int = 0
    gone: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.changed or self.returned or self.retired)

    @property
    def known(self) -> list[OfferRecord]:
        """The records of offers that get a new state: those that changed or came back."""
        return [*self.changed, *self.returned]

    @property
    def signature(self) -> str:
        """A text that is another one as soon as the same fetch would change something else."""
        touched = [*(record.ref for record in self.known), *self.retired]
        lines = sorted(f"{ref}\n{self.current[ref].digest}\n{self.current[ref].lifecycle}" for ref in touched)
        lines += sorted(record.ref for record in self.added)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def leave_out(self, refs: set[str]) -> None:
        """Keep these known offers as they are."""
        self.changed = [record for record in self.changed if record.ref not in refs]
        self.returned = [record for record in self.returned if record.ref not in refs]


def digest(state: OfferState) -> str:
    """SHA-256 over the normalised state. Defaults are left out: a field that we add later changes no digest."""
    values = zip(CONTENT, _content(state), DEFAULTS_OF_CONTENT, strict=True)
    content = {name: value for name, value, default in values if value != default}
    for name in UNORDERED:
        if name in content:
            content[name] = sorted(content[name])
    return hashlib.sha256(_encode(content)).hexdigest()


def compare(catalog: Catalog, fetched: Fetched) -> Plan:
    """Compare a fetch with the current revisions of the catalog: one query, two more for what looks changed.

    A known offer whose row could not be read this time, or not be stored, has not left: it stays as it is.
    """
    rows = Revision.objects.filter(offer__catalog=catalog, valid_to=None).order_by()
    columns = rows.values_list("offer__ref", "offer_id", "pk", "digest", "lifecycle")
    current = {row[0]: Current(*row[1:]) for row in columns}
    new = {record.ref: record for record in fetched.offers if not _is_on_record(record, current.get(record.ref))}
    plan = Plan(fitting(fetched, new.values()), current)
    unfit = new.keys() - {record.ref for record in plan.fetched.offers}
    for ref, record in new.items():
        if ref in unfit:
            continue
        known = current.get(ref)
        if known is None:
            plan.added.append(record)
        elif known.lifecycle == Lifecycle.RETIRED:
            plan.returned.append(record)
        else:
            plan.changed.append(record)
    _look_closer(plan)
    _count_gone(plan)
    return plan


def _is_on_record(record: OfferRecord, known: Current | None) -> bool:
    return known is not None and known.lifecycle != Lifecycle.RETIRED and known.digest == digest(record.state)


def _look_closer(plan: Plan) -> None:
    """Drop the changes that are none."""
    refs = {plan.current[record.ref].revision_id: record.ref for record in plan.known}
    plan.before = {refs[pk]: state for pk, state in stored_states(list(refs)).items()}
    plan.changed = [record for record in plan.changed if differences(plan.before[record.ref], record.state)]


def _count_gone(plan: Plan) -> None:
    listed = {record.ref for record in plan.fetched.offers}
    plan.unread = (_unread(plan) - listed) & plan.current.keys()
    stored = {ref for ref, known in plan.current.items() if known.lifecycle != Lifecycle.RETIRED}
    plan.retired = sorted(stored - listed - plan.unread)
    live = {ref for ref, known in plan.current.items() if known.lifecycle not in GONE}
    deleted = {record.ref for record in plan.changed if record.state.lifecycle is Lifecycle.DELETED}
    plan.live = len(live)
    plan.gone = len(live & {*plan.retired, *deleted})


def _unread(plan: Plan) -> set[str]:
    """The refs of rows that were left out, alone or with their group."""
    fetched = plan.fetched
    stems = tuple(skip.stem for skip in fetched.skipped if skip.stem)
    return {skip.ref for skip in fetched.skipped} | {ref for ref in plan.current if stems and ref.startswith(stems)}
