"""Contract terms: SQL and `pricing.terms` agree on every offer, on either database; what is on record since when."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from catalog.filters import OfferFilter
from catalog.models import Catalog, ContractTerm, Offer, Rate
from catalog.models.glob import Fits
from catalog.pricing.cost import Cost, Limits, cost
from catalog.pricing.rates import COMPONENTS, PriceState, RateRow, highest_price
from catalog.pricing.terms import (
    HIGHEST_CHANGE,
    LOWEST_CHANGE,
    Term,
    effective,
    effective_state,
    fits,
    in_force,
    term_for,
)
from catalog.services.catalogs import fingerprint
from catalog.services.costs import PRICES, breakdown
from catalog.services.facets import count_facets, counted_groups, stored_counts
from catalog.services.offers import offer_lines
from catalog.services.sorting import SortKey
from catalog.services.terms import Withdrawn, term_record, terms_of, terms_withdraw
from catalog.sources.base import Fetched, Setup
from catalog.sources.reference import ReferenceSource
from catalog.sources.saved import FileDoor
from catalog.sync.run import sync_catalog
from tests.make import DOLLAR, FixedSource, catalog, contract, record, row, sync
from tests.services.rankings import by_sql, counted, ranked, whole_of
from tests.services.test_costs import EVERY, WHOLE_DAY, drawn, odd_offers

pytestmark = pytest.mark.django_db

ALL = 10**6
SOLD = "lifecycle=active&lifecycle=deprecated"
EDGES = (LOWEST_CHANGE, HIGHEST_CHANGE, -1, 0)
DAY = date(2026, 6, 15)
PATTERNS = ("*", "gpt-*", "*GPT-4*", "?d*", "*-5", "odd-*-1?", "tiers", "claude-*-4*", "o?", "a_b%", "K*", "*[*")


@pytest.fixture
def _everything(db):
    FixedSource.answer = Fetched(ReferenceSource(Setup()).fetch(FileDoor("", b""), WHOLE_DAY).offers, read_from="fixed")
    sync_catalog(catalog("Reference"))
    names = ("a_b%c", "aXbYc", "\u212aelvin", "kelvin", "[x]", "É", "é", "a\\b", "new\nline")
    sync(catalog("Odd"), *odd_offers(), *(record(name, key=f"key of {name}") for name in names))


def listed(query="", terms=()):
    catalogs = list(Catalog.objects.all())
    allowed = stored_counts(catalogs).values
    ids = {made.slug: made.pk for made in catalogs}
    return OfferFilter(QueryDict(query), Rate.objects.all(), allowed=allowed, catalog_ids=ids, terms=terms)


def drawn_terms(dice, number):
    """Terms that overlap: whole catalogs, providers, patterns and modes; changes and fixed prices, zeros too."""
    catalogs = list(Catalog.objects.values_list("pk", flat=True))
    for pk in range(number):
        fixed = {}
        while not fixed:
            kept = [name for name in COMPONENTS if dice.random() < 0.4]
            fixed = {name: dice.choice([0, 0, 7, DOLLAR, highest_price(name)]) for name in kept}
        changes = dice.random() < 0.5
        yield Term(
            id=pk,
            catalog=dice.choice(catalogs),
            first_day=date(2026, 1, 1) + timedelta(days=dice.randint(0, 3)),
            provider=dice.choice(["", "", "openai", "anthropic", "nobody"]),
            pattern=dice.choice(["", *PATTERNS]),
            mode=dice.choice(["", "", "standard", "batch"]),
            change=dice.choice([*EDGES, dice.randint(LOWEST_CHANGE, HIGHEST_CHANGE)]) if changes else None,
            fixed={} if changes else fixed,
        )


def own_term(terms, rate, mode):
    revision = rate.revision
    return term_for(
        terms, catalog=rate.catalog_id, provider=revision.provider, ref=rate.ref, key=revision.key, mode=mode
    )


def row_of(rate):
    return RateRow(**{name: getattr(rate, name) for name in PRICES}, inherited=tuple(rate.inherited.split()))


@pytest.mark.usefixtures("_everything")
def test_globs_are_the_same_in_the_database():
    refs = list(Offer.objects.values_list("ref", flat=True))
    for pattern in PATTERNS:
        found = set(Offer.objects.filter(Fits(F("ref"), pattern)).values_list("ref", flat=True))
        assert found == {ref for ref in refs if fits(pattern, ref)}, pattern


@pytest.mark.usefixtures("_everything")
def test_sql_and_python_agree_on_every_price_of_every_offer():
    dice = random.Random(20261125)  # noqa: S311 (the same terms each time, no secret)
    rates = {rate.pk: rate for rate in Rate.objects.at(None).select_related("revision")}
    moved = 0
    for number in [1, 2, *[12] * 18]:
        terms = in_force(drawn_terms(dice, number), DAY)
        found = {f"found_{name}": F(f"own_{name}") for name in ("price_state", *COMPONENTS)}
        under = Rate.objects.at(None).under(terms).annotate(**found)
        for pk, state, *prices in under.values_list("pk", *found):
            rate = rates[pk]
            term = own_term(terms, rate, rate.mode)
            own = effective(row_of(rate), term)
            assert prices == [getattr(own, name) for name in COMPONENTS], (rate, term)
            assert state == effective_state(PriceState(rate.price_state), own, term), (rate, term)
            moved += own != row_of(rate)
    assert moved > 1_000


@pytest.mark.usefixtures("_everything")
def test_a_ranking_under_terms_has_the_costs_and_reasons_that_python_finds():
    dice = random.Random(20261126)  # noqa: S311 (as above)
    known = {}
    for rate in Rate.objects.at(None).select_related("revision"):
        known.setdefault(rate.offer_id, []).append(rate)
    under = 0
    for _ in range(25):
        terms = list(drawn_terms(dice, 8))
        offers = listed(EVERY, terms)
        workload = drawn(dice)
        lines = ranked(offers, workload, with_excluded=True)
        assert by_sql(offers, workload) == {line.offer.offer_id: (line.per_request, line.reason) for line in lines}
        sums = breakdown([line.offer.offer_id for line in lines[:400]], workload, None, offers.terms)
        assert {line.offer.offer_id for line in lines} == known.keys()
        for line in lines:
            rates = known[line.offer.offer_id]
            first = rates[0]
            sizes = Limits(first.context_tokens, first.max_input_tokens, first.max_output_tokens)
            term = own_term(offers.terms, first, workload.mode)
            state = PriceState(first.price_state)
            own = cost([row_of(rate) for rate in rates], workload, state=state, limits=sizes, term=term)
            if isinstance(own, Cost):
                assert (line.per_request, line.reason) == (own.per_request, None), (line, term, workload)
                under += own.term is not None
            else:
                assert (line.per_request, line.reason) == (None, own), (line, term, workload)
            assert line.offer.offer_id not in sums or sums[line.offer.offer_id] == own
        costs = [line.per_request for line in lines]
        assert costs == sorted(costs, key=lambda each: (each is None, each))
        assert whole_of(offers, workload).counts == counted(lines)
    assert under > 1_000


@pytest.mark.usefixtures("_everything")
def test_the_table_is_sorted_filtered_and_counted_by_the_prices_that_it_shows():
    dice = random.Random(20261127)  # noqa: S311 (as above)
    for key in ("input", "-output", "-cache_read", "state"):
        sort = SortKey(key.removeprefix("-"), key.startswith("-"))
        terms = list(drawn_terms(dice, 12))
        whole = offer_lines(listed(SOLD, terms), [SortKey("model")], 0, ALL)
        for query in ("", "&min_in=0.5&max_in=4", "&max_out=1", "&state=priced", "&state=free"):
            offers = listed(SOLD + query, terms)
            assert offers.problems == []
            lines = offer_lines(offers, [sort], 0, ALL)
            assert {line.offer_id for line in lines} == {line.offer_id for line in whole if passes(line, offers.values)}
            shown = [line.price_state if key == "state" else getattr(line, sort.name) for line in lines]
            known = sorted((price for price in shown if price is not None), reverse=sort.descending)
            assert shown == [*known, *[None] * (len(shown) - len(known))]
            if offers.narrows:
                assert count_facets(counted_groups(offers), offers.values).total == len(lines)


def passes(line, values):
    ranges = {"min_in": line.input, "max_in": line.input, "min_out": line.output, "max_out": line.output}
    for name, price in ranges.items():
        if values[name] is not None:
            limit = values[name] * DOLLAR
            if price is None or (price < limit if name.startswith("min") else price > limit):
                return False
    return not values["state"] or line.price_state in values["state"]


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
    assert [term.reason for term in terms_of(both, before)] == ["Old"]
    assert [term.reason for term in terms_of(both, between)] == ["New"]
    assert [term.reason for term in terms_of(both[:1], between)] == ["New"]
    assert terms_of(both[1:], between) == ()
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
    workload = drawn(random.Random(1))  # noqa: S311 (as above)
    with django_assert_num_queries(1):
        by_sql(offers, workload)
    with django_assert_num_queries(1):
        breakdown([1], workload, None, offers.terms)
