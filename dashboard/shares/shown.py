"""A link as one visitor sees it: what is left to be seen, by which address of its page, and what has changed since."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from catalog.services.catalogs import Viewer, catalogs_visible_to, fingerprint
from catalog.services.memory import Memory
from catalog.services.shares import Share, Shown, sees_all, shown_by
from catalog.services.since import Moved, moved_since
from catalog.services.terms import terms_at
from dashboard.address import Address, Elsewhere
from dashboard.exports.formats import FORMATS
from dashboard.exports.table import moment_iso
from dashboard.formats import moment_text
from dashboard.forms.changes import read_asked
from dashboard.saved_views import PLAIN_QUERY
from dashboard.shares.pages import NAMING, PAGES, Asked, SharedPage, file_path
from dashboard.shares.since import MovedRow, moved_rows

REMEMBERED = 100
SINCE = "since"
"""The parameter that asks for what has changed."""
_moved: Memory[list[Moved]] = Memory(REMEMBERED)


class Shared:
    """A link opened by ``visitor`` with the query ``data``.

    ``linked`` tells whether they may see all of it without the link too: then offers and models lead to their pages.
    ``asked`` is None where nothing is left to be seen. ``live_address`` is the page itself with what is shown of it,
    at today's prices; "" for who may not see all of that.
    """

    def __init__(self, share: Share, visitor: Viewer, data: QueryDict) -> None:
        """A few queries: what the author may see, what the visitor may, and the address."""
        self.share, self.visitor, self.data = share, visitor, data
        self.page: SharedPage = PAGES[share.page]
        self.shown: Shown = shown_by(share)
        self.linked = sees_all(catalogs_visible_to(visitor), self.shown)
        self.path = reverse("shared", args=[share.token])
        self.stored = _renamed(QueryDict(share.query), self.shown.slugs)
        self.asked = self._asked()
        self.live_address = self._live()

    def _asked(self) -> Asked | None:
        """What its page is asked for, if it is not about what is gone alone."""
        asked = self.stored.copy()
        for name in self.page.free:
            if name in self.data:
                asked.setlist(name, [text for text in self.data.getlist(name) if text])
        # Of changes, those known then are all there are: up to a day is what their author may have asked for.
        if self.share.pinned_at and self.page.name != "changes" and not asked.get("as_of"):
            asked["as_of"] = moment_iso(self.share.pinned_at)
        read = self.page.read(asked, self.shown.then, self.share.argument) if self.shown.then else None
        chosen = QueryDict(self.share.query)
        return read if read and all(_is_left(name, chosen, asked, read) for name in NAMING) else None

    @property
    def argument(self) -> str:
        """What stands in the path of the page: a model's follows where it was merged into."""
        return (self.asked.argument if self.asked else "") or self.share.argument

    @property
    def own_path(self) -> str:
        """The path of the page itself."""
        return self.page.path(self.argument)

    @property
    def query(self) -> QueryDict:
        """The parameters of the page, as it writes them itself."""
        made = QueryDict(mutable=True)
        for name, values in (self.asked.parameters if self.asked else {}).items():
            if values:
                made.setlist(name, list(values))
        return made

    @property
    def elsewhere(self) -> Elsewhere:
        """Where addresses of the page and of its files lead."""
        files = {
            file_path(self.page, self.argument, ending): reverse("shared-file", args=[self.share.token, ending])
            for ending in FORMATS
        }
        paths = {self.own_path: self.path, **files}
        return Elsewhere(paths, dict(self.stored.lists()), self.page.free)

    @cached_property
    def version(self) -> str:
        """A text that changes with all that the frame of the link shows."""
        made_of = (
            self.share.pk,
            (self.share.title, self.share.note, self.share.expires_at, self.author),
            (self.linked, self.visitor.is_authenticated),
            self.shown.gone,
            fingerprint(self.shown.now),
            SINCE in self.data,
        )
        return hashlib.sha256(repr(made_of).encode()).hexdigest()

    @property
    def author(self) -> str:
        """Who has shared it."""
        return self.share.owner.get_full_name() or self.share.owner.get_username()

    @property
    def described(self) -> str:
        """A line that says what is shared."""
        when = f"prices as of {moment_text(self.moment)}" if self.moment else "live prices"
        return f"{self.page.title}, {when}, in US dollars"

    @property
    def moment(self) -> datetime | None:
        """The moment whose prices it shows, None for now."""
        return (self.asked.moment if self.asked else None) or self.share.pinned_at

    @cached_property
    def moved(self) -> Sequence[Moved]:
        """The offers of a pinned link that are not any more what it shows, by name."""
        asked, pinned = self.asked, self.share.pinned_at
        if asked is None or asked.rates is None or asked.moment is None or pinned is None:
            return []
        rates, moment, then = asked.rates, asked.moment, asked.terms
        now = terms_at(self.shown.now, None)
        # Which offers are shown follows from nothing that a visitor may change.
        key = (self.share.pk, fingerprint(self.shown.then), fingerprint(self.shown.now), timezone.now().date())
        return _moved.get(key, lambda: moved_since(rates, moment, then, now))

    @property
    def changes(self) -> int:
        """How many changes a pinned link of the Changes page does not show, as they came to be known later."""
        pinned = self.share.pinned_at
        if self.page.name != "changes" or pinned is None or self.asked is None:
            return 0
        now = read_asked(self.stored, self.shown.now).changes
        return now.changes().filter(recorded_at__gt=pinned).count()

    @property
    def asks_since(self) -> bool:
        """Whether the visitor asks what has changed."""
        return SINCE in self.data

    @property
    def moved_rows(self) -> list[MovedRow]:
        """What is different, offer by offer."""
        return moved_rows(self.moved, {one.pk: (one.mark, one.name) for one in self.shown.then})

    @property
    def since_address(self) -> str:
        """The address that asks so, or no more."""
        return self.path if self.asks_since else f"{self.path}?{SINCE}=1#since"

    def _live(self) -> str:
        if self.asked is None or not self.linked:
            return ""
        left = {name: values for name, values in self.asked.parameters.items() if name != "as_of"}
        address = Address(self.own_path, left)
        return str(address.with_plain(f"?{PLAIN_QUERY}") if self.visitor.is_authenticated else address)


def _is_left(name: str, chosen: QueryDict, wanted: QueryDict, read: Asked) -> bool:
    """Whether any of the rows that were chosen by this parameter are left: without it there would be all others."""
    given, left = set(wanted.getlist(name)), set(read.parameters.get(name, ()))
    return not chosen.getlist(name) or bool(
        left if name == "family" else given & left
    )  # a family may have another name by now


def _renamed(data: QueryDict, slugs: Mapping[str, str]) -> QueryDict:
    """The query with the present slugs of catalogs, without those of the ones that are gone: others may have them."""
    made = data.copy()
    for name in ("catalog", "c", "gap"):
        if name in data:
            made.setlist(name, [slugs[slug] for slug in data.getlist(name) if slug in slugs])
    for name, prefixes in (("tab", ("only:",)), ("sort", ("in:", "-in:"))):
        if name in data:
            made.setlist(name, [text for given in data.getlist(name) if (text := _of_catalog(given, prefixes, slugs))])
    return made


def _of_catalog(text: str, prefixes: Sequence[str], slugs: Mapping[str, str]) -> str:
    """The text with the present slug where one of the prefixes stands before a slug; "" if that is gone."""
    prefix = next((one for one in prefixes if text.startswith(one)), "")
    if not prefix:
        return text
    slug = slugs.get(text.removeprefix(prefix))
    return f"{prefix}{slug}" if slug else ""
