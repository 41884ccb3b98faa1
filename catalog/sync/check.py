"""What a sync of a catalog would do, found out without storing anything."""

import logging
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from django.utils import timezone

from catalog.models import Catalog
from catalog.sources.base import Door, OfferRecord
from catalog.sources.errors import SourceError
from catalog.sync.connect import connect
from catalog.sync.diff import Plan, compare
from catalog.sync.guard import nothing_usable, suspect_offers, whole_is_suspect

log = logging.getLogger(__name__)

Reasons = tuple[tuple[str, str], ...]
"""Refs, each with a sentence."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a catalog answered, and what a sync would do with it.

    ``problem`` tells why it could not be read, ``suspicion`` why the guard would hold the sync back as a whole; both
    are "" if all is well. ``added`` to ``retired`` are refs. ``held`` are the offers that the guard would hold back.
    """

    problem: str = ""
    read_from: str = ""
    offers: int = 0
    warnings: tuple[str, ...] = ()
    suspicion: str = ""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    held: Reasons = ()
    skipped: Reasons = ()

    @property
    def is_good(self) -> bool:
        """Whether a sync would store what it finds, as far as that can be told."""
        return not (self.problem or self.suspicion)

    @property
    def summary(self) -> str:
        """The whole in a few sentences."""
        if self.problem:
            return self.problem
        found = f"It answers with {_counted(self.offers, 'model')}"
        skipped = f"; {_counted(len(self.skipped), 'row')} would be skipped" if self.skipped else ""
        return " ".join(filter(None, [f"{found}{skipped}.", *self.warnings, self._would_do()]))

    def _would_do(self) -> str:
        if self.suspicion:
            return f"{self.suspicion} A sync would be held back until a person has looked."
        counts = {"add": self.added, "change": self.changed, "bring back": self.returned, "retire": self.retired}
        done = _listed(f"{verb} {len(refs):,}" for verb, refs in counts.items() if refs)
        if not self.held:
            return f"A sync would {done or 'change nothing'}."
        held = f"hold back {_counted(len(self.held), 'offer')}"
        return f"A sync would {done}, and {held}." if done else f"A sync would {held} and change nothing else."


def check_catalog(catalog: Catalog, *, door: Door | None = None) -> CheckResult:
    """Fetch a catalog as a sync would, through ``door`` if one is given, and compare it with what is stored."""
    try:
        source, opened = connect(catalog, door)
        with closing(opened):
            fetched = source.fetch(opened, timezone.now())
    except SourceError as error:
        return CheckResult(problem=str(error))
    except Exception:
        log.exception("Check of %s", catalog.slug)
        return CheckResult(problem="Ratecard itself failed; its log has the details.")
    return _found(compare(catalog, fetched))


def _found(plan: Plan) -> CheckResult:
    fetched = plan.fetched
    suspects = suspect_offers(plan)

    def refs(records: Iterable[OfferRecord]) -> tuple[str, ...]:
        return tuple(record.ref for record in records if record.ref not in suspects)

    return CheckResult(
        problem=nothing_usable(plan),
        read_from=fetched.read_from,
        offers=len(fetched.offers),
        warnings=fetched.warnings,
        suspicion=whole_is_suspect(plan),
        added=refs(plan.added),
        changed=refs(plan.changed),
        returned=refs(plan.returned),
        retired=tuple(plan.retired),
        held=tuple(suspects.items()),
        skipped=tuple((skip.ref, skip.reason) for skip in fetched.skipped),
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(parts: Iterable[str]) -> str:
    *before, last = [*parts] or [""]
    return f"{', '.join(before)} and {last}" if before else last
