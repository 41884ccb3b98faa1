"""The admin: staff look at what syncs own, and change what is a person's."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from catalog.models import Catalog, Offer, Sync
from catalog.pricing.workload import Workload
from catalog.services.kept import share
from catalog.services.workloads import workload_save
from tests.make import catalog, record, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    made = catalog()
    sync(made, record("gpt-4.1"))
    return made


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("model", ["catalog", "sync", "offer"])
def test_lists_and_forms_open(admin_client, model):
    assert admin_client.get(reverse(f"admin:catalog_{model}_changelist")).status_code == 200
    pk = {"catalog": Catalog, "sync": Sync, "offer": Offer}[model].objects.get().pk
    assert admin_client.get(reverse(f"admin:catalog_{model}_change", args=[pk])).status_code == 200


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("model", ["sync", "offer"])
def test_what_a_sync_owns_cannot_be_changed(admin_client, model):
    pk = {"sync": Sync, "offer": Offer}[model].objects.get().pk
    assert admin_client.post(reverse(f"admin:catalog_{model}_change", args=[pk]), {"ref": "x"}).status_code == 403
    assert admin_client.post(reverse(f"admin:catalog_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert admin_client.get(reverse(f"admin:catalog_{model}_add")).status_code == 403


def test_a_catalog_s_visibility_is_a_person_s(admin_client, team):
    form = {"name": "Team", "slug": "team", "enabled": "on", "refresh_minutes": "60", "visibility": "members"}
    response = admin_client.post(reverse("admin:catalog_catalog_change", args=[team.pk]), form)
    assert response.status_code == 302
    team.refresh_from_db()
    assert (team.visibility, team.kind, team.version) == ("members", "fixed", 1)


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/admin/").status_code == 302


def test_of_saved_workloads_the_admin_shows_what_is_shared(admin_client):
    owner = User.objects.create_user("dana")
    kept, _ = workload_save(owner=owner, name="Secret plan", workload=Workload(1, 1, 1))
    shared, _ = workload_save(owner=owner, name="Open plan", workload=Workload(1, 1, 1))
    share(shared, "members")
    page = admin_client.get(reverse("admin:catalog_savedworkload_changelist")).content.decode()
    assert "Open plan" in page
    assert "Secret plan" not in page
    assert admin_client.get(reverse("admin:catalog_savedworkload_change", args=[kept.pk])).status_code == 302
    assert admin_client.post(reverse("admin:catalog_savedworkload_change", args=[shared.pk])).status_code == 403
