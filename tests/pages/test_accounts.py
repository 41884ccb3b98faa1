"""Signing in and out, changing a password, and the lock against guessing."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse 9"
WRONG = "That user name and password do not match an account."


@pytest.fixture
def dana():
    return User.objects.create_user("dana", password=PASSWORD)


def sign_in(client, password=PASSWORD, username="dana", **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.usefixtures("dana")
class TestSigningIn:
    def test_leads_home_and_to_a_new_session(self, client):
        client.get("/sign-in/")
        client.session.save()
        response = sign_in(client)
        assert (response.status_code, response["Location"]) == (302, "/")
        assert "Signed in as dana" in client.get("/").content.decode()

    def test_a_session_that_someone_else_planted_is_not_kept(self, client):
        planted = client.session
        planted["x"] = 1
        planted.save()
        client.cookies["sessionid"] = planted.session_key
        sign_in(client)
        assert client.session.session_key != planted.session_key

    @pytest.mark.parametrize(
        ("asked", "led_to"),
        [
            ("/?q=a&sort=-input", "/?q=a&sort=-input"),
            ("/admin/", "/admin/"),
            ("", "/"),
            ("https://example.com/", "/"),
            ("//example.com/", "/"),
            ("/\\example.com", "/"),
            ("javascript:alert(1)", "/"),
            ("https://testserver/", "https://testserver/"),
        ],
    )
    def test_next_leads_to_our_own_pages_alone(self, client, asked, led_to):
        form = client.get("/sign-in/", {"next": asked}).content.decode()
        assert ("example.com" in form, "javascript" in form) == (False, False)
        assert sign_in(client, next=asked)["Location"] == led_to

    @pytest.mark.parametrize(
        ("asked", "led_to"),
        [("/?q=a", "/?q=a"), ("", "/"), ("https://example.com/", "/"), ("/sign-in/", "/"), ("/sign-in/?next=/", "/")],
    )
    def test_whoever_is_signed_in_is_sent_on(self, client, asked, led_to):
        sign_in(client)
        response = client.get("/sign-in/", {"next": asked})
        assert (response.status_code, response["Location"]) == (302, led_to)

    @pytest.mark.parametrize(("username", "password"), [("dana", "wrong"), ("nobody", PASSWORD), ("DANA", PASSWORD)])
    def test_a_mistake_does_not_tell_whether_there_is_such_an_account(self, client, username, password):
        page = sign_in(client, password, username).content.decode()
        assert WRONG in page
        assert f'value="{username}"' in page
        assert password not in page
        assert re.search(
            r'<input type="password"[^>]* aria-describedby="id_password_helptext" aria-invalid="true"', page
        )
        assert not is_signed_in(client)

    def test_whoever_was_put_off_stays_out_and_is_signed_out(self, client, dana):
        sign_in(client)
        dana.is_active = False
        dana.save()
        assert "Not signed in" in client.get("/").content.decode()
        assert WRONG in sign_in(client).content.decode()

    def test_an_empty_form_says_what_is_missing(self, client):
        page = sign_in(client, "", "").content.decode()
        assert page.count("This field is required.") == 2
        assert 'aria-describedby="id_username_error"' in page
        assert 'id="id_username_error"' in page
        assert "None" not in page

    def test_it_keeps_the_theme_and_is_kept_by_nobody(self, client):
        client.cookies["theme"] = "dark"
        response = client.get("/sign-in/")
        assert b'data-theme="dark"' in response.content
        assert "no-store" in response["Cache-Control"]

    def test_another_site_cannot_do_it(self):
        stranger = Client(enforce_csrf_checks=True)
        assert sign_in(stranger).status_code == 403
        assert not is_signed_in(stranger)

    def test_the_account_menu_leads_there_and_back_to_the_page(self, client):
        assert 'href="/sign-in/?next=/%3Fq%3Da"' in client.get("/?q=a").content.decode()


@pytest.mark.usefixtures("dana")
class TestSigningOut:
    def test_ends_the_session_and_says_so(self, client):
        sign_in(client)
        page = client.post("/sign-out/")
        assert "You are signed out" in page.content.decode()
        assert not is_signed_in(client)

    def test_a_link_does_not_do_it(self, client):
        sign_in(client)
        asked = client.get("/sign-out/")
        assert "You are signed in as" in asked.content.decode()
        assert 'action="/sign-out/"' in asked.content.decode()
        assert "sessionid" in client.cookies
        assert is_signed_in(client)

    def test_the_admin_s_button_does_the_same(self, admin_client):
        assert "You are signed out" in admin_client.post("/admin/logout/").content.decode()
        assert not is_signed_in(admin_client)


class TestOneDoor:
    def test_the_admin_sends_strangers_to_it_and_back(self, client, admin_user):
        response = client.get("/admin/catalog/", follow=True)
        assert response.redirect_chain[-1][0] == "/sign-in/?next=/admin/catalog/"
        assert sign_in(client, "password", "admin", next="/admin/catalog/")["Location"] == "/admin/catalog/"
        assert client.get("/admin/login/?next=/admin/catalog/")["Location"] == "/admin/catalog/"
        assert client.get("/admin/login/")["Location"] == "/admin/"

    def test_who_is_not_staff_is_told_so_instead_of_going_in_circles(self, client, dana):
        client.force_login(dana)
        response = client.get("/admin/", follow=True)
        assert response.status_code == 403
        assert "Your account may not open this page" in response.content.decode()

    def test_the_admin_s_own_form_takes_no_password(self, client, admin_user):
        assert client.post("/admin/login/", {"username": "admin", "password": "password"}).status_code == 405
        assert not is_signed_in(client)

    @pytest.mark.parametrize("next_page", ["https://example.com/", "/admin/login/?next=/admin/login/"])
    def test_it_leads_to_no_other_site_and_not_to_itself(self, admin_client, next_page):
        assert admin_client.get("/admin/login/", {"next": next_page})["Location"] == "/admin/"

    def test_the_admin_s_password_form_is_ours(self, admin_client):
        assert admin_client.get("/admin/password_change/")["Location"] == "/password/"


class TestPassword:
    NEW = "a better horse 10"

    @pytest.fixture(autouse=True)
    def _signed_in(self, client, dana):
        client.force_login(dana)

    def change(self, client, old=PASSWORD, new=NEW, again=NEW):
        return client.post("/password/", {"old_password": old, "new_password1": new, "new_password2": again})

    def test_is_changed_and_the_session_goes_on(self, client, dana):
        response = self.change(client)
        assert (response.status_code, response["Location"]) == (302, "/password/changed/")
        assert "Your password is changed" in client.get("/password/changed/").content.decode()
        dana.refresh_from_db()
        assert dana.check_password(self.NEW)

    def test_the_other_sessions_end(self, client, dana):
        other = Client()
        other.force_login(dana)
        self.change(client)
        assert "Not signed in" in other.get("/").content.decode()
        assert "Signed in as dana" in client.get("/").content.decode()

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"old": "wrong"}, "Your old password was entered incorrectly."),
            ({"new": "12345", "again": "12345"}, "This password is too short."),
            ({"new": "password1", "again": "password1"}, "This password is too common."),
            ({"again": "something else"}, "The two password fields didn"),
        ],
    )
    def test_a_mistake_is_named_and_changes_nothing(self, client, dana, fields, sentence):
        page = self.change(client, **fields).content.decode()
        assert sentence in page
        assert 'class="error"' in page
        dana.refresh_from_db()
        assert dana.check_password(PASSWORD)

    def test_its_rules_are_told_beforehand(self, client):
        page = client.get("/password/").content.decode()
        assert "must contain at least 8 characters" in page
        assert "&lt;" not in page

    @pytest.mark.parametrize("address", ["/password/", "/password/changed/"])
    def test_strangers_sign_in_first(self, address):
        assert Client().get(address)["Location"] == f"/sign-in/?next={address}"


@pytest.mark.usefixtures("dana")
class TestGuessing:
    def guess(self, client, times, **more):
        return [sign_in(client, "guess", **more).status_code for _ in range(times)]

    def test_the_fifth_failure_locks_the_name_even_with_the_right_password(self, client):
        assert self.guess(client, 5) == [200, 200, 200, 200, 429]
        locked = sign_in(client)
        assert (locked.status_code, locked["Retry-After"]) == (429, "900")
        assert "is off for 15 minutes" in locked.content.decode()
        assert not is_signed_in(client)

    def test_a_name_without_account_locks_alike(self, client):
        assert self.guess(client, 6, username="nobody") == [200, 200, 200, 200, 429, 429]

    def test_other_names_and_other_addresses_go_on(self, client):
        User.objects.create_user("kim", password=PASSWORD)
        self.guess(client, 5)
        assert sign_in(client, username="kim").status_code == 302
        assert sign_in(Client(REMOTE_ADDR="192.0.2.9")).status_code == 302

    def test_another_browser_does_not_help(self, client):
        self.guess(client, 4)
        assert sign_in(Client(HTTP_USER_AGENT="other"), "guess").status_code == 429

    def test_success_forgets_the_failures_before_it(self, client):
        self.guess(client, 4)
        assert sign_in(client).status_code == 302
        client.post("/sign-out/")
        assert self.guess(client, 4) == [200] * 4

    def test_it_ends_after_a_quarter_of_an_hour_however_often_one_tries(self, client):
        self.guess(client, 7)
        AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=15))
        assert sign_in(client).status_code == 302

    def test_trying_on_does_not_lengthen_it(self, client):
        self.guess(client, 5)
        since = AccessAttempt.objects.get().attempt_time
        self.guess(client, 3)
        assert AccessAttempt.objects.get().attempt_time == since

    def test_scripts_get_no_more_than_people(self, client):
        self.guess(client, 5)
        locked = client.post(
            "/sign-in/", {"username": "dana", "password": "x"}, headers={"X-Requested-With": "XMLHttpRequest"}
        )
        assert locked["Content-Type"].startswith("text/html")
        assert "Access-Control-Allow-Origin" not in locked

    def test_neither_names_nor_passwords_get_into_the_log_or_passwords_into_the_database(self, client, caplog, capfd):
        caplog.set_level("DEBUG")
        self.guess(client, 6)
        sign_in(Client(REMOTE_ADDR="192.0.2.9"))
        written = caplog.text + "".join(capfd.readouterr())
        assert "AXES: Locking out" in written
        assert "127.0.0.1" in written
        assert "dana" not in written
        assert "guess" not in written
        assert PASSWORD not in written
        assert "guess" not in str(list(AccessAttempt.objects.values()))

    def test_a_made_up_forwarding_header_does_not_help(self, client):
        for i in range(4):
            sign_in(Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{i}"), "guess")
        assert sign_in(Client(HTTP_X_FORWARDED_FOR="198.51.100.9"), "guess").status_code == 429

    def test_behind_a_proxy_each_client_counts_for_itself(self, settings):
        settings.PROXY_COUNT = 1
        for i in range(5):
            sign_in(Client(HTTP_X_FORWARDED_FOR=f"10.0.0.{i}, 198.51.100.7"), "guess")
        assert sign_in(Client(HTTP_X_FORWARDED_FOR="10.0.0.9, 198.51.100.7")).status_code == 429
        assert sign_in(Client(HTTP_X_FORWARDED_FOR="198.51.100.8")).status_code == 302
