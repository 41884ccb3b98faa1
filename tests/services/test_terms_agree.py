"""Contract terms over everything: SQL and `pricing.terms` agree on every offer, on either database."""

from datetime import date, timedelta
from operator import attrgetter

import pytest
from django.db.models import F

from catalog.models import Catalog, Offer, Rate
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
from catalog.services import facets
from catalog.services.costs import PRICES, breakdown
from catalog.services.offers import offer_lines
from catalog.services.sorting import SortKey
from tests.make import DOLLAR, record
from tests.once import built_once
from tests.services.everything import ALL, EVERY, drawn, seeded, store_everything
from tests.services.everything import offers as listed
from tests.services.rankings import by_sql, counted, ranked, whole_of

pytestmark = pytest.mark.django_db

SOLD = "lifecycle=active&lifecycle=deprecated"
EDGES = (LOWEST_CHANGE, HIGHEST_CHANGE, -1, 0)
PATTERNS = ("*", "gpt-*", "*GPT-4*", "?d*", "*-5", "odd-*-1?", "tiers", "claude-*-4*", "o?", "a_b%", "K*", "*[*")
DAY = date(2026, 6, 15)


@pytest.fixture(scope="module", autouse=True)
def _everything(django_db_setup, django_db_blocker):
    names = ("a_b%c", "aXbYc", "\u212aelvin", "kelvin", "[x]", "É", "é", "a\\b", "new\nline")
    with built_once(django_db_blocker):
        store_everything(*(record(name, key=f"key of {name}") for name in names))
        yield


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


def test_globs_are_the_same_in_the_database():
    refs = list(Offer.objects.values_list("ref", flat=True))
    for pattern in PATTERNS:
        found = set(Offer.objects.filter(Fits(F("ref"), pattern)).values_list("ref", flat=True))
        assert found == {ref for ref in refs if fits(pattern, ref)}, pattern


def test_sql_and_python_agree_on_every_price_of_every_offer():
    dice = seeded(20261125)
    rates = {rate.pk: rate for rate in Rate.objects.at(None).select_related("revision")}
    moved = 0
    for number in [1, 2, *[12] * 8]:
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


def test_a_ranking_under_terms_has_the_costs_and_reasons_that_python_finds():
    dice = seeded(20261126)
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


def test_the_table_is_sorted_filtered_and_counted_by_the_prices_that_it_shows(monkeypatch):
    monkeypatch.setattr(facets, "FEW", ALL)
    dice = seeded(20261127)
    for key in ("input", "-output", "-cache_read", "state"):
        sort = SortKey(key.removeprefix("-"), key.startswith("-"))
        terms = list(drawn_terms(dice, 12))
        whole = offer_lines(listed(SOLD, terms), [SortKey("model")], 0, ALL)
        for query in ("", "&min_in=0.5&max_in=4", "&max_out=1", "&state=priced", "&state=free"):
            offers = listed(SOLD + query, terms)
            assert offers.problems == []
            lines = offer_lines(offers, [sort], 0, ALL)
            assert {line.offer_id for line in lines} == {line.offer_id for line in whole if passes(line, offers.values)}
            told = attrgetter(*("lifecycle", "price_state", "by_hour") if key == "state" else (sort.name,))
            shown = [told(line) for line in lines]
            known = sorted((price for price in shown if price is not None), reverse=sort.descending)
            assert shown == [*known, *[None] * (len(shown) - len(known))]
            if offers.narrows:
                found = facets.count_groups(offers, with_rates=True)
                assert facets.count_facets(found.groups, offers.values).total == len(lines)
                assert offer_lines(offers, [sort], 0, ALL, found.few(offers.values)) == lines


def passes(line, values):
    ranges = {"min_in": line.input, "max_in": line.input, "min_out": line.output, "max_out": line.output}
    for name, price in ranges.items():
        if values[name] is not None:
            limit = values[name] * DOLLAR
            if price is None or (price < limit if name.startswith("min") else price > limit):
                return False
    return not values["state"] or line.price_state in values["state"]
