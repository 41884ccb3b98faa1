"""The audit's rules by worked examples: each threshold just below, at and above, and what no order may change."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.audit import HIGH, LOW, MEDIUM, THRESHOLDS, Finding, Kind, Seen
from catalog.pricing.audit_rules import findings
from tests.make import DOLLAR

IDS = count(1)
DEFAULTS = {
    "family": 1,
    "apart": 0,
    "provider": "",
    "listed": True,
    "state": "priced",
    "input": None,
    "output": None,
    "cache_read": None,
    "cache_write": None,
    "blended": None,
    "context": None,
}


def seen(catalog: int = 1, **fields) -> Seen:
    """An offer of family 1; prices are in dollars per 1M tokens."""
    for name in ("input", "output", "cache_read", "cache_write", "blended"):
        if fields.get(name) is not None:
            fields[name] = round(fields[name] * DOLLAR)
    return Seen(rate=next(IDS), catalog=catalog, **{**DEFAULTS, **fields})


def one(*offers: Seen) -> Finding:
    """The one finding that there is."""
    found = findings(offers)
    assert len(found) == 1, found
    return found[0]


def kinds(*offers: Seen) -> list[Kind]:
    return [found.kind for found in findings(offers)]


def test_every_kind_states_what_it_looks_for():
    assert list(THRESHOLDS) == list(Kind)


class TestUnits:
    @pytest.mark.parametrize(("price", "found"), [(199.99, []), (200, [Kind.UNIT]), (2_000, [Kind.UNIT])])
    def test_of_two_prices_one_is_a_hundred_times_the_other(self, price, found):
        assert kinds(seen(1, input=2), seen(2, input=price)) == found

    @pytest.mark.parametrize(
        ("price", "kind"),
        [
            (39.99, None),
            (40, Kind.FAR),
            (199.99, Kind.FAR),
            (200, Kind.UNIT),
            (0.1001, None),
            (0.1, Kind.FAR),
            (0.02, Kind.UNIT),
        ],
    )
    def test_far_from_the_median_of_three(self, price, kind):
        odd = seen(3, output=price)
        found = findings([seen(1, output=2), seen(2, output=2), odd])
        assert [(one.kind, one.offers[0], one.figures, one.among) for one in found] == (
            [(kind, odd, (odd.output, 2 * DOLLAR), 3)] if kind else []
        )

    def test_an_offer_is_told_of_once_by_the_price_that_is_farther_off(self):
        found = one(seen(1, input=1, output=4), seen(2, input=1, output=4), seen(3, input=150, output=2_000))
        assert (found.component, found.ratio, found.severity) == ("output", 500, HIGH)

    def test_one_price_for_all_tokens_is_held_against_both(self):
        listed = seen(1, input=1, output=4)
        assert kinds(listed, seen(2, blended=399.9)) == kinds(listed, seen(2, blended=0.0101)) == []
        assert one(listed, seen(2, blended=400)).figures == (400 * DOLLAR, 4 * DOLLAR)
        assert one(listed, seen(2, blended=0.01)).figures == (DOLLAR // 100, DOLLAR)

    @pytest.mark.parametrize("apart", [4, 8])
    def test_variants_and_moving_names_are_not_compared(self, apart):
        assert kinds(seen(1, input=1), seen(2, input=500, apart=apart)) == []

    def test_neither_are_other_families_nor_what_is_deprecated(self):
        assert kinds(seen(1, input=1), seen(2, input=500, family=2), seen(3, input=500, family=None)) == []
        assert kinds(seen(1, input=1), seen(2, input=500, listed=False)) == []


class TestOneOffer:
    @pytest.mark.parametrize(("read", "found"), [(0.5, []), (0.500001, [Kind.CACHE_READ]), (0, [])])
    def test_cache_read_above_input(self, read, found):
        assert kinds(seen(input=0.5, cache_read=read, family=None)) == found
        assert kinds(seen(cache_read=read)) == []  # input is not known

    @pytest.mark.parametrize(("output", "found"), [(3, []), (2.999999, [Kind.OUTPUT]), (0, []), (None, [])])
    def test_output_below_input_unless_it_is_nothing(self, output, found):
        assert kinds(seen(input=3, output=output)) == found

    @pytest.mark.parametrize(("write", "found"), [(0.1, []), (0.05, [Kind.CACHE_WRITE]), (0, [])])
    def test_cache_write_below_cache_read(self, write, found):
        assert kinds(seen(input=1, output=2, cache_read=0.1, cache_write=write)) == found


class TestZero:
    def test_of_the_same_provider_elsewhere(self):
        free = seen(1, provider="copilot", state="zero_unconfirmed", input=0, output=0)
        paid = seen(2, provider="copilot", input=1, output=5)
        found = one(free, paid, seen(3, provider="other", input=0.5, output=5))
        assert (found.kind, found.severity, found.offers, found.figures) == (Kind.ZERO, HIGH, (free, paid), (0, DOLLAR))

    def test_of_anyone_where_it_need_not_be_meant(self):
        first, second = (seen(1, provider=name, state="zero_unconfirmed", input=0, output=0) for name in "ab")
        least = seen(1, provider="c", input=1, output=5)
        found = one(second, first, seen(2, provider="d", input=2, output=5), least)
        assert (found.severity, found.offers, found.among) == (LOW, (first, second, least), 2)

    def test_but_not_where_it_is_meant(self):
        assert kinds(seen(1, provider="a", state="free", input=0, output=0), seen(2, provider="b", input=1)) == []


class TestOneProvider:
    @pytest.mark.parametrize(
        ("price", "severity"), [(2.0999, None), (2.1, LOW), (4, MEDIUM), (20, HIGH), (1.91, None), (1.9, LOW)]
    )
    def test_two_catalogs_disagree(self, price, severity):
        offers = seen(1, provider="a", input=2, output=50), seen(2, provider="a", input=price, output=50)
        assert [found.severity for found in findings(offers)] == ([severity] if severity else [])
        assert kinds(offers[0], offers[1]._replace(provider="b")) == []
        assert kinds(*(offer._replace(provider="") for offer in offers)) == []
        assert kinds(offers[0], offers[1]._replace(apart=2)) == []  # a region may have a price of its own

    def test_who_says_the_same_is_told_with_them(self):
        high, low, same = (seen(n, provider="a", input=price, output=50) for n, price in enumerate((3, 2, 3), 1))
        assert one(same, low, high).offers == (high, low, same)

    def test_catalogs_that_have_one_price_in_common_agree(self):
        both = [seen(1, provider="a", input=price, output=50) for price in (2, 3)]
        assert [found.kind for found in findings([*both, seen(2, provider="a", input=3, output=50)])] == [Kind.TWICE]

    def test_a_context_that_is_rounded_is_the_same(self):
        first = seen(1, provider="a", context=128_000)
        assert kinds(first, seen(2, provider="a", context=131_072)) == []
        found = one(first, seen(2, provider="a", context=200_000))
        assert (found.kind, found.figures, found.severity) == (Kind.CONTEXT, (200_000, 128_000), LOW)
        assert one(first, seen(2, provider="a", context=1_000_000)).severity == MEDIUM

    def test_deprecated_here_and_not_there(self):
        gone, sold = seen(1, provider="a", listed=False), seen(2, provider="a")
        assert one(gone, sold).offers == (gone, sold)
        assert kinds(gone, sold._replace(catalog=1)) == kinds(gone, sold._replace(provider="b")) == []
        assert kinds(gone, sold, seen(1, provider="a")) == []  # its catalog sells another one


class TestUnknown:
    def test_no_price_in_one_catalog_and_one_in_another(self):
        without, priced = seen(1, provider="a", state="unknown"), seen(2, provider="b", input=1, output=2)
        assert one(without, priced).figures == (DOLLAR, 2 * DOLLAR, None)
        assert kinds(without, priced._replace(catalog=1)) == []
        assert kinds(without, priced, seen(1, provider="c", input=1, output=2)) == []  # its catalog has a price

    def test_unless_another_has_one_of_the_same_provider(self):
        without = seen(1, provider="a", state="unknown")
        others = seen(1, provider="c", input=1, output=2), seen(2, provider="a", input=9, output=9)
        assert one(without, *others).offers == (without, others[1])


PRICES = st.none() | st.sampled_from([0, 1, 2, 100, 199, 200, 4_000])
OFFERS = st.lists(
    st.builds(
        Seen,
        rate=st.just(0),
        catalog=st.integers(1, 3),
        family=st.sampled_from([None, 1, 2]),
        apart=st.sampled_from([0, 1, 2, 4, 8]),
        provider=st.sampled_from(["", "a", "b"]),
        listed=st.booleans(),
        state=st.sampled_from(["priced", "free", "zero_unconfirmed", "unknown"]),
        input=PRICES,
        output=PRICES,
        cache_read=PRICES,
        cache_write=PRICES,
        blended=PRICES,
        context=st.none() | st.sampled_from([1_000, 1_049, 1_050, 9_000]),
    ),
    max_size=8,
)


@given(OFFERS, st.randoms())
def test_the_order_of_offers_changes_nothing_and_figures_differ(offers, random):
    offers = [offer._replace(rate=number) for number, offer in enumerate(offers)]
    found = findings(offers)
    shuffled = random.sample(offers, len(offers))
    assert sorted(map(repr, found)) == sorted(map(repr, findings(shuffled)))
    assert len({(one.kind, one.offers) for one in found}) == len(found)  # nothing is told twice
    for one in found:
        assert one.figures == () or one.figures[0] != one.figures[1] or one.kind is Kind.UNKNOWN
        assert len({offer.family for offer in one.offers}) == 1
        assert all(offer.listed for offer in one.offers) or one.kind is Kind.LIFECYCLE
        assert len(one.offers) == 1 or all(offer.apart < 4 for offer in one.offers)
