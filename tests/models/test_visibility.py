"""Which catalogs anonymous visitors, outsiders, members of a group and staff see."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User

from catalog.models import Catalog
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


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("anonymous", ["Public"]),
        ("outsider", ["Members", "Public"]),
        ("insider", ["Members", "Public", "Team"]),
        ("staff", ["Members", "Public", "Team"]),
    ],
)
def test_visible_to(people, who, names):
    assert [found.name for found in Catalog.objects.visible_to(people[who])] == names


def test_a_dashboard_that_is_not_public_shows_anonymous_visitors_nothing(people, settings):
    settings.PUBLIC_DASHBOARD = False
    assert not Catalog.objects.visible_to(AnonymousUser()).exists()
    assert Catalog.objects.visible_to(people["outsider"]).count() == 2
