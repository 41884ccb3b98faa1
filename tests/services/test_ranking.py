"""The whole ranking in one walk: the same as its rows one by one, and remembered until something changes."""

import pytest
from django.http import QueryDict

from catalog.models import Catalog
from catalog.pricing.cost import Reason
from catalog.pricing.rates import PriceState
from catalog.pricing.workload import Workload
from catalog.services.asked import offers_asked
from catalog.services.ranking import REMEMBERED, _rankings, lines_of, ranking
from catalog.sources.base import Lifecycle, OtherPrice
from tests.make import DOLLAR, catalog, record, row, sync, this_moment
from tests.services.rankings import by_sql, counted

pytestmark = pytest.mark.django_db

USUAL = Workload(requests=1_000, prompt=1_000, output=100)


@pytest.fixture(autouse=True)
def few(db):
    made = catalog()
    sync(
        made,
        record("dear", rates=(row(input=20 * DOLLAR),), provider="acme", provider_name="Acme"),
        record("cheap", rates=(row(), row(mode="batch", input=DOLLAR, output=4 * DOLLAR))),
        record("alike", rates=(row(),), lifecycle=Lifecycle.PREVIEW),
        record("old", rates=(row(input=1),), lifecycle=Lifecycle.DEPRECATED),
        record("small", context_tokens=999),
        record("varies", price_state=PriceState.VARIABLE, rates=(row(input=None, output=None),)),
        record("half known", rates=(row(output=None),)),
        record("free", price_state=PriceState.FREE, rates=(row(input=0, output=0),)),
    )
    return made


def found(query="", workload=USUAL):
    catalogs = list(Catalog.objects.all())
    offers = offers_asked(QueryDict(query), catalogs)
    return offers, ranking(offers, workload, catalogs)


def refs(made, workload=USUAL):
    return [ranked.offer.ref for ranked in lines_of(made, range(len(made.order)), workload).values()]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=cheap",
        "provider=acme",
        "lifecycle=deprecated",
        "state=free&state=variable",
        "max_in=5",
        "as_of={}",
    ],
)
@pytest.mark.parametrize("workload", [USUAL, Workload(7, 999, 0, mode="batch"), Workload(1, 10**6, 1)])
def test_it_is_what_sql_says_of_each_rate_and_counts_are_those_of_its_rows(query, workload):
    offers, made = found(query.format(this_moment()), workload)
    assert bool(offers.moment) is query.startswith("as_of")
    lines = list(lines_of(made, range(len(made.order)), workload).values())
    assert {line.offer.offer_id: (line.per_request, line.reason) for line in lines} == by_sql(offers, workload)
    assert made.counts == counted(lines)
    assert list(made.outcomes)[: made.counts.priced] == sorted(line.per_request for line in lines if not line.reason)


def test_equal_costs_share_a_place_and_what_is_not_known_has_none():
    made = found()[1]
    placed = lines_of(made, range(made.listed), USUAL).values()
    wanted = [("free", 1), ("alike", 2), ("cheap", 2), ("dear", 4), ("half known", None), ("varies", None)]
    assert [(one.offer.ref, one.rank) for one in placed] == wanted
    assert refs(made)[-1] == "small"
    assert made.counts.excluded == {Reason.PROMPT_TOO_LARGE: 1}


def test_lowest_and_median():
    made = found()[1]
    # $0, $0.0028, $0.0028 and $0.0208 a request; of a thousand the middle is $2.80.
    assert (made.lowest, made.lowest_paid, made.free) == (0, 2_800_000_000, 1)
    assert made.median(1_000) == 2_800_000_000_000
    two = found("q=dear")[1], found("state=free")[1]
    assert [one.median(1) for one in two] == [20_800_000_000, 0]
    assert (two[1].lowest_paid, found("q=nothing")[1].median(1)) == (None, None)
    odd = found("provider=acme&provider=openai&lifecycle=preview")[1]
    assert odd.median(3) == 3 * 2_800_000_000
    # Of an even number it is the mean of the two in the middle: 0 and 2.8 thousandths of a dollar.
    assert found("max_in=2&lifecycle=active&min_context=1k")[1].median(1) == 1_400_000_000


def test_facets_count_what_the_ranking_holds():
    facets = found()[1].facets
    assert facets.counts["provider"] == {"openai": 5, "acme": 1}
    assert facets.counts["state"] == {"priced": 4, "variable": 1, "free": 1}
    assert (facets.total, facets.hidden) == (6, {"deprecated": 1})
    chosen = found("provider=acme")[1].facets
    assert (chosen.counts["provider"], chosen.total) == ({"openai": 5, "acme": 1}, 1)


def test_two_queries_and_none_for_other_requests_or_another_workload(django_assert_num_queries):
    offers, _ = found()
    catalogs = list(Catalog.objects.all())
    catalogs[0].version += 1  # as after a sync
    with django_assert_num_queries(2):  # where tiers end, and the prices
        first = ranking(offers, USUAL, catalogs)
    with django_assert_num_queries(0):
        assert ranking(offers, Workload(5, 1_000, 100), catalogs) is first
        assert ranking(offers, Workload(5, 2_000, 50, cached_read=10), catalogs) is not first
    with django_assert_num_queries(1):
        lines_of(first, range(3), USUAL)


def test_another_workload_filter_or_sync_is_another_ranking(few):
    first = found()[1]
    assert found("q=cheap")[1] is not first
    assert found("", Workload(1_000, 1_000, 101))[1] is not first
    sync(few, record("cheap", rates=(row(input=DOLLAR),)), record("dear"), approve=True)
    assert refs(found()[1]) == ["cheap", "dear"]


def test_no_more_are_kept_than_told():
    for prompt in range(1, REMEMBERED + 5):
        found("", Workload(1, prompt, 1))
    assert len(_rankings) == REMEMBERED


def test_prices_of_certain_hours_come_along(few):
    night = OtherPrice("input", "0.5", "1M tokens", when="22:00–06:00 UTC")
    image = OtherPrice("image", "0.1", "image")
    sync(few, record("night", by_hour=True, other_prices=(night, image)), approve=True)
    (only,) = lines_of(found()[1], [0], USUAL).values()
    assert [price["name"] for price in only.conditional] == ["input"]


def test_prices_in_memory_hold_for_prompts_of_the_same_tier_alone(few, django_assert_num_queries):
    sync(few, record("tiered", rates=(row(up_to=200), row(above=200, input=4 * DOLLAR))), approve=True)
    offers, _ = found()
    catalogs = list(Catalog.objects.all())

    def cheapest(prompt):
        return ranking(offers, Workload(1, prompt, 0), catalogs).outcomes[0]

    assert (cheapest(100), cheapest(300)) == (100 * 2 * DOLLAR, 300 * 4 * DOLLAR)
    with django_assert_num_queries(0):
        assert [cheapest(prompt) for prompt in (199, 200, 201)] == [
            199 * 2 * DOLLAR,
            200 * 2 * DOLLAR,
            201 * 4 * DOLLAR,
        ]
