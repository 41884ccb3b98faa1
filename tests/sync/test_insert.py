"""Rows inserted many at once are those that the models themselves would have written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError

from catalog.models import Offer, Rate, Revision
from catalog.sources.base import Lifecycle
from catalog.sync.insert import TOGETHER, insert
from tests.make import NOON, catalog, record, row, sync

pytestmark = pytest.mark.django_db

SORTS = [
    {},
    {
        "lifecycle": Lifecycle.DEPRECATED,
        "upstream_ids": ("ä", "b"),
        "capabilities": [],
        "other_prices": [{"usd": "1.50", "above": 0}],
        "context_tokens": 10**12,
        "by_hour": True,
        "raw": '{"a": "é\\n%s ?", "n": 1.50}',
        "valid_to": datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2))),
    },
    {"notes": ({},), "origins": {}, "valid_to": datetime(2026, 3, 1, 10, tzinfo=UTC), "description": "%"},
]
"""What sets rows apart: words and lists of either type, nothing in them, one moment told in two zones."""


@pytest.mark.parametrize("rows", [1, TOGETHER, 2 * TOGETHER + 1])
def test_rows_are_those_of_the_models(rows):
    team = catalog()
    insert(Offer, [{"catalog_id": team.pk, "ref": f"{number}", "first_seen_at": NOON} for number in range(2 * rows)])
    offers = list(Offer.objects.order_by("pk"))
    plain = {"valid_from": datetime(2026, 1, 1, tzinfo=UTC), "recorded_at": NOON, "digest": "d", "name": "N"}
    defaults = {name: Revision._meta.get_field(name).get_default() for one in SORTS for name in one} | {
        "lifecycle": Lifecycle.ACTIVE
    }
    states = [plain | defaults | SORTS[number % len(SORTS)] for number in range(rows)]
    insert(Revision, [state | {"offer_id": offer.pk} for state, offer in zip(states, offers, strict=False)])
    Revision.objects.bulk_create(
        Revision(offer=offer, **state) for state, offer in zip(states, offers[rows:], strict=True)
    )
    written = list(Revision.objects.order_by("offer").values())
    own = [{name: value for name, value in row.items() if name not in ("id", "offer_id")} for row in written]
    assert own[:rows] == own[rows:]


def test_a_name_that_the_table_does_not_have_is_refused():
    with pytest.raises(ValueError, match="has no reff to insert"):
        insert(Offer, [{"catalog_id": 1, "reff": "a", "first_seen_at": NOON}])


def test_a_sync_of_many_offers_has_each_with_its_own_rates():
    refs = [f"m{number}" for number in range(2 * TOGETHER + 1)]
    sync(catalog(), *map(record, refs))
    assert sorted(Rate.objects.values_list("ref", "offer__ref", "revision__name")) == sorted(
        (ref, ref, ref) for ref in refs
    )


def test_tiers_that_overlap_are_refused_though_one_statement_writes_both():
    overlapping = record("a", rates=(row(up_to=200), row(above=100)))
    with pytest.raises(IntegrityError, match="rate_no_overlap"):
        sync(catalog(), overlapping)
    assert not Offer.objects.exists()
