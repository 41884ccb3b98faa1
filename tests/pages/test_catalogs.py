"""The Catalogs pages: freshness in words, what is wrong and what to do, and what staff may do about it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from catalog.models import Catalog, Offer, Sync
from catalog.sources.base import Skip
from catalog.sources.errors import SourceRefused
from catalog.sync.lease import lease
from catalog.sync.tasks import sync_one
from tests.make import DOLLAR, catalog, failing_sync, record, row, sync
from tests.once import built_once
from tests.pages.test_offers import Table, text

pytestmark = pytest.mark.django_db

FOUR = [record(ref) for ref in "abcd"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff():
    client = Client()
    client.force_login(User.objects.create_superuser("dana"))
    return client


@pytest.fixture
def member():
    client = Client()
    client.force_login(User.objects.create_user("mia"))
    return client


def lines(response):
    return [cells for cells in Table(response.content.decode()).rows if len(cells) > 1]


def held(name="Team", **fields):
    """A catalog with four offers whose next sync brought one of them and a new one, and is held."""
    team = catalog(name, **fields)
    sync(team, *FOUR)
    sync(team, record("a", rates=(row(input=3 * DOLLAR),)), record("new"))
    return team


class TestStates:
    def test_fresh(self, client):
        sync(catalog(refresh_minutes=90), *FOUR)
        (line,) = lines(client.get("/catalogs/"))
        assert line[0] == "Team Fixed"
        assert line[1] == "Read just now"
        assert "4 added" in line[2]
        assert line[4:6] == ["4", "4"]
        assert line[6].startswith("90 min next in 1 h")

    def test_stale_after_twice_the_interval_and_how_stale(self, client):
        team = catalog(refresh_minutes=60)
        sync(team, *FOUR)
        for minutes, words in ((119, "Read 1 h ago"), (121, "Stale, 2 h old"), (26 * 60, "Stale, 26 h old")):
            Catalog.objects.update(read_at=timezone.now() - timedelta(minutes=minutes))
            assert lines(client.get("/catalogs/"))[0][1] == words
        assert "These prices are 26 h old. It is to be read every 1 h." in text(client.get("/catalogs/"))

    def test_failing_with_the_sentence_for_those_who_are_signed_in(self, client, member, staff):
        team = catalog()
        sync(team, *FOUR)
        failing_sync(team, SourceRefused("The key's user is not a member of org_7."))
        Catalog.objects.update(read_at=timezone.now() - timedelta(days=3))
        assert lines(client.get("/catalogs/"))[0][1] == "Failing, 3 days old"
        assert "org_7" not in text(client.get("/catalogs/")) + text(client.get("/catalogs/team/"))
        assert "The last sync failed. Prices stay as they were read on" in text(client.get("/catalogs/"))
        for reader in (member, staff):
            for address in ("/catalogs/", "/catalogs/team/"):
                assert "not a member of org_7. Prices stay as they were read" in text(reader.get(address))
        assert "Open its settings" in text(staff.get("/catalogs/"))
        assert "Open its settings" not in text(member.get("/catalogs/"))

    def test_never_read_and_failing_at_once(self, client):
        failing_sync(catalog(), SourceRefused("No."))
        assert lines(client.get("/catalogs/"))[0][1] == "Failing, never read"
        assert "Nothing is shown until a sync works again." in text(client.get("/catalogs/"))

    def test_never_read_waits_for_the_worker_and_then_says_that_it_is_overdue(self, staff):
        team = catalog()
        assert lines(staff.get("/catalogs/"))[0][1] == "Waiting for the worker"
        Catalog.objects.filter(pk=team.pk).update(created_at=timezone.now() - timedelta(minutes=3))
        assert lines(staff.get("/catalogs/"))[0][1] == "Never read"
        assert "Its sync is overdue." in text(staff.get("/catalogs/"))

    def test_disabled_is_for_staff_alone(self, client, member, staff):
        sync(catalog(enabled=False), *FOUR)
        for outsider in (client, member):
            assert "Team" not in text(outsider.get("/catalogs/"))
            assert outsider.get("/catalogs/team/").status_code == 404
        assert lines(staff.get("/catalogs/"))[0][1] == "Disabled"
        assert "This catalog is disabled" in text(staff.get("/catalogs/team/"))

    @pytest.mark.parametrize(("seen", "words"), [(0, "Reading…"), (1_200, "Storing 1,200 offers…")])
    def test_under_way(self, client, seen, words):
        team = catalog()
        sync(team, *FOUR)
        now = timezone.now()
        Sync.objects.create(catalog=team, started_at=now, seen=seen)
        Catalog.objects.update(lease_holder="x", lease_until=now + timedelta(minutes=1))
        assert lines(client.get("/catalogs/"))[0][1] == words
        Catalog.objects.update(lease_until=now)
        assert lines(client.get("/catalogs/"))[0][1] == "Read just now"

    def test_no_catalog(self, client, member, staff):
        assert "There is no catalog here for everyone" in text(client.get("/catalogs/"))
        assert "No catalog has been shared with you" in text(member.get("/catalogs/"))
        assert "Add your first catalog" in text(staff.get("/catalogs/"))


class TestWhoSeesWhat:
    def test_outsiders_see_and_reach_nothing(self, client, member):
        sync(inner := catalog("Inner", visibility="groups"), *FOUR)
        team = Group.objects.create(name="team")
        inner.groups.add(team)
        pages = ("/catalogs/inner/", f"/catalogs/inner/syncs/{Sync.objects.get().pk}/")
        for outsider in (client, member):
            assert "Inner" not in text(outsider.get("/catalogs/"))
            assert [outsider.get(page).status_code for page in pages] == [404, 404]
        User.objects.get(username="mia").groups.add(team)
        assert [member.get(page).status_code for page in ("/catalogs/", *pages)] == [200, 200, 200]

    def test_the_organization_is_for_those_who_are_signed_in(self, client, member):
        catalog(organization="org_7")
        assert "org_7" not in client.get("/catalogs/").content.decode()
        assert "org_7" in text(member.get("/catalogs/"))

    def test_a_dashboard_that_is_not_public_asks_to_sign_in(self, client, settings):
        settings.PUBLIC_DASHBOARD = False
        catalog()
        assert client.get("/catalogs/").status_code == 302
        assert client.get("/catalogs/team/").status_code in (302, 404)

    @pytest.mark.parametrize(
        "path", ["sync/", "remove/", "syncs/1/approve/", "syncs/1/discard/", "offers/1/accept/", "offers/1/dismiss/"]
    )
    def test_only_staff_may_act_and_only_by_post(self, client, member, staff, path):
        catalog(is_example=True)
        assert client.post(f"/catalogs/team/{path}").status_code == 302
        assert member.post(f"/catalogs/team/{path}").status_code == 403
        assert staff.get(f"/catalogs/team/{path}").status_code == 405
        assert Catalog.objects.exists()

    def test_staff_see_and_do_what_their_permissions_allow(self):
        team = held()
        Catalog.objects.update(is_example=True)
        pk = team.syncs.latest().pk
        acts = {
            "change_catalog": ("/syncs/", "/catalogs/team/sync/", f"/catalogs/team/syncs/{pk}/discard/"),
            "delete_catalog": ("/catalogs/team/remove/",),
        }
        pages = ("/catalogs/", "/catalogs/team/", f"/catalogs/team/syncs/{pk}/")
        buttons = {"change_catalog": ("Sync now", "Approve the new list"), "delete_catalog": ("Remove Team",)}
        user = User.objects.create_user("lee", is_staff=True)
        client = Client()
        client.force_login(user)
        for given in (None, "change_catalog", "delete_catalog"):
            before = [client.get(page)["ETag"] for page in pages]
            if given:
                user.user_permissions.set([Permission.objects.get(codename=given)])
                assert [client.get(page)["ETag"] != was for page, was in zip(pages, before, strict=True)] == [True] * 3
            words = " ".join(text(client.get(page)) for page in pages)
            for right, labels in buttons.items():
                assert [label in words for label in labels] == [right == given] * len(labels)
            for right, addresses in acts.items():
                for address in addresses:
                    assert client.post(address).status_code == (
                        403 if right != given else 302 if "remove" in address else 303
                    )
        assert not Catalog.objects.exists()
        HUEY.flush()

    def test_the_top_bar_says_what_is_so(self, client, staff):
        pk = held().syncs.latest().pk
        assert "A sync waits for approval" in text(client.get("/"))
        assert "sync failed" not in text(client.get("/"))
        staff.post(f"/catalogs/team/syncs/{pk}/discard/")
        assert "Read just now" in text(client.get("/"))
        failing_sync(Catalog.objects.get(), SourceRefused("No."))
        assert "The last sync failed" in text(client.get("/"))


class TestSyncNow:
    @pytest.fixture(autouse=True)
    def _queue(self):
        HUEY.flush()
        yield
        HUEY.flush()

    def test_it_is_queued_and_the_page_waits(self, staff):
        sync(team := catalog(), *FOUR)
        response = staff.post("/catalogs/team/sync/", {"next": "/catalogs/team/"}, follow=True)
        assert response.redirect_chain == [("/catalogs/team/", 303)]
        assert "Team is to be synced." in text(response)
        assert "Waiting for the worker" in text(response)
        (task,) = HUEY.pending()
        assert (task.name, task.args[0]) == ("sync_one", team.pk)
        sync_one.call_local(*task.args)
        assert team.syncs.count() == 2
        assert "Read just now" in text(staff.get("/catalogs/"))
        assert "Team is to be synced." not in text(staff.get("/catalogs/"))

    def test_one_that_is_under_way_goes_on(self, staff):
        team = catalog(lease_until=timezone.now() + timedelta(minutes=1), lease_holder="x")
        staff.post("/catalogs/team/sync/")
        team.refresh_from_db()
        assert (HUEY.pending(), team.next_sync_at) == ([], None)

    def test_a_disabled_one_says_so(self, staff):
        catalog(enabled=False)
        assert "Team is disabled." in text(staff.post("/catalogs/team/sync/", follow=True))
        assert HUEY.pending() == []

    def test_all_that_are_enabled(self, staff):
        for name in ("One", "Two"):
            catalog(name)
        catalog("Off", enabled=False)
        staff.post("/syncs/")
        assert len(HUEY.pending()) == 2

    def test_no_other_site_is_led_to(self, staff):
        catalog()
        assert staff.post("/catalogs/team/sync/", {"next": "https://elsewhere.example/"})["Location"] == "/catalogs/"

    def test_what_the_address_says_is_kept(self, staff):
        catalog()
        response = staff.post("/catalogs/team/sync/", {"next": "/catalogs/?x=1"}, headers=HTMX)
        assert response["Location"] == "/catalogs/?x=1&busy=team"


class TestProgress:
    def poll(self, client, address, target):
        return client.get(address, headers={**HTMX, "HX-Target": target})

    @pytest.mark.parametrize(("page", "target"), [("/catalogs/", "rows"), ("/catalogs/team/", "body")])
    def test_a_busy_page_asks_again_and_gets_nothing_until_something_changes(self, client, page, target):
        team = catalog()
        html = client.get(page).content.decode()
        address = re.search(r'hx-get="([^"]*)" hx-trigger="every 2s"', html)[1].replace("&amp;", "&")
        assert self.poll(client, address, target).status_code == 204
        sync(team, *FOUR)
        after = self.poll(client, address, target)
        assert "Team: Read just now." in after.content.decode()
        assert "every 2s" not in after.content.decode()
        assert "<html" not in after.content.decode()

    def test_a_quiet_page_asks_nothing(self, client):
        sync(catalog(), *FOUR)
        assert "every 2s" not in client.get("/catalogs/").content.decode()


class TestHeldSync:
    def test_staff_see_the_difference_on_all_three_pages(self, staff, member):
        team = held()
        pk = team.syncs.latest().pk
        for page in ("/catalogs/", f"/catalogs/team/syncs/{pk}/"):
            words = text(staff.get(page))
            assert "3 gone, 1 new, 1 changed, 0 back, 0 as before." in words
            assert "Input 2.00 → 3.00 ▲" in words
            assert "Approve the new list" in words
            assert "Approve" not in text(member.get(page))
        assert f"/catalogs/team/syncs/{pk}/" in staff.get("/catalogs/team/").content.decode()
        assert lines(member.get("/catalogs/"))[0][1].startswith("Held back, ")

    def test_approve(self, staff):
        team = held()
        address = f"/catalogs/team/syncs/{team.syncs.latest().pk}/"
        response = staff.post(f"{address}approve/", {"next": "/catalogs/"}, follow=True)
        assert "The new list of Team is stored: 1 added, 1 changed, 3 retired." in text(response)
        assert lines(response)[0][1] == "Read just now"
        assert "approved by dana" in text(staff.get(address))
        assert "no longer held" in text(staff.post(f"{address}approve/", follow=True))

    def test_discard(self, staff):
        team = held()
        address = f"/catalogs/team/syncs/{team.syncs.latest().pk}/"
        response = staff.post(f"{address}discard/", {"next": "/catalogs/team/"}, follow=True)
        assert "The new list of Team is discarded." in text(response)
        assert "held discarded" in text(response)
        assert "Approve" not in text(staff.get(address))
        assert team.offers.count() == 4

    def test_another_word_decides_nothing(self, staff):
        team = held()
        assert staff.post(f"/catalogs/team/syncs/{team.syncs.latest().pk}/maybe/").status_code == 404
        assert staff.post("/catalogs/team/offers/1/maybe/").status_code == 404
        assert team.syncs.latest().decision == ""

    def test_a_sync_of_another_catalog_is_not_found(self, staff):
        pk = held().syncs.latest().pk
        catalog("Other")
        assert staff.get(f"/catalogs/other/syncs/{pk}/").status_code == 404
        assert staff.post(f"/catalogs/other/syncs/{pk}/approve/").status_code == 404


class TestWordsOfHeldSyncs:
    def test_one_that_waits_says_what_it_would_do(self, staff):
        team = held()
        assert lines(staff.get("/catalogs/"))[0][2].endswith("failed would add 1, change 1 and retire 3")
        page = text(staff.get("/catalogs/team/"))
        assert "Would add 1, change 1 and retire 3. 3 of 4 offers are gone, more than 20%. Nothing was stored." in page
        assert "Would retire 3" in text(staff.get(f"/catalogs/team/syncs/{team.syncs.latest().pk}/"))

    def test_one_that_a_newer_sync_overtook_is_no_trouble_any_more(self, staff):
        team = held()
        pk = team.syncs.latest().pk
        sync(team, *FOUR)
        page = staff.get("/catalogs/team/")
        assert '<span class="badge line">overtaken</span>' in page.content.decode()
        assert "Would have added 1, changed 1 and retired 3." in text(page)
        own = staff.get(f"/catalogs/team/syncs/{pk}/")
        assert "overtaken" in text(own)
        assert "notice warn" not in own.content.decode()
        assert "a newer one has looked again" in text(own)

    def test_the_top_bar_counts_in_good_english(self, client):
        held()
        sync(catalog("Fine"), *FOUR)
        assert "1 of 2 catalogs needs attention" in text(client.get("/"))
        held("Other")
        assert "2 of 3 catalogs need attention" in text(client.get("/"))

    def test_differences_of_tiers_are_in_words(self, staff):
        sync(team := catalog(), *FOUR, record("t", rates=(row(up_to=100), row(above=100))))
        sync(team, record("t", rates=(row(up_to=200), row(above=200, inherited=("output",)))))
        page = text(staff.get(f"/catalogs/team/syncs/{team.syncs.latest().pk}/"))
        assert "above 200 tokens" in page
        assert "(&#39;" not in page
        assert "('" not in page


class TestStop:
    @pytest.fixture
    def running(self):
        """A sync under way in this process, which has read 400 of 1,000 models."""
        sync(team := catalog(), *FOUR)
        with lease(team):
            yield Sync.objects.create(
                catalog=team, started_at=timezone.now(), pages=2, rows=400, rows_in_all=1000, size=90_000
            )

    def test_how_far_it_is_is_shown(self, client, running):
        for address in ("/catalogs/", "/catalogs/team/"):
            page = client.get(address)
            assert "Reading… 2 pages, 400 of 1,000 models" in text(page)
            assert 'value="400" max="1000"' in page.content.decode()
            assert "Stop" not in text(page)
        Sync.objects.filter(pk=running.pk).update(rows=0, rows_in_all=None, pages=0, size=1_250_000)
        assert "Reading… 1.2 MB" in text(client.get("/catalogs/"))
        Sync.objects.filter(pk=running.pk).update(size=0)
        assert "MB" not in text(client.get("/catalogs/"))

    def test_those_who_listen_do_not_hear_each_count(self, client, running):
        part = client.get("/catalogs/?busy=team", headers={"HX-Request": "true", "HX-Target": "rows"})
        assert "Team: Reading.</p>" in part.content.decode()

    def test_staff_stop_it(self, staff, running):
        assert "Stop" in text(staff.get("/catalogs/"))
        response = staff.post(f"/catalogs/team/syncs/{running.pk}/stop/", {"next": "/catalogs/team/"}, follow=True)
        assert "The sync of Team is stopped. Nothing of it was stored." in text(response)
        assert "failed Stopped by dana." in text(response).replace(" 0 ", " ")
        (line,) = lines(staff.get("/catalogs/"))
        assert (line[1], line[2].endswith("failed stopped")) == ("Read just now", True)
        assert Catalog.objects.get().lease_until is None
        again = staff.post(f"/catalogs/team/syncs/{running.pk}/stop/", follow=True)
        assert "had ended before it could be stopped" in text(again)

    def test_nobody_else_does(self, client, member, running):
        address = f"/catalogs/team/syncs/{running.pk}/stop/"
        assert client.post(address).status_code == 302
        assert member.post(address).status_code == 403
        running.refresh_from_db()
        assert running.outcome == "running"

    def test_it_is_not_for_get_nor_for_a_sync_of_another_catalog(self, staff, running):
        catalog("Other")
        assert staff.get(f"/catalogs/team/syncs/{running.pk}/stop/").status_code == 405
        assert staff.post(f"/catalogs/other/syncs/{running.pk}/stop/").status_code == 404


class TestHeldPrice:
    @pytest.fixture
    def offer(self):
        team = catalog()
        sync(team, *FOUR)
        sync(team, record("a", rates=(row(input=200 * DOLLAR),)), *FOUR[1:])
        return Offer.objects.get(ref="a")

    def decide(self, staff, offer, decision, shown=None):
        html = staff.get("/catalogs/team/").content.decode()
        found = re.search(r'name="shown" value="(\w+)"', html)
        address = f"/catalogs/team/offers/{offer.pk}/{decision}/"
        return staff.post(address, {"next": "/catalogs/team/", "shown": shown or found[1]}, follow=True)

    def test_it_is_listed_with_both_prices(self, client, staff, offer):
        assert "The input price went from 2.00 to 200.00 per 1M tokens." in text(client.get("/catalogs/team/"))
        assert "Input 2.00 → 200.00 ▲" in text(client.get("/catalogs/team/"))
        assert "Accept" not in text(client.get("/catalogs/team/"))
        assert "Accept" in text(staff.get("/catalogs/team/"))

    def test_accept(self, staff, offer):
        assert "The new price of a is stored." in text(self.decide(staff, offer, "accept"))
        assert "Prices held back" not in text(staff.get("/catalogs/team/"))

    def test_dismiss(self, staff, offer):
        assert "a keeps its old price" in text(self.decide(staff, offer, "dismiss"))
        assert "Dismissed by dana" in text(staff.get("/catalogs/team/"))

    def test_what_was_dismissed_can_still_be_accepted(self, staff, offer):
        self.decide(staff, offer, "dismiss")
        assert "Dismiss the new price" not in staff.get("/catalogs/team/").content.decode()
        assert "The new price of a is stored." in text(self.decide(staff, offer, "accept"))
        assert offer.revisions.get(valid_to=None).rates.get().input == 200 * DOLLAR

    def test_it_needs_a_look_until_somebody_had_one(self, client, staff, offer):
        for user in (client, staff):
            page = user.get("/catalogs/")
            assert "The new price of 1 offer is held back." in text(page)
            assert 'href="/catalogs/team/#held"' in page.content.decode()
            assert "Prices are held back" in text(user.get("/"))
        self.decide(staff, offer, "dismiss")
        assert "offer is held back" not in text(client.get("/catalogs/"))
        assert "Prices are held back" not in text(client.get("/"))

    def test_a_price_that_went_back_needs_none(self, client, offer):
        sync(Catalog.objects.get(), *FOUR)
        assert "offer is held back" not in text(client.get("/catalogs/"))
        assert "Prices are held back" not in text(client.get("/"))

    def test_what_was_not_shown_is_not_accepted(self, staff, offer):
        assert "Look at it again." in text(self.decide(staff, offer, "accept", shown="0" * 64))
        offer.refresh_from_db()
        assert offer.held is not None


class TestCatalog:
    def test_its_offers_in_the_table_s_own_cells_and_a_way_to_all(self, client):
        sync(catalog(), *FOUR)
        response = client.get("/catalogs/team/")
        assert lines(response)[0][:7] == ["a a Team · OpenAI", "OpenAI", "2.00", "8.00", "—", "128K", ""]
        assert "/?catalog=team" in response.content.decode()

    def test_only_the_first_fifty(self, client):
        sync(catalog(), *(record(f"m{i:02}") for i in range(60)))
        response = client.get("/catalogs/team/")
        assert "The first 50 of 60" in text(response)
        assert len([cells for cells in lines(response) if cells[0].startswith("m")]) == 50

    def test_its_syncs_with_counts(self, client):
        team = catalog()
        sync(team, *FOUR, skipped=(Skip("row 9", "It has no id."),))
        sync(team, *FOUR)
        rows = [cells for cells in lines(client.get("/catalogs/team/")) if cells[1] in ("stored", "unchanged")]
        assert [cells[1:4] for cells in rows] == [["unchanged", "4", ""], ["stored", "4", "4 added, 1 skipped"]]

    def test_pages_of_syncs(self, client):
        team = catalog()
        for _ in range(51):
            sync(team, *FOUR)
        assert "Page 1 of 2, 51 syncs" in text(client.get("/catalogs/team/"))
        assert "Page 1 of 2" in text(client.get("/catalogs/team/?page=0"))
        for page in ("2", "99"):
            assert "Page 2 of 2" in text(client.get(f"/catalogs/team/?page={page}"))
        assert "Page 1 of 2" in text(client.get("/catalogs/team/?page=nope"))

    def test_a_sync_tells_what_it_left_out_and_why(self, client):
        done = sync(catalog(), *FOUR, skipped=(Skip("row 9", "It has no <id>."),))
        response = client.get(f"/catalogs/team/syncs/{done.pk}/")
        assert ["row 9", "It has no <id>."] in lines(response)
        assert "Left out 1" in text(response)


class TestExamples:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _first_run(cls, django_db_setup, django_db_blocker):
        with built_once(django_db_blocker):
            call_command("catalog_first_run", verbosity=0)
            yield

    def test_they_are_labelled_everywhere(self, client, staff):
        assert [cells[0] for cells in lines(client.get("/catalogs/"))][:2] == [
            "Freddy example example Freddy organization",
            "Galtea example example Galtea",
        ]
        assert "This is an example" in text(client.get("/catalogs/freddy-example/"))
        offer = Offer.objects.get(catalog__slug="freddy-example", ref="gpt-4.1")
        assert "from an example, not from your account" in text(client.get(f"/offers/{offer.pk}/"))
        assert "Add your first catalog" in text(staff.get("/catalogs/"))

    def test_freddy_s_come_in_freddy_s_order(self, client):
        named = [
            cells[0].split("Freddy example")[0].rsplit(" ", 2)[0]
            for cells in lines(client.get("/?catalog=freddy-example"))
        ]
        assert named == [
            "GPT-4.1",
            "Claude 3.5 Sonnet",
            "FTG 3.0",
            "GPT-3.5 Turbo",
            "Claude 3.5 Haiku",
            "GPT-4.1 Mini",
            "FTG 3.0 Mini",
        ]

    def test_one_click_removes_one_for_good(self, staff):
        response = staff.post("/catalogs/freddy-example/remove/", follow=True)
        assert "Freddy example is gone" in text(response)
        assert not Offer.objects.filter(catalog__slug="freddy-example").exists()
        User.objects.update(last_login=timezone.now())
        call_command("catalog_first_run", verbosity=0)
        assert not Catalog.objects.filter(slug="freddy-example").exists()
        Catalog.objects.all().delete()
        call_command("catalog_first_run", verbosity=0)
        assert list(Catalog.objects.values_list("slug", flat=True)) == ["reference"]

    def test_nothing_else_is_removed(self, staff):
        assert staff.post("/catalogs/reference/remove/").status_code == 404
        assert Catalog.objects.filter(slug="reference").exists()


class TestCost:
    def filled(self, count):
        for i in range(count):
            sync(catalog(f"C{i}", organization=f"org_{i}"), *FOUR)

    @pytest.mark.parametrize("count", [1, 50])
    def test_queries_are_the_same_for_any_number(self, client, member, django_assert_num_queries, count):
        self.filled(count)
        with django_assert_num_queries(4):  # catalogs, their last sync, held ones, last outcomes
            client.get("/catalogs/")
        with django_assert_num_queries(6):  # and session and user
            member.get("/catalogs/")

    def test_a_catalog_s_page(self, client, django_assert_num_queries):
        self.filled(2)
        # the catalog, its syncs' three, those visible (for the frame), offers, syncs and how many
        with django_assert_num_queries(8):
            client.get("/catalogs/c1/")

    @pytest.mark.parametrize("page", ["/catalogs/", "/catalogs/c0/", "sync"])
    def test_304_until_something_is_new(self, client, page):
        self.filled(1)
        team = Catalog.objects.get()
        address = f"/catalogs/c0/syncs/{team.syncs.latest().pk}/" if page == "sync" else page
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
        sync(team, *FOUR)
        Catalog.objects.update(read_at=timezone.now() - timedelta(minutes=5))
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


class TestAsOf:
    def test_its_offers_of_a_day_and_the_way_back(self, client):
        team = catalog()
        sync(team, record("gpt-4.1", rates=(row(input=3 * DOLLAR),)))
        moment = f"{timezone.now().replace(tzinfo=None).isoformat()}Z"
        sync(team, record("gpt-4.1", rates=(row(input=4 * DOLLAR),)))
        now, then = (client.get(f"/catalogs/team/{query}").content.decode() for query in ("", f"?as_of={moment}"))
        assert ("4.00" in now, "3.00" in now) == (True, False)
        assert ("4.00" in then, "3.00" in then) == (False, True)
        assert 'type="date"' in now
        assert "Offers as of" in then
        assert f"catalog=team&amp;as_of={moment.replace(':', '%3A')}" in then
        assert "Nothing is on record for that moment" in client.get("/catalogs/team/?as_of=2001-01-01").content.decode()
        assert "“never” is not a day" in client.get("/catalogs/team/?as_of=never").content.decode()
