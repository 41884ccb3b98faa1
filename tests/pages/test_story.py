"""One model's story, told alike by every page: it appears, changes price, is gone, comes back, and is matched anew."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from catalog.models import Link, Offer
from tests.make import DOLLAR, catalog, record, row, sync
from tests.pages.test_changes import rows as change_rows
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
STORY = {"returned": BACK, "retired": GONE, "+50%": DEARER, "new": APPEARED}
"""How Changes tells it, the latest first, and on which day it was so."""


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
    assert "Assigned gpt-4.1 of Beta to acme/house-4.1" in text(answer)
    on("2026-10-25")


def the_offer():
    return Offer.objects.get(catalog__slug="beta", ref="gpt-4.1")


def alphas():
    return Offer.objects.get(catalog__slug="alpha", ref="gpt-4.1")


def kinds(client, query):
    """What changed, the latest first."""
    page = client.get(f"/changes/{query}", follow=True)
    told = [" ".join(cells) for cells in Table(page.content.decode()).rows if len(cells) > 1]
    return [next(kind for kind in STORY if kind in cells) for cells in told]


def of_beta(rows):
    """The cells of its row, if it has one."""
    return next((cells for cells in rows if any("Beta" in cell for cell in cells[:2])), None)


def as_of(day, first="?"):
    return f"{first}as_of={day}" if day else ""


class TestEachDay:
    def test_offers(self, client):
        for day, told in DAYS.items():
            page = client.get(f"/?q=gpt-4.1&col=input&col=catalog&col=family{as_of(day, '&')}")
            row = of_beta(Table(page.content.decode()).rows)
            assert (row and [told[0] in row, told[1] in row]) == (told and [True, True]), day

    def test_matrix(self, client):
        for day, told in DAYS.items():
            page = client.get(f"/compare/catalogs/?c=alpha&c=beta&q=gpt-4.1&measure=input{as_of(day, '&')}")
            rows = {cells[0]: cells[1:3] for cells in Table(page.content.decode()).rows}
            shared = [cells for name, cells in rows.items() if name.startswith("gpt-4.1")]
            prices = [[cell.partition(" ")[0] for cell in cells] for cells in shared]
            together = told and told[1] == "openai/gpt-4.1"  # else either catalog has a model that the other has not
            assert prices == ([["2.00", told[0]]] if together else []), day

    def test_side_by_side(self, client):
        for day, told in DAYS.items():
            page = client.get(f"/compare/?o={alphas().pk}&o={the_offer().pk}{as_of(day, '&')}")
            rows = {cells[0]: cells[-1] for cells in Table(page.content.decode()).rows if len(cells) == 3}
            if told:
                assert [rows[name] for name in ("Input", "Model family", "Lifecycle")] == [*told, "active"], day
            else:
                assert rows["Lifecycle"] == ("—" if day < APPEARED else "retired"), day

    def test_the_models_own_pages(self, client):
        for day, told in DAYS.items():
            for path, slug in ((GPT, "openai/gpt-4.1"), (HOUSE, "acme/house-4.1")):
                page = client.get(f"{path}{as_of(day)}")
                cells = of_beta(priced(page))
                on_sale = cells is not None and "retired" not in " ".join(cells)
                assert on_sale == (told is not None and told[1] == slug), (day, slug)
                assert not on_sale or cells[2] == told[0], day

    def test_what_had_changed_by_then(self, client):
        for day, told in DAYS.items():
            past = [kind for kind, since in STORY.items() if not day or since <= day]
            assert kinds(client, f"?catalog=beta&q=gpt-4.1{as_of(day, '&')}") == past, day
            slug = told[1] if told else "openai/gpt-4.1"
            assert kinds(client, f"?family={slug}{as_of(day, '&')}") == past, day


class TestTheWhole:
    def test_the_days_of_changes(self, client):
        told = [cells for cells in change_rows(client, "?catalog=beta&q=gpt-4.1") if len(cells) > 1]
        assert [cells[2:5] for cells in told] == [
            ["", "4.50", ""],
            ["4.50", "", ""],
            ["3.00", "4.50", "▲ +50%"],
            ["", "3.00", ""],
        ]

    def test_its_models_then_and_now(self, client):
        before = text(client.get(GPT)).partition("Why these are one model")[2]
        assert "Beta gpt-4.1 certain until 20 Oct" in before
        now = text(client.get(HOUSE))
        assert "manual A person decided" in now.partition("Why these are one model")[2]
        prices = now.partition("Base prices in US dollars")[2]
        assert "14 Oct gpt-4.1 Beta 4.50" in prices
        assert "9 Oct gpt-4.1 Beta no longer on sale 5 Oct gpt-4.1 Beta 4.50" in prices
        changes = now.partition("Latest changes")[2]
        assert [changes.index(day) for day in ("14 Oct", "9 Oct", "5 Oct", "2 Oct")] == sorted(
            changes.index(day) for day in ("14 Oct", "9 Oct", "5 Oct", "2 Oct")
        )

    def test_side_by_side_says_since_when_it_was_gone(self, client):
        assert "retired since 9 Oct" in text(client.get(f"/compare/?o={the_offer().pk}&o={alphas().pk}&as_of={GONE}"))
        assert "retired" not in text(client.get(f"/compare/?o={the_offer().pk}&o={alphas().pk}&as_of={BACK}"))
