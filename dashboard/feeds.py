"""Changes as an Atom feed (RFC 4287), with Django's own writer."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape

from catalog.services.catalogs import Catalog, Catalogs
from catalog.services.changes import ChangeLine
from dashboard.tables.change_words import KIND_LABELS, Detail, details, price_detail

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold; the name of a model may."""
Absolute = Callable[[str], str]


class ChangeFeed(Atom1Feed):
    """A feed that is as old as the data in it."""

    def latest_post_date(self) -> datetime:
        """When its latest entry was recorded; an empty one is as old as its catalogs' last change."""
        moment: datetime = super().latest_post_date() if self.items else self.feed["changed_at"]
        return moment


def change_feed(
    lines: Sequence[ChangeLine],
    catalogs: Catalogs,
    absolute: Absolute,
    *,
    filters: Sequence[str],
    page: str,
    address: str,
) -> ChangeFeed:
    """The feed of ``lines``, which pass the ``filters``; its page is at ``page``, itself at ``address``: our paths."""
    by_id = {catalog.pk: catalog for catalog in catalogs}
    made = ChangeFeed(
        title=_clean(": ".join(filter(None, ["Changes in Ratecard", ", ".join(filters)]))),
        link=absolute(page),
        description=None,
        author_name="Ratecard",
        feed_url=absolute(address),
        changed_at=max((catalog.changed_at or EPOCH for catalog in catalogs), default=EPOCH),
    )
    for line in lines:
        catalog = by_id[line.catalog_id]
        # An offer has one change at a moment, whatever becomes of its row in our database.
        own = f"/changes/{line.offer_id or catalog.slug}/{line.at:%Y%m%dT%H%M%S%f}"
        made.add_item(
            title=_clean(_title(line, catalog)),
            link=absolute(reverse("offer", args=[line.offer_id]) if line.offer_id else _page_of(catalog)),
            description=_clean("".join(f"<p>{escape(sentence)}</p>" for sentence in _sentences(line))),
            unique_id=get_tag_uri(absolute(own), line.at),
            pubdate=line.at,
            updateddate=line.recorded_at,
            categories=line.kind_names,
        )
    return made


def _page_of(catalog: Catalog) -> str:
    return reverse("catalog", args=[catalog.slug])


def _title(line: ChangeLine, catalog: Catalog) -> str:
    if line.offer_id is None:
        return f"{catalog.name}: first reading, {line.offers:,} offers"
    words = ", ".join(KIND_LABELS[name].lower() for name in line.kind_names)
    return f"{line.name} in {catalog.name}: {words}"


def _sentences(line: ChangeLine) -> Iterator[str]:
    """What changed, in words, and from when on it holds."""
    prices = [
        price_detail(line, name, getattr(line, f"{name}_before"), getattr(line, name)) for name in ("input", "output")
    ]
    if line.offer_id:
        known = "new" not in line.kind_names
        told = [_sentence(price, known=known) for price in prices if price.was != price.now or not known]
        yield from (f"{text} US dollars per 1M tokens." for text in told)
        yield from (f"{_sentence(detail)}." for detail in details(line))
    yield f"Since {line.at.day} {line.at:%B %Y}. {line.ref}".strip()


def _sentence(detail: Detail, *, known: bool = True) -> str:
    if not (detail.was or detail.now):
        return detail.label
    move = f", {detail.move.text}" if detail.move else ""
    return f"{detail.label}: {f'{detail.was} → ' if known else ''}{detail.now}{move}"


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
