"""Statements that are run again, with other words and other rates, find what fresh ones find."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from catalog.models import Catalog, Rate
from catalog.services import facets, statements
from catalog.services.asked import offers_asked
from catalog.services.facets import count_facets, counted
from catalog.services.memory import Memory
from catalog.services.offer_line import FIELDS
from catalog.services.offers import offer_lines
from catalog.services.sorting import SortKey, order_by
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db
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


def plain(offers, sort):
    """The rows as Django reads them."""
    return [*offers.rates().order_by(*order_by(sort)).values_list(*FIELDS)]


SEARCHES = ("gpt", "4o", "claude", "4", "gpt 4o", "mini gpt", "gemini 4", '"quoted"', "100%", "%_", "\\", "none", "")


@pytest.mark.parametrize("rest", ["", "&provider=openai", "&max_in=3", "&as_of=2999-01-01", "&lifecycle=deprecated"])
def test_the_words_of_one_search_never_stay_in_the_next(world, rest):
    for words in (*SEARCHES, *reversed(SEARCHES)):
        offers = offers_asked(QueryDict(f"q={words.replace('%', '%25')}{rest}"), world)
        for sort in SORTS:
            expected = plain(offers, sort)
            assert [line[: len(FIELDS)] for line in offer_lines(offers, sort, 0, 99)] == expected, words
            few = counted(offers).few(offers.values)
            assert [line[: len(FIELDS)] for line in offer_lines(offers, sort, 0, 99, few)] == expected, words
            assert count_facets(counted(offers).groups, offers.values).total == len(expected)


def test_searches_of_the_same_shape_share_statements(world, kept):
    for words in ("gpt", "claude", "gemini"):
        offers = offers_asked(QueryDict(f"q={words}"), world)
        offer_lines(offers, [SortKey("model")], 0, 9)
        counted(offers)
    assert len(kept) == 2


def test_what_is_read_is_of_its_moment_and_its_catalogs(world):
    one, two = world
    for catalogs, found in (([one, two], 3), ([one], 2), ([two], 1), ([one, two], 3)):
        offers = offers_asked(QueryDict("q=4o&lifecycle=active&lifecycle=deprecated"), catalogs)
        assert len(offer_lines(offers, [SortKey("model")], 0, 9)) == found
    sync(two, record("gpt-4o-mini", rates=(row(input=7),)), record("gpt-4o-new"), approve=True)
    offers = offers_asked(QueryDict("q=4o&catalog=two"), world)
    few = counted(offers).few(offers.values)
    for lines in (offer_lines(offers, [SortKey("input")], 0, 9), offer_lines(offers, [SortKey("input")], 0, 9, few)):
        assert [(line.name, line.input) for line in lines] == [("gpt-4o-mini", 7), ("gpt-4o-new", 2 * DOLLAR)]


def test_values_are_those_of_their_columns(world):
    (line, *_) = offer_lines(offers_asked(QueryDict(), world), [SortKey("model")], 0, 9)
    assert isinstance(line.valid_from, datetime)
    assert line.valid_from.tzinfo == UTC
    assert [line.provider_inferred, line.by_hour] == [False, False]
    assert isinstance(line.by_hour, bool)


def test_what_a_page_leaves_alone_is_not_remembered(world, kept):
    offers = offers_asked(QueryDict(), world)
    rate = Rate.objects.get(listed=True, name="gemini-4")
    offers.only([rate.pk])
    assert [line.name for line in offer_lines(offers, [SortKey("model")], 0, 9)] == ["gemini-4"]
    assert not len(kept)


def test_many_are_not_read_by_their_ids(world, monkeypatch):
    offers = offers_asked(QueryDict("q=4"), world)
    found = counted(offers)
    listed = [str(rate.pk) for rate in offers.rates()]
    assert sorted(found.few(offers.values).split(",")) == sorted(listed)
    monkeypatch.setattr(facets, "FEW", len(listed) - 1)
    assert found.few(offers.values) is None


def test_nothing_found_is_nothing_read(world):
    offers = offers_asked(QueryDict("q=none"), world)
    few = counted(offers).few(offers.values)
    assert few == ""
    assert offer_lines(offers, [SortKey("model")], 0, 9, few) == []
    assert offer_lines(offers_asked(QueryDict(), []), [SortKey("model")], 0, 9) == []
