"""Sharing in a browser: offers are picked, compared and shared, and somebody who is signed out opens the link."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.look import ASKED, assert_fits, assert_looks_right, faults

PRICE_MOVES = """
from datetime import date
from catalog.models import Catalog, ContractTerm
from catalog.services.terms import term_record
reference = Catalog.objects.get(slug="reference")
term_record(ContractTerm(catalog=reference, change=-5_000, reason="Half of it", first_day=date(2026, 1, 1)), None)
"""
TIDY = """
from catalog.models import Catalog, ContractTerm, Share
from catalog.services.terms import terms_withdraw
terms_withdraw(ContractTerm.objects.filter(withdrawn_at=None).values_list("pk", flat=True), None)
Share.objects.all().delete()
"""


@pytest.fixture
def dana(visit, shell):
    yield lambda **options: visit("/sign-in/", **options)
    shell(TIDY)


def test_pick_compare_share_and_open_it_signed_out(dana, visit, shell):
    page = dana(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page)
    page.goto("/?provider=openai&state=priced&per=25")
    for box in page.locator(".pick input").all()[:2]:
        box.check()
    expect(page.locator("#pick")).to_contain_text("2 picked")
    page.locator("#pick").get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare 2 offers")).to_be_visible()
    page.locator("#share-menu > summary").click()
    page.get_by_label("Title").fill("Which of the two?")
    page.get_by_label("Note").fill("For the extraction job.")
    page.get_by_label("For", exact=True).select_option(label="Anyone who has the link")
    assert faults(page) == []
    page.locator("#share-it").click()
    expect(page.locator("#share")).to_contain_text("Which of the two? is shared, with the prices of now.")
    page.get_by_role("button", name="Copy the link of Which of the two?").click()
    expect(page.get_by_role("button", name="Copy the link")).to_contain_text("Copied")
    link = page.get_by_role("textbox", name="Link of Which of the two?").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link

    shell(PRICE_MOVES)
    for width, theme in ASKED.items():
        stranger = visit(link, width=width, theme=theme)
        expect(stranger.get_by_role("heading", name="Which of the two?")).to_be_visible()
        expect(stranger.locator("#pinned")).to_contain_text("2 of these offers have changed since.")
        assert_fits(stranger)
        assert faults(stranger) == []
        assert stranger.locator("form, input, button[type=submit]").count() == 0
    stranger.get_by_role("link", name="Show what changed").click()
    expect(stranger.locator("#since")).to_contain_text("▼ −50%")
    assert faults(stranger) == []
    prices = stranger.locator("#table").inner_text()
    stranger.get_by_role("link", name="1K", exact=True).click()
    expect(stranger).to_have_url(re.compile(r"/s/[\w-]+/\?unit=1k$"))
    expect(stranger.locator("#table")).not_to_have_text(prices, use_inner_text=True)
    stranger.go_back()
    expect(stranger.locator("#table")).to_have_text(prices, use_inner_text=True)


def test_the_table_is_sorted_and_turned_where_it_is_shared(dana, visit):
    page = dana()
    sign_in(page)
    page.goto("/?provider=openai&per=25&state=priced")
    page.locator("#share-menu > summary").click()
    page.get_by_label("For", exact=True).select_option(label="Anyone who has the link")
    page.locator("#share-it").click()
    stranger = visit(page.get_by_role("textbox", name="Link of Offers").input_value())
    stranger.locator("#sort-input").click()
    expect(stranger.locator("[aria-sort=ascending] #sort-input")).to_be_visible()
    stranger.get_by_role("link", name="Next", exact=False).first.click()
    expect(stranger).to_have_url(re.compile(r"/s/[\w-]+/\?(page=2&sort=input|sort=input&page=2)$"))
    expect(stranger.locator(".pager")).to_contain_text("26–50")
    assert_looks_right(stranger)


def test_links_are_made_changed_and_revoked_without_a_script(dana, visit):
    page = dana(scripts=False, width=375)
    sign_in(page)
    page.goto("/costs/?per=25&q=gpt")
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_label("Title").fill("What it costs")
    page.get_by_label("For", exact=True).select_option(label="Anyone who has the link")
    assert_fits(page)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_text("“What it costs” is shared.")).to_be_visible()
    link = page.get_by_role("textbox", name="Link of What it costs").input_value()
    stranger = visit(link, scripts=False, width=375)
    expect(stranger.get_by_role("heading", name="What it costs")).to_be_visible()
    expect(stranger.locator("#table")).to_be_visible()
    assert_fits(stranger)
    page.locator("details.change summary").click()
    page.get_by_label("Title").fill("What all of it costs")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“What all of it costs” is changed.")).to_be_visible()
    page.locator("details.change summary").click()
    page.get_by_role("button", name="Revoke What all of it costs").click()
    expect(page.get_by_text("revoked", exact=True)).to_be_visible()
    assert stranger.request.get(link).status == 404


def test_my_links_look_right(dana):
    page = dana()
    sign_in(page)
    page.goto("/changes/?kind=new")
    page.locator("#share-menu > summary").click()
    page.locator("#share-it").click()
    page.get_by_role("link", name="My links").last.click()
    expect(page.get_by_role("heading", name="My links")).to_be_visible()
    page.locator("details.change summary").click()
    assert_looks_right(page)


def test_the_button_and_its_menu_fit_on_a_phone(dana):
    page = dana(width=375, theme="dark")
    sign_in(page)
    for path in ("/?per=25", "/costs/?per=25", "/compare/catalogs/", "/changes/", "/models/openai/gpt-4.1/"):
        page.goto(path)
        assert_fits(page)
        page.locator("#share-menu > summary").click()
        expect(page.locator("#share-it")).to_be_visible()
        assert_fits(page)
    assert faults(page) == []
