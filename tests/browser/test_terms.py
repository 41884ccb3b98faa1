"""A contract term in a browser: entered in the admin, seen on the Offers page, with the list price beside ours."""

import pytest
from playwright.sync_api import expect

from tests.browser.look import assert_looks_right, faults

SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
user, _ = User.objects.get_or_create(username="terry", defaults={"is_staff": True, "is_superuser": True})
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""
WITHDRAW = """
from catalog.models import ContractTerm
from catalog.services.terms import terms_withdraw
terms_withdraw(ContractTerm.objects.values_list("pk", flat=True), None)
"""
AGREE = """
from datetime import date
from catalog.models import Catalog, ContractTerm
from catalog.services.terms import term_record
for catalog in Catalog.objects.all():
    term = ContractTerm(catalog=catalog, change=-2_000, reason="Frame agreement", first_day=date(2026, 1, 1))
    term_record(term, None)
"""
LISTED = "openai/gpt-4.1"


@pytest.fixture(autouse=True)
def _no_terms_are_left(shell):
    yield
    shell(WITHDRAW)


def test_a_term_entered_in_the_admin_is_seen_on_the_offers_page(visit, shell, site):
    page = visit("/")
    page.context.add_cookies([{"name": "sessionid", "value": shell(SIGN_IN).strip(), "url": site}])
    page.goto("/admin/catalog/contractterm/add/")
    page.get_by_label("Catalog").select_option(index=1)
    page.get_by_label("Models").fill("gpt-4.1")
    page.get_by_label("Provider").select_option("openai")
    page.get_by_label("Change in %").fill("-20")
    page.get_by_label("Reason").fill("Frame agreement")
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Input 2.00 → 1.60")).to_be_visible()

    page.goto("/?q=gpt-4.1&provider=openai")
    row = page.locator("tr", has=page.locator(".id", has_text=LISTED).filter(has_text=LISTED)).first
    expect(row.get_by_text("1.60", exact=True)).to_be_visible()
    expect(row.get_by_text("list 2.00")).to_be_visible()
    expect(page.get_by_text("−20%, Frame agreement, since 1 Jan 2026")).to_be_visible()
    assert faults(page) == []

    row.locator("a.name").click()
    expect(page.get_by_role("cell", name="1.60 list 2.00")).to_be_visible()
    expect(page.get_by_text("By contract")).to_be_visible()
    assert faults(page) == []

    page.goto("/admin/catalog/contractterm/")
    page.get_by_role("link", name="−20%").click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("1 contract term withdrawn.")).to_be_visible()
    page.goto("/?q=gpt-4.1&provider=openai")
    expect(page.get_by_text("list 2.00")).to_have_count(0)


def test_pages_with_terms_look_right(visit, shell):
    shell(
        "from datetime import date\n"
        "from catalog.models import Catalog, ContractTerm\n"
        "from catalog.services.terms import term_record\n"
        "made = Catalog.objects.get(kind='reference')\n"
        "term_record(ContractTerm(catalog=made, change=-2_000, reason='Frame', first_day=date(2026, 1, 1)), None)\n"
    )
    page = visit("/?q=gpt-4.1")
    expect(page.get_by_text("list 2.00").first).to_be_attached()
    assert_looks_right(page)


@pytest.mark.parametrize("width", [375, 768, 1280, 1440])
def test_costs_by_contract_stay_within_the_page(visit, shell, width):
    shell(AGREE)
    for path in ("/costs/?q=gpt-4.1", "/costs/?preset=long&q=claude", "/costs/?w=A:9:9:0:0:9:standard&q=gpt-4.1"):
        page = visit(path, width=width)
        expect(page.locator("tbody .tier", has_text="contract").first).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
