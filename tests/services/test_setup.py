"""Setting up a catalog changes what a person sets, and nothing that a sync stores."""

import pytest

from catalog.models import Catalog
from catalog.models.setup import slug_of
from catalog.services.setup import catalog_set
from tests.make import catalog
from tests.meanwhile import synced_before_it_is_saved

pytestmark = pytest.mark.django_db


def test_setting_a_field_leaves_what_a_sync_stored_meanwhile():
    team = catalog(kind="reference")
    with synced_before_it_is_saved() as stored:
        assert catalog_set(team, name="Renamed", refresh_minutes=1_440) == ["name", "refresh_minutes"]
    assert Catalog.objects.values(*stored).get() == stored
    assert (Catalog.objects.get().name, Catalog.objects.get().refresh_minutes) == ("Renamed", 1_440)


@pytest.mark.parametrize(
    ("name", "slug"), [("models.dev", "models-dev"), ("Our Freddy (EU)", "our-freddy-eu"), ("Équipe", "equipe")]
)
def test_a_slug_parts_what_the_name_parts(name, slug):
    assert slug_of(name) == slug


def test_catalogs_are_listed_without_regard_to_case():
    made = [catalog(name) for name in ("beta", "Alpha", "Gamma")]
    assert [one.name for one in Catalog.objects.all()] == ["Alpha", "beta", "Gamma"]
    assert len({one.mark for one in made}) == 3
    assert [Catalog(pk=pk).mark for pk in (1, 7, 12, 13)] == [1, 7, 12, 1]
