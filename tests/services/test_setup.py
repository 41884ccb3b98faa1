"""Setting up a catalog changes what a person sets, and nothing that a sync stores."""

import pytest

from catalog.models import Catalog
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
