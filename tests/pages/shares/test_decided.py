"""What a pinned link knows of models: what was decided by its moment, and nothing that people decide later."""

import pytest
from django.utils import timezone

from catalog.models import Catalog, Link, Review
from catalog.services import matching
from catalog.services.decisions import undo
from dashboard.exports.table import moment_iso
from tests.make import record, sync
from tests.pages.shares.shared import addresses, share, shown
from tests.pages.test_model import priced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_two_catalogs")]


def test_what_was_merged_before_stays_so_and_what_is_decided_later_changes_nothing(dana, client):
    address = f"/models/openai/gpt-4.1/?as_of={moment_iso(timezone.now())}"
    merged = matching.merge(["openai/gpt-4o"], "openai/gpt-4.1", None)
    path = share(dana, address)
    before = shown(client, path)
    assert len(priced(dana.get(address))) == len(priced(client.get(path))) == 4
    undo(merged, None)
    assert len(priced(dana.get(address))) == 2
    assert shown(client, path) == before
    matching.merge(["openai/gpt-4.1"], "openai/gpt-4", None)
    undo(Review.objects.first(), None)
    matching.merge(["openai/gpt-4"], "openai/gpt-4.1", None)
    assert shown(client, path) == before


def test_names_that_people_decide_on_later_are_not_told(dana, client):
    path = share(dana, addresses()["model"])
    before = shown(client, path)
    matching.accept(Link.objects.filter(offer__ref="gpt-4.1"), None)
    assert "these names stand for it" in dana.get(addresses()["model"]).content.decode()
    assert shown(client, path) == before


def test_what_names_say_of_an_offer_without_a_model_is_not_told_either(dana, client):
    team = Catalog.objects.get(slug="team")
    others = [record(name) for name in ("gpt-4.1", "gpt-4o", "gpt-4")]
    sync(team, *others, record("odd", key="gpt-4.1", upstream_ids=("gpt-4o",)))
    path = share(dana, f"{addresses()['matrix']}&tab=conflicts")
    before = shown(client, path)
    sync(team, *others, record("odd", key="gpt-4.1", upstream_ids=("gpt-4o", "gpt-4")))
    assert "<code>gpt-4</code>" in dana.get(f"{addresses()['matrix']}&tab=conflicts").content.decode()
    assert shown(client, path) == before
    assert "odd" in before


def test_an_offer_with_nothing_on_record_then_keeps_the_name_that_was_known(dana, client):
    path = share(dana, f"{addresses()['compare']}&as_of=2020-01-01")
    before = shown(client, path)
    for name in ("team", "other"):
        others = [record("gpt-4o"), record("gpt-4")][: 1 + (name == "team")]
        sync(Catalog.objects.get(slug=name), record("gpt-4.1", name="Called otherwise"), *others)
    assert "Called otherwise" in dana.get(f"{addresses()['compare']}&as_of=2020-01-01").content.decode()
    assert shown(client, path) == before
