"""One model's story, told alike by every page: it appears, changes price, is gone, comes back, and is matched anew."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from catalog.models import Link, Offer
from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.test_changes import rows as change_rows
from tests.pages.test_matrix import models
from tests.pages.test_model import GPT, priced
from tests.pages.test_offers import Table, text

pytestmark = pytest.mark.django_db

HOUSE = "/models/acme/house-4.1/"
OTHERS = [record(f"other-{number}", provider="acme", provider_name="Acme") for number in range(9)]
APPEARED, DEARER, GONE, BACK, MATCHED = (f"2026-10-{day:02}" for day in (2, 5, 9, 14, 20))
DAYS = {
    "2026-10-01": None,  # the catalogs are read for the first time
    APPEARED: ("3.00", "openai/gpt-4.1"),
    "2026-10-04": ("3.00", "openai/gpt-4.1"),
    DEARER: ("4.50", "openai/gpt-4.1"),
    "2026-10-08": ("4.50", "openai/gpt-4.1"),
    GONE: None,
    "2026-10-13": None,
    BACK: ("4.50", "openai/gpt-4.1"),
    "2026-10-19": ("4.50", "openai/gpt-4.1"),
    MATCHED: ("4.50", "acme/house-4.1"),
    "2026-10-21": ("4.50", "acme/house-4.1"),
    "": ("4.50", "acme/house-4.1"),
}
"""What the offer of Beta asks for input at the end of each day, and which model it is; None: it is not on sale."""


def house(price):
    return record("gpt-4.1", rates=(row(input=int(price * DOLLAR)),))


@pytest.fixture(autouse=True)
def _story(monkeypatch, admin_client):
    def on(day, hour=10):
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC))

    on("2026-10-01")
    alpha, beta = catalog("Alpha"), catalog("Beta")
    sync(alpha, record("gpt-4.1"), *OTHERS)
    sync(beta, *OTHERS)
    on(APPEARED)
    sync(beta, house(3), *OTHERS)
    on(DEARER)
    sync(beta, house(4.5), *OTHERS)
    on(GONE)
    sync(beta, *OTHERS)
    on(BACK)
    sync(beta, house(4.5), *OTHERS)
    on(MATCHED)
    link = Link.objects.get(offer=the_offer(), valid_to=None)
    told = {"do": "assign", "link": link.pk, "new": "acme/house-4.1"}
    answer = admin_client.post(f"/admin/catalog/link/decide/?link={link.pk}", told, follow=True)
    assert "Assigned gpt-4.1 to acme/house-4.1" in text(answer)
    on("2026-10-25")


def the_offer():
    return Offer.objects.get(catalog__slug="beta", ref="gpt-4.1")


def of_beta(rows):
    """The cells of its row, if it has one."""
    return next((cells for cells in rows if any("Beta" in cell for cell in cells[:2])), None)


def as_of(day, first="?"):
    return f"{first}as_of={day}" if day else ""


@pytest.mark.parametrize(("day", "told"), DAYS.items())
class TestEachDay:
    def test_offers(self, client, day, told):
        response = client.get(f"/?q=gpt-4.1&col=input&col=catalog&col=family{as_of(day, '&')}")
        row = of_beta(Table(response.content.decode()).rows)
        assert (row and [told[0] in row, told[1] in row]) == (told and [True, True])

    def test_matrix(self, client, day, told):
        page = client.get(f"/compare/catalogs/?c=alpha&c=beta&q=gpt-4.1&measure=input{as_of(day, '&')}")
        tabs = page.content.decode()
        shared = models(page)
        if told is None:
            assert "gpt-4.1" not in shared
        elif told[1] == "openai/gpt-4.1":
            cells = next(cells for cells in Table(tabs).rows if cells[0].startswith("gpt-4.1"))
            assert cells[1].startswith("2.00")
            assert cells[2].startswith(told[0])
        else:
            assert shared == []  # each catalog has one that the other has not

    def test_side_by_side(self, client, day, told):
        alpha = Offer.objects.get(catalog__slug="alpha", ref="gpt-4.1").pk
        page = client.get(f"/compare/?o={alpha}&o={the_offer().pk}{as_of(day, '&')}")
        rows = {cells[0]: cells[1:] for cells in Table(page.content.decode()).rows if len(cells) == 3}
        price = rows["Input"][1]
        if told:
            assert price.startswith(told[0])
            assert rows["Model"][1] == told[1]
        else:
            assert not price[:1].isdigit()

    def test_the_models_own_pages(self, client, day, told):
        openai, acme = (client.get(f"{path}{as_of(day)}") for path in (GPT, HOUSE))
        found = {"openai/gpt-4.1": of_beta(priced(openai)), "acme/house-4.1": of_beta(priced(acme))}
        for slug, cells in found.items():
            on_sale = cells is not None and "retired" not in " ".join(cells)
            assert on_sale == (told is not None and told[1] == slug)
            if on_sale:
                assert cells[2] == told[0]
        assert "Alpha" in text(openai)


class TestTheWhole:
    def test_changes(self, client):
        told = [cells for cells in change_rows(client, "?catalog=beta&q=gpt-4.1")]
        kinds = [next(word for word in ("Returned", "Retired", "up", "New") if word in " ".join(cells)) for cells in told]
        assert kinds == ["Returned", "Retired", "up", "New"]

    def test_its_model_then_and_now(self, client):
        before = text(client.get(GPT)).partition("Why these are one model")[2]
        assert "until 20 Oct" in before
        now = client.get(HOUSE)
        assert "acme/house-4.1" in text(now)
        assert "manual" in text(now).partition("Why these are one model")[2]
