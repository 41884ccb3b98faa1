"""Catalogs as they were known at a moment: what a pinned page is read from.

Revisions say what was true when, but a page also follows from what its catalogs' rows hold: terms, counts, what is held
back. Here are copies of the rows that hold what they held then. Services see by `Catalog.known_at` that offers, links
and changes which came to be known later are not there yet.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from django.db.models import Count

from catalog.models import Change, ContractTerm, Rate
from catalog.services.catalogs import Catalog, Catalogs
from catalog.services.memory import Memory
from catalog.sync.store import facets_of

REMEMBERED = 500
"""Counts of a catalog at a moment that a process keeps. What was known at a moment never changes."""

Counts = tuple[str, list[int], str]
_counts: Memory[Counts] = Memory(REMEMBERED)


def known_catalogs(catalogs: Catalogs, moment: datetime, read_at: Mapping[int, datetime | None]) -> list[Catalog]:
    """Copies of these catalogs as known at ``moment``; ``read_at`` tells when each (id) had been read by then.

    One query, and three for each catalog whose counts of that moment are not in memory.
    """
    terms: dict[int, list[Any]] = defaultdict(list)
    for term in ContractTerm.objects.known_at(moment).filter(catalog__in=[one.pk for one in catalogs]).order_by("pk"):
        terms[term.catalog_id].append(msgspec.to_builtins(term.value))
    made = []
    for catalog in catalogs:
        known = copy(catalog)
        known.known_at, known.read_at = moment, read_at.get(catalog.pk)
        known.terms, known.held_reasons = terms[catalog.pk], []
        known.held, known.failures, known.last_error = 0, 0, ""
        known.version = known.links_version = 0  # what is told of the moment stays as it is
        counts = _counts.get((catalog.pk, moment), partial(_counted, catalog.pk, moment))
        known.facets, known.tier_floors, known.change_counts = counts
        made.append(known)
    return made


def _counted(catalog: int, moment: datetime) -> Counts:
    facets, floors = facets_of(Rate.objects.of([catalog], moment).at(moment))
    keys = ("kinds", "provider", "provider_name")
    changes = Change.objects.filter(catalog=catalog, recorded_at__lte=moment)
    return facets, floors, json.dumps([*changes.order_by(*keys).values_list(*keys).annotate(Count("pk"))])
