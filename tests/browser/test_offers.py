"""The Offers page in a browser: filters, sorting, paging, the address, keys, and what happens when a request fails."""

import re

import pytest
from playwright.sync_api import expect


def names(page):
    return page.locator("tbody a.name").all_inner_texts()


def address(page, query):
    expect(page).to_have_url(re.compile(re.escape(query) + "$"))


def box(page, name, value):
    return page.locator(f"input:not([type=hidden])[name={name}][value='{value}']")


def test_sort_by_a_click_then_down_then_off(visit):
    page = visit("/?provider=openai")
    page.get_by_role("link", name="Input", exact=True).click()
    address(page, "/?provider=openai&sort=input")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Input")
    page.locator("#sort-input").click()
    address(page, "/?provider=openai&sort=-input")
    expect(page.locator("tbody tr").first).to_contain_text("o1-pro")
    expect(page.locator("#sort-input")).to_be_focused()
    page.locator("#sort-input").click()
    address(page, "/?provider=openai")


def test_shift_and_click_adds_a_second_key(visit):
    page = visit("/?sort=-context")
    page.locator("#sort-output").click(modifiers=["Shift"])
    address(page, "/?sort=-context,output")
    expect(page.locator("th.sorted")).to_contain_text("Output")


def test_typing_replaces_the_address_and_keeps_the_focus(visit):
    page = visit("/?per=25")
    length = page.evaluate("history.length")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("claude opus", delay=20)
    address(page, "/?q=claude+opus&per=25")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#count")).to_contain_text("62 offers")
    assert page.evaluate("history.length") == length
    assert all(
        "opus" in name.casefold() or "opus" in page.locator("tbody").inner_text().casefold() for name in names(page)
    )


def test_a_choice_pushes_the_address_and_back_returns(visit):
    page = visit("/")
    box(page, "provider", "openai").check()
    address(page, "/?provider=openai")
    expect(page.locator("#count")).to_contain_text("113 offers")
    box(page, "mode", "batch").check()
    address(page, "/?provider=openai&mode=batch")
    expect(page.locator(".chips")).to_contain_text("Batch")
    page.go_back()
    address(page, "/?provider=openai")
    expect(page.locator("#count")).to_contain_text("113 offers")
    expect(page.locator("html body .topbar")).to_be_visible()
    page.go_back()
    expect(page.locator("#count")).to_contain_text("2,259 offers")
    expect(box(page, "provider", "openai")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#count")).to_contain_text("113 offers")
    expect(box(page, "provider", "openai")).to_be_checked()


def test_counts_follow_the_other_filters_without_redrawing_the_boxes(visit):
    page = visit("/")
    page.evaluate("document.getElementById('facets').dataset.mine = 'yes'")
    box(page, "state", "unknown").check()
    address(page, "/?state=unknown")
    expect(page.locator("#n-provider-github-copilot")).to_have_text("4")
    expect(page.locator("#facets")).to_have_attribute("data-mine", "yes")


def test_reload_and_a_pasted_address_show_the_same(visit):
    page = visit("/")
    box(page, "provider", "google").check()
    address(page, "/?provider=google")
    page.locator("#sort-output").click()
    address(page, "/?provider=google&sort=output")
    shown = names(page)
    page.reload()
    assert names(page) == shown
    assert names(visit("/?provider=google&sort=output")) == shown


def test_chips_and_clear_all(visit):
    page = visit("/?provider=openai&q=gpt&min_context=128000")
    page.get_by_role("link", name="Remove filter Search gpt").click()
    address(page, "/?provider=openai&min_context=128000")
    expect(page.locator("#q")).to_have_value("")
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.locator("#count")).to_contain_text("2,259 offers")


def test_pages_by_number_and_focus_on_the_table(visit):
    page = visit("/?sort=-input")
    first = names(page)
    page.get_by_role("link", name="Next").click()
    address(page, "/?sort=-input&page=2")
    expect(page.locator("#table")).to_be_focused()
    assert not set(first) & set(names(page)) or names(page) != first
    page.locator(".pager").get_by_role("link", name="100").click()
    address(page, "/?sort=-input&per=100")
    expect(page.locator("tbody tr")).to_have_count(100)


def test_prompt_size_unit_and_columns(visit):
    page = visit("/?q=gemini-2.5-pro&provider=google")
    row = page.locator("tbody tr").filter(has_text="google/gemini-2.5-pro").first
    expect(row).to_contain_text("1.25")
    box(page, "prompt", "200001").check()
    address(page, "prompt=200001")
    expect(page.locator("tbody tr").filter(has_text="google/gemini-2.5-pro").first).to_contain_text("2.50")
    box(page, "unit", "1k").check()
    expect(page.locator(".over")).to_contain_text("US dollars per 1K tokens")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Cache write").uncheck()
    expect(page.locator("#sort-cache_write")).to_have_count(0)


def test_the_last_tick_brings_the_usual_ones_back(visit):
    page = visit("/")
    box(page, "lifecycle", "active").click()
    expect(box(page, "lifecycle", "active")).to_be_checked()
    page.get_by_text("Columns", exact=True).click()
    for column in page.evaluate("[...document.querySelectorAll('input[name=col]:checked')].map(box => box.value)"):
        box(page, "col", column).click()
    expect(page.locator("input[name=col]:checked")).to_have_count(11)
    expect(page.locator("#sort-updated")).to_be_visible()
    address(page, "/")


