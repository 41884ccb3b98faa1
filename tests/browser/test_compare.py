"""Picking offers over two pages of the table, comparing them, switching the tier's mode, and sharing the address."""

import re

from playwright.sync_api import expect

from tests.browser.look import assert_looks_right


def boxes(page):
    return page.locator(".pick input")


def heads(page):
    return page.locator("#table thead a.name")


def pick_three(page):
    """Two offers of the first page, and one of the second."""
    names = []
    for number, box in ((1, 0), (1, 2), (2, 1)):
        if number == 2 and len(names) == 2:
            page.get_by_role("link", name="Next").click()
            expect(page.locator(".pager")).to_contain_text("26–50 of")
        boxes(page).nth(box).check()
        names.append(page.locator("tbody a.name").nth(box).inner_text())
        if page.locator(".tray .chip").count():
            expect(page.locator(".tray .chip")).to_have_count(len(names))
    return names


def test_pick_over_two_pages_compare_switch_the_mode_and_share(visit, browser, site):
    page = visit("/?provider=openai&q=gpt&per=25")
    expect(page.locator(".tray")).to_be_hidden()
    boxes(page).nth(0).check()
    expect(page.locator(".tray b")).to_have_text("1 picked")
    names = pick_three(page)
    expect(page.locator(".tray .chip")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"q=gpt.*(&o=\d+){3}"))
    page.get_by_role("link", name="Previous").click()
    expect(page.locator(".pager")).to_contain_text("1–25 of")
    expect(boxes(page).nth(0)).to_be_checked()
    expect(boxes(page).nth(1)).not_to_be_checked()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 3 offers")
    assert sorted(heads(page).all_inner_texts()) == sorted(names)
    expect(page).to_have_url(re.compile(r"/compare/\?(&?o=\d+){3}$"))
    page.get_by_role("link", name="Batch", exact=True).click()
    expect(page).to_have_url(re.compile(r"&mode=batch$"))
    expect(page.locator("#table")).to_contain_text("US dollars per 1M tokens, batch mode")
    page.get_by_label("Only rows that differ").check()
    expect(page).to_have_url(re.compile(r"&mode=batch&differing=1$"))
    expect(page.get_by_label("Only rows that differ")).to_be_focused()
    shared = visit(page.url.removeprefix(site))
    assert shared.locator("#table").inner_text() == page.locator("#table").inner_text()
    page.go_back()
    expect(page.get_by_label("Only rows that differ")).not_to_be_checked()


def test_a_filter_keeps_what_is_picked_and_a_chip_takes_it_off(visit):
    page = visit("/?per=25")
    boxes(page).nth(0).check()
    expect(page.locator(".tray .chip")).to_have_count(1)
    page.locator("#sort-input").click()
    expect(page).to_have_url(re.compile(r"sort=input&per=25&o=\d+$"))
    page.locator("#q").fill("claude")
    expect(page).to_have_url(re.compile(r"q=claude&sort=input&per=25&o=\d+$"))
    boxes(page).nth(0).check()
    expect(page.locator(".tray .chip")).to_have_count(2)
    name = page.locator("tbody a.name").nth(0).inner_text()
    page.locator(".tray .chip", has_text=name).click()
    expect(boxes(page).nth(0)).not_to_be_checked()
    expect(page.locator(".tray .chip")).to_have_count(1)
    page.locator(".tray").get_by_role("link", name="Clear").click()
    expect(page.locator(".tray")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"q=claude&sort=input&per=25$"))


def test_a_seventh_is_taken_back_and_says_so(visit):
    page = visit("/?per=25")
    for number in range(6):
        boxes(page).nth(number).check()
        expect(page.locator(".tray .chip")).to_have_count(number + 1)
    boxes(page).nth(6).click()
    expect(page.locator(".tray [role=alert]")).to_contain_text("6 offers at most")
    expect(boxes(page).nth(6)).not_to_be_checked()


def test_keys(visit):
    page = visit("/?per=25")
    for count in (1, 2):
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator(".tray .chip")).to_have_count(count)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 offers")


def test_move_remove_and_add(visit):
    page = visit("/?q=openai/gpt-4.1&provider=openai")
    for number in range(3):
        boxes(page).nth(number).check()
        expect(page.locator(".tray .chip")).to_have_count(number + 1)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 3 offers")
    first, second, third = heads(page).all_inner_texts()
    page.get_by_role("link", name=f"Move {first} right", exact=True).click()
    expect(heads(page).nth(0)).to_have_text(second)
    page.get_by_role("link", name=re.compile(f"Remove {re.escape(third)},")).click()
    expect(heads(page)).to_have_count(2)
    expect(page).to_have_title("Compare 2 offers · Ratecard")
    page.get_by_label("Add an offer", exact=True).fill("claude opus")
    page.get_by_role("button", name="Find").click()
    page.locator(".found").get_by_role("link").first.click()
    expect(heads(page)).to_have_count(3)
    expect(heads(page).nth(2)).to_contain_text("claude", ignore_case=True)


def test_without_script(visit):
    page = visit("/?provider=openai&q=gpt&per=25", scripts=False)
    boxes(page).nth(0).check()
    page.get_by_role("button", name="Keep these").click()
    expect(page).to_have_url(re.compile(r"/\?o=\d+&q=gpt&provider=openai&per=25$"))
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".tray .chip")).to_have_count(1)
    boxes(page).nth(0).check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 offers")
    page.get_by_role("link", name="Batch", exact=True).click()
    page.get_by_label("Only rows that differ").check()
    page.get_by_role("button", name="Apply").last.click()
    expect(page).to_have_url(re.compile(r"/compare/\?o=\d+&o=\d+&mode=batch&differing=1$"))
    page.get_by_label("Add an offer", exact=True).fill("claude opus")
    page.get_by_role("button", name="Find").click()
    page.locator(".found").get_by_role("link").first.click()
    expect(heads(page)).to_have_count(3)


def test_it_looks_right(visit):
    page = visit("/?provider=openai&q=gpt&per=25")
    ids = [boxes(page).nth(number).get_attribute("value") for number in (0, 3, 5, 7, 9, 11)]
    picked = "&".join(f"o={one}" for one in ids)
    for path in (
        f"/?{picked}&per=25",
        "/compare/?add=gpt",
        f"/compare/?{picked[: picked.rindex('&')]}&add=opus",
        f"/compare/?{picked}",
    ):
        page.goto(path)
        if path.startswith("/compare/?o"):
            page.get_by_text("Show as a table").click()
            page.locator("summary", has_text="Workload").click()
        assert_looks_right(page)
