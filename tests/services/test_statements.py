"""Statements that are run again, with other words and other rates, find what fresh ones find."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from catalog.filters import OfferFilter
from catalog.models import Catalog, Rate
from catalog.pricing.terms import Term
from catalog.pricing.workload import Workload
from catalog.services import facets, statements
from catalog.services.asked import offers_asked
from catalog.services.facets import count_facets, count_groups, stored_counts
from catalog.services.memory import Memory
from catalog.services.offer_line import FIELDS
from catalog.services.offers import offer_lines
from catalog.services.sorting import SortKey, order_by
from catalog.sources.base import OfferRecord, PastState
from tests.make import DOLLAR, catalog, record, row, state, sync

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2025, 5, 1, tzinfo=UTC)
SORTS = ([SortKey("model")], [SortKey("input", descending=True)], [SortKey("provider"), SortKey("output")])


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """What is remembered of statements, empty at first."""
    memory = Memory[statements.Statement](statements.REMEMBERED)
    monkeypatch.setattr(statements, "_statements", memory)
    return memory


@pytest.fixture
def world():
    """Two catalogs of offers whose names share words, long and short ones."""
    sync(
        catalog("One"),
        record("gpt-4o-mini", rates=(row(), row(mode="batch"))),
        record("gpt-4o", lifecycle="deprecated"),
        record("claude-4-sonnet", provider="anthropic", provider_name="Anthropic", rates=(row(input=3 * DOLLAR),)),
        record("odd/100%_sure", name='Odd "quoted" \\ name'),
    )
    sync(catalog("Two"), record("gpt-4o-mini", rates=(row(input=5),)), record("gemini-4", provider="google"))
    return list(Catalog.objects.order_by("slug"))


def old_offers():
    """What One has by now: an offer with a past, one whose price goes up with the prompt, and those of before."""
    past = PastState(LONG_AGO, state("gpt-4o-old", rates=(row(input=9 * DOLLAR),)))
    old = OfferRecord("gpt-4o-old", state("gpt-4o-old", context_tokens=999), datetime(2025, 7, 1, tzinfo=UTC), (past,))
    tiers = (row(input=DOLLAR, up_to=100), row(input=4 * DOLLAR, output=DOLLAR // 2, above=100))
    return (
        old,
        record("gpt-4o-long", rates=tiers),
        record("gpt-none", rates=(row(input=None, output=None),), price_state="unknown"),
        record("gpt-4o-mini", rates=(row(), row(mode="batch"))),
        record("gpt-4o", lifecycle="deprecated"),
        record("claude-4-sonnet", provider="anthropic", provider_name="Anthropic", rates=(row(input=3 * DOLLAR),)),
        record("odd/100%_sure", name='Odd "quoted" \\ name'),
    )


def plain(offers, sort):
    """The rows as Django reads them."""
    return [*offers.rates().order_by(*order_by(sort)).values_list(*FIELDS)]


SEARCHES = ("gpt", "4o", "claude", "4", "gpt 4o", "mini gpt", "gemini 4", '"quoted"', "100%", "%_", "\\", "none", "")


@pytest.mark.parametrize("rest", ["", "&provider=openai", "&max_in=3", "&as_of=2025-06-01", "&lifecycle=deprecated"])
def test_the_words_of_one_search_never_stay_in_the_next(world, rest):
    for words in (*SEARCHES, *reversed(SEARCHES)):
        offers = offers_asked(QueryDict(f"q={words.replace('%', '%25')}{rest}"), world)
        for sort in SORTS:
            expected = plain(offers, sort)
            assert [line[: len(FIELDS)] for line in offer_lines(offers, sort, 0, 99)] == expected, words
            few = count_groups(offers, with_rates=True).few(offers.values)
            assert [line[: len(FIELDS)] for line in offer_lines(offers, sort, 0, 99, few)] == expected, words
            assert count_facets(count_groups(offers).groups, offers.values).total == len(expected)


def test_searches_of_the_same_shape_share_statements(world, kept):
    for words in ("gpt", "claude", "gemini"):
        offers = offers_asked(QueryDict(f"q={words}"), world)
        offer_lines(offers, [SortKey("model")], 0, 9)
        count_groups(offers)
    assert len(kept) == 2


def test_what_is_read_is_of_its_moment_and_its_catalogs(world):
    one, two = world
    for catalogs, found in (([one, two], 3), ([one], 2), ([two], 1), ([one, two], 3)):
        offers = offers_asked(QueryDict("q=4o&lifecycle=active&lifecycle=deprecated"), catalogs)
        assert len(offer_lines(offers, [SortKey("model")], 0, 9)) == found
    sync(two, record("gpt-4o-mini", rates=(row(input=7),)), record("gpt-4o-new"), approve=True)
    offers = offers_asked(QueryDict("q=4o&catalog=two"), world)
    few = count_groups(offers, with_rates=True).few(offers.values)
    for lines in (offer_lines(offers, [SortKey("input")], 0, 9), offer_lines(offers, [SortKey("input")], 0, 9, few)):
        assert [(line.name, line.input) for line in lines] == [("gpt-4o-mini", 7), ("gpt-4o-new", 2 * DOLLAR)]


def test_values_are_those_of_their_columns(world):
    (line, *_) = offer_lines(offers_asked(QueryDict(), world), [SortKey("model")], 0, 9)
    assert isinstance(line.valid_from, datetime)
    assert line.valid_from.tzinfo == UTC
    assert [line.provider_inferred, line.by_hour] == [False, False]
    assert isinstance(line.by_hour, bool)


CHAT, MAIL = (Workload(requests=1, prompt=prompt, output=5) for prompt in (1_000, 9))
ASKED = {
    "": {},
    **{
        query: {"query": query}
        for query in (
            *("catalog=one", "catalog=two", "provider=openai", "provider=anthropic", "state=priced", "state=unknown"),
            *("lifecycle=deprecated", "lifecycle=active", "mode=batch", "prompt=50", "prompt=5000"),
            *("min_context=1k", "max_context=1k", "max_context=2m", "min_in=1", "max_in=1", "min_out=1", "max_out=1"),
            *("as_of=2025-06-01", "as_of=2025-08-01", "q=gpt", "q=4o", "q=4o gpt", "q=claude"),
        )
    },
    "by price": {"sort": [SortKey("input")]},
    "by price, down": {"sort": [SortKey("input", descending=True)]},
    "by cost": {"sort": [SortKey("cost")], "workload": CHAT},
    "by another cost": {"sort": [SortKey("cost")], "workload": MAIL},
    "from the second": {"start": 1},
    "the first": {"stop": 1},
    "next tier": {"with_next": True},
    "family": {"with_families": True},
    "of one catalog": {"slugs": ["one"]},
    "of the other": {"slugs": ["two"]},
    "renamed": {"rename": True},
    "known long ago": {"known_at": LONG_AGO},
    "known now": {"known_at": datetime(2999, 1, 1, tzinfo=UTC)},
    "by contract": {"terms": [Term(1, 0, date(2025, 1, 1), change=-5_000)]},
    "by another": {"terms": [Term(1, 0, date(2025, 1, 1), change=5_000)]},
}
"""Requests each of which differs from the others in what the statements follow from."""


def answer(catalogs, query="", slugs=("one", "two"), rename=False, known_at=None, terms=(), sort=SORTS[0], **how):
    """What the table and its counts hold for a request."""
    ids = {one.slug: one.pk for one in catalogs if one.slug in slugs}
    ids = dict(zip(reversed(ids), ids.values(), strict=True)) if rename else ids
    terms = [replace(term, catalog=ids["one"]) for term in terms]
    allowed = stored_counts(catalogs).values
    asked = QueryDict("catalog=one" if rename else query.replace(" ", "+"))
    offers = OfferFilter(asked, allowed=allowed, catalog_ids=ids, terms=terms, known_at=known_at)
    assert offers.problems == []
    start, stop = how.pop("start", 0), how.pop("stop", 99)
    alone, found = count_groups(offers), count_groups(offers, with_rates=True)
    assert alone == (found.groups, None)
    return (
        offer_lines(offers, sort, start, stop, **how),
        offer_lines(offers, sort, start, stop, found.few(offers.values), **how),
        sorted(found.groups),
    )


def test_each_request_has_the_answer_that_it_would_have_alone(world, monkeypatch, kept):
    sync(world[0], *old_offers(), approve=True)
    world = list(Catalog.objects.order_by("slug"))
    remembered = {name: answer(world, **request) for name, request in (*ASKED.items(), *reversed(ASKED.items()))}
    assert len(kept) > len(ASKED)
    monkeypatch.setattr(statements, "_statements", Memory(0))
    for name, request in ASKED.items():
        assert remembered[name] == answer(world, **request), name
        assert remembered[name][0] == remembered[name][1], name
    tables = [str((lines, groups)) for lines, _, groups in remembered.values()]
    assert len({*tables}) > len(tables) * 3 // 4  # requests that are answered alike would prove nothing


def test_what_a_page_leaves_alone_is_not_remembered(world, kept):
    offers = offers_asked(QueryDict(), world)
    rate = Rate.objects.get(listed=True, name="gemini-4")
    offers.only([rate.pk])
    assert [line.name for line in offer_lines(offers, [SortKey("model")], 0, 9)] == ["gemini-4"]
    assert not len(kept)


def test_many_are_not_read_by_their_ids(world, monkeypatch):
    offers = offers_asked(QueryDict("q=4"), world)
    found = count_groups(offers, with_rates=True)
    listed = [str(rate.pk) for rate in offers.rates()]
    assert sorted(found.few(offers.values).split(",")) == sorted(listed)
    monkeypatch.setattr(facets, "FEW", len(listed) - 1)
    assert found.few(offers.values) is None


def test_nothing_found_is_nothing_read(world):
    offers = offers_asked(QueryDict("q=none"), world)
    few = count_groups(offers, with_rates=True).few(offers.values)
    assert few == ""
    assert offer_lines(offers, [SortKey("model")], 0, 9, few) == []
    assert offer_lines(offers_asked(QueryDict(), []), [SortKey("model")], 0, 9) == []