def test_a_filter_keeps_the_moment_and_sharing_the_filter(visit):
    page = visit("/?as_of=2025-06-09T12:30:00.5Z")
    page.get_by_label("Search offers").fill("gpt")
    address(page, "/?q=gpt&as_of=2025-06-09T12:30:00.5")
    expect(page.locator("#count")).to_contain_text("as of 9 June 2025, 12:30 UTC")
    page.get_by_role("link", name="Share").click()
    assert "q%253Dgpt%2526as_of" in page.url


def test_the_first_column_and_the_heading_stay_in_view(visit):
    page = visit("/", width=768)
    before = page.locator("tbody th a.name").first.bounding_box()
    heading = page.locator("#sort-model").bounding_box()
    page.locator("#table").evaluate("table => table.scrollTo(400, 0)")
    assert page.locator("tbody th a.name").first.bounding_box() == before
    page.locator("#table").evaluate("table => table.scrollTo(0, 600)")
    assert page.locator("#sort-model").bounding_box() == heading


def test_a_failed_request_says_so_and_keeps_the_rows(visit):
    page = visit("/")
    shown = names(page)
    page.route("**/?sort=input", lambda route: route.fulfill(status=500, body="broken"))
    page.locator("#sort-input").click()
    expect(page.get_by_role("alert")).to_contain_text("The server answered 500.")
    assert names(page) == shown
    page.unroute("**/?sort=input")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Input")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.route("**/?sort=-input", lambda route: route.abort())
    page.locator("#sort-input").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    page.complaints.clear()  # the browser itself reports both failures


def test_a_newer_request_overtakes_an_older_one(visit):
    page = visit("/")
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route(re.compile(r"q=slow$|q=slow&"), hold)
    page.locator("#q").fill("slow")
    page.wait_for_timeout(400)
    page.locator("#q").fill("claude")
    address(page, "/?q=claude")
    expect(page.locator("#count")).to_contain_text("offers")
    assert waiting
    for route in waiting:
        route.abort()
    assert "laude" in names(page)[0]
    page.complaints.clear()


def test_an_offer_opens_and_leads_back(visit):
    page = visit("/?q=o3&provider=openai&as_of=2025-06-01")
    page.get_by_role("link", name="o3", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("o3")
    expect(page.locator("tbody tr").first).to_contain_text("10.00")
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator("tbody tr").first).to_contain_text("2.00")
    page.go_back()
    page.go_back()
    address(page, "as_of=2025-06-01")


def test_theme_and_row_height_are_kept(visit):
    page = visit("/")
    page.get_by_label("Account and theme").click()
    with page.expect_response("**/appearance/"):
        page.get_by_label("Dark").check()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.get_by_label("Account and theme").click()
    with page.expect_response("**/appearance/"):
        page.get_by_label("Tight rows").check()
    page.reload()
    expect(page.locator("table.grid.tight")).to_be_visible()


def test_keys_walk_through_the_rows(visit):
    page = visit("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody a.name").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("tbody a.name").nth(0)).to_be_focused()


def test_on_a_phone_filters_are_a_sheet(visit):
    page = visit("/", width=375, has_touch=True)
    expect(page.locator("#facets")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    box(page, "provider", "openai").check()
    page.get_by_role("button", name="Show the offers").click()
    expect(page.get_by_role("button", name="Filters 1", exact=True)).to_be_visible()
    expect(page.locator("#facets")).to_be_hidden()
    expect(page.locator("#count")).to_contain_text("113 offers")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_rows_below_the_screen_follow_a_swap_at_once(visit):
    page = visit("/?per=100")
    page.locator("#sort-context").click()
    address(page, "/?sort=context&per=100")
    expect(page.locator("tbody tr:visible")).to_have_count(100)
    expect(page.locator("table.top")).to_have_count(0)


def test_keys_open_the_filters_and_the_list_of_keys(visit):
    page = visit("/")
    page.keyboard.press("f")
    expect(page.locator("#facets input").first).to_be_focused()
    page = visit("/", width=375)
    page.keyboard.press("f")
    expect(page.locator("#facets")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Filters")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_g_and_a_letter_go_to_a_page_but_not_while_typing(visit):
    page = visit("/audit/")
    for key, title in (("m", "Catalog matrix"), ("w", "Workload costs"), ("c", "Changes"), ("o", "Offers")):
        page.keyboard.type(f"xg{key}")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.wait_for_load_state()  # keys are heard once the script has run
    page.locator("[type=search]").press_sequentially("gm")
    address(page, "/?q=gm")
    expect(page.get_by_role("heading", level=1)).to_have_text("Offers")


def test_the_focus_goes_to_the_table_where_a_chip_or_back_loads_the_page_anew(visit):
    page = visit("/?provider=openai&q=o3")
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#table")).to_be_focused()
    page.locator("#sort-input").click()
    page.wait_for_url("**sort=input**")
    page.go_back()
    expect(page.locator("#table")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(375, 667), (768, 900), (1440, 900)])
def test_the_end_of_the_page_leaves_the_table_s_heading_in_sight(visit, width, height):
    page = visit("/", width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    top, bar = page.evaluate(
        "[document.getElementById('table').getBoundingClientRect().top,"
        " document.querySelector('.topbar').getBoundingClientRect().bottom]"
    )
    assert top >= bar
