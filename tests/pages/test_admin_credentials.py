"""Credentials in the admin: the secret goes in and never comes out."""

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.views.debug import SafeExceptionReporterFilter

from catalog.models import Credential
from tests.make import SECRET, catalog, credential

pytestmark = pytest.mark.django_db
ADD = "/admin/catalog/credential/add/"
LIST = "/admin/catalog/credential/"


def page_of(made: Credential, name: str = "change") -> str:
    return reverse(f"admin:catalog_credential_{name}", args=[made.pk])


def form(**fields: str) -> dict[str, str]:
    return {"label": "Team key", "scheme": "bearer", "secret": "", **fields}


def staff(client, *codenames: str) -> User:
    """Sign in as a member of staff with these permissions alone."""
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


def test_a_new_one_is_stored_with_who_made_it_and_not_shown(admin_client):
    response = admin_client.post(ADD, form(secret=SECRET), follow=True)
    made = Credential.objects.get()
    assert (made.secret, made.last_four, made.scheme) == (SECRET, "9876", "bearer")
    assert (made.created_by.username, made.changed_by.username) == ("admin", "admin")
    assert SECRET not in response.content.decode()


def test_a_key_pasted_with_blanks_around_it_is_meant_without_them(admin_client):
    admin_client.post(ADD, form(secret=f"  {SECRET}\n"))
    assert Credential.objects.get().secret == SECRET


def test_no_page_and_no_log_entry_holds_the_secret(admin_client):
    admin_client.post(ADD, form(secret=SECRET))
    made = Credential.objects.get()
    catalog(kind="freddy", organization="org_1", credential=made)
    admin_client.post(page_of(made), form(label="Renamed", secret="sk-live-ANOTHER-5555"))
    assert Credential.objects.get().secret == "sk-live-ANOTHER-5555"
    pages = [LIST, page_of(made), page_of(made, "history"), page_of(made, "delete"), "/admin/"]
    pages += ["/admin/catalog/catalog/", "/admin/catalog/catalog/add/?kind=freddy"]
    for path in pages:
        text = admin_client.get(path, follow=True).content.decode()
        assert "SECRET" not in text, path
        assert "ANOTHER" not in text, path
    entries = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(entries) == 2
    assert [entry for entry in entries if "SECRET" in entry or "ANOTHER" in entry] == []
    assert "Label" in entries[0]
    assert "Secret" in entries[0]


def test_a_form_with_a_mistake_does_not_give_the_secret_back(admin_client):
    response = admin_client.post(ADD, form(label="", secret=SECRET))
    assert response.status_code == 200
    assert SECRET not in response.content.decode()
    response = admin_client.post(ADD, form(secret=f"{SECRET} {SECRET}"))
    assert "plain ASCII characters without spaces" in response.content.decode()
    assert SECRET not in response.content.decode()


def test_browsers_are_told_not_to_fill_the_secret_in(admin_client):
    text = admin_client.get(page_of(credential())).content.decode()
    (field,) = [part for part in text.split("<input ") if 'name="secret"' in part]
    assert 'type="password"' in field
    assert 'autocomplete="new-password"' in field
    assert "value=" not in field.split(">")[0]


def test_a_new_one_needs_a_secret(admin_client):
    assert "This field is required" in admin_client.post(ADD, form()).content.decode()
    assert not Credential.objects.exists()


def test_an_empty_secret_keeps_the_stored_one_and_is_no_change(admin_client):
    made = credential()
    admin_client.post(page_of(made), form(label="Renamed"))
    again = Credential.objects.get()
    assert (again.label, again.secret, again.changed_by.username) == ("Renamed", SECRET, "admin")
    assert LogEntry.objects.get().get_change_message() == "Changed Label."


def test_a_secret_that_no_key_opens_is_explained_and_kept(admin_client, settings):
    old = settings.CREDENTIAL_KEYS
    made = credential()
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    assert "None of CREDENTIAL_KEYS opens the stored secret" in admin_client.get(page_of(made)).content.decode()
    assert 'alt="False"' in admin_client.get(LIST).content.decode()
    team = catalog(kind="freddy", organization="org_1", credential=made)
    assert admin_client.get(reverse("admin:catalog_catalog_change", args=[team.pk])).status_code == 200
    admin_client.post(page_of(made), form(label="Renamed"))
    settings.CREDENTIAL_KEYS = old
    assert (Credential.objects.get().label, Credential.objects.get().secret) == ("Renamed", SECRET)


def test_one_in_use_is_not_deleted_and_says_why(admin_client):
    made = credential()
    team = catalog(kind="freddy", organization="org_1", credential=made)
    for ask in (admin_client.get, admin_client.post):
        response = ask(page_of(made, "delete"), {"post": "yes"}, follow=True)
        text = response.content.decode()
        assert "Team key cannot be deleted while catalogs use it. Choose another one for: Team." in text
    team.delete()
    admin_client.post(page_of(made, "delete"), {"post": "yes"})
    assert not Credential.objects.exists()


def test_the_page_links_the_catalogs_that_use_it(admin_client):
    made = credential()
    assert "no catalog" in admin_client.get(page_of(made)).content.decode()
    team = catalog(kind="freddy", organization="org_1", credential=made)
    link = f'<a href="/admin/catalog/catalog/{team.pk}/change/">Team</a>'
    assert link in admin_client.get(page_of(made)).content.decode()
    assert link in admin_client.get(LIST).content.decode()


def test_a_catalog_s_kind_keeps_the_scheme_that_it_takes(admin_client, monkeypatch):
    made = credential()
    catalog(credential=made)  # of a kind that takes none
    text = admin_client.post(page_of(made), form(scheme="api-key")).content.decode()
    assert "Team uses it, and takes no key" in text
    assert Credential.objects.get().scheme == "bearer"


def test_a_report_of_an_error_shows_stars_for_the_secret(admin_client):
    request = admin_client.post(ADD, form(label="", secret=SECRET)).wsgi_request
    report = SafeExceptionReporterFilter().get_post_parameters(request)
    assert report["secret"] == "*" * 20


def test_one_who_may_only_look_sees_no_secret_and_no_field_for_one(client):
    made = credential()
    staff(client, "view_credential")
    response = client.get(page_of(made))
    assert response.status_code == 200
    assert 'name="secret"' not in response.content.decode()
    assert SECRET not in response.content.decode()
    assert client.post(page_of(made), form(secret="sk-of-someone-else")).status_code == 403
    assert Credential.objects.get().secret == SECRET


@pytest.mark.parametrize("who", ["anonymous", "member", "staff"])
def test_others_get_nothing(client, who):
    made = credential()
    if who == "member":
        client.force_login(User.objects.create_user("member"))
    if who == "staff":
        staff(client)
    for path in (LIST, ADD, page_of(made), page_of(made, "delete"), page_of(made, "history")):
        assert client.get(path).status_code == (403 if who == "staff" else 302)
        assert client.post(path, form(secret="sk-of-someone-else")).status_code == (403 if who == "staff" else 302)
    assert Credential.objects.get().secret == SECRET


def test_the_list_asks_as_many_queries_for_many_as_for_one(admin_client, django_assert_num_queries):
    for number in range(3):
        made = credential(f"Key {number}")
        catalog(f"Catalog {number}", slug=f"c{number}", kind="freddy", organization="o", credential=made)
        # session, user, two counts, credentials with who changed them, their catalogs
        with django_assert_num_queries(6):
            admin_client.get(LIST)
