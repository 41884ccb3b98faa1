"""Each facet is counted under the choices made in the others."""

import pytest
from django.http import QueryDict

from catalog.filters import FACETS
from catalog.services.asked import offers_asked
from catalog.services.facets import Group, count_facets, count_groups, stored_counts
from tests.make import catalog, record, row, sync

GROUPS = [
    Group("a", "openai", "priced", "active", "standard", "OpenAI", 5),
    Group("a", "google", "priced", "active", "standard", "Google", 3),
    Group("a", "openai", "free", "active", "standard", "OpenAI", 2),
    Group("b", "openai", "priced", "active", "standard", "OpenAI", 7),
    Group("b", "openai", "priced", "deprecated", "standard", "OpenAI", 4),
    Group("a", "openai", "priced", "active", "batch", "OpenAI", 1),
]


def chosen(**values):
    return {**dict.fromkeys(FACETS, ()), "mode": ["standard"], **values}


def test_without_choices_everything_active_and_standard_counts():
    facets = count_facets(GROUPS, chosen())
    assert facets.total == 17
    assert facets.counts["provider"] == {"openai": 14, "google": 3}
    assert facets.counts["catalog"] == {"a": 10, "b": 7}
    assert facets.counts["mode"] == {"standard": 17, "batch": 1}
    assert facets.hidden == {"deprecated": 4}


def test_a_choice_narrows_the_other_facets_but_not_its_own():
    facets = count_facets(GROUPS, chosen(provider=["google"]))
    assert facets.total == 3
    assert facets.counts["provider"] == {"openai": 14, "google": 3}
    assert facets.counts["catalog"] == {"a": 3}
    assert facets.hidden == {}


def test_two_choices():
    facets = count_facets(GROUPS, chosen(catalog=["b"], lifecycle=["deprecated"]))
    assert facets.total == 4
    assert facets.counts["lifecycle"] == {"active": 7, "deprecated": 4}
    assert facets.hidden == {"active": 7}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["", "q=gpt", "provider=openai", "mode=batch", "lifecycle=deprecated", "max_in=1&q=g", "prompt=100", "prompt=101"],
)
def test_stored_and_counted_groups_agree_with_the_rows_themselves(query):
    first, second = catalog("One"), catalog("Two")
    sync(
        first,
        record("gpt-a", rates=(row(), row(mode="batch"))),
        record("gpt-b", lifecycle="deprecated"),
        record("gem", provider="google", provider_name="Google", rates=(row(up_to=100), row(above=100))),
        record("short", rates=(row(up_to=100),)),
    )
    sync(second, record("gpt-a", rates=(row(input=5),)), record("x", price_state="unknown"))
    catalogs = [first, second]
    counts = stored_counts(catalogs)
    offers = offers_asked(QueryDict(query), catalogs)
    found = count_groups(offers).groups
    if not offers.narrows:
        assert sorted(found) == sorted(counts.groups)
        assert counts.count(offers.values) == count_facets(found, offers.values)
    assert count_facets(found, offers.values).total == offers.rates().count()


@pytest.mark.django_db
def test_what_is_remembered_follows_the_next_sync_and_tells_catalogs_apart():
    one, two = catalog("One"), catalog("Two")
    for made in (one, two):
        sync(made, record("a"))
        made.refresh_from_db()
    assert stored_counts([one, two]).count(chosen()).counts["catalog"] == {"one": 1, "two": 1}
    assert stored_counts([two]).count(chosen()).counts["catalog"] == {"two": 1}
    sync(one, record("a"), record("b"))
    one.refresh_from_db()
    assert stored_counts([one, two]).count(chosen()).counts["catalog"] == {"one": 2, "two": 1}
    assert stored_counts([one, two]).count(chosen(mode=["batch"])).total == 0
