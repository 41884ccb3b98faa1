"""Every page that shows prices takes a day by its date picker, says which it shows, and leads back to now."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Link, Offer, Rate, Revision
from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.test_model import GPT
from tests.pages.test_offers import text

pytestmark = pytest.mark.django_db
PAGES = {
    "offers": "/?q=gpt",
    "offer": "/offers/{0}/",
    "costs": "/costs/?preset=chat",
    "matrix": "/compare/catalogs/?c=alpha&c=beta",
    "compare": "/compare/?o={0}&o={1}",
    "model": GPT,
    "audit": "/audit/?q=gpt",
    "catalog": "/catalogs/alpha/",
}


@pytest.fixture
def day():
    """A day on which both catalogs asked $3; now they ask $4 and $20."""
    both = catalog("Alpha"), catalog("Beta")
    for made in both:
        sync(made, record("gpt-4.1", rates=(row(input=3 * DOLLAR),)))
    for model in (Revision, Rate, Link):
        model.objects.update(valid_from=timezone.now() - timedelta(days=10))
    for made, price in zip(both, (4, 20), strict=True):
        sync(made, record("gpt-4.1", rates=(row(input=price * DOLLAR),)), approve=True)
    return (timezone.now() - timedelta(days=5)).date().isoformat()


@pytest.mark.parametrize("name", PAGES)
def test_it_shows_a_day_and_leads_back(client, day, name):
    path = PAGES[name].format(*Offer.objects.values_list("pk", flat=True))
    now = client.get(path)
    picker = re.search(r'<input[^>]*type="date"[^>]*name="as_of"[^>]*>', now.content.decode())
    assert 'value=""' in picker[0]
    then = client.get(f"{path}{'&' if '?' in path else '?'}as_of={day}")
    assert f'value="{day}"' in then.content.decode()
    assert "Back to now" in text(then)
    assert now.content != then.content
    if name not in ("costs", "audit", "matrix"):  # the matrix begins with output, costs tell sums
        assert "3.00" in text(then)
        assert "3.00" not in re.sub("Price history.*|History.*|Latest changes.*|was .*", "", text(now))


def test_changes_up_to_a_day(client, day):
    shown = client.get(f"/changes/?as_of={day}")
    assert shown["Location"] == f"/changes/?until={day}"
    assert 'type="date" id="until" name="until"' in client.get(shown["Location"]).content.decode()
