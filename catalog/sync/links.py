"""Link every current offer to its family anew, from all names and all decisions, and write down what changed.

The rules look at all offers together, so what one catalog adds may tell what a name in another one means. What people
decided does not move: an assignment of an offer beats everything, an alias of a name beats every rule.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from catalog.matching import Match, Names, match_all
from catalog.models import BEGINNING, Catalog, Link, Rate, Revision
from catalog.models.family import apart
from catalog.sync.decided import all_decided
from catalog.sync.families import stored_families
from catalog.sync.insert import insert
from catalog.sync.states import BATCH, batches

LOCK = 7_245_001
"""PostgreSQL's advisory lock: two syncs that link at once would each miss the other's offers."""
TELLING = ("family_id", "state", "rule", "variant", "region", "snapshot", "moving")
"""Another value here is another link; the rest explains it and is brought up to date in place."""
EXPLAINING = ("name", "evidence", "candidates", "suggestions")
SETTING_APART = ("variant", "region", "snapshot", "moving")
FIELDS = (*TELLING, *EXPLAINING)


class Named(NamedTuple):
    """A current offer: its id, its catalog's, and all that it is called."""

    offer: int
    catalog: int
    names: Names


class Linked(NamedTuple):
    """What the rates of an offer repeat of its link: the family's id, and how far the offer is set apart in it."""

    family: int | None
    apart: int


NOT_LINKED = Linked(None, 0)


def lock_links() -> None:
    """Let nobody else link or decide until this transaction ends. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def link_offers(now: datetime, afresh: Collection[int] = ()) -> int:
    """Bring the links of all current offers up to date as of ``now``; how many have another one.

    A reviewed link stays where only the rules would have it otherwise, but for the offers (ids) to link ``afresh``.
    """
    lock_links()
    offers = _named()
    decided = all_decided()
    matches = match_all([one.names for one in offers], kept=decided.kept, aliases=decided.aliases)
    current = {link.offer_id: link for link in Link.objects.filter(valid_to=None)}
    standing = [
        decided.over(found, one.offer, None if one.offer in afresh else current.get(one.offer))
        for one, found in zip(offers, matches, strict=True)
    ]
    families = stored_families(_titles(offers, standing))
    return _write(offers, [_row(found, families) for found in standing], current, now)


def _named() -> list[Named]:
    current = Revision.objects.filter(valid_to=None).order_by("offer_id")
    fields = ("offer_id", "offer__catalog_id", "key", "upstream_ids", "offer__ref", "name", "provider")
    return [
        Named(offer, catalog, Names(key, tuple(ids), ref, title, provider))
        for offer, catalog, key, ids, ref, title, provider in current.values_list(*fields)
    ]


def _titles(offers: Sequence[Named], matches: Sequence[Match]) -> dict[str, str]:
    """What most offers of each family call it, by slug; those of its vendor and plain ones count most."""
    titles: dict[str, Counter[str]] = defaultdict(Counter)
    for one, found in zip(offers, matches, strict=True):
        if found.family:
            own = found.family.startswith(f"{one.names.provider}/")
            plain = not (found.variant or found.region or found.snapshot or found.alias)
            titles[found.family][one.names.title] += 1 + 1_000 * (own and plain) + 10 * plain
    return {slug: min(counted, key=lambda title: (-counted[title], title)) for slug, counted in titles.items()}


def _row(found: Match, families: dict[str, int]) -> dict[str, Any]:
    return {
        "family_id": families[found.family] if found.family else None,
        "state": found.state.value,
        "rule": found.rule.value,
        "name": found.name,
        "evidence": [[*one] for one in found.evidence],
        "candidates": [*found.candidates],
        "suggestions": [*found.suggestions],
        "variant": found.variant,
        "region": found.region,
        "snapshot": found.snapshot,
        "moving": found.alias,
    }


def _write(offers: Sequence[Named], rows: Sequence[dict[str, Any]], current: Mapping[int, Link], now: datetime) -> int:
    """Close and open links where something telling changed. An offer's first link holds from the beginning of time."""
    opened: list[dict[str, Any]] = []
    closed: list[int] = []
    explained: list[Link] = []
    touched: set[int] = set()
    for one, row in zip(offers, rows, strict=True):
        link = current.get(one.offer)
        if link is None or any(getattr(link, name) != row[name] for name in TELLING):
            if link is not None:
                closed.append(link.pk)
            # Who decided while a sync was reading has opened a link that is younger than the sync.
            start = max(now, link.valid_from) if link else BEGINNING
            opened.append(row | {"offer_id": one.offer, "valid_from": start})
            touched.add(one.catalog)
        elif any(getattr(link, name) != row[name] for name in EXPLAINING):
            for name in EXPLAINING:
                setattr(link, name, row[name])
            explained.append(link)
            touched.add(one.catalog)
    _end(closed, now)
    insert(Link, opened)
    Link.objects.bulk_update(explained, EXPLAINING, batch_size=BATCH)
    _copy([row for row in opened if row["offer_id"] in current])
    Catalog.objects.filter(pk__in=touched).update(links_version=F("links_version") + 1)
    return len(opened)


def links_of(offers: Collection[int]) -> dict[int, Linked]:
    """What the current links of these offers say, by offer id."""
    found = {}
    for part in batches(list(offers)):
        links = Link.objects.filter(offer__in=part, valid_to=None).order_by()
        for offer, family, *telling in links.values_list("offer_id", "family_id", *SETTING_APART):
            found[offer] = Linked(family, apart(*telling))
    return found


def _copy(links: Sequence[Mapping[str, Any]]) -> None:
    """Let the current rates of offers say what these links say, so that tables need not look there."""
    offers = defaultdict(list)
    for link in links:
        linked = Linked(link["family_id"], apart(*(link[name] for name in SETTING_APART)))
        offers[linked].append(link["offer_id"])
    for linked, own in offers.items():
        for part in batches(own):
            Rate.objects.filter(offer__in=part, valid_to=None).update(family=linked.family, apart=linked.apart)


def _end(links: Sequence[int], now: datetime) -> None:
    """End these links at ``now``. One that began no earlier gives its place to the next one, and goes."""
    for part in batches(links):
        Link.objects.filter(pk__in=part, valid_from__gte=now).delete()
        Link.objects.filter(pk__in=part).update(valid_to=now)
