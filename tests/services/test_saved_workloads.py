"""Workloads that people keep: by name, for themselves, a team or all members."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.models import SavedWorkload
from catalog.pricing.workload import MOST_REQUESTS, Workload
from catalog.services.kept import MOST_KEPT, own_of, rename, share, teams_of
from catalog.services.workloads import workload_save, workloads_visible_to

pytestmark = pytest.mark.django_db

CHAT = Workload(requests=1_000, prompt=3_000, output=400, cached_read=1_500, cache_written=100, mode="batch")


@pytest.fixture
def people():
    team, other = (Group.objects.create(name=name) for name in ("team", "other"))
    made = {name: User.objects.create_user(name) for name in ("dana", "robin", "outsider")}
    made["staff"] = User.objects.create_user("staff", is_staff=True)
    made["dana"].groups.set([team])
    made["robin"].groups.set([team, other])
    return made


@pytest.fixture
def chat(people):
    saved, added = workload_save(owner=people["dana"], name="  Chat  bot ", workload=CHAT)
    assert added
    return saved


def names(viewer):
    return [saved.name for saved in workloads_visible_to(viewer)]


def who_sees(people, name):
    viewers = {**people, "anonymous": AnonymousUser()}
    return {key for key, viewer in viewers.items() if name in names(viewer)}


def test_what_is_kept_comes_back_to_the_last_number(chat):
    assert SavedWorkload.objects.get(name="Chat bot").workload == CHAT


def test_the_same_name_again_takes_the_new_numbers(people, chat):
    again, added = workload_save(owner=people["dana"], name="Chat bot", workload=Workload(7, 7, 7))
    assert (again.pk, added) == (chat.pk, False)
    assert SavedWorkload.objects.get().workload == Workload(7, 7, 7)
    workload_save(owner=people["robin"], name="Chat bot", workload=CHAT)
    assert SavedWorkload.objects.count() == 2


def test_who_sees_a_private_one_a_team_s_and_everyone_s(people, chat):
    assert who_sees(people, "Chat bot") == {"dana"}
    share(chat, "team", "team")
    assert who_sees(people, "Chat bot") == {"dana", "robin"}
    share(chat, "members")
    assert who_sees(people, "Chat bot") == {"dana", "robin", "outsider", "staff"}
    share(chat, "nobody")
    assert who_sees(people, "Chat bot") == {"dana"}


def test_who_leaves_a_team_sees_its_workloads_no_more(people, chat):
    share(chat, "team", "team")
    people["robin"].groups.clear()
    assert who_sees(people, "Chat bot") == {"dana"}


def test_a_team_that_is_gone_leaves_it_to_its_owner(people, chat):
    share(chat, "team", "team")
    Group.objects.get(name="team").delete()
    assert who_sees(people, "Chat bot") == {"dana"}


def test_only_its_owner_may_change_it(people, chat):
    share(chat, "team", "team")
    assert own_of(SavedWorkload, people["dana"], chat.pk) == chat
    assert own_of(SavedWorkload, people["robin"], chat.pk) is None
    assert own_of(SavedWorkload, people["staff"], chat.pk) is None


def test_it_is_shared_with_a_team_of_one_s_own_alone(people, chat):
    assert [team.name for team in teams_of(people["dana"])] == ["team"]
    for team in ("other", "", "nowhere", "nul\0"):
        with pytest.raises(ValidationError, match="one of your teams"):
            share(chat, "team", team)
    with pytest.raises(ValidationError):
        share(chat, "the world")
    assert who_sees(people, "Chat bot") == {"dana"}


def test_a_name_is_one_s_own_only_once(people, chat):
    other, _ = workload_save(owner=people["dana"], name="Other", workload=CHAT)
    with pytest.raises(ValidationError, match="has this name already"):
        rename(other, "Chat bot")
    rename(other, "Third: with — any text %3A")
    assert names(people["dana"]) == ["Chat bot", "Third: with — any text %3A"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "nul\0"])
def test_a_name_that_cannot_be(people, name):
    with pytest.raises(ValidationError) as refused:
        workload_save(owner=people["dana"], name=name, workload=CHAT)
    assert set(refused.value.message_dict) == {"name"}


def test_a_person_keeps_so_many(people):
    for number in range(MOST_KEPT):
        workload_save(owner=people["dana"], name=f"w{number}", workload=CHAT)
    with pytest.raises(ValidationError, match="delete one first"):
        workload_save(owner=people["dana"], name="one more", workload=CHAT)
    workload_save(owner=people["dana"], name="w0", workload=CHAT)


def test_deleted_is_gone(people, chat):
    chat.delete()
    assert names(people["dana"]) == []


@pytest.mark.parametrize(
    "wrong", [{"requests": 0}, {"prompt": 0}, {"cached_read": 2_999, "cache_written": 2}, {"output": -1}]
)
def test_the_database_refuses_what_cannot_be(chat, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedWorkload.objects.filter(pk=chat.pk).update(**wrong)
    with pytest.raises(ValidationError):
        SavedWorkload(owner=chat.owner, name="x", requests=MOST_REQUESTS + 1, prompt=1, output=0).full_clean()


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_is_one_query(people, number, django_assert_num_queries):
    for i in range(number):
        saved, _ = workload_save(owner=people["dana"], name=f"w{i}", workload=CHAT)
        share(saved, "team", "team")
    with django_assert_num_queries(1):
        assert {(saved.owner.username, saved.team.name) for saved in workloads_visible_to(people["robin"])} == {
            ("dana", "team")
        }
