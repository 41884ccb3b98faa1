"""Baseline, several workloads and saved ones in a browser: chosen, drawn, in the address, and open to everyone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.look import assert_looks_right

CHAT = "w=Chat:100000:3000:1500:0:400:standard&w=Long:2000:300000:0:0:3000:standard"


def open_break_even(page):
    page.get_by_role("link", name=re.compile("^We use .* today$")).first.click()
    expect(page.locator("#baseline")).to_contain_text("we use this")
    page.locator("tbody").get_by_role("link", name=re.compile("^Break-even of")).first.click()
    expect(page.locator("#baseline .lines .plot")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_baseline_is_set_and_the_break_even_drawn_and_the_address_shows_it_elsewhere(visit, scripts):
    page = visit("/costs/", scripts=scripts)
    open_break_even(page)
    page.locator("#axis-volume").click()
    expect(page.locator(".answer")).to_contain_text("nothing is fixed")
    expect(page).to_have_url(re.compile(r"/costs/\?base=\d+&with=\d+&axis=volume$"))
    expect(page.locator("tbody .delta").first).to_be_visible()
    box = page.locator(".plot .one line").first.bounding_box()
    assert box["width"] > 100
    elsewhere = visit(page.url.partition("/costs/")[1] + page.url.partition("/costs/")[2])
    expect(elsewhere.locator(".answer")).to_have_text(page.locator(".answer").inner_text())


def test_the_form_keeps_the_baseline(visit):
    page = visit("/costs/")
    open_break_even(page)
    page.get_by_label("Chat assistant").check()
    expect(page).to_have_url(re.compile(r"/costs/\?preset=chat&base=\d+&with=\d+$"))
    expect(page.locator("#baseline .lines .plot")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_workloads_are_added_one_renamed_one_removed(visit, scripts):
    page = visit("/costs/?preset=chat", scripts=scripts)
    page.get_by_label("Name in the comparison").fill("Day: chat")
    page.get_by_role("button", name="Compare with other workloads").click()
    expect(page.locator("th.workload")).to_have_text(["Day: chat"])
    page.get_by_label("Name in the comparison").fill("Night")
    page.get_by_role("button", name="Add this workload").click()
    expect(page.locator("th.workload")).to_have_text(["Day: chat", "Night"])
    page.get_by_label("Rename Night").click()
    page.get_by_label("New name of Night").fill("Evening")
    page.locator("#side-by-side details[open] button").click()
    expect(page.locator("th.workload")).to_have_text(["Day: chat", "Evening"])
    page.get_by_label("Remove Day: chat").click()
    expect(page.locator("th.workload")).to_have_text(["Evening"])
    expect(page).to_have_url(re.compile(r"/costs/\?preset=chat&w=Evening:100000:3000:1500:0:400:standard$"))


def test_one_is_saved_by_name_and_picked_again(visit):
    page = visit("/")
    sign_in(page)
    page.goto("/costs/?n=77&tin=1234&tout=10")
    page.get_by_label("Name to save it by").fill("Small one")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Small one” is saved.")).to_be_visible()
    page.goto("/costs/?q=gpt")
    page.locator("#saved").select_option("Small one")
    expect(page).to_have_url(re.compile(r"/costs/\?n=77&tin=1234&tout=10&q=gpt$"))
    expect(page.locator("#tin")).to_have_value("1,234")
    expect(page.get_by_label("My own numbers")).to_be_checked()
    expect(page.locator("#saved")).to_have_value("")
    page.goto("/costs/saved/")
    page.get_by_text("Change Small one").click()
    assert_looks_right(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Small one” is deleted.")).to_be_visible()


def test_it_looks_right(visit):
    page = visit("/costs/?per=25")
    open_break_even(page)
    address = page.url.partition("/costs/")
    page.get_by_text("The same in figures").click()
    assert_looks_right(page)
    page.goto(f"/costs/{address[2].partition('&with')[0]}&{CHAT}")
    expect(page.locator("th.workload")).to_have_text(["Chat", "Long"])
    assert_looks_right(page)
