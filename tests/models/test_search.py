"""Search finds every word, in any order, inside words too."""

import pytest
from django.db import connection
from django.db.models import F

from catalog.models import Revision
from catalog.models.search import Holds, words_of
from catalog.tasks import tidy
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offers():
    sync(
        catalog(),
        record("openai/gpt-4o-mini", name="GPT-4o mini"),
        record("anthropic/claude-opus-4", name="Claude Opus 4", provider="anthropic", provider_name="Anthropic"),
        record("odd/100%_sure", name='Odd "quoted" \\ name', provider="odd", provider_name="Ødd Søurce"),
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gpt", ["GPT-4o mini"]),
        ("MINI gpt", ["GPT-4o mini"]),
        ("4o", ["GPT-4o mini"]),
        ("4", ["Claude Opus 4", "GPT-4o mini"]),
        ("aude pus", ["Claude Opus 4"]),
        ("anthropic 4", ["Claude Opus 4"]),
        ("100%", ['Odd "quoted" \\ name']),
        ("%_s", ['Odd "quoted" \\ name']),
        ("%", ['Odd "quoted" \\ name']),
        ("_", ['Odd "quoted" \\ name']),
        ('"quoted"', ['Odd "quoted" \\ name']),
        ("\\", ['Odd "quoted" \\ name']),
        ("SØURCE", ['Odd "quoted" \\ name']),
        ("gpt claude", []),
        ("AND", []),
        ("* OR gpt", []),
        ("mini)", []),
    ],
)
def test_words(text, names):
    found = Revision.objects.filter(Holds(F("pk"), words_of(text))).order_by("name")
    assert sorted(revision.name for revision in found) == sorted(names)


def test_the_longest_words_come_first_and_each_once():
    assert words_of(" ".join("abc") + " long long") == ["long", *"abc"]


def test_a_changed_or_removed_offer_is_found_no_more_by_its_old_words():
    Revision.objects.filter(name="GPT-4o mini").update(search="renamed")
    assert not Revision.objects.filter(Holds(F("pk"), ["gpt-4o"])).exists()
    assert Revision.objects.filter(Holds(F("pk"), ["renamed"])).count() == 1
    Revision.objects.filter(search="renamed").delete()
    assert not Revision.objects.filter(Holds(F("pk"), ["renamed"])).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's vacuum keeps its index in order")
def test_the_parts_of_the_index_are_merged_after_a_first_sync_and_every_night():
    one = catalog("One")
    sync(one, record("tested"))
    assert parts() == 1
    for price in (1, 2, 3):
        sync(one, record("tested", rates=(row(input=price * DOLLAR),)))
    assert parts() > 1
    tidy.call_local()
    assert parts() == 1
    assert Revision.objects.filter(Holds(F("pk"), ["gpt-4o"])).count() == 1
    assert Revision.objects.filter(Holds(F("pk"), ["test"])).count() == 4


def parts():
    """What a search looks into: https://www.sqlite.org/fts5.html#the_data_structure_of_the_index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(DISTINCT segid) FROM catalog_search_idx")
        return cursor.fetchone()[0]
