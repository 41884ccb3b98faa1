"""Signing in and out and changing a password in a browser, with and without JavaScript, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.look import assert_looks_right


def sign_in(page: Page, name: str = "dana", password: str = PASSWORD) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def open_menu(page: Page) -> None:
    page.get_by_label("Account and theme").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_in_from_a_page_back_to_it_and_out(visit, scripts):
    page = visit("/?q=opus", scripts=scripts)
    open_menu(page)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("User name")).to_be_focused()
    sign_in(page)
    expect(page).to_have_url(re.compile(r"/\?q=opus$"))
    open_menu(page)
    expect(page.get_by_text("Signed in as dana")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.get_by_role("link", name="Ratecard").click()
    open_menu(page)
    expect(page.get_by_text("Not signed in")).to_be_visible()


def test_back_to_the_address_that_htmx_left(visit):
    page = visit("/")
    page.locator("[name=provider][value=openai]").check()
    expect(page).to_have_url(re.compile(r"/\?provider=openai$"))
    open_menu(page)
    page.get_by_role("link", name="Sign in").click()
    sign_in(page)
    expect(page).to_have_url(re.compile(r"/\?provider=openai$"))


def test_a_second_time_the_forms_still_work(visit):
    page = visit("/sign-in/")
    for _ in range(2):
        sign_in(page)
        expect(page.get_by_role("heading", name="Offers")).to_be_visible()
        open_menu(page)
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in again").click()


def test_by_keyboard_alone(visit):
    page = visit("/sign-in/")
    expect(page.get_by_label("User name")).to_be_focused()  # nobody types before the page is there
    page.keyboard.type("dana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Offers")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_password_says_so_and_keeps_the_name(visit, scripts):
    page = visit("/sign-in/", scripts=scripts)
    sign_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_have_text("That user name and password do not match an account.")
    expect(page.get_by_label("User name")).to_have_value("dana")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Password")).to_have_accessible_description(re.compile("An administrator"))
    sign_in(page)
    expect(page.get_by_role("heading", name="Offers")).to_be_visible()


def test_the_fifth_failure_locks(visit):
    page = visit("/sign-in/")
    for _ in range(5):
        sign_in(page, "guesser", "wrong")
    expect(page.get_by_role("heading", name="Too many failed sign-ins")).to_be_visible()
    expect(page.locator("main")).to_contain_text("is off for 15 minutes")
    page.complaints[:] = [text for text in page.complaints if "429" not in text]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_password_is_changed_and_changed_back(visit, scripts):
    page = visit("/sign-in/?next=/password/", scripts=scripts)
    sign_in(page, "robin")
    for old, new in ((PASSWORD, "a better horse 10"), ("a better horse 10", PASSWORD)):
        for label, text in (("Current password", "wrong"), ("New password", new), ("New password again", new)):
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_label("Current password")).to_have_accessible_description(
            "Your old password was entered incorrectly. Please enter it again."
        )
        for label, text in (("Current password", old), ("New password", new), ("New password again", new)):
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
        page.get_by_role("link", name="To the offers").click()
        open_menu(page)
        page.get_by_role("link", name="Change password").click()


def test_it_looks_right(visit):
    page = visit("/sign-in/")
    assert_looks_right(page)
    sign_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_looks_right(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Offers")).to_be_visible()
    open_menu(page)
    assert_looks_right(page)
    page.goto("/password/")
    assert_looks_right(page)
    for label in ("Current password", "New password", "New password again"):
        page.get_by_label(label, exact=True).fill("1")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".error")).to_have_count(2)
    assert_looks_right(page)
    page.goto("/password/changed/")
    assert_looks_right(page)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Not for this account")).to_be_visible()
    assert_looks_right(page)
    page.complaints[:] = [text for text in page.complaints if "403" not in text]


def test_a_form_from_before_the_cookies_went_says_what_to_do(visit):
    page = visit("/sign-in/")
    page.context.clear_cookies()
    sign_in(page)
    expect(page.get_by_role("heading", name="That form was too old")).to_be_visible()
    assert_looks_right(page)
    page.complaints[:] = [text for text in page.complaints if "403" not in text]
