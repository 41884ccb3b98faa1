"""The pages of saved workloads: who sees which, and that only their owner changes them."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from catalog.models import SavedWorkload
from catalog.pricing.workload import Workload
from catalog.services.kept import share
from catalog.services.workloads import workload_save
from tests.make import catalog, record, sync

pytestmark = pytest.mark.django_db

PATH = "/costs/saved/"
CHAT = Workload(requests=1_234, prompt=3_000, output=400, cached_read=100)


@pytest.fixture(autouse=True)
def people():
    sync(catalog(), record("one"))
    team = Group.objects.create(name="Research: A & B")
    made = {name: User.objects.create_user(name) for name in ("dana", "robin", "outsider")}
    made["staff"] = User.objects.create_user("staff", is_staff=True)
    made["dana"].groups.set([team])
    made["robin"].groups.set([team])
    return made


def browser(name):
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


@pytest.fixture
def plan(people):
    return workload_save(owner=people["dana"], name="Secret <plan>", workload=CHAT)[0]


def page(name):
    return browser(name).get(PATH).content.decode()


def test_it_is_saved_by_name_from_the_address_and_leads_back_there():
    dana = browser("dana")
    query = "n=1234&tin=3000&read=100&tout=400&q=gpt"
    response = dana.post(f"{PATH}save/", {"name": "Secret plan", "from": query})
    assert response["Location"] == f"/costs/?{query}"
    assert SavedWorkload.objects.get().workload == CHAT
    shown = dana.get(PATH).content.decode()
    assert "“Secret plan” is saved." in shown
    assert 'href="/costs/?n=1234&amp;tin=3000&amp;read=100&amp;tout=400"' in shown


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({"name": "x", "from": "n=1&tin=0"}, "no workload"),
        ({"name": " ", "from": "preset=chat"}, "cannot be blank"),
    ],
)
def test_what_cannot_be_saved_says_why(posted, told):
    dana = browser("dana")
    assert dana.post(f"{PATH}save/", posted).status_code == 302
    assert told in dana.get(PATH).content.decode()
    assert not SavedWorkload.objects.exists()


def test_a_private_one_is_on_nobody_else_s_page(plan):
    assert "Secret &lt;plan&gt;" in page("dana")
    for name in ("robin", "outsider", "staff"):
        assert "Secret" not in page(name)


def test_a_team_s_is_on_its_members_pages_without_a_way_to_change_it(plan):
    dana = browser("dana")
    dana.post(f"{PATH}{plan.pk}/share/", {"with": "team:Research: A & B"})
    shown = page("robin")
    assert "Secret &lt;plan&gt;" in shown
    assert "dana" in shown
    assert f"{PATH}{plan.pk}/" not in shown
    for name in ("outsider", "staff"):
        assert "Secret" not in page(name)


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("who", ["robin", "outsider", "staff"])
def test_nobody_else_can_change_it_and_cannot_tell_it_from_one_that_does_not_exist(plan, who, shared):
    if shared:
        share(plan, "members")
    other = browser(who)
    for change in ("rename", "share", "delete"):
        there = other.post(f"{PATH}{plan.pk}/{change}/", {"name": "Mine", "with": "members"})
        nowhere = other.post(f"{PATH}999999/{change}/", {"name": "Mine", "with": "members"})
        assert (there.status_code, nowhere.status_code) == (404, 404)
    kept = SavedWorkload.objects.get()
    assert (kept.name, kept.sharing) == ("Secret <plan>", "members" if shared else "nobody")


def test_its_owner_renames_shares_and_deletes_it(plan):
    dana = browser("dana")
    assert dana.post(f"{PATH}{plan.pk}/rename/", {"name": "Open plan"})["Location"] == PATH
    assert "It is called “Open plan” now." in dana.get(PATH).content.decode()
    dana.post(f"{PATH}{plan.pk}/share/", {"with": "members"})
    assert "Open plan" in page("outsider")
    dana.post(f"{PATH}{plan.pk}/share/", {"with": "team:Others"})
    assert "Choose one of your teams." in dana.get(PATH).content.decode()
    dana.post(f"{PATH}{plan.pk}/delete/")
    assert not SavedWorkload.objects.exists()
    assert dana.post(f"{PATH}{plan.pk}/frame/").status_code == 404


def test_a_mode_that_no_database_can_hold_is_not_kept(people):
    dana = browser("dana")
    there = dana.post(f"{PATH}save/", {"name": "Odd", "from": "n=1&tin=1&tout=1&mode=%00"})["Location"]
    assert "These numbers are no workload, so there is nothing to save." in dana.get(there).content.decode()
    assert not SavedWorkload.objects.exists()


def test_who_is_not_signed_in_is_asked_to(client, plan):
    for response in (
        client.get(PATH),
        client.post(f"{PATH}save/", {"name": "x", "from": "preset=chat"}),
        client.post(f"{PATH}{plan.pk}/delete/"),
    ):
        assert response["Location"] == f"/sign-in/?next={PATH}"
    assert SavedWorkload.objects.count() == 1


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_as_many_queries_whatever_is_in_it(people, number, django_assert_num_queries):
    for i in range(number):
        workload_save(owner=people["dana"], name=f"w{i}", workload=CHAT)
        share(workload_save(owner=people["robin"], name=f"r{i}", workload=CHAT)[0], "members")
    dana = browser("dana")
    with django_assert_num_queries(5):  # session, user, catalogs, workloads, teams
        assert dana.get(PATH).content.decode().count("1,234") == 2 * number
