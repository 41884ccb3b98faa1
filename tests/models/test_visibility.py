"""Which catalogs anonymous visitors, outsiders, members of a group and staff see."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User

from catalog.models import Catalog, Credential
from catalog.services.catalogs import catalogs_visible_to
from tests.make import catalog

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    team = Group.objects.create(name="team")
    catalog("Public")
    catalog("Members", visibility="members")
    catalog("Team", visibility="groups").groups.set([team, Group.objects.create(name="other team")])
    catalog("Off", enabled=False)
    insider = User.objects.create_user("insider")
    insider.groups.set(Group.objects.all())
    return {
        "anonymous": AnonymousUser(),
        "outsider": User.objects.create_user("outsider"),
        "insider": insider,
        "staff": User.objects.create_user("staff", is_staff=True),
    }


def names(viewer):
    found = catalogs_visible_to(viewer)
    assert found == list(Catalog.objects.visible_to(viewer))
    return [catalog.name for catalog in found]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("anonymous", ["Public"]),
        ("outsider", ["Members", "Public"]),
        ("insider", ["Members", "Public", "Team"]),
        ("staff", ["Members", "Public", "Team"]),
    ],
)
def test_visible_to(people, who, expected):
    assert names(people[who]) == expected


def test_a_dashboard_that_is_not_public_shows_anonymous_visitors_nothing(people, settings):
    settings.PUBLIC_DASHBOARD = False
    assert names(people["anonymous"]) == []
    assert names(people["outsider"]) == ["Members", "Public"]


def test_who_is_staff_no_more_sees_what_members_see_at_once(people):
    assert "Team" in names(people["staff"])
    people["staff"].is_staff = False
    assert names(people["staff"]) == ["Members", "Public"]


def test_a_catalog_with_a_credential_is_for_members_unless_somebody_says_otherwise(people):
    key = Credential.objects.create(label="Ours", secret="sk-1")
    ours = Catalog.objects.create(name="Ours", slug="ours", kind="fixed", credential=key)
    assert "Ours" not in names(people["anonymous"])
    assert "Ours" in names(people["outsider"])
    ours.visibility = "public"
    ours.save()
    assert "Ours" in names(people["anonymous"])


def test_leaving_a_group_hides_its_catalogs_at_once(people):
    people["insider"].groups.remove(Group.objects.get(name="team"))
    assert "Team" in names(people["insider"])  # the other team still sees it
    people["insider"].groups.clear()
    assert names(people["insider"]) == ["Members", "Public"]


def test_a_group_that_goes_leaves_its_catalogs_to_staff(people):
    Group.objects.all().delete()
    assert names(people["insider"]) == ["Members", "Public"]
    assert "Team" in names(people["staff"])


def test_a_superuser_who_is_not_staff_is_a_member_like_others(people):
    root = User.objects.create_user("root", is_superuser=True)
    assert names(root) == ["Members", "Public"]
