"""What the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Catalog, Offer, Rate, Revision
from catalog.pricing.rates import highest_price
from tests.make import NOON, catalog, contract, record, row, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision():
    sync(catalog(), record())
    return Revision.objects.get()


def copy(revision, **changes):
    revision.pk = None
    for name, value in changes.items():
        setattr(revision, name, value)
    with transaction.atomic():
        revision.save(force_insert=True)


@pytest.mark.parametrize("minutes", [0, 365 * 24 * 60 + 1])
def test_a_catalog_is_read_at_most_every_minute_and_at_least_once_a_year(minutes):
    catalog(refresh_minutes=365 * 24 * 60)
    with pytest.raises(IntegrityError), transaction.atomic():
        Catalog.objects.update(refresh_minutes=minutes)


def test_an_offer_has_one_current_revision(revision):
    with pytest.raises(IntegrityError):
        copy(revision, valid_from=revision.valid_from + timedelta(days=1))


def test_a_revision_starts_before_it_ends(revision):
    with pytest.raises(IntegrityError):
        copy(revision, valid_from=NOON, valid_to=NOON)


def test_an_offer_is_known_by_catalog_and_ref(revision):
    own = {"catalog": revision.offer.catalog, "ref": "gpt-4.1", "first_seen_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(**own)


@pytest.mark.parametrize("name", ["input", "output", "cache_read", "cache_write", "blended", "request"])
def test_no_price_is_negative_or_beyond_what_costs_can_be_counted_in(revision, name):
    for price in (-1, highest_price(name) + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rate.objects.update(**{name: price})
    assert Rate.objects.update(**{name: highest_price(name)}) == 1


@pytest.mark.parametrize(
    ("above", "up_to"),
    [(0, None), (0, 10), (5, 10), (99, 101), (50, 150), (150, None), (100, 200), (120, 130)],
)
def test_tiers_of_one_mode_do_not_overlap(revision, above, up_to):
    Rate.objects.update(up_to=100)
    rate = Rate.objects.get()
    second = {
        **{f.attname: getattr(rate, f.attname) for f in Rate._meta.concrete_fields if not f.generated},
        "id": None,
    }
    Rate.objects.create(**{**second, "above": 100, "up_to": None})
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.create(**{**second, "above": above, "up_to": up_to})
    Rate.objects.create(**{**second, "mode": "batch", "above": above, "up_to": up_to})


def test_a_tier_cannot_be_stretched_over_the_next(revision):
    rate = Rate.objects.get()
    second = {
        **{f.attname: getattr(rate, f.attname) for f in Rate._meta.concrete_fields if not f.generated},
        "id": None,
    }
    Rate.objects.update(up_to=100)
    Rate.objects.create(**{**second, "above": 100, "up_to": None})
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.filter(above=0).update(up_to=101)


def test_a_tier_is_not_empty(revision):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.update(above=5, up_to=5)


def test_listed_follows_from_the_other_columns(revision):
    assert Rate.objects.get().listed
    Rate.objects.update(lifecycle="deprecated")
    assert not Rate.objects.get().listed


@pytest.mark.skipif(connection.vendor != "sqlite", reason="triggers stand in for what PostgreSQL has as constraints")
def test_the_triggers_survive_every_migration():
    """SQLite rebuilds a table to alter it and drops its triggers: a migration that does so has to make them again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}
    assert names >= {
        "rate_no_overlap_insert",
        "rate_no_overlap_update",
        "search_insert",
        "search_update",
        "search_delete",
    }


def test_rates_agree_with_their_revision(revision):
    sync(revision.offer.catalog, record(lifecycle="deprecated", rates=(row(), row(mode="batch"))), record("b"))
    sync(revision.offer.catalog, record(), record("b"), record("c"), record("d"), record("e"), record("f"))
    sync(revision.offer.catalog, record(), record("b"), record("c"), record("d"), record("e"))
    for rate in Rate.objects.select_related("revision__offer"):
        own = rate.revision
        for name in ("name", "provider", "provider_name", "lifecycle", "price_state", "context_tokens", "by_hour"):
            assert getattr(rate, name) == getattr(own, name)
        assert (rate.valid_from, rate.valid_to) == (own.valid_from, own.valid_to)
        assert (rate.offer_id, rate.catalog_id, rate.ref) == (own.offer_id, own.offer.catalog_id, own.offer.ref)
        assert rate.sort_name == own.name.casefold()
        assert rate.sort_provider == own.provider_name.casefold()


@pytest.mark.parametrize(
    "wrong",
    [
        {},  # neither
        {"change": -100, "input": 5},  # both
        {"change": -9_901},
        {"change": 30_001},
        {"input": -1},
        {"output": highest_price("output") + 1},
        {"change": 0, "last_day": date(2025, 12, 31)},
    ],
)
def test_a_contract_term_changes_or_fixes_prices_within_bounds_and_begins_before_it_ends(wrong):
    made = catalog()
    with pytest.raises(IntegrityError), transaction.atomic():
        contract(made, **wrong)
    contract(made, change=-9_900, last_day=date(2026, 1, 1))
    contract(made, fixed={"input": 0, "request": highest_price("request")})
