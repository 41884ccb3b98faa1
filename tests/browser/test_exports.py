"""Files of the table on the screen, downloaded, and the same table on paper."""

import pandas
import pytest
from playwright.sync_api import expect

from tests.browser.look import assert_looks_right


def download(page, label):
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as found:
        page.locator("#exports").get_by_role("link", name=label).click()
    return found.value


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_file_holds_what_the_filters_left(visit, tmp_path, scripts):
    page = visit("/?sort=-output", scripts=scripts)
    page.locator("#q").fill("claude opus")
    if not scripts:
        page.locator("#view").get_by_role("button", name="Apply").first.click()
    expect(page.locator("tbody .name").first).to_contain_text("Opus")
    expect(page.locator("#exports a").first).to_have_attribute("href", "/export/offers.csv?q=claude+opus&sort=-output")
    found = download(page, "Excel")
    assert found.suggested_filename.startswith("ratecard-offers-")
    found.save_as(tmp_path / "offers.xlsx")
    rows = pandas.read_excel(tmp_path / "offers.xlsx")
    names = [name.strip() for name in page.locator("tbody .name").all_inner_texts()]
    assert rows["Model"].tolist()[: len(names)] == names
    assert f"{len(rows)} offers" in page.locator("#count").inner_text()


def test_the_menu_looks_right(visit):
    page = visit("/?per=25")
    page.locator("details:has(#exports) > summary").click()
    assert_looks_right(page)


def test_on_paper_the_table_is_whole_black_on_white_and_says_where_it_is_from(visit):
    page = visit("/?per=25", theme="dark")
    page.locator("#sort-output").click()
    expect(page.locator("#sort-output svg")).to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for gone in (".topbar", ".aside", ".toolbar", ".pager", "details:has(#exports)"):
        expect(page.locator(gone).first).to_be_hidden()
    table = page.locator("#table")
    assert table.evaluate("region => region.scrollHeight - region.clientHeight") <= 1
    assert page.locator("tbody .name").first.evaluate("name => getComputedStyle(name).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert table.locator("thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"
    expect(page.locator("#printed-from")).to_have_text(page.url)
    assert page.url.endswith("/?sort=output&per=25")
