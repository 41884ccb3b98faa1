"""Lines of the Catalogs page: how each catalog is, in words, with what to do where something is wrong."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.services.status import Activity, State, Status
from catalog.services.syncs import did_text, tally
from dashboard.formats import age_text, bytes_text, counted, every_text, moment_text, span_text, stamp_text, until_text

MARKS = {
    State.FRESH: "",
    State.STALE: "stale",
    State.HELD: "stale",
    State.FAILING: "failed",
    State.NEVER: "off",
    State.DISABLED: "off",
}
TICKS = {"stored": "ok", "unchanged": "ok", "held": "held", "failed": "bad"}


class Tick(NamedTuple):
    """One past sync as a bar: its class, and its place, height and top in pixels."""

    kind: str
    x: int
    y: int
    height: int


class Notice(NamedTuple):
    """What is wrong and what to do about it."""

    kind: str
    headline: str
    text: str


class Progress(NamedTuple):
    """How far the sync under way has come: in words, and as so much of a whole where that is known."""

    text: str = ""
    done: int | None = None
    total: int | None = None


class Line(NamedTuple):
    """One catalog as pages show it. ``running``, ``latest`` and ``held`` are ids of syncs.

    ``held_offers`` counts the single offers whose new price awaits a person.
    """

    slug: str
    name: str
    mark: int
    about: str
    is_example: bool
    enabled: bool
    state: str
    words: str
    busy: str
    doing: str
    progress: Progress
    running: int | None
    outcome: str
    outcome_title: str
    ticks: Sequence[Tick]
    ticks_title: str
    read: str
    read_title: str
    offers: int
    priced: int
    every: str
    following: str
    notice: Notice | None
    latest: int | None
    held: int | None
    held_offers: int


def line(status: Status, now: datetime, *, known: bool, may_change: bool) -> Line:
    """The line of one catalog.

    ``known``: the viewer is signed in, and may read what else names the organization; ``may_change``: and may act.
    """
    catalog, latest = status.catalog, status.latest
    told = tally(status.outcomes)
    return Line(
        slug=catalog.slug,
        name=catalog.name,
        mark=catalog.mark,
        about=" · ".join(filter(None, [status.kind, catalog.organization if known else ""])),
        is_example=catalog.is_example,
        enabled=catalog.enabled,
        state=MARKS[status.state],
        words=_words(status, now),
        busy=status.activity,
        doing=_doing(status),
        progress=_progress(status),
        running=status.running.pk if status.running else None,
        outcome=_outcome(status),
        outcome_title=f"{moment_text(latest.finished_at)}" if latest and latest.finished_at else "",
        ticks=_ticks(status.outcomes),
        ticks_title=f"{told.fine} syncs fine, {told.held} held back, {told.failed} failed",
        read=stamp_text(catalog.read_at) if catalog.read_at else "",
        read_title=moment_text(catalog.read_at) if catalog.read_at else "",
        offers=status.offers,
        priced=status.priced,
        every=every_text(catalog.refresh_minutes),
        following=_following(status, now),
        notice=_notice(status, now, known=known, may_change=may_change),
        latest=latest.pk if latest else None,
        held=status.waiting.pk if status.waiting else None,
        held_offers=catalog.held,
    )


def digest(lines: Iterable[Line]) -> str:
    """A text that changes when anything that these lines show does."""
    return hashlib.sha256(repr(list(lines)).encode()).hexdigest()[:16]


def _words(status: Status, now: datetime) -> str:
    read_at = status.catalog.read_at
    old = f"{span_text(now - read_at)} old" if read_at else "never read"
    return {
        State.FRESH: f"Read {age_text(read_at, now)}" if read_at else "",
        State.STALE: f"Stale, {old}",
        State.FAILING: f"Failing, {old}",
        State.HELD: f"Held back, {old}",
        State.NEVER: "Never read",
        State.DISABLED: "Disabled",
    }[status.state]


def _doing(status: Status) -> str:
    return {
        Activity.NONE: "",
        Activity.WAITING: "Waiting for the worker",
        Activity.READING: "Reading",
        Activity.STORING: f"Storing {status.running.seen:,} offers" if status.running else "",
    }[status.activity]


def _progress(status: Status) -> Progress:
    """What has arrived so far: pages and models where a catalog comes in pages, else how much of its one answer."""
    sync = status.running
    if sync is None or status.activity != Activity.READING:
        return Progress()
    pages = f"{counted(sync.pages, 'page')}" if sync.pages else ""
    if sync.rows:
        in_all = f" of {sync.rows_in_all:,}" if sync.rows_in_all else ""
        return Progress(f"{pages}, {sync.rows:,}{in_all} models", sync.rows, sync.rows_in_all)
    return Progress(", ".join(filter(None, [pages, bytes_text(sync.size)])))


def _outcome(status: Status) -> str:
    if status.latest is None:
        return "none yet"
    if status.latest.decision:
        return "stopped" if status.latest.decision == "stopped" else f"held, {status.latest.decision}"
    waits = status.waiting is not None and status.waiting.pk == status.latest.pk
    return did_text(status.latest, waits=waits, others=True) or str(status.latest.outcome)


def _ticks(outcomes: Sequence[str]) -> list[Tick]:
    places = {"ok": (6, 6), "held": (3, 12), "bad": (0, 18)}
    kinds = [TICKS[outcome] for outcome in outcomes]
    return [Tick(kind, 6 * i, *places[kind]) for i, kind in enumerate(kinds)]


def _following(status: Status, now: datetime) -> str:
    if not status.catalog.enabled or status.running:
        return ""
    due = status.catalog.next_sync_at
    return "now" if due is None else until_text(due, now)


def _notice(status: Status, now: datetime, *, known: bool, may_change: bool) -> Notice | None:
    catalog = status.catalog
    kept = f"Prices stay as they were read on {moment_text(catalog.read_at)}" if catalog.read_at else "Nothing is shown"
    if status.state == State.HELD and status.waiting:
        headline = status.waiting.message if known else "The last sync was held back."
        text = f"{kept} until a person has looked."
        if may_change:
            text += " Approve the new list if the offers are really gone. Discard it if not, and check that the key "
            text += "still sees the whole catalog."
        return Notice("warn", headline, text)
    if status.state == State.FAILING:
        headline = catalog.last_error if known else "The last sync failed."
        following = f" The next try is {_following(status, now)}." if catalog.next_sync_at else ""
        return Notice("bad", headline, f"{kept} until a sync works again.{following}")
    if catalog.enabled and status.is_overdue and may_change:
        text = "Nothing has taken it up. The worker may not be running: make run starts it together with the pages."
        return Notice("warn", "Its sync is overdue.", text)
    if status.state == State.STALE:
        headline = f"These prices are {span_text(now - catalog.read_at)} old." if catalog.read_at else ""
        return Notice("warn", headline, f"It is to be read every {every_text(catalog.refresh_minutes)}.")
    return None


def announced(lines: Iterable[Line], slugs: Sequence[str]) -> str:
    """For those who listen: how the catalogs of these names are now."""
    return " ".join(f"{each.name}: {each.doing or each.words}." for each in lines if each.slug in slugs)
