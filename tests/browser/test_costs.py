"""The Costs page in a browser: presets, sliders, a pasted record, the address, and all of it without JavaScript."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.look import assert_looks_right

USAGE = {"prompt_tokens": 10_000, "completion_tokens": 500, "prompt_tokens_details": {"cached_tokens": 4_000}}


def address(page, query):
    expect(page).to_have_url(re.compile(re.escape(query) + "$"))


def totals(page):
    return page.locator("tbody summary b").all_inner_texts()


def slide(page, name, value):
    page.locator(f"[data-for={name}]").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})) }", value
    )


def test_a_preset_changes_fields_and_ranking_and_back_returns(visit):
    page = visit("/costs/")
    first = totals(page)
    page.get_by_label("Chat assistant").check()
    address(page, "/costs/?preset=chat")
    expect(page.locator("#tin")).to_have_value("3,000")
    expect(page.locator("#read")).to_have_value("50%")
    expect(page.locator("#count")).to_contain_text("Chat assistant: 100,000 requests a month")
    assert totals(page) != first
    page.get_by_label("Bulk classification").check()
    address(page, "/costs/?preset=classification")
    expect(page.locator("#mode")).to_have_value("batch")
    page.go_back()
    address(page, "/costs/?preset=chat")
    expect(page.locator("#tin")).to_have_value("3,000")
    expect(page.get_by_label("Chat assistant")).to_be_checked()
    page.go_back()
    address(page, "/costs/")
    expect(page.locator("#tin")).to_have_value("120,000")
    assert totals(page) == first


def test_typing_in_a_field_makes_own_numbers_and_moves_its_slider(visit):
    page = visit("/costs/?preset=chat")
    length = page.evaluate("history.length")
    field = page.locator("#n")
    field.press("Control+A")
    field.press_sequentially("200000", delay=20)
    address(page, "/costs/?n=200000&tin=3000&read=50%&write=0&tout=400".replace("%", "%25").replace("&write=0", ""))
    expect(field).to_be_focused()
    expect(field).to_have_value("200000")
    expect(page.get_by_label("My own numbers")).to_be_checked()
    assert page.locator("[data-for=n]").input_value() == "757"  # ln(1 + 200,000) of ln(1 + 10,000,000)
    assert page.evaluate("history.length") == length
    page.get_by_label("Chat assistant").check()  # its numbers count again, not those of the fields
    address(page, "/costs/?preset=chat")
    expect(field).to_have_value("100,000")


def test_a_slider_writes_its_field(visit):
    page = visit("/costs/?preset=chat")
    slide(page, "read", "25")
    expect(page.locator("#read")).to_have_value("25%")
    address(page, "/costs/?n=100000&tin=3000&read=25%25&tout=400")
    slide(page, "tout", "0")
    expect(page.locator("#tout")).to_have_value("0")
    address(page, "/costs/?n=100000&tin=3000&read=25%25&tout=0")  # a request that is given up is told in the console
    slide(page, "tin", "1000")
    expect(page.locator("#tin")).to_have_value("2,000,000")
    address(page, "/costs/?n=100000&tin=2000000&read=25%25&tout=0")
    page.locator("[data-for=n]").focus()
    page.keyboard.press("End")
    expect(page.locator("#n")).to_have_value("10,000,000")
    address(page, "/costs/?n=10000000&tin=2000000&read=25%25&tout=0")
    expect(page.locator("[data-for=n]")).to_be_focused()


def test_a_bad_value_is_said_at_its_field_and_goes_when_it_is_mended(visit):
    page = visit("/costs/")
    page.locator("#read").fill("lots")
    expect(page.locator("#read-error")).to_contain_text("“lots” is not a number such as 80% or 96,000.")
    expect(page.locator("#read")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#results")).to_contain_text("These numbers are no workload yet")
    expect(page.locator("#read")).to_have_value("lots")
    page.locator("#read").fill("90%")
    expect(page.locator("#read-error")).to_be_empty()
    expect(page.locator("#read")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.locator("#write").fill("20%")
    expect(page.locator("#read-error")).to_contain_text("more than the prompt")
    expect(page.locator("#write")).to_have_attribute("aria-invalid", "true")


def test_a_pasted_record_becomes_the_workload_and_another_browser_shows_the_same(visit):
    page = visit("/costs/?preset=chat")
    page.locator("input[type=checkbox][name=provider][value=openai]").check()
    address(page, "/costs/?preset=chat&provider=openai")
    page.get_by_text("Paste a usage record").click()
    page.locator("#usage").fill("nonsense")
    page.complaints.clear()
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("#usage-error")).to_contain_text("This is not JSON.")
    assert [text for text in page.complaints if "422" not in text] == []
    page.complaints.clear()
    expect(page.locator("#usage")).to_have_value("nonsense")
    page.locator("#usage").fill(json.dumps([USAGE, USAGE]))
    page.get_by_role("button", name="Use it").click()
    address(page, "/costs/?provider=openai&n=100000&tin=10000&read=40%25&tout=500")
    expect(page.locator("#tin")).to_have_value("10,000")
    expect(page.locator("#read")).to_have_value("40%")
    expect(page.locator("input[type=checkbox][name=provider][value=openai]")).to_be_checked()
    other = visit(page.url.partition("/costs/")[2].join(["/costs/", ""]))
    assert totals(other) == totals(page)
    assert other.locator("#tin").input_value() == "10,000"
    assert other.locator("#count").inner_text() == page.locator("#count").inner_text()


def test_filters_pages_and_sums(visit):
    page = visit("/costs/")
    page.locator("#q").fill("claude")
    address(page, "/costs/?q=claude")
    page.locator(".pager").get_by_role("link", name="25", exact=True).click()
    page.get_by_role("link", name="Next").click()
    address(page, "/costs/?q=claude&per=25&page=2")
    expect(page.locator("tbody tr").first.locator("td").first).to_have_text(re.compile(r"\d+"))
    page.locator("tbody summary").first.click()
    expect(page.locator("tbody details[open] .sum")).to_contain_text("Per month")
    page.keyboard.press("Escape")
    expect(page.locator("tbody details[open]")).to_have_count(0)
    page = visit("/costs/?preset=long")
    page.get_by_text("offers left out").click()
    page.get_by_role("link", name="Show them, at the end").click()
    expect(page).to_have_url(re.compile("excluded=1"))
    expect(page.locator("tbody")).to_contain_text("The prompt is larger than it can read.")


def test_all_of_it_without_javascript(visit):
    page = visit("/costs/", scripts=False)
    expect(page.locator("[data-for=n]")).to_be_hidden()
    page.get_by_label("Summarising").check()
    page.get_by_role("button", name="Recalculate").click()
    address(page, "/costs/?preset=summaries")
    expect(page.locator("#tin")).to_have_value("8,000")
    page.locator("#n").fill("50k")
    page.locator("#read").fill("2,000")
    page.get_by_role("button", name="Recalculate").click()
    address(page, "/costs/?n=50000&tin=8000&read=2000&tout=500")
    expect(page.get_by_label("My own numbers")).to_be_checked()
    page.locator("tbody summary").first.click()
    expect(page.locator("tbody details[open] .sum")).to_contain_text("Per month")
    page.get_by_text("Paste a usage record").click()
    page.locator("#usage").fill(json.dumps(USAGE))
    page.get_by_role("button", name="Use it").click()
    address(page, "/costs/?n=50000&tin=10000&read=40%25&tout=500")


@pytest.mark.parametrize("query", ["?per=25", "?n=x&tin=5&tout=1", "?preset=classification&q=claude&excluded=1&per=25"])
def test_it_looks_right(visit, query):
    page = visit(f"/costs/{query}")
    if page.locator("tbody summary").count():
        page.locator("tbody summary").first.click()
    assert_looks_right(page)
