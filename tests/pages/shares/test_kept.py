"""What a link keeps of the address that it was made of: catalogs whatever they are called, and numbers as they were."""

import re

import pytest

from catalog.models import Catalog, Share
from catalog.pricing.presets import PRESETS, Preset
from catalog.pricing.workload import Workload
from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.shares.shared import LONG_AGO, addresses, everything_changes, rows, share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_two_catalogs")]


def rename(**slugs):
    """Call catalogs otherwise, all at once; by their old slugs."""
    for step in ({old: f"{old}-meanwhile" for old in slugs}, {f"{old}-meanwhile": new for old, new in slugs.items()}):
        for old, new in step.items():
            Catalog.objects.filter(slug=old).update(slug=new)


@pytest.mark.parametrize("slugs", [{"team": "other", "other": "team"}, {"other": "team", "team": "third"}])
def test_catalogs_that_take_the_names_of_others_are_still_the_same(dana, client, slugs):
    asked = ("/?catalog=team", "/?catalog=other", "/compare/catalogs/?c=team&c=other&sort=in:other&gap=team")
    paths = [share(dana, address) for address in asked]
    before = [[list(line.values()) for line in rows(client, path)] for path in paths]
    assert all(before)
    rename(**slugs)
    assert [[list(line.values()) for line in rows(client, path)] for path in paths] == before


def test_one_that_takes_the_name_of_a_gone_one_does_not_take_its_place(dana):
    sync(catalog("Third"), record("gpt-4.1"), record("gpt-4o"))
    path = share(dana, "/compare/catalogs/?c=team&c=other&c=third&sort=in:team&tab=only:team&gap=team")
    Catalog.objects.filter(slug="team").update(enabled=False)
    rename(team="gone", third="team")
    assert (
        re.search(r'href="([^"]*)">Live', dana.get(path).content.decode())[1] == "/compare/catalogs/?c=other&amp;c=team"
    )


def test_a_comparison_as_of_a_day_before_its_offers_is_out_of_their_catalogs(dana, client):
    path = share(dana, f"{addresses()['compare']}&as_of={LONG_AGO.date()}")
    assert [slug for _, slug, *_ in Share.objects.get().catalogs] == ["other", "team"]
    before = rows(client, path)
    assert before
    everything_changes()
    assert rows(client, path) == before


@pytest.mark.parametrize(
    "asked",
    [
        "/?preset=classification",
        "/costs/?preset=classification",
        "/models/openai/gpt-4.1/?preset=classification",
        "/compare/?o={0}&o={1}&preset=classification",
        "/compare/catalogs/?c=team&c=other&measure=cost&preset=classification",
    ],
)
@pytest.mark.parametrize("mode", ["standard", "batch"])
def test_costs_stay_in_the_mode_of_their_preset(dana, client, monkeypatch, asked, mode):
    both = (row(), row(mode="batch", input=DOLLAR))
    for slug in ("team", "other"):
        sync(Catalog.objects.get(slug=slug), *(record(name, rates=both) for name in ("gpt-4.1", "gpt-4o", "gpt-4")))
    ids = [text.partition("=")[2] for text in addresses()["compare"].partition("?")[2].split("&")]
    path = share(dana, asked.format(*ids))
    before = figures(client, path)
    other = Workload(requests=1, prompt=1, output=1, mode=mode)
    monkeypatch.setitem(PRESETS, "classification", Preset("Called otherwise", "", other))
    assert figures(client, path) == before


def figures(client, path):
    """The rows without what the workload is called."""
    return [[value for name, value in line.items() if name != "section"] for line in rows(client, path)]
