"""Links that share a view of a page: make, change and revoke them, and what may be seen through one.

Mistakes are ValidationErrors by field, for the person who made them.
"""

import logging
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Share as Share  # pages name the type
from catalog.models import Visibility
from catalog.models.share import LONGEST_NOTE, LONGEST_TITLE, Audience
from catalog.services.catalogs import Catalog, Catalogs, Reader, catalogs_visible_to
from catalog.services.known import known_catalogs
from catalog.sync.moment import pinned
from catalog.sync.tasks import count_open

log = logging.getLogger(__name__)
__all__ = ["LONGEST_NOTE", "LONGEST_TITLE", "Audience"]  # pages name them
LASTS = {"1": "1 day", "7": "7 days", "30": "30 days", "90": "90 days", "": "never"}
"""After how many days a link may expire."""
MOST_KEPT = 500
"""Links of one person that may open something at a time."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}")
NARROWER = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.GROUPS)


class Shown(NamedTuple):
    """What a link lets be seen: catalogs as known at its moment, the same as they are now, and how many are gone.

    ``slugs`` lead from what each catalog was called when the link was made to its present slug.
    """

    then: list[Catalog]
    now: list[Catalog]
    gone: int
    slugs: Mapping[str, str]

    @property
    def reader(self) -> Reader:
        """Who stands in for the author."""
        return Reader(self.then)


@transaction.atomic
def share_create(
    *,
    owner: User,
    page: str,
    query: str,
    catalogs: Collection[str],
    argument: str = "",
    title: str,
    note: str = "",
    pin: bool = True,
    lasts: str = "",
    audience: str = Audience.MEMBERS,
) -> Share:
    """Share what ``page`` shows by ``query``, out of these ``catalogs`` (slugs), of which the owner sees one at least.

    ``lasts`` is one of LASTS. With ``pin`` the link shows for ever what is known now.
    """
    if Share.objects.open_at(timezone.now()).filter(owner=owner).count() >= MOST_KEPT:
        raise ValidationError({"title": f"You have {MOST_KEPT} links already: revoke one first."})
    now = pinned() if pin else timezone.now()
    seen = [one for one in catalogs_visible_to(owner) if one.slug in catalogs]
    if not seen:
        raise ValidationError({"catalogs": "There is nothing here to share: you may see none of its catalogs."})
    share = Share(owner=owner, page=page, argument=argument, query=query, created_at=now)
    share.pinned_at = now if pin else None
    groups = _groups(seen)
    share.catalogs = [
        [one.pk, one.slug, one.visibility, one.read_at.isoformat() if one.read_at else None, groups.get(one.pk, [])]
        for one in seen
    ]
    _set(share, title, note, audience)
    share.expires_at = _end(lasts, now)
    share.full_clean()
    share.save(force_insert=True)
    return share


def share_change(share: Share, *, title: str, note: str, audience: str, lasts: str) -> None:
    """Give it another title, note, audience and, but for ``lasts`` of "same", another end, counted from now.

    One that opens nothing any more stays so: whoever lost it to the wrong people must be able to rely on that.
    """
    now = timezone.now()
    if not Share.objects.open_at(now).filter(pk=share.pk).exists():
        raise ValidationError({"title": "This link opens nothing any more. Share the page anew instead."})
    _set(share, title, note, audience)
    if lasts != "same":
        share.expires_at = _end(lasts, now)
    share.full_clean()
    share.save(update_fields=["title", "note", "audience", "expires_at"])


def share_revoke(share: Share) -> None:
    """Let it open nothing any more; that cannot be undone."""
    Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=timezone.now())


def _set(share: Share, title: str, note: str, audience: str) -> None:
    share.title, share.note, share.audience = " ".join(title.split()), note.strip(), audience


def _end(lasts: str, now: datetime) -> datetime | None:
    if lasts not in LASTS:
        raise ValidationError({"expires_at": "Choose how long the link lasts."})
    return now + timedelta(days=int(lasts)) if lasts else None


def share_with(token: str) -> Share | None:
    """The link of this token; None for one that never was, has expired or is revoked. One query."""
    if not TOKEN.fullmatch(token):
        return None
    return Share.objects.open_at(timezone.now()).select_related("owner").filter(token=token).first()


def share_opened(share: Share) -> None:
    """Count a visit, soon. A queue that is down keeps nobody from the page."""
    try:
        count_open(share.pk, timezone.now())
    except Exception:
        log.exception("A visit of a shared link was not counted.")


def shares_of(viewer: User) -> list[Share]:
    """The links of this person, of everybody for staff, the latest first. Those that opened nothing stay listed."""
    return list(_changeable_by(viewer))


def share_of(viewer: User, pk: int) -> Share | None:
    """The link ``pk``, if this person may change it: it is theirs, or they are staff."""
    return _changeable_by(viewer).filter(pk=pk).first()


def _changeable_by(viewer: User) -> QuerySet[Share]:
    shares = Share.objects.select_related("owner")
    return shares if viewer.is_staff else shares.filter(owner=viewer)


def shown_by(share: Share) -> Shown:
    """What may be seen through the link now: what its author may see, out of what they saw when they made it.

    A catalog whose visibility has been narrowed since, to fewer groups too, is gone, also where its author may still
    see it.
    """
    visible = {catalog.pk: catalog for catalog in catalogs_visible_to(share.owner)}
    kept: list[Catalog] = []
    slugs: dict[str, str] = {}
    read_at: dict[int, datetime | None] = {}
    groups = _groups(visible[pk] for pk, *_ in share.catalogs if pk in visible)
    for pk, slug, visibility, read, shown_to in share.catalogs:
        catalog = visible.get(pk)
        if catalog and _is_as_wide(catalog, groups.get(pk), visibility, shown_to):
            kept.append(catalog)
            slugs[slug], read_at[pk] = catalog.slug, datetime.fromisoformat(read) if read else None
    kept.sort(key=lambda one: one.name.lower())
    then = known_catalogs(kept, share.pinned_at, read_at) if share.pinned_at else kept
    return Shown(then, kept, len(share.catalogs) - len(kept), slugs)


def _groups(catalogs: Iterable[Catalog]) -> dict[int, list[int]]:
    """The groups (ids) of those of these catalogs that are for groups. One query if any is."""
    found: dict[int, list[int]] = {one.pk: [] for one in catalogs if one.visibility == Visibility.GROUPS}
    if found:
        rows = Catalog.groups.through.objects.filter(catalog__in=list(found)).order_by("group")
        for pk, group in rows.values_list("catalog_id", "group_id"):
            found[pk].append(group)
    return found


def _is_as_wide(catalog: Catalog, groups: Collection[int] | None, before: str, groups_before: Collection[int]) -> bool:
    """Whether whoever could see it before can now; ``groups`` are None for one that is not for groups."""
    if groups is not None and before == Visibility.GROUPS:
        return set(groups).issuperset(groups_before)
    return NARROWER.index(Visibility(catalog.visibility)) <= NARROWER.index(Visibility(before))


def sees_all(viewer_sees: Catalogs, shown: Shown) -> bool:
    """Whether somebody who sees these catalogs may see all that is shown, without the link."""
    own = {one.pk for one in shown.now}
    return bool(own) and own <= {one.pk for one in viewer_sees}
