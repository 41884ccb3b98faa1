"""Contract terms: what is on record since when, and what prices and rankings are under it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from catalog.models import Catalog, ContractTerm, Rate
from catalog.services.catalogs import fingerprint
from catalog.services.costs import breakdown
from catalog.services.known import known_catalogs
from catalog.services.offers import offer_lines
from catalog.services.sorting import SortKey
from catalog.services.terms import Withdrawn, term_record, terms_of, terms_withdraw
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.services.everything import drawn, seeded
from tests.services.everything import offers as listed
from tests.services.rankings import by_sql

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 15)


def test_a_row_far_down_and_its_next_tier_are_under_the_term_too(monkeypatch):
    made = catalog()
    sync(made, *(record(f"m{i}", rates=(row(up_to=10), row(above=10, input=4 * DOLLAR))) for i in range(9)))
    contract(made, change=-5_000)
    near = offer_lines(listed("", terms_of([Catalog.objects.get()])), [SortKey("input")], 4, 6, with_next=True)
    monkeypatch.setattr("catalog.services.offers.FAR", 2)
    far = offer_lines(listed("", terms_of([Catalog.objects.get()])), [SortKey("input")], 4, 6, with_next=True)
    assert near == far
    assert (far[0].input, far[0].listed.input, far[0].next_input) == (DOLLAR, 2 * DOLLAR, 2 * DOLLAR)


# On record


def test_a_term_is_recorded_replaced_and_withdrawn_and_what_was_known_stays_known():
    made, other = catalog(), catalog("Other")
    dana = User.objects.create_user("dana").pk
    first = contract(made, change=-1_000, reason="Old", by=dana)
    before = timezone.now()
    better = ContractTerm(catalog=made, change=-2_000, reason="New", first_day=first.first_day)
    term_record(better, dana, instead_of=first.pk)
    between = timezone.now()
    moved = ContractTerm(catalog=other, change=-2_000, reason="Moved", first_day=first.first_day)
    term_record(moved, dana, instead_of=better.pk)
    both = list(Catalog.objects.order_by("pk"))
    assert [term.reason for term in terms_of(both)] == ["Moved"]
    assert [term.reason for term in terms_of(known_catalogs(both, before, {}))] == ["Old"]
    assert [term.reason for term in terms_of(known_catalogs(both, between, {}))] == ["New"]
    assert terms_of(known_catalogs(both[1:], between, {})) == ()
    assert terms_withdraw([moved.pk, first.pk], dana) == 1
    assert terms_of(Catalog.objects.all()) == ()
    rows = ContractTerm.objects.order_by("pk").values_list("recorded_by", "withdrawn_by", "reason")
    assert list(rows) == [(dana, dana, "Old"), (dana, dana, "New"), (dana, dana, "Moved")]


def test_of_two_who_change_one_term_the_second_is_told():
    first = contract(catalog(), change=-1_000)
    term_record(ContractTerm(catalog=first.catalog, change=0, reason="A", first_day=DAY), None, instead_of=first.pk)
    second = ContractTerm(catalog=first.catalog, change=1, reason="B", first_day=DAY)
    with pytest.raises(Withdrawn, match="meanwhile"):
        term_record(second, None, instead_of=first.pk)
    assert [term.reason for term in terms_of(Catalog.objects.all())] == ["A"]


def test_what_catalogs_carry_is_what_is_on_record(django_assert_num_queries):
    made = catalog()
    contract(made, change=-1_000, provider="openai", pattern="gpt*", mode="batch", last_day=date(2027, 1, 1))
    contract(made, fixed={"input": 5, "request": 0})
    with django_assert_num_queries(1):
        carried = terms_of(Catalog.objects.all())
    assert carried == tuple(term.value for term in ContractTerm.objects.order_by("pk"))


def test_a_new_term_changes_what_pages_are_known_by_and_a_sync_leaves_it():
    made = catalog()
    before = fingerprint(Catalog.objects.all())
    contract(made, change=-1_000)
    assert fingerprint(Catalog.objects.all()) != before
    sync(made, record("a"))  # with the row as it was before
    assert len(terms_of(Catalog.objects.all())) == 1


def test_a_past_day_has_the_terms_of_that_day():
    made = catalog()
    sync(made, record("a"))
    since = datetime(2026, 6, 1, tzinfo=UTC)
    Rate.objects.update(valid_from=since - timedelta(days=9))
    contract(made, change=-5_000, first_day=date(2026, 6, 1), last_day=date(2026, 6, 30))
    terms = terms_of(Catalog.objects.all())
    prices = {
        day: offer_lines(listed(f"as_of={day}", terms), [SortKey("model")], 0, 9)[0].input
        for day in ("2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01")
    }
    assert list(prices.values()) == [2 * DOLLAR, DOLLAR, DOLLAR, 2 * DOLLAR]


def test_rankings_need_no_more_queries_under_terms(django_assert_num_queries):
    made = catalog()
    sync(made, record("a"))
    contract(made, change=-5_000, pattern="*")
    offers = listed("", terms_of(Catalog.objects.all()))
    workload = drawn(seeded(1))
    with django_assert_num_queries(1):
        by_sql(offers, workload)
    with django_assert_num_queries(1):
        breakdown([1], workload, None, offers.terms)
