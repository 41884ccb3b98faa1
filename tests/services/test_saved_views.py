"""Views of pages that people keep: by name, for themselves, a team or all members, and which a page opens with."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied, ValidationError

from catalog.models import DefaultView, SavedView
from catalog.models.saved_view import LONGEST_QUERY
from catalog.services.kept import MOST_KEPT, own_of, rename
from catalog.services.saved_views import (
    default_for_all_set,
    default_set,
    default_unset,
    default_view,
    defaults_of,
    view_delete,
    view_save,
    view_share,
    view_update,
    view_visible_to,
    views_visible_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    team = Group.objects.create(name="team")
    made = {name: User.objects.create_user(name) for name in ("dana", "robin", "outsider")}
    made["staff"] = User.objects.create_user("staff", is_staff=True)
    for name in ("dana", "robin"):
        made[name].groups.set([team])
    return made


def saved(owner, name="Cheap", query="max_in=1", page="offers", **fields):
    return view_save(owner=owner, page=page, name=name, query=query, **fields)


def opens(user, page="offers"):
    view = default_view(user, page)
    return view and view.name


def test_who_sees_a_private_one_a_team_s_and_everyone_s(people):
    view = saved(people["dana"], " Cheap  ones ")
    for sharing, team, who in (
        ("nobody", "", {"dana"}),
        ("team", "team", {"dana", "robin"}),
        ("members", "", {"dana", "robin", "outsider", "staff"}),
    ):
        view_share(view, sharing, team)
        assert {name for name, user in people.items() if view in views_visible_to(user)} == who
        assert {name for name, user in people.items() if view_visible_to(user, view.pk)} == who
        assert [name for name, user in people.items() if own_of(SavedView, user, view.pk)] == ["dana"]
    assert view.name == "Cheap ones"


def test_a_name_is_one_s_own_only_once_on_a_page(people):
    view = saved(people["dana"])
    saved(people["dana"], page="costs")
    saved(people["robin"])
    with pytest.raises(ValidationError, match="has this name on this page already"):
        saved(people["dana"])
    other = saved(people["dana"], "Other")
    with pytest.raises(ValidationError, match="has this name on this page already"):
        rename(other, "Cheap")
    view_update(view, "max_in=2")
    assert SavedView.objects.get(pk=view.pk).query == "max_in=2"


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 61}, {"name": "nul\0"}, {"query": "x" * 4001}])
def test_what_cannot_be_kept(people, wrong):
    with pytest.raises(ValidationError) as refused:
        saved(people["dana"], **wrong)
    assert set(refused.value.message_dict) == set(wrong)
    saved(people["dana"], "x" * 60, "x" * LONGEST_QUERY)


def test_a_person_keeps_so_many(people):
    SavedView.objects.bulk_create(
        SavedView(owner=people["dana"], page="offers", name=f"v{number}") for number in range(MOST_KEPT)
    )
    with pytest.raises(ValidationError, match="You keep 100 saved views already: delete one first"):
        saved(people["dana"])
    saved(people["robin"])


def test_a_page_opens_with_one_s_own_choice_before_everybody_s(people, django_assert_num_queries):
    dana, staff = people["dana"], people["staff"]
    everybody_s = saved(staff, "Approved", sharing="members")
    default_for_all_set(staff, everybody_s)
    mine = saved(dana, default=True)
    with django_assert_num_queries(1):
        assert opens(dana) == "Cheap"
    with django_assert_num_queries(0):
        assert opens(AnonymousUser()) is None
    assert (opens(people["robin"]), opens(dana, "costs")) == ("Approved", None)
    assert defaults_of(dana) == ({mine.pk}, {everybody_s.pk})
    default_set(dana, everybody_s)
    default_set(dana, mine)
    default_unset(dana, mine)
    assert opens(dana) == "Approved"
    view_delete(everybody_s)
    assert (opens(dana), DefaultView.objects.count()) == (None, 0)


def test_what_is_shared_no_longer_is_nobody_else_s_default(people):
    view = saved(people["dana"], sharing="members")
    default_set(people["robin"], view)
    default_set(people["dana"], view)
    view_share(view, "nobody")
    assert (opens(people["robin"]), opens(people["dana"])) == (None, "Cheap")


def test_only_staff_choose_for_everybody_and_only_their_own_that_all_may_see(people):
    staff = people["staff"]
    mine, theirs = saved(staff), saved(people["dana"], sharing="members")
    for user, view in ((staff, mine), (staff, theirs), (people["dana"], theirs)):
        with pytest.raises(PermissionDenied):
            default_for_all_set(user, view)
    view_share(mine, "members")
    default_for_all_set(staff, mine)
    assert opens(people["outsider"]) == "Cheap"
    view_share(mine, "nobody")
    view_share(mine, "members")
    assert opens(people["outsider"]) is None
    default_for_all_set(staff, mine)
    User.objects.filter(pk=staff.pk).update(is_staff=False)
    assert opens(people["outsider"]) is None
